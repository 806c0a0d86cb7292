// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/formdialog.h"
#include "shopfleet/deliveries/v1/deliveries.pb.h"

#include <string>
#include <utility>
#include <vector>

namespace api {
class DeliveriesClient;
}

class QSpinBox;

/// Asks what of a planned shipment leaves by itself, and splits it.
class SplitDialog final : public FormDialog {
    Q_OBJECT
public:
    SplitDialog(const theme::Theme& theme, api::DeliveriesClient& deliveries,
        const shopfleet::deliveries::v1::Shipment& shipment, QWidget* parent);

Q_SIGNALS:
    void done(const shopfleet::deliveries::v1::Shipment& part);

private:
    QWidget* makeLines();
    void weigh() override;
    void perform() override;

    api::DeliveriesClient& m_deliveries;
    const shopfleet::deliveries::v1::Shipment m_shipment;
    std::vector<std::pair<std::string, QSpinBox*>> m_rows; ///< By SKU.
};
