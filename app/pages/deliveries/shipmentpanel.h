// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/address.h"
#include "app/widgets/panel.h"
#include "shopfleet/deliveries/v1/deliveries.pb.h"

/// The selected shipment: where it goes, what is in it, where it was seen. Everything comes with
/// the list's row.
class ShipmentPanel final : public panel::Panel {
    Q_OBJECT
public:
    explicit ShipmentPanel(const theme::Theme& theme, QWidget* parent = nullptr);

    void show(const shopfleet::deliveries::v1::Shipment& shipment);
    void showNothing();

Q_SIGNALS:
    void openRequested(const Address& address);

private:
    void addHead(const shopfleet::deliveries::v1::Shipment& shipment);
    void addLines(const shopfleet::deliveries::v1::Shipment& shipment);
    void addTracking(const shopfleet::deliveries::v1::Shipment& shipment);
};
