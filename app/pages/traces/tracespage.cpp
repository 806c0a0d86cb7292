// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/traces/tracespage.h"

#include "app/api/errors.h"
#include "app/models/format.h"
#include "app/pages/traces/tracemodel.h"
#include "app/pages/traces/tracepanel.h"
#include "app/pages/traces/traceview.h"
#include "app/pages/traces/tracewords.h"
#include "app/widgets/table/tableview.h"

#include <QBoxLayout>

using namespace Qt::StringLiterals;
using namespace shopfleet::traces::v1;

namespace {

constexpr int kRefreshMs = 2'000;
constexpr qsizetype kIdDigits = 32;
constexpr int kLooks = 24;
constexpr int kLookAgainMs = 250;

} // namespace

TracesPage::TracesPage(const theme::Theme& theme, api::TracesClient& traces, QWidget* parent)
    : TracesPage(theme, traces, new TraceModel(traces), new TracePanel(theme), parent)
{
}

TracesPage::TracesPage(const theme::Theme& theme, api::TracesClient& traces, TraceModel* model,
    TracePanel* panel, QWidget* parent)
    : ListPage(theme, u"traces"_s, model, panel,
        {tr("Traces"), tr("Order, service, method, error"), tr("No traces yet"),
            tr("They appear here a second after something was asked of a service."), u"traces"_s,
            {{tr("Latest"), {}}, {tr("Failed"), u"error = true"_s},
                {tr("Slower than 500 ms"), u"duration_ms >= 500"_s},
                {tr("Of orders"), u"order_id != \"\""_s}}},
        parent)
    , m_traces(traces)
    , m_model(model)
    , m_panel(panel)
    , m_view(new TraceView(theme))
{
    setDetail(m_view);
    connect(&table(), &table::TableView::opened, this, [this](const QModelIndex& index) {
        if (const Trace* trace = m_model->item(index.row()))
            fetch(format::text(trace->id()));
    });
    connect(&m_view->waterfall(), &Waterfall::currentBarChanged, this, [this](int bar) {
        if (m_inFull && bar >= 0)
            m_panel->showSpan(m_view->trace(), bar);
    });
    connect(&m_view->waterfall(), &Waterfall::escaped, this, &TracesPage::showList);
    connect(&m_view->waterfall(), &Waterfall::opened, m_panel, &TracePanel::openService);
    connect(m_panel, &TracePanel::openRequested, this, &Page::openRequested);
    connect(
        m_panel, &TracePanel::waterfallRequested, this, [this](const QString& id) { fetch(id); });
    // There is no stream of them: while the list is looked at, it is asked for again.
    m_refresh.setInterval(kRefreshMs);
    connect(&m_refresh, &QTimer::timeout, this, [this] {
        if (isVisible() && !m_inFull)
            m_model->refresh();
    });
    m_refresh.start();
}

TracesPage::~TracesPage() = default;

PageInfo TracesPage::info() const
{
    PageInfo info = ListPage::info();
    // No stream says that the link is there: the list's own answers do.
    info.freshness.state = info.updated.isNull()               ? api::Freshness::State::Never
        : m_model->state() == WindowedModelBase::State::Failed ? api::Freshness::State::Stale
                                                               : api::Freshness::State::Live;
    info.freshness.since = m_model->state() == WindowedModelBase::State::Failed
        ? m_model->failedSince()
        : info.updated;
    if (!m_inFull)
        return info;
    const Trace& trace = m_view->trace();
    info.title = tr("Trace %1").arg(tracewords::brief(trace.id()));
    info.views.clear();
    info.filters.clear();
    info.searchHint.clear();
    info.status = {tr("%n spans", nullptr, trace.span_count()),
        Waterfall::lengthText(tracewords::milliseconds(trace.duration()))};
    info.notice.reset();
    info.showsPanel = true;
    if (const int first = tracewords::firstFailed(trace); first >= 0)
        info.notice = Notice{theme::Tone::Warn,
            tr("%n spans failed. It began in %1: %2", nullptr, trace.error_count())
                .arg(tracewords::blamed(trace.spans(first)),
                    tracewords::outcome(trace.spans(first))),
            tr("Show %1").arg(tracewords::blamed(trace.spans(first))), u"S"_s,
            [panel = m_panel] { panel->openService(); }};
    return info;
}

QWidget* TracesPage::keyboardStart()
{
    return m_inFull ? &m_view->waterfall() : ListPage::keyboardStart();
}

bool TracesPage::open(const Address& address)
{
    const QString order = address.value(u"worst-of"_s);
    Address rest = address;
    rest.set(u"worst-of"_s, {});
    if (!order.isEmpty())
        rest.set(u"filter"_s, u"order_id = \"%1\""_s.arg(order));
    if (!order.isEmpty())
        rest.id.clear();
    ++m_asked; // What was looked for before is not wanted any more.
    m_fetching = false;
    showList();
    ListPage::open(rest);
    if (!order.isEmpty()) {
        m_fetching = true;
        findWorst(address.id, order, kLooks);
    }
    return true;
}

