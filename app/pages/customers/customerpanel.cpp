// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/customers/customerpanel.h"

#include "app/api/errors.h"
#include "app/models/filtertext.h"
#include "app/models/format.h"
#include "app/models/status.h"
#include "app/widgets/timeline/timeline.h"

#include <QBoxLayout>

using namespace Qt::StringLiterals;
using shopfleet::accounts::v1::Customer;
using theme::kUnit;

namespace {

constexpr int kLatest = 12;

QString displayName(const Customer& customer)
{
    return format::text(!customer.name().empty() ? customer.name()
            : !customer.email().empty()          ? customer.email()
                                                 : customer.id());
}

QString inOneLine(const shopfleet::common::v1::Address& address)
{
    QStringList parts;
    for (const std::string* part : {&address.name(), &address.line1(), &address.line2(),
             &address.city(), &address.postal_code(), &address.region(), &address.country()})
        if (!part->empty())
            parts << format::text(*part);
    return parts.join(u", "_s);
}

} // namespace

CustomerPanel::CustomerPanel(const theme::Theme& theme, api::OrdersClient& orders, QWidget* parent)
    : Panel(theme, parent)
    , m_orders(orders)
{
}

void CustomerPanel::show(const Customer& customer)
{
    const bool same = customer.id() == m_customer.id();
    m_customer = customer;
    if (!same) {
        m_latest.Clear();
        m_error.clear();
    }
    rebuild();
    if (!same)
        fetchOrders();
}

void CustomerPanel::showNothing()
{
    ++m_generation;
    m_customer.Clear();
    m_loading = false;
    clear();
}

void CustomerPanel::fetchOrders()
{
    m_loading = true;
    shopfleet::orders::v1::ListOrdersRequest request;
    request.set_filter(
        (u"customer_id = "_s + filtertext::quoted(format::text(m_customer.id()))).toStdString());
    request.set_order_by("placed_at desc");
    request.set_page_size(kLatest);
    api::onReply(this, m_orders.listOrders(request), [this, mine = ++m_generation](auto orders) {
        if (mine != m_generation)
            return;
        m_loading = false;
        m_error = orders.ok() ? QString() : api::describe(orders.status());
        if (orders.ok())
            m_latest = *std::move(orders);
        rebuild();
        Q_EMIT loaded();
    });
}

void CustomerPanel::rebuild()
{
    clear();
    auto* row = new QHBoxLayout;
    row->setSpacing(kUnit);
    row->addWidget(new parts::ElidedLabel(
                       m_theme, displayName(m_customer), theme::Role::Text, parts::Face::Title),
        1);
    row->addWidget(new parts::Badge(m_theme, status::of(m_customer.state())));
    content()->addLayout(row);
    content()->addWidget(new parts::ElidedLabel(m_theme,
        tr("Customer since %1").arg(format::day(m_customer.created_at())), theme::Role::Muted));
    addGap();

    const std::pair<QString, QString> facts[] = {{tr("Number"), format::text(m_customer.id())},
        {tr("E-mail"), format::text(m_customer.email())},
        {tr("Phone"), format::text(m_customer.phone())},
        {tr("Country"), format::text(m_customer.country())},
        {tr("Address"),
            m_customer.addresses().empty() ? QString() : inOneLine(m_customer.addresses(0))},
        {tr("Came from"), format::text(m_customer.origin())},
        {tr("Note"), format::text(m_customer.note())}};
    for (const auto& [name, value] : facts)
        if (!value.isEmpty())
            content()->addWidget(panel::fact(m_theme, name, value));
    addOrders();
    content()->addStretch(1);

    auto* all = parts::button(tr("All orders"));
    connect(all, &QPushButton::clicked, this, [this] {
        Address address{u"orders"_s, {}, {}};
        address.set(
            u"filter"_s, u"customer_id = "_s + filtertext::quoted(format::text(m_customer.id())));
        Q_EMIT openRequested(address);
    });
    actions()->add(all);
}

void CustomerPanel::addOrders()
{
    addRule();
    content()->addWidget(panel::heading(m_theme, tr("Latest orders"),
        m_loading ? QString() : format::count(m_latest.total_size())));
    if (!m_error.isEmpty()) {
        content()->addWidget(new panel::CauseBanner(
            m_theme, theme::Tone::Warn, tr("The orders cannot be shown"), m_error));
        return;
    }
    QList<Timeline::Event> events;
    for (const auto& order : m_latest.orders()) {
        const auto state = status::of(order);
        events.append({u"%1   %2"_s.arg(format::text(order.id()), format::money(order.total())),
            format::clock(order.placed_at()), state.shape, state.tone,
            state.word + u'\n' + format::moment(order.placed_at()), format::text(order.id())});
    }
    auto* timeline = new Timeline(m_theme, events);
    connect(timeline, &Timeline::linkActivated, this, [this](const QString& id) {
        Q_EMIT openRequested({u"orders"_s, id, {}});
    });
    content()->addWidget(timeline);
}
