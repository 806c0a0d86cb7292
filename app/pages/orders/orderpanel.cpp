// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/orders/orderpanel.h"

#include "app/api/errors.h"
#include "app/models/eventwords.h"
#include "app/models/format.h"
#include "app/models/status.h"
#include "app/pages/orders/orderverbs.h"

#include <QBoxLayout>
#include <QMessageBox>
#include <QPointer>
#include <QUuid>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace shopfleet::orders::v1;
using theme::kUnit;

namespace {

constexpr int kFirstLines = 8;

bool hasShipped(OrderState state)
{
    return state == ORDER_STATE_SHIPPED || state == ORDER_STATE_DELIVERED
        || state == ORDER_STATE_RETURNED;
}

bool beforeShipping(OrderState state)
{
    return state == ORDER_STATE_CREATED || state == ORDER_STATE_RESERVED
        || state == ORDER_STATE_AUTHORISED || state == ORDER_STATE_CONFIRMED;
}

} // namespace

OrderPanel::OrderPanel(const theme::Theme& theme, api::OrdersClient& orders, QWidget* parent)
    : Panel(theme, parent)
    , m_orders(orders)
{
}

void OrderPanel::show(const Order& brief)
{
    const bool same = brief.id() == m_order.id();
    if (same && m_whole && brief.etag() == m_order.etag())
        return;
    if (!same) {
        m_order = brief;
        m_whole = m_allLines = false;
        m_error.clear();
        rebuild();
    }
    fetch();
}

void OrderPanel::showNothing()
{
    ++m_generation;
    m_order.Clear();
    m_loading = false;
    clear();
}

void OrderPanel::fetch()
{
    m_loading = true;
    GetOrderRequest request;
    request.set_id(m_order.id());
    api::onReply(this, m_orders.getOrder(request), [this, mine = ++m_generation](auto order) {
        if (mine != m_generation)
            return; // Another one was selected meanwhile.
        m_loading = false;
        m_error = order.ok() ? QString() : api::describe(order.status());
        if (order.ok()) {
            m_order = *std::move(order);
            m_whole = true;
        }
        rebuild();
        Q_EMIT loaded();
    });
}

void OrderPanel::rebuild()
{
    clear();
    m_resume = m_hold = m_cancel = nullptr;
    addHead();
    addCause();
    addFigures();
    if (!m_error.isEmpty()) {
        addGap();
        auto* banner = new panel::CauseBanner(
            m_theme, theme::Tone::Bad, tr("The rest of this order cannot be shown"), m_error);
        auto* retry = parts::button(tr("Try again"), "small");
        connect(retry, &QPushButton::clicked, this, &OrderPanel::fetch);
        banner->actions()->insertWidget(0, retry);
        content()->addWidget(banner);
    }
    addLines();
    addWay();
    addHistory();
    content()->addStretch(1);
    addActions();
}

void OrderPanel::addHead()
{
    auto* row = new QHBoxLayout;
    row->setSpacing(kUnit);
    row->addWidget(new parts::Label(m_theme, tr("Order %1").arg(format::text(m_order.id())),
        theme::Role::Text, parts::Face::Title));
    row->addWidget(new parts::Badge(m_theme, status::of(m_order)));
    row->addStretch(1);
    content()->addLayout(row);

    QStringList words;
    if (m_order.customer_id().empty())
        words << tr("Guest");
    else if (!m_order.customer_name().empty())
        words << format::text(m_order.customer_name());
    if (!m_order.country().empty())
        words << format::text(m_order.country());
    words << tr("placed %1").arg(format::when(m_order.placed_at()));
    auto* sub = new parts::ElidedLabel(m_theme, words.join(u" · "_s), theme::Role::Muted);
    sub->setToolTip(format::moment(m_order.placed_at()));
    content()->addWidget(sub);

    if (!m_order.customer_id().empty()) {
        auto* customer
            = parts::button(tr("Customer %1").arg(format::text(m_order.customer_id())), "link");
        connect(customer, &QPushButton::clicked, this, [this] {
            Q_EMIT openRequested({u"customers"_s, format::text(m_order.customer_id()), {}});
        });
        content()->addWidget(customer, 0, Qt::AlignLeft);
    }
}

