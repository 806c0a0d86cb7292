// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/parts.h"
#include "shopfleet/deliveries/v1/deliveries.pb.h"

#include <QDialog>

#include <string>
#include <utility>
#include <vector>

namespace api {
class DeliveriesClient;
}

class QSpinBox;

/// Asks what of a planned shipment leaves by itself, and splits it. What was typed stays until it
/// is done, and is one wish however often the button is pressed.
class SplitDialog final : public QDialog {
    Q_OBJECT
public:
    SplitDialog(const theme::Theme& theme, api::DeliveriesClient& deliveries,
        const shopfleet::deliveries::v1::Shipment& shipment, QWidget* parent);

Q_SIGNALS:
    void done(const shopfleet::deliveries::v1::Shipment& part);

private:
    QWidget* makeLines();
    void inputChanged();
    void perform();
    void say(theme::Role role, const QString& text);

    const theme::Theme& m_theme;
    api::DeliveriesClient& m_deliveries;
    const shopfleet::deliveries::v1::Shipment m_shipment;
    std::vector<std::pair<std::string, QSpinBox*>> m_rows; ///< By SKU.
    parts::Label* m_said;
    parts::BusyButton* m_do;
    std::string m_requestId; ///< Of this input.
};
