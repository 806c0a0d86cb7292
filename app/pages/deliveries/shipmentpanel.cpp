// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/deliveries/shipmentpanel.h"

#include "app/api/deliveriesclient.h"
#include "app/api/errors.h"
#include "app/models/format.h"
#include "app/models/status.h"
#include "app/widgets/timeline/timeline.h"

#include <QBoxLayout>
#include <QMessageBox>
#include <QUuid>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace shopfleet::deliveries::v1;
using theme::kUnit;

ShipmentPanel::ShipmentPanel(
    const theme::Theme& theme, api::DeliveriesClient& deliveries, QWidget* parent)
    : Panel(theme, parent)
    , m_deliveries(deliveries)
{
}

void ShipmentPanel::show(const Shipment& shipment)
{
    m_shipment = shipment;
    clear();
    addHead(shipment);
    addCause(shipment);
    addLines(shipment);
    addTracking(shipment);
    content()->addStretch(1);
    auto* order = parts::button(tr("Order %1").arg(format::text(shipment.order_id())));
    connect(order, &QPushButton::clicked, this, [this, id = format::text(shipment.order_id())] {
        Q_EMIT openRequested({u"orders"_s, id, {}});
    });
    if (shipment.state() == SHIPMENT_STATE_PLANNED && !shipment.has_handover()) {
        m_dispatch = new parts::BusyButton(tr("Dispatch…"), tr("Dispatching…"));
        m_dispatch->setToolTip(tr("The parcel goes to the carrier (S)"));
        connect(m_dispatch, &QPushButton::clicked, this, &ShipmentPanel::dispatch);
        actions()->addWidget(m_dispatch);
    }
    actions()->addWidget(order);
    actions()->addStretch(1);
}

void ShipmentPanel::showNothing()
{
    m_shipment.Clear();
    clear();
}

void ShipmentPanel::dispatch()
{
    if (!m_dispatch || m_dispatch->isBusy())
        return;
    const QString id = format::text(m_shipment.id());
    const bool isReturn = m_shipment.direction() == SHIPMENT_DIRECTION_RETURN;
    QMessageBox box(QMessageBox::NoIcon, tr("Dispatch %1").arg(id), tr("Dispatch %1?").arg(id),
        QMessageBox::NoButton, window());
    box.setInformativeText(isReturn
            ? tr("The carrier fetches it from the customer.")
            : tr("The payment of order %1 is taken, and it cannot be cancelled any more.")
                  .arg(format::text(m_shipment.order_id())));
    auto* yes = box.addButton(tr("Dispatch %1").arg(id), QMessageBox::AcceptRole);
    box.addButton(tr("Not yet"), QMessageBox::RejectRole);
    box.exec();
    if (box.clickedButton() != yes || !m_dispatch)
        return;
    m_dispatch->setBusy(true);
    DispatchShipmentRequest request;
    request.set_request_id(QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString());
    request.set_id(m_shipment.id());
    request.set_etag(m_shipment.etag());
    api::onReply(this, m_deliveries.dispatchShipment(request),
        [this, id, button = m_dispatch](auto shipment) {
            if (button)
                button->setBusy(false);
            if (!shipment.ok()) {
                Q_EMIT noticed({theme::Tone::Bad,
                    tr("%1 was not dispatched: %2").arg(id, api::describe(shipment.status()))});
                return;
            }
            Q_EMIT noticed({theme::Tone::Good, tr("%1 is on its way.").arg(id)});
            if (m_shipment.id() == shipment->id())
                show(*shipment);
        });
}

void ShipmentPanel::addHead(const Shipment& shipment)
{
    auto* row = new QHBoxLayout;
    row->setSpacing(kUnit);
    row->addWidget(new parts::ElidedLabel(
                       m_theme, format::text(shipment.id()), theme::Role::Text, parts::Face::Title),
        1);
    row->addWidget(new parts::Badge(m_theme, status::of(shipment)));
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

void ShipmentPanel::addCause(const Shipment& shipment)
{
    if (!shipment.has_handover())
        return;
    const Handover& handover = shipment.handover();
    const qint64 seconds = format::time(handover.since()).secsTo(QDateTime::currentDateTimeUtc());
    const bool trouble = !handover.last_error().empty();
    addGap();
    auto* banner
        = new panel::CauseBanner(m_theme, trouble ? theme::Tone::Warn : theme::Tone::Progress,
            tr("Waits on carrier for %1").arg(format::span(std::max<qint64>(seconds, 0))),
            tr("It has not said whether it has the parcel.") + u'\n'
                + tr("%n tries so far.", nullptr, handover.attempts()));
    banner->setToolTip(format::text(handover.last_error()));
    auto* service = parts::button(tr("Show %1").arg(u"carrier"_s), "small");
    connect(service, &QPushButton::clicked, this, [this] {
        Q_EMIT openRequested({u"services"_s, u"carrier"_s, {}});
    });
    banner->actions()->insertWidget(0, service);
    content()->addWidget(banner);
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