void OrderPanel::addCause()
{
    if (!m_order.has_waiting() || m_order.waiting().service().empty())
        return;
    const auto& waiting = m_order.waiting();
    const qint64 seconds = format::time(waiting.since()).secsTo(QDateTime::currentDateTimeUtc());
    const bool trouble = waiting.needs_person() || waiting.attempts() > 1;
    QString remedy = eventwords::reason(waiting);
    if (waiting.attempts() > 0) {
        if (!remedy.isEmpty())
            remedy += u'\n';
        remedy += tr("%n tries so far.", nullptr, waiting.attempts());
    }
    if (waiting.needs_person())
        remedy += u' '
            + (waiting.has_next_try_at() ? tr("Somebody has to look at it.")
                                         : tr("It is not tried again by itself."));
    addGap();
    auto* banner
        = new panel::CauseBanner(m_theme, trouble ? theme::Tone::Warn : theme::Tone::Progress,
            tr("Waits on %1 for %2")
                .arg(format::text(waiting.service()), format::span(std::max<qint64>(seconds, 0))),
            remedy.isEmpty() ? eventwords::step(waiting) : remedy);
    banner->setToolTip(format::text(waiting.last_error()));
    auto* service = parts::button(tr("Show %1").arg(format::text(waiting.service())), "small");
    connect(service, &QPushButton::clicked, this, [this] {
        Q_EMIT openRequested({u"services"_s, format::text(m_order.waiting().service()), {}});
    });
    m_resume = new parts::BusyButton(tr("Try again now"), tr("Trying…"), "small");
    connect(m_resume, &QPushButton::clicked, this, &OrderPanel::resume);
    banner->actions()->insertWidget(0, m_resume);
    auto* why = parts::button(tr("Trace"), "small");
    why->setToolTip(tr("Span by span, where it failed (V)"));
    connect(why, &QPushButton::clicked, this, &OrderPanel::openTrace);
    banner->actions()->insertWidget(1, service);
    banner->actions()->insertWidget(2, why);
    content()->addWidget(banner);
}

void OrderPanel::addFigures()
{
    addGap();
    auto* row = new QHBoxLayout;
    row->setSpacing(3 * kUnit);
    const QString paid = m_order.payment_method().empty()
        ? m_order.captured().minor() > 0 ? tr("paid") : tr("total")
        : format::text(m_order.payment_method());
    row->addWidget(new panel::Figure(m_theme, format::money(m_order.total()), paid), 2);
    row->addWidget(new panel::Figure(m_theme, format::count(m_order.units()),
                       tr("units", nullptr, static_cast<int>(m_order.units()))),
        1);
    row->addWidget(new panel::Figure(m_theme, format::count(m_order.line_count()),
                       tr("lines", nullptr, m_order.line_count())),
        1);
    content()->addLayout(row);
}

void OrderPanel::addLines()
{
    addRule();
    content()->addWidget(panel::heading(m_theme, tr("Lines"), format::count(m_order.line_count())));
    QList<panel::LineList::Line> lines;
    const int shown
        = m_allLines ? m_order.lines_size() : std::min(kFirstLines, m_order.lines_size());
    for (int i = 0; i < shown; ++i) {
        const OrderLine& line = m_order.lines(i);
        const bool isCredit = line.kind() == shopfleet::orders::v1::LINE_KIND_ADJUSTMENT
            && !line.exchange_id().empty();
        lines.append({isCredit ? tr("Exchange %1").arg(format::text(line.exchange_id()))
                               : format::text(line.title().empty() ? line.sku() : line.title()),
            u"%1 × %2"_s.arg(format::count(line.quantity()), format::money(line.unit_price())),
            format::money(line.total())});
    }
    if (m_order.lines_size() == shown) {
        // Shipping, fees and discounts are lines: said once, what stands here adds up.
        if (m_order.tax().minor() != 0)
            lines.append({tr("Tax"), {}, format::money(m_order.tax())});
        if (m_whole)
            lines.append({tr("Total"), {}, format::money(m_order.total()), true});
        if (m_order.refunded().minor() != 0)
            lines.append({tr("Refunded"), {}, format::money(m_order.refunded())});
    }
    content()->addWidget(new panel::LineList(m_theme, lines));
    if (const int more = m_order.lines_size() - shown; more > 0) {
        auto* all = parts::button(tr("%n more lines", nullptr, more), "link");
        connect(all, &QPushButton::clicked, this, [this] {
            m_allLines = true;
            rebuild();
        });
        content()->addWidget(all, 0, Qt::AlignLeft);
    }
}

