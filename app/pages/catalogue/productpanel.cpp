// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/catalogue/productpanel.h"

#include "app/api/errors.h"
#include "app/models/filtertext.h"
#include "app/models/format.h"
#include "app/models/status.h"
#include "app/widgets/timeline/timeline.h"

#include <QBoxLayout>

using namespace Qt::StringLiterals;
using shopfleet::inventory::v1::Product;
using shopfleet::inventory::v1::Stock;
using theme::kUnit;

namespace {

constexpr int kHolders = 10;

Stock sum(const Product& product)
{
    Stock total;
    for (const auto& variant : product.variants()) {
        total.set_on_hand(total.on_hand() + variant.stock().on_hand());
        total.set_reserved(total.reserved() + variant.stock().reserved());
        total.set_available(total.available() + variant.stock().available());
    }
    return total;
}

} // namespace

ProductPanel::ProductPanel(
    const theme::Theme& theme, api::InventoryClient& inventory, QWidget* parent)
    : Panel(theme, parent)
    , m_inventory(inventory)
{
}

void ProductPanel::show(const Product& product)
{
    const bool same = product.id() == m_product.id() && product.etag() == m_product.etag();
    m_product = product;
    if (!same) {
        m_holders.Clear();
        m_error.clear();
        fetchHolders();
    }
    rebuild();
}

void ProductPanel::showNothing()
{
    ++m_generation;
    m_product.Clear();
    m_loading = false;
    clear();
}

void ProductPanel::fetchHolders()
{
    ++m_generation;
    if (m_product.variants().empty() || sum(m_product).reserved() == 0)
        return; // Nobody holds anything.
    m_loading = true;
    const QString sku = filtertext::quoted(format::text(m_product.variants(0).sku()));
    shopfleet::inventory::v1::ListReservationsRequest request;
    request.set_filter(u"sku = %1 AND state = HELD"_s.arg(sku).toStdString());
    request.set_page_size(kHolders);
    api::onReply(
        this, m_inventory.listReservations(request), [this, mine = m_generation](auto held) {
            if (mine != m_generation)
                return;
            m_loading = false;
            m_error = held.ok() ? QString() : api::describe(held.status());
            if (held.ok())
                m_holders = *std::move(held);
            rebuild();
            Q_EMIT loaded();
        });
}

void ProductPanel::rebuild()
{
    clear();
    auto* row = new QHBoxLayout;
    row->setSpacing(kUnit);
    row->addWidget(new parts::ElidedLabel(m_theme, format::text(m_product.title()),
                       theme::Role::Text, parts::Face::Title),
        1);
    row->addWidget(new parts::Badge(m_theme, status::of(m_product.state())));
    content()->addLayout(row);
    QStringList words = {format::text(m_product.id())};
    for (const auto& category : m_product.categories())
        words << format::text(category);
    content()->addWidget(new parts::ElidedLabel(m_theme, words.join(u" · "_s), theme::Role::Muted));

    addGap();
    const Stock stock = sum(m_product);
    auto* figures = new QHBoxLayout;
    figures->setSpacing(3 * kUnit);
    const QString price
        = m_product.variants().empty() ? u"–"_s : format::money(m_product.variants(0).price());
    figures->addWidget(new panel::Figure(m_theme, price, tr("price")), 1);
    figures->addWidget(
        new panel::Figure(m_theme, format::count(stock.available()), tr("available")), 1);
    figures->addWidget(
        new panel::Figure(m_theme, format::count(stock.reserved()), tr("reserved")), 1);
    content()->addLayout(figures);

    if (!m_product.description().empty()) {
        addRule();
        auto* text = new parts::Label(m_theme, format::text(m_product.description()));
        text->setTextFormat(Qt::PlainText);
        text->setWordWrap(true);
        content()->addWidget(text);
    }
    addVariants();
    addHolders();
    content()->addStretch(1);

    auto* orders = parts::button(tr("Orders with it"));
    connect(orders, &QPushButton::clicked, this, [this] {
        Address address{u"orders"_s, {}, {}};
        address.set(u"search"_s,
            format::text(
                m_product.variants().empty() ? m_product.id() : m_product.variants(0).sku()));
        Q_EMIT openRequested(address);
    });
    actions()->add(orders);
}

void ProductPanel::addVariants()
{
    addRule();
    content()->addWidget(
        panel::heading(m_theme, tr("Variants"), format::count(m_product.variants_size())));
    QList<panel::LineList::Line> lines;
    for (const auto& variant : m_product.variants())
        lines.append({format::text(variant.title().empty() ? variant.sku() : variant.title()),
            tr("%1 on hand").arg(format::count(variant.stock().on_hand())),
            format::money(variant.price())});
    content()->addWidget(new panel::LineList(m_theme, lines));
}

void ProductPanel::addHolders()
{
    if (sum(m_product).reserved() == 0)
        return;
    addRule();
    content()->addWidget(panel::heading(m_theme, tr("Reserved for"),
        m_loading ? QString() : format::count(m_holders.total_size())));
    if (!m_error.isEmpty()) {
        content()->addWidget(new parts::Label(m_theme, m_error, theme::Role::Muted));
        return;
    }
    QList<Timeline::Event> events;
    for (const auto& held : m_holders.reservations())
        events.append({tr("Order %1").arg(format::text(held.holder())),
            format::clock(held.created_at()), theme::Shape::Quarter, theme::Tone::Progress,
            format::moment(held.created_at()),
            format::text(held.holder()).section(u'/', 0, 0)}); // Of "1043/F2", what is sent again.
    auto* timeline = new Timeline(m_theme, events);
    connect(timeline, &Timeline::linkActivated, this, [this](const QString& id) {
        Q_EMIT openRequested({u"orders"_s, id, {}});
    });
    content()->addWidget(timeline);
}
