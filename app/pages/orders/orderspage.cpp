// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/orders/orderspage.h"

#include "app/models/format.h"
#include "app/pages/orders/ordermodel.h"
#include "app/pages/orders/orderpanel.h"
#include "app/widgets/table/tableview.h"

using namespace Qt::StringLiterals;
using namespace shopfleet::orders::v1;

OrdersPage::OrdersPage(const theme::Theme& theme, api::OrdersClient& orders, QWidget* parent)
    : OrdersPage(theme, orders, new OrderModel(orders), new OrderPanel(theme, orders), parent)
{
}

OrdersPage::OrdersPage(const theme::Theme& theme, api::OrdersClient& orders, OrderModel* model,
    OrderPanel* panel, QWidget* parent)
    : ListPage(theme, u"orders"_s, model, panel,
        {tr("Orders"), tr("Order, customer, SKU, trace"), tr("No orders yet"),
            tr("They appear here the moment that customers place them."), u"orders"_s},
        {{tr("Latest"), {}}, {tr("Waiting"), u"stuck = true"_s},
            {tr("Open"), u"state = CONFIRMED"_s}, {tr("Delivered"), u"state = DELIVERED"_s},
            {tr("Credits"), u"kind = CREDIT"_s}, {tr("Rejected"), u"state = REJECTED"_s}},
        parent)
    , m_model(model)
    , m_panel(panel)
    , m_feed(orders.watchOrders(
          [model](const WatchOrdersResponse& news) { model->update(news.orders()); }))
{
    setFeed(m_feed.get());
    connect(panel, &OrderPanel::openRequested, this, &Page::openRequested);
    connect(panel, &OrderPanel::noticed, this, &Page::noticed);
    connect(panel, &OrderPanel::loaded, this, &Page::changed);
    connect(model, &QAbstractItemModel::dataChanged, this,
        [this](const QModelIndex& from, const QModelIndex& to) {
            const int row = table().currentIndex().row();
            if (row >= from.row() && row <= to.row())
                showRow(row); // What changed in the list changed in the panel.
        });
}

OrdersPage::~OrdersPage() = default;

QString OrdersPage::countText(int total, bool capped) const
{
    return capped ? tr("more than %1 orders").arg(format::count(total - 1))
                  : tr("%Ln orders", nullptr, total);
}

void OrdersPage::showRow(int row)
{
    if (const Order* order = m_model->item(row))
        m_panel->show(*order);
}

void OrdersPage::showId(const QString& id)
{
    if (const int row = m_model->rowOfId(id.toStdString()); row >= 0)
        table().setCurrentRow(row);
    else
        table().setCurrentIndex({});
    Order brief;
    brief.set_id(id.toStdString());
    m_panel->show(brief);
}

QString OrdersPage::shownId() const
{
    return format::text(m_panel->order().id());
}

bool OrdersPage::isPanelReady() const
{
    return m_panel->isReady();
}

QList<PageKey> OrdersPage::keys() const
{
    return {
        {u"T"_s, tr("Try the step that the order waits on again"), [this] { m_panel->resume(); }},
        {u"H"_s, tr("Hold or release the order"), [this] { m_panel->hold(); }},
        {u"X"_s, tr("Cancel the order"), [this] { m_panel->cancel(); }},
        {u"R"_s, tr("Refund the order"), [this] { m_panel->refund(); }},
        {u"B"_s, tr("Take goods of the order back"), [this] { m_panel->sendBack(); }}};
}