void OrderPanel::addWay()
{
    if (m_order.shipment_ids().empty() && m_order.payment_ids().empty())
        return;
    addRule();
    for (const std::string& payment : m_order.payment_ids())
        content()->addWidget(panel::fact(m_theme, tr("Payment"), format::text(payment)));
    for (const std::string& shipment : m_order.shipment_ids()) {
        auto* link = parts::button(tr("Shipment %1").arg(format::text(shipment)), "link");
        connect(link, &QPushButton::clicked, this, [this, id = format::text(shipment)] {
            Q_EMIT openRequested({u"deliveries"_s, id, {}});
        });
        content()->addWidget(link, 0, Qt::AlignLeft);
    }
}

void OrderPanel::addHistory()
{
    addRule();
    content()->addWidget(panel::heading(m_theme, tr("Timeline")));
    QList<Timeline::Event> events;
    for (int i = m_order.timeline_size() - 1; i >= 0; --i)
        events.append(eventwords::describe(m_order.timeline(i)));
    content()->addWidget(new Timeline(m_theme, events));
}

void OrderPanel::addActions()
{
    if (!m_whole)
        return;
    addVerbs();
    if (!beforeShipping(m_order.state())) {
        return;
    }
    m_hold = new parts::BusyButton(m_order.held() ? tr("Release") : tr("Hold"), tr("Asking…"));
    m_hold->setToolTip(m_order.held() ? tr("Lets the order go on (H)")
                                      : tr("Stops the order before its next step (H)"));
    connect(m_hold, &QPushButton::clicked, this, &OrderPanel::hold);
    m_cancel = new parts::BusyButton(tr("Cancel order…"), tr("Cancelling…"));
    connect(m_cancel, &QPushButton::clicked, this, &OrderPanel::cancel);
    actions()->add(m_cancel, u"X"_s);
    actions()->add(m_hold, u"H"_s);
}

void OrderPanel::addVerbs()
{
    struct Verb {
        QString words, key, tip;
        void (OrderPanel::*perform)();
    };
    QList<Verb> verbs;
    if (m_order.captured().minor() > m_order.refunded().minor())
        verbs << Verb{tr("Refund…"), u"R"_s, tr("Gives money back (R)"), &OrderPanel::refund};
    if (hasShipped(m_order.state()))
        verbs << Verb{tr("Return…"), u"B"_s, tr("Goods come back (B)"), &OrderPanel::sendBack}
              << Verb{tr("Exchange…"), u"E"_s, tr("Goods come back, and others go out (E)"),
                     &OrderPanel::exchange};
    if (m_order.state() == ORDER_STATE_SHIPPED || m_order.state() == ORDER_STATE_DELIVERED)
        verbs << Verb{tr("Send again…"), u"S"_s,
            tr("Free of charge: what got lost or came broken (S)"), &OrderPanel::sendAgain};
    if (beforeShipping(m_order.state()))
        verbs << Verb{tr("Address…"), u"A"_s, tr("Where it goes, before it leaves (A)"),
            &OrderPanel::readdress};
    if (m_order.state() == ORDER_STATE_CONFIRMED)
        verbs << Verb{tr("Take out…"), u"O"_s,
            tr("Fewer units, before it leaves: they are not charged (O)"), &OrderPanel::takeOut};
    for (const Verb& verb : verbs) {
        auto* button = parts::button(verb.words);
        button->setToolTip(verb.tip);
        connect(button, &QPushButton::clicked, this, verb.perform);
        actions()->add(button, verb.key);
    }
    auto* trace = parts::button(tr("Trace"));
    trace->setToolTip(tr("What the services did for it, span by span (V)"));
    connect(trace, &QPushButton::clicked, this, &OrderPanel::openTrace);
    actions()->add(trace, u"V"_s);
}

