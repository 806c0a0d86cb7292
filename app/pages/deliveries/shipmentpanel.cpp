// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/deliveries/shipmentpanel.h"

#include "app/models/format.h"
#include "app/models/status.h"
#include "app/widgets/timeline/timeline.h"

#include <QBoxLayout>

using namespace Qt::StringLiterals;
using shopfleet::deliveries::v1::Shipment;
using theme::kUnit;

ShipmentPanel::ShipmentPanel(const theme::Theme& theme, QWidget* parent)
    : Panel(theme, parent)
{
}

void ShipmentPanel::show(const Shipment& shipment)
{
    clear();
    addHead(shipment);
    addLines(shipment);
    addTracking(shipment);
    content()->addStretch(1);
    auto* order = parts::button(tr("Order %1").arg(format::text(shipment.order_id())));
    connect(order, &QPushButton::clicked, this, [this, id = format::text(shipment.order_id())] {
        Q_EMIT openRequested({u"orders"_s, id, {}});
    });
    actions()->addWidget(order);
    actions()->addStretch(1);
}

void ShipmentPanel::showNothing()
{
    clear();
}

void ShipmentPanel::addHead(const Shipment& shipment)
{
    auto* row = new QHBoxLayout;
    row->setSpacing(kUnit);
    row->addWidget(new parts::ElidedLabel(
                       m_theme, format::text(shipment.id()), theme::Role::Text, parts::Face::Title),
        1);
    row->addWidget(new parts::Badge(m_theme, status::of(shipment.state())));
    content()->addLayout(row);
    content()->addWidget(new parts::ElidedLabel(
        m_theme, tr("Planned %1").arg(format::when(shipment.created_at())), theme::Role::Muted));
    addGap();
    QStringList place;
    for (const std::string* part : {&shipment.address().name(), &shipment.address().line1(),
             &shipment.address().line2(), &shipment.address().city(),
             &shipment.address().postal_code(), &shipment.address().country()})
        if (!part->empty())
            place << format::text(*part);
    const std::pair<QString, QString> facts[]
        = {{tr("Tracking"), format::text(shipment.tracking_number())},
            {tr("Carrier"), format::text(shipment.carrier())}, {tr("To"), place.join(u", "_s)},
            {tr("Promised"), format::day(shipment.promised_at())}};
    for (const auto& [name, value] : facts)
        if (!value.isEmpty())
            content()->addWidget(panel::fact(m_theme, name, value));
}

void ShipmentPanel::addLines(const Shipment& shipment)
{
    addRule();
    content()->addWidget(
        panel::heading(m_theme, tr("Contents"), format::count(shipment.lines_size())));
    QList<panel::LineList::Line> lines;
    for (const auto& line : shipment.lines())
        lines.append({format::text(line.title().empty() ? line.sku() : line.title()), {},
            format::count(line.quantity())});
    content()->addWidget(new panel::LineList(m_theme, lines));
}

void ShipmentPanel::addTracking(const Shipment& shipment)
{
    if (shipment.events().empty())
        return;
    addRule();
    content()->addWidget(panel::heading(m_theme, tr("Tracking")));
    QList<Timeline::Event> events;
    for (int i = shipment.events_size() - 1; i >= 0; --i) {
        const auto& event = shipment.events(i);
        const auto state = status::of(event.state());
        const QString place
            = event.place().empty() ? QString() : u" · "_s + format::text(event.place());
        events.append({state.word + place, format::clock(event.at()), state.shape, state.tone,
            format::moment(event.at()) + u'\n' + format::text(event.note()), {}});
    }
    content()->addWidget(new Timeline(m_theme, events));
}
