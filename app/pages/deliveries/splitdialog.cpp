// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/deliveries/splitdialog.h"

#include "app/api/deliveriesclient.h"
#include "app/api/errors.h"
#include "app/models/format.h"

#include <QBoxLayout>
#include <QGridLayout>
#include <QSpinBox>
#include <QUuid>

#include <map>

using namespace Qt::StringLiterals;
using namespace shopfleet::deliveries::v1;
using theme::kUnit;

SplitDialog::SplitDialog(const theme::Theme& theme, api::DeliveriesClient& deliveries,
    const Shipment& shipment, QWidget* parent)
    : QDialog(parent)
    , m_theme(theme)
    , m_deliveries(deliveries)
    , m_shipment(shipment)
    , m_said(new parts::Label(theme, {}, theme::Role::Muted))
    , m_do(new parts::BusyButton(tr("Split"), tr("Splitting…"), "primary"))
{
    const QString title = tr("Split %1").arg(format::text(shipment.id()));
    setWindowTitle(title);
    setModal(true);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(3 * kUnit, 3 * kUnit, 3 * kUnit, 2 * kUnit);
    all->setSpacing(2 * kUnit);
    all->addWidget(new parts::Label(theme, title, theme::Role::Text, parts::Face::Title));
    all->addWidget(parts::scrolled(theme, makeLines(), 300), 1);
    m_said->setWordWrap(true);
    m_said->setMinimumHeight(m_theme.px(5 * kUnit));
    m_said->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    all->addWidget(m_said);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(kUnit);
    auto* close = parts::button(tr("Close"));
    close->setAutoDefault(false);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    buttons->addStretch(1);
    buttons->addWidget(close);
    buttons->addWidget(m_do);
    all->addLayout(buttons);
    m_do->setDefault(true);
    connect(m_do, &QPushButton::clicked, this, &SplitDialog::perform);
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

void SplitDialog::inputChanged()
{
    m_requestId = QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString();
    qint64 out = 0;
    qint64 all = 0;
    for (const auto& [sku, quantity] : m_rows) {
        out += quantity->value();
        all += quantity->maximum();
    }
    if (out == 0)
        say(theme::Role::Muted, tr("Choose what leaves in a parcel of its own."));
    else if (out == all)
        say(theme::Role::Bad, tr("Something has to stay: else there is nothing to split."));
    else
        say(theme::Role::Text,
            tr("%n units leave in a parcel of their own.", nullptr, static_cast<int>(out)) + u' '
                + tr("%n stay in this one.", nullptr, static_cast<int>(all - out)));
    m_do->setRefusal(out > 0 && out < all ? QString() : m_said->text());
}

void SplitDialog::perform()
{
    if (m_do->isBusy() || !m_do->isEnabled())
        return;
    SplitShipmentRequest request;
    request.set_request_id(m_requestId);
    request.set_id(m_shipment.id());
    request.set_etag(m_shipment.etag());
    for (const auto& [sku, quantity] : m_rows) {
        if (quantity->value() == 0)
            continue;
        ShipmentLine& line = *request.add_lines();
        line.set_sku(sku);
        line.set_quantity(quantity->value());
    }
    m_do->setBusy(true);
    api::onReply(this, m_deliveries.splitShipment(request), [this](auto part) {
        m_do->setBusy(false);
        if (!part.ok()) {
            say(theme::Role::Bad, api::describe(part.status()));
            return;
        }
        Q_EMIT done(*part);
        accept();
    });
}

void SplitDialog::say(theme::Role role, const QString& text)
{
    m_said->setRole(role);
    m_said->setText(text);
}