template <class Request, class Answer, class Done>
void OrderPanel::act(api::Reply<Answer> (api::OrdersClient::*verb)(Request), Request request,
    parts::BusyButton* button, Done done)
{
    if (!button || button->isBusy())
        return; // Pressed twice does nothing twice.
    button->setBusy(true);
    request.set_request_id(QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString());
    request.set_id(m_order.id());
    api::onReply(this, (m_orders.*verb)(request),
        [this, done, button = QPointer(button), id = m_order.id()](auto answer) {
            if (button)
                button->setBusy(false);
            if (!answer.ok()) {
                Q_EMIT noticed({theme::Tone::Bad,
                    tr("Order %1: %2").arg(format::text(id), api::describe(answer.status()))});
                return;
            }
            Q_EMIT noticed({theme::Tone::Good, done});
            if (id == m_order.id())
                fetch();
        });
}

void OrderPanel::open(VerbDialog::Verb verb)
{
    if (!m_whole)
        return;
    auto* dialog = new VerbDialog(m_theme, m_order, std::move(verb), window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &VerbDialog::done, this, [this](const QString& words) {
        Q_EMIT noticed({theme::Tone::Good, words});
        fetch();
    });
    dialog->open();
}

void OrderPanel::refund()
{
    open(orderverbs::refund(m_orders, m_order));
}

void OrderPanel::sendBack()
{
    open(orderverbs::takeBack(m_orders, m_order));
}

void OrderPanel::exchange()
{
    open(orderverbs::exchange(m_orders, m_order));
}

void OrderPanel::sendAgain()
{
    open(orderverbs::sendAgain(m_orders, m_order));
}

void OrderPanel::takeOut()
{
    if (m_order.state() == ORDER_STATE_CONFIRMED)
        open(orderverbs::takeOut(m_orders, m_order));
}

void OrderPanel::readdress()
{
    if (beforeShipping(m_order.state()))
        open(orderverbs::readdress(m_orders, m_order));
}

void OrderPanel::resume()
{
    act(&api::OrdersClient::resumeOrder, ResumeOrderRequest(), m_resume,
        tr("Order %1 is tried again now.").arg(format::text(m_order.id())));
}

void OrderPanel::hold()
{
    const QString id = format::text(m_order.id());
    if (m_order.held()) {
        ReleaseOrderRequest request;
        request.set_etag(m_order.etag());
        act(&api::OrdersClient::releaseOrder, request, m_hold, tr("Order %1 goes on.").arg(id));
    } else {
        HoldOrderRequest request;
        request.set_etag(m_order.etag());
        act(&api::OrdersClient::holdOrder, request, m_hold, tr("Order %1 is on hold.").arg(id));
    }
}

void OrderPanel::openTrace() const
{
    if (m_order.id().empty())
        return;
    // The last try's, if that failed; else whatever went worst.
    const auto& waiting = m_order.waiting();
    Address address{
        u"traces"_s, waiting.attempts() > 0 ? format::text(waiting.trace_id()) : QString(), {}};
    address.set(u"worst-of"_s, format::text(m_order.id()));
    Q_EMIT openRequested(address);
}

void OrderPanel::cancel()
{
    if (!m_cancel || m_cancel->isBusy())
        return;
    const QString id = format::text(m_order.id());
    QMessageBox box(QMessageBox::NoIcon, tr("Cancel order %1").arg(id),
        tr("Cancel order %1 of %2?").arg(id, format::money(m_order.total())), QMessageBox::NoButton,
        window());
    box.setInformativeText(
        tr("Its %n units go back to stock and its payment is given up. This cannot be undone.",
            nullptr, static_cast<int>(m_order.units())));
    auto* yes = box.addButton(tr("Cancel order %1").arg(id), QMessageBox::DestructiveRole);
    box.addButton(tr("Keep it"), QMessageBox::RejectRole);
    box.exec();
    if (box.clickedButton() != yes)
        return;
    CancelOrderRequest request;
    request.set_etag(m_order.etag());
    request.set_reason("cancelled by staff");
    act(&api::OrdersClient::cancelOrder, request, m_cancel,
        tr("Order %1 is being cancelled.").arg(id));
}