Address TracesPage::address() const
{
    Address address = ListPage::address();
    if (m_inFull)
        address.id = format::text(m_view->trace().id());
    return address;
}

bool TracesPage::isReady() const
{
    return ListPage::isReady() || m_inFull;
}

QString TracesPage::countText(int total, bool capped) const
{
    return capped ? tr("more than %1 traces").arg(format::count(total - 1))
                  : tr("%Ln traces", nullptr, total);
}

void TracesPage::showRow(int row)
{
    const Trace* trace = m_model->item(row);
    if (!trace || m_inFull)
        return;
    m_shown = format::text(trace->id());
    m_panel->showTrace(*trace);
    // The row knows how many failed; which and why is in the trace itself.
    GetTraceRequest request;
    request.set_id(trace->id());
    api::onReply(this, m_traces.getTrace(request), [this, mine = ++m_rowAsked](auto whole) {
        if (mine == m_rowAsked && whole.ok() && !m_inFull)
            m_panel->showTrace(*whole);
    });
}

void TracesPage::showId(const QString& id)
{
    fetch(id);
}

void TracesPage::findWorst(const QString& id, const QString& orderId, int looks)
{
    if (id.isEmpty()) {
        ++m_asked;
        return searchWorst(id, orderId, looks);
    }
    GetTraceRequest request;
    request.set_id(id.toStdString());
    api::onReply(
        this, m_traces.getTrace(request), [this, id, orderId, looks, mine = ++m_asked](auto trace) {
            if (mine != m_asked)
                return;
            if (trace.ok() && trace->error_count() > 0) {
                m_shown = id;
                showSpans(*trace);
            } else {
                searchWorst(id, orderId, looks);
            }
        });
}

void TracesPage::searchWorst(const QString& id, const QString& orderId, int looks)
{
    const auto again = [this, id, orderId, looks] { lookAgain(id, orderId, looks - 1); };
    search(orderId, u" AND error = true"_s, [this, id, orderId, looks, again] {
        if (!id.isEmpty() && looks > 1)
            return again(); // It waits, so something has failed.
        search(orderId, {}, [this, orderId, looks, again] {
            if (looks > 1)
                again();
            else
                tell(tr("Nothing is kept of order %1.").arg(orderId));
        });
    });
}

void TracesPage::search(
    const QString& orderId, const QString& more, const std::function<void()>& nothing)
{
    SearchTracesRequest request;
    request.set_page_size(1);
    request.set_filter((u"order_id = \"%1\""_s.arg(orderId) + more).toStdString());
    api::onReply(this, m_traces.searchTraces(request), [this, nothing, mine = m_asked](auto found) {
        if (mine != m_asked)
            return;
        if (!found.ok())
            tell(tr("Traces: %1").arg(api::describe(found.status())));
        else if (found->traces().empty())
            nothing();
        else
            fetch(format::text(found->traces(0).id()));
    });
}

void TracesPage::lookAgain(const QString& id, const QString& orderId, int looks)
{
    QTimer::singleShot(kLookAgainMs, this, [this, id, orderId, looks, mine = m_asked] {
        if (mine == m_asked)
            findWorst(id, orderId, looks);
    });
}

void TracesPage::fetch(const QString& id)
{
    m_fetching = true;
    m_shown = id;
    GetTraceRequest request;
    request.set_id(id.toStdString());
    api::onReply(this, m_traces.getTrace(request), [this, id, mine = ++m_asked](auto trace) {
        if (mine != m_asked)
            return;
        if (trace.ok())
            showSpans(*trace);
        else
            tell(tr("Trace %1: %2")
                     .arg(id.size() == kIdDigits ? tracewords::brief(id.toStdString()) : id,
                         api::describe(trace.status())));
    });
}

void TracesPage::tell(const QString& text)
{
    m_fetching = false;
    setNotice({theme::Tone::Warn, text});
}

void TracesPage::showSpans(const Trace& trace)
{
    m_fetching = false;
    m_inFull = true;
    dismissNotice();
    m_view->show(trace);
    m_panel->showSpan(trace, std::max(m_view->waterfall().current(), 0));
    showDetail(true);
    m_view->waterfall().setFocus();
    Q_EMIT changed();
}

void TracesPage::showList()
{
    if (!m_inFull)
        return;
    m_inFull = false;
    showDetail(false);
    if (table().currentIndex().isValid())
        showRow(table().currentIndex().row());
    table().setFocus();
    Q_EMIT changed();
}

QList<PageKey> TracesPage::keys() const
{
    return {{u"S"_s, tr("Show the service that failed or took the time"),
                [this] { m_panel->openService(); }},
        {u"O"_s, tr("Show the order"), [this] { m_panel->openOrder(); }}};
}
