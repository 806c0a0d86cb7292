// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/deliveries/splitdialog.h"

#include "app/api/deliveriesclient.h"
#include "app/api/errors.h"
#include "app/models/format.h"

#include <QBoxLayout>
#include <QGridLayout>
#include <QSpinBox>

#include <map>

using namespace Qt::StringLiterals;
using namespace shopfleet::deliveries::v1;
using theme::kUnit;

SplitDialog::SplitDialog(const theme::Theme& theme, api::DeliveriesClient& deliveries,
    const Shipment& shipment, QWidget* parent)
    : FormDialog(theme, tr("Split %1").arg(format::text(shipment.id())), tr("Split"),
        tr("Splitting…"), parent)
    , m_deliveries(deliveries)
    , m_shipment(shipment)
{
    content().addWidget(parts::scrolled(theme, makeLines(), 300), 1);
    resize(m_theme.px(520), sizeHint().height());
    inputChanged();
}

QWidget* SplitDialog::makeLines()
{
    // The service goes by SKU: several lines of one are one row.
    std::map<std::string, std::pair<QString, qint64>> goods;
    std::vector<std::string> skus;
    for (const ShipmentLine& line : m_shipment.lines()) {
        auto& [title, units] = goods[line.sku()];
        if (units == 0)
            skus.push_back(line.sku());
        title = format::text(line.title().empty() ? line.sku() : line.title());
        units += line.quantity();
    }
    auto* lines = parts::area(m_theme);
    auto* grid = new QGridLayout(lines);
    grid->setContentsMargins(kUnit, kUnit, kUnit, kUnit);
    grid->setHorizontalSpacing(2 * kUnit);
    grid->setVerticalSpacing(kUnit);
    grid->setColumnStretch(0, 1);
    for (const std::string& sku : skus) {
        const auto& [title, units] = goods[sku];
        auto* quantity = parts::unitsBox(
            units, tr(" of %1").arg(format::count(units)), tr("How many of %1").arg(title));
        const int row = grid->rowCount();
        grid->addWidget(new parts::ElidedLabel(m_theme, title), row, 0);
        grid->addWidget(quantity, row, 1);
        connect(quantity, &QSpinBox::valueChanged, this, &SplitDialog::inputChanged);
        m_rows.emplace_back(sku, quantity);
    }
    return lines;
}

void SplitDialog::weigh()
{
    qint64 out = 0;
    qint64 all = 0;
    for (const auto& [sku, quantity] : m_rows) {
        out += quantity->value();
        all += quantity->maximum();
    }
    refuse(out == 0      ? tr("Choose what leaves in a parcel of its own.")
            : out == all ? tr("Something has to stay: else there is nothing to split.")
                         : QString());
    if (!refusal().isEmpty())
        return say(out == 0 ? theme::Role::Muted : theme::Role::Bad, refusal());
    say(theme::Role::Text,
        tr("%n units leave in a parcel of their own.", nullptr, static_cast<int>(out)) + u' '
            + tr("%n stay in this one.", nullptr, static_cast<int>(all - out)));
}

void SplitDialog::perform()
{
    SplitShipmentRequest request;
    request.set_request_id(requestId());
    request.set_id(m_shipment.id());
    request.set_etag(m_shipment.etag());
    for (const auto& [sku, quantity] : m_rows) {
        if (quantity->value() == 0)
            continue;
        ShipmentLine& line = *request.add_lines();
        line.set_sku(sku);
        line.set_quantity(quantity->value());
    }
    api::onReply(this, m_deliveries.splitShipment(request), [this](auto part) {
        if (!part.ok())
            return failed(api::describe(part.status()));
        Q_EMIT done(*part);
        accept();
    });
}
