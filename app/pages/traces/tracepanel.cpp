// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/traces/tracepanel.h"

#include "app/models/format.h"
#include "app/pages/traces/tracewords.h"
#include "app/widgets/waterfall/waterfall.h"

#include <QBoxLayout>
#include <QLocale>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace shopfleet::traces::v1;
using theme::kUnit;

namespace {

/// Said already in other words, or of no use to people.
bool isSaidElsewhere(const std::string& key)
{
    return key.starts_with("rpc.") || key == "order.id";
}

QString kindText(const Span& span)
{
    if (span.kind() == "client")
        return TracePanel::tr("asks %1").arg(tracewords::blamed(span));
    return span.kind() == "server" ? TracePanel::tr("answers") : QString();
}

double after(const Trace& trace, const Span& span)
{
    const auto& from = trace.started_at();
    const auto& at = span.start();
    return static_cast<double>(at.seconds() - from.seconds()) * 1e3
        + (at.nanos() - from.nanos()) / 1e6;
}

} // namespace

TracePanel::TracePanel(const theme::Theme& theme, QWidget* parent)
    : Panel(theme, parent)
{
}

void TracePanel::showNothing()
{
    m_order.clear();
    m_service.clear();
    clear();
}

void TracePanel::showTrace(const Trace& trace)
{
    clear();
    m_order = format::text(trace.order_id());
    m_service = trace.services().empty() ? QString() : format::text(trace.services(0));
    auto* row = new QHBoxLayout;
    row->setSpacing(kUnit);
    row->addWidget(new parts::ElidedLabel(
                       m_theme, format::text(trace.root()), theme::Role::Text, parts::Face::Title),
        1);
    row->addWidget(new parts::Badge(m_theme, tracewords::status(trace)));
    content()->addLayout(row);
    content()->addWidget(new parts::ElidedLabel(
        m_theme, tr("Started %1").arg(format::when(trace.started_at())), theme::Role::Muted));
    addGap();
    addFact(tr("Trace"), format::text(trace.id()));
    addFact(tr("Duration"), Waterfall::lengthText(tracewords::milliseconds(trace.duration())));
    addFact(tr("Spans"), format::count(trace.span_count()));
    QStringList services;
    for (const auto& service : trace.services())
        services << format::text(service);
    addFact(tr("Services"), services.join(u", "_s));
    if (const int first = tracewords::firstFailed(trace); first >= 0) {
        const Span& span = trace.spans(first);
        m_service = tracewords::blamed(span);
        addGap();
        content()->addWidget(new panel::CauseBanner(m_theme, theme::Tone::Bad,
            tr("%1 in %2 failed").arg(format::text(span.name()), m_service),
            tracewords::outcome(span)));
    }
    addOrder(trace.order_id());
    content()->addStretch(1);
    addLinks(format::text(trace.id()));
}

void TracePanel::showSpan(const Trace& trace, int index)
{
    clear();
    const Span& span = trace.spans(index);
    m_order = format::text(trace.order_id());
    m_service = tracewords::blamed(span);
    content()->addWidget(new parts::ElidedLabel(
        m_theme, format::text(span.name()), theme::Role::Text, parts::Face::Title));
    QStringList who{format::text(span.replica().empty() ? span.service() : span.replica())};
    if (const QString kind = kindText(span); !kind.isEmpty())
        who << kind;
    content()->addWidget(new parts::ElidedLabel(m_theme, who.join(u" · "_s), theme::Role::Muted));
    addGap();
    if (span.error()) {
        content()->addWidget(new panel::CauseBanner(m_theme, theme::Tone::Bad,
            tr("Failed in %1").arg(m_service), tracewords::outcome(span)));
        addGap(1);
    }
    const QString result = format::text(span.status());
    if (!result.isEmpty() && (!span.error() || result != tracewords::outcome(span)))
        addFact(tr("Result"), result);
    addFact(
        tr("Started"), tr("%1 after the beginning").arg(Waterfall::lengthText(after(trace, span))));
    addFact(tr("Duration"), Waterfall::lengthText(tracewords::milliseconds(span.duration())));
    const double waited = tracewords::waitedFor(span);
    double all = 0;
    for (const Span& other : trace.spans())
        all += tracewords::waitedFor(other);
    addFact(tr("Waited for"),
        waited > 0 ? tr("%1, %2 % of the whole")
                         .arg(Waterfall::lengthText(waited),
                             QLocale().toString(waited / std::max(all, 1e-6) * 100, 'f', 0))
                   : tr("not at any moment"));
    if (!span.version().empty())
        addFact(tr("Version"), format::text(span.version()));
    if (span.parent_missing())
        addFact(tr("Called by"), tr("a span that was not kept"));
    addOrder(trace.order_id());
    QList<std::pair<QString, QString>> attributes;
    for (const auto& [key, value] : span.attributes())
        if (!isSaidElsewhere(key))
            attributes.append({format::text(key), format::text(value)});
    std::ranges::sort(attributes);
    if (!attributes.isEmpty()) {
        addRule();
        content()->addWidget(panel::heading(m_theme, tr("Attributes")));
        for (const auto& [key, value] : attributes)
            addFact(key, value);
    }
    content()->addStretch(1);
    addLinks({});
}

void TracePanel::addFact(const QString& name, const QString& value)
{
    content()->addWidget(panel::fact(m_theme, name, value));
}

void TracePanel::addOrder(const std::string& orderId)
{
    if (orderId.empty())
        return;
    addRule();
    content()->addWidget(panel::heading(m_theme, tr("Order")));
    auto* link = parts::button(tr("Order %1").arg(format::text(orderId)), "link");
    link->setToolTip(tr("What came of it (O)"));
    connect(link, &QPushButton::clicked, this, &TracePanel::openOrder);
    content()->addWidget(link, 0, Qt::AlignLeft);
}

void TracePanel::addLinks(const QString& waterfall)
{
    if (!waterfall.isEmpty()) {
        auto* whole = parts::button(tr("Span by span"), "primary");
        whole->setToolTip(tr("When each began, how long it took, and who was waited for (Enter)"));
        connect(whole, &QPushButton::clicked, this,
            [this, waterfall] { Q_EMIT waterfallRequested(waterfall); });
        actions()->add(whole);
    }
    if (!m_service.isEmpty()) {
        auto* service = parts::button(tr("Show %1").arg(m_service));
        service->setToolTip(tr("How the service fares (S)"));
        connect(service, &QPushButton::clicked, this, &TracePanel::openService);
        actions()->add(service, u"S"_s);
    }
    if (!m_order.isEmpty()) {
        auto* all = parts::button(tr("All of this order"));
        connect(all, &QPushButton::clicked, this, [this] {
            Address address{u"traces"_s, {}, {}};
            address.set(u"filter"_s, u"order_id = \"%1\""_s.arg(m_order));
            Q_EMIT openRequested(address);
        });
        actions()->add(all);
    }
}

void TracePanel::openOrder()
{
    if (!m_order.isEmpty())
        Q_EMIT openRequested({u"orders"_s, m_order, {}});
}

void TracePanel::openService()
{
    if (!m_service.isEmpty())
        Q_EMIT openRequested({u"services"_s, m_service, {}});
}
