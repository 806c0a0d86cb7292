// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/orders/orderspage.h"

#include "app/models/format.h"
#include "app/pages/orders/manypanel.h"
#include "app/pages/orders/ordermodel.h"
#include "app/pages/orders/orderpanel.h"
#include "app/widgets/table/tableview.h"

#include <QItemSelectionModel>
#include <QMenu>
#include <QStackedWidget>

using namespace Qt::StringLiterals;
using namespace shopfleet::orders::v1;

namespace {

const QString kWaiting = u"stuck = true"_s;

} // namespace

OrdersPage::OrdersPage(const theme::Theme& theme, api::OrdersClient& orders, QWidget* parent)
    : OrdersPage(theme, orders, new OrderModel(orders), new QStackedWidget, parent)
{
}

OrdersPage::OrdersPage(const theme::Theme& theme, api::OrdersClient& orders, OrderModel* model,
    QStackedWidget* panels, QWidget* parent)
    : ListPage(theme, u"orders"_s, model, panels,
        {tr("Orders"), tr("Order, customer, SKU, trace"), tr("No orders yet"),
            tr("They appear here the moment that customers place them."), u"orders"_s,
            {{tr("Latest"), {}}, {tr("Waiting"), kWaiting}, {tr("Open"), u"state = CONFIRMED"_s},
                {tr("Delivered"), u"state = DELIVERED"_s}, {tr("Credits"), u"kind = CREDIT"_s},
                {tr("Rejected"), u"state = REJECTED"_s}}},
        parent)
    , m_model(model)
    , m_panels(panels)
    , m_panel(new OrderPanel(theme, orders))
    , m_many(new ManyPanel(theme, orders))
    , m_feed(orders.watchOrders(
          [model](const WatchOrdersResponse& news) { model->update(news.orders()); }))
{
    setFeed(m_feed.get());
    panels->addWidget(m_panel);
    panels->addWidget(m_many);
    connect(m_panel, &OrderPanel::openRequested, this, &Page::openRequested);
    connect(m_panel, &OrderPanel::noticed, this, &Page::noticed);
    connect(m_panel, &OrderPanel::loaded, this, &Page::changed);
    connect(m_many, &ManyPanel::noticed, this, &Page::noticed);
    connect(table().selectionModel(), &QItemSelectionModel::selectionChanged, this,
        &OrdersPage::showSelection);
    connect(&table(), &table::TableView::menuRequested, this, [this](QMenu* menu) {
        const int count = static_cast<int>(table().selectedRows().size());
        menu->addAction(count > 1 ? tr("Try %n orders again", nullptr, count) : tr("Try again now"),
            this, &OrdersPage::resume);
    });
    connect(this, &Page::changed, model, [this] {
        const QString filter = address().value(u"filter"_s);
        m_model->setShowsWaiting(filter == kWaiting || filter.startsWith(u"waiting_"_s));
    });
    connect(model, &QAbstractItemModel::dataChanged, this,
        [this](const QModelIndex& from, const QModelIndex& to) {
            const int row = table().currentIndex().row();
            if (row >= from.row() && row <= to.row())
                showRow(row); // What changed in the list changed in the panel.
            if (m_panels->currentWidget() == m_many && !m_many->hasAnswers())
                showSelection();
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

void OrdersPage::showSelection()
{
    const QList<int> rows = table().selectedRows();
    if (rows.size() < 2) {
        if (!m_many->isBusy())
            m_panels->setCurrentWidget(m_panel);
        return;
    }
    QList<Order> orders;
    for (const int row : rows)
        if (const Order* order = m_model->item(row))
            orders << *order;
    m_many->show(std::move(orders), static_cast<int>(rows.size()));
    m_panels->setCurrentWidget(m_many);
}

void OrdersPage::resume() const
{
    if (m_panels->currentWidget() == m_many)
        m_many->resume();
    else
        m_panel->resume();
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
    return {{u"T"_s, tr("Try the step that the order waits on again"), [this] { resume(); }},
        {u"V"_s, tr("Show where the order failed, span by span"), [this] { m_panel->openTrace(); }},
        {u"H"_s, tr("Hold or release the order"), [this] { m_panel->hold(); }},
        {u"X"_s, tr("Cancel the order"), [this] { m_panel->cancel(); }},
        {u"R"_s, tr("Refund the order"), [this] { m_panel->refund(); }},
        {u"B"_s, tr("Take goods of the order back"), [this] { m_panel->sendBack(); }},
        {u"E"_s, tr("Exchange goods of the order"), [this] { m_panel->exchange(); }},
        {u"S"_s, tr("Send goods of the order again"), [this] { m_panel->sendAgain(); }},
        {u"O"_s, tr("Take goods out of the order"), [this] { m_panel->takeOut(); }},
        {u"A"_s, tr("Change where the order goes"), [this] { m_panel->readdress(); }}};
}
