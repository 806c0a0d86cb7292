// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/deliveries/deliveriespage.h"

#include "app/api/errors.h"
#include "app/models/format.h"
#include "app/pages/deliveries/shipmentmodel.h"
#include "app/pages/deliveries/shipmentpanel.h"
#include "app/widgets/table/tableview.h"

using namespace Qt::StringLiterals;
using namespace shopfleet::deliveries::v1;

DeliveriesPage::DeliveriesPage(
    const theme::Theme& theme, api::DeliveriesClient& deliveries, QWidget* parent)
    : DeliveriesPage(theme, deliveries, new ShipmentModel(deliveries),
        new ShipmentPanel(theme, deliveries), parent)
{
}

DeliveriesPage::DeliveriesPage(const theme::Theme& theme, api::DeliveriesClient& deliveries,
    ShipmentModel* model, ShipmentPanel* panel, QWidget* parent)
    : ListPage(theme, u"deliveries"_s, model, panel,
        {tr("Deliveries"), tr("Shipment, order, tracking, place"), tr("No deliveries yet"),
            tr("One is planned for each order that is confirmed."), u"deliveries"_s,
            {{tr("Latest"), {}}, {tr("Planned"), u"state = PLANNED"_s},
                {tr("On their way"), u"state = DISPATCHED OR state = IN_TRANSIT"_s},
                {tr("Delivered"), u"state = DELIVERED"_s}}},
        parent)
    , m_deliveries(deliveries)
    , m_model(model)
    , m_panel(panel)
    , m_feed(deliveries.watchShipments(
          [model](const WatchShipmentsResponse& news) { model->update(news.shipments()); }))
{
    setFeed(m_feed.get());
    connect(panel, &ShipmentPanel::openRequested, this, &Page::openRequested);
    connect(panel, &ShipmentPanel::noticed, this, &Page::noticed);
    connect(model, &QAbstractItemModel::dataChanged, this,
        [this](const QModelIndex& from, const QModelIndex& to) {
            const int row = table().currentIndex().row();
            if (row >= from.row() && row <= to.row())
                showRow(row);
        });
}

DeliveriesPage::~DeliveriesPage() = default;

QString DeliveriesPage::countText(int total, bool capped) const
{
    return capped ? tr("more than %1 shipments").arg(format::count(total - 1))
                  : tr("%Ln shipments", nullptr, total);
}

void DeliveriesPage::showRow(int row)
{
    if (const Shipment* shipment = m_model->item(row)) {
        m_shown = format::text(shipment->id());
        m_panel->show(*shipment);
    }
}

void DeliveriesPage::showId(const QString& id)
{
    m_shown = id;
    if (const int row = m_model->rowOfId(id.toStdString()); row >= 0) {
        table().setCurrentRow(row);
        return;
    }
    table().setCurrentIndex({});
    m_fetching = true;
    GetShipmentRequest request;
    request.set_id(id.toStdString());
    api::onReply(this, m_deliveries.getShipment(request), [this, id](auto shipment) {
        m_fetching = false;
        if (m_shown != id)
            return;
        if (shipment.ok())
            m_panel->show(*shipment);
        else
            setNotice({theme::Tone::Bad,
                tr("Shipment %1: %2").arg(id, api::describe(shipment.status()))});
        Q_EMIT changed();
    });
}

QList<PageKey> DeliveriesPage::keys() const
{
    return {{u"S"_s, tr("Dispatch the shipment"), [this] { m_panel->dispatch(); }},
        {u"P"_s, tr("Split the shipment"), [this] { m_panel->split(); }},
        {u"X"_s, tr("Call the shipment off"), [this] { m_panel->callOff(); }}};
}

bool DeliveriesPage::isPanelReady() const
{
    return !m_fetching;
}
