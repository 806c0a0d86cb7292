// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/deliveries/shipmentpanel.h"

#include "app/api/deliveriesclient.h"
#include "app/api/errors.h"
#include "app/models/format.h"
#include "app/models/status.h"
#include "app/pages/deliveries/splitdialog.h"
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
    addActions(shipment);
}

void ShipmentPanel::addActions(const Shipment& shipment)
{
    const bool waits = shipment.state() == SHIPMENT_STATE_PLANNED && !shipment.has_handover();
    if (waits) {
        m_dispatch = new parts::BusyButton(tr("Dispatch…"), tr("Dispatching…"));
        m_dispatch->setToolTip(tr("The parcel goes to the carrier (S)"));
        connect(m_dispatch, &QPushButton::clicked, this, &ShipmentPanel::dispatch);
        actions()->add(m_dispatch, u"S"_s);
    }
    auto* order = parts::button(tr("Order %1").arg(format::text(shipment.order_id())));
    connect(order, &QPushButton::clicked, this, [this, id = format::text(shipment.order_id())] {
        Q_EMIT openRequested({u"orders"_s, id, {}});
    });
    actions()->add(order);
    if (isSplittable()) {
        auto* divide = parts::button(tr("Split…"));
        divide->setToolTip(tr("Some of it leaves in a parcel of its own (P)"));
        connect(divide, &QPushButton::clicked, this, &ShipmentPanel::split);
        actions()->add(divide, u"P"_s);
    }
    if (waits && shipment.direction() == SHIPMENT_DIRECTION_OUTBOUND) {
        m_callOff = new parts::BusyButton(tr("Call off…"), tr("Calling off…"));
        m_callOff->setToolTip(tr("What is in it is not sent (X)"));
        connect(m_callOff, &QPushButton::clicked, this, &ShipmentPanel::callOff);
        actions()->add(m_callOff, u"X"_s);
    }
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
    DispatchShipmentRequest request;
    request.set_etag(m_shipment.etag());
    act(&api::DeliveriesClient::dispatchShipment, request, m_dispatch,
        tr("%1 is on its way.").arg(id), tr("%1 was not dispatched: %2"));
}

void ShipmentPanel::callOff()
{
    if (!m_callOff || m_callOff->isBusy())
        return;
    const QString id = format::text(m_shipment.id());
    QMessageBox box(QMessageBox::NoIcon, tr("Call off %1").arg(id), tr("Call off %1?").arg(id),
        QMessageBox::NoButton, window());
    box.setInformativeText(m_shipment.fulfilment() > 1
            ? tr("What is in it is not sent again.")
            : tr("What is in it is not sent, and not charged. Without another parcel order %1 is "
                 "cancelled.")
                  .arg(format::text(m_shipment.order_id())));
    auto* yes = box.addButton(tr("Call off %1").arg(id), QMessageBox::DestructiveRole);
    box.addButton(tr("Keep it"), QMessageBox::RejectRole);
    box.exec();
    if (box.clickedButton() != yes || !m_callOff)
        return;
    CancelShipmentRequest request;
    request.set_reason("called off by staff");
    act(&api::DeliveriesClient::cancelShipment, request, m_callOff, tr("%1 is called off.").arg(id),
        tr("%1 was not called off: %2"));
}

template <class Request>
void ShipmentPanel::act(api::Reply<Shipment> (api::DeliveriesClient::*verb)(Request),
    Request request, const QPointer<parts::BusyButton>& button, const QString& done,
    const QString& failed)
{
    button->setBusy(true);
    request.set_request_id(QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString());
    request.set_id(m_shipment.id());
    api::onReply(this, (m_deliveries.*verb)(request),
        [this, button, done, failed, id = format::text(m_shipment.id())](auto shipment) {
            if (button)
                button->setBusy(false);
            if (!shipment.ok()) {
                Q_EMIT noticed(
                    {theme::Tone::Bad, failed.arg(id, api::describe(shipment.status()))});
                return;
            }
            Q_EMIT noticed({theme::Tone::Good, done});
            if (m_shipment.id() == shipment->id())
                show(*shipment);
        });
}

bool ShipmentPanel::isSplittable() const
{
    qint64 units = 0;
    for (const ShipmentLine& line : m_shipment.lines())
        units += line.quantity();
    return m_shipment.state() == SHIPMENT_STATE_PLANNED && !m_shipment.has_handover()
        && m_shipment.direction() == SHIPMENT_DIRECTION_OUTBOUND && m_shipment.fulfilment() == 1
        && units > 1;
}

void ShipmentPanel::split()
{
    if (!isSplittable())
        return;
    auto* dialog = new SplitDialog(m_theme, m_deliveries, m_shipment, window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &SplitDialog::done, this, [this](const Shipment& part) {
        Q_EMIT noticed(
            {theme::Tone::Good, tr("%1 is a parcel of its own.").arg(format::text(part.id()))});
    });
    dialog->open();
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
