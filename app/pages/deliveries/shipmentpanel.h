// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/api/reply.h"
#include "app/page.h"
#include "app/widgets/panel.h"
#include "shopfleet/deliveries/v1/deliveries.pb.h"

#include <QPointer>

namespace api {
class DeliveriesClient;
}

/// The selected shipment: where it goes, what is in it, where it was seen. Everything comes with
/// the list's row. Here it is handed to the carrier, too.
class ShipmentPanel final : public panel::Panel {
    Q_OBJECT
public:
    ShipmentPanel(
        const theme::Theme& theme, api::DeliveriesClient& deliveries, QWidget* parent = nullptr);

    void show(const shopfleet::deliveries::v1::Shipment& shipment);
    void showNothing();
    /// Hands the parcel to the carrier, once it was confirmed.
    void dispatch();
    /// Asks what of it leaves by itself.
    void split();
    /// Calls the parcel off, once it was confirmed.
    void callOff();

Q_SIGNALS:
    void openRequested(const Address& address);
    void noticed(const Notice& notice);

private:
    bool isSplittable() const;
    /// Puts the action to the service and says what came of it.
    template <class Request>
    void act(
        api::Reply<shopfleet::deliveries::v1::Shipment> (api::DeliveriesClient::*verb)(Request),
        Request request, const QPointer<parts::BusyButton>& button, const QString& done,
        const QString& failed);
    void addHead(const shopfleet::deliveries::v1::Shipment& shipment);
    void addCause(const shopfleet::deliveries::v1::Shipment& shipment);
    void addLines(const shopfleet::deliveries::v1::Shipment& shipment);
    void addTracking(const shopfleet::deliveries::v1::Shipment& shipment);
    void addActions(const shopfleet::deliveries::v1::Shipment& shipment);

    api::DeliveriesClient& m_deliveries;
    shopfleet::deliveries::v1::Shipment m_shipment;
    QPointer<parts::BusyButton> m_dispatch;
    QPointer<parts::BusyButton> m_callOff;
};
