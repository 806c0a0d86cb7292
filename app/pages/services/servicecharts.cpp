// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/services/servicecharts.h"

#include "app/api/errors.h"
#include "app/models/fleetwords.h"
#include "app/models/format.h"
#include "app/models/status.h"
#include "app/widgets/charts/timechart.h"
#include "app/widgets/parts.h"

#include <QGridLayout>
#include <QHash>

#include <algorithm>
#include <chrono>
#include <string_view>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using namespace shopfleet::control::v1;
using charts::Line;

namespace {

constexpr int kPastSeconds = 10; // The past is read from the disk: so often is enough.
constexpr int kMostPoints = 900;
constexpr int kHour = 3'600;
constexpr int kMostMoments = 300;
constexpr std::string_view kMarked[]
    = {"service.scaled", "service.policy_set", "rollout.service_begun", "rollout.rolling_back",
        "replica.exited", "alert.raised", "incident.opened"};

struct Wanted {
    const GetMetricsResponse* history;
    const char* metric;
    QString name;
    Line line;
    double scale = 1;
    bool filled = false;
    double shift = 0; ///< Seconds later than it was.
};

/// What is known of each, in this order.
void fill(charts::TimeChart* chart, std::initializer_list<Wanted> wanted)
{
    QList<charts::Series> lines;
    for (const Wanted& want : wanted) {
        const auto& all = want.history->series();
        const auto found = std::ranges::find(all, want.metric, &Series::metric);
        if (found == all.end())
            continue;
        const double step = std::max(1, found->step_seconds());
        charts::Series line{want.name, {}, {}, want.line, want.filled, step};
        line.seconds.reserve(found->values_size());
        line.values.reserve(found->values_size());
        for (int i = 0; i < found->values_size(); ++i) {
            line.seconds.append(
                static_cast<double>(found->start().seconds()) + want.shift + i * step);
            line.values.append(found->values(i) * want.scale);
        }
        lines.append(line);
    }
    chart->setSeries(lines, 1); // Each has its own step.
}

} // namespace

ServiceCharts::ServiceCharts(
    const theme::Theme& theme, api::ControlClient& control, QWidget* parent)
    : QWidget(parent)
    , m_control(control)
    , m_requests(new charts::TimeChart(theme, m_group, {tr("Requests"), tr(" /s"), 1}))
    , m_errors(new charts::TimeChart(theme, m_group, {tr("Errors"), u" %"_s, 2, 1}))
    , m_latency(new charts::TimeChart(theme, m_group, {tr("Latency"), tr(" ms"), 1}))
    , m_replicas(new charts::TimeChart(theme, m_group, {tr("Replicas"), {}, 0}))
{
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(0);
    grid->addWidget(m_requests, 0, 0);
    grid->addWidget(m_errors, 0, 1);
    grid->addWidget(m_latency, 1, 0);
    grid->addWidget(m_replicas, 1, 1);
    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(1, 1);
    connect(&m_tick, &QTimer::timeout, this, &ServiceCharts::fetch);
    connect(&m_moments, &QTimer::timeout, this, &ServiceCharts::fetchMoments);
    connect(&m_group, &charts::ChartGroup::picked, this,
        [this](double seconds) { Q_EMIT picked(seconds, step()); });
    setRange(m_range);
}

void ServiceCharts::showService(const QString& name)
{
    if (name == m_service)
        return;
    m_service = name;
    m_method.clear();
    restart();
    m_count = {};
    m_replicas->setSeries({}, 1);
    m_group.setMoments({});
    fetch();
    fetchMoments();
}

void ServiceCharts::restart()
{
    ++m_generation;
    m_beforeUntil = 0;
    m_ready = m_count.asking = false;
    m_now = m_before = {};
    for (charts::TimeChart* chart : {m_requests, m_errors, m_latency})
        chart->setSeries({}, 1);
}

void ServiceCharts::setRange(int seconds)
{
    m_range = seconds;
    m_group.setSpan(seconds);
    m_tick.setInterval(seconds > kHour ? 10s : 1s); // Of a day, one point is more than a minute.
    ++m_generation;
    m_beforeUntil = 0;
    m_now.asking = m_before.asking = m_count.asking = false;
    fetch();
}

void ServiceCharts::setMethod(const QString& method)
{
    m_method = method;
    restart();
    fetch();
}

void ServiceCharts::compareWith(int seconds, const QString& words)
{
    ++m_generation;
    m_beforeUntil = 0;
    m_now.asking = m_count.asking = false;
    m_before = {};
    m_compared = seconds;
    m_comparedWords = words;
    fetch();
}

void ServiceCharts::setPaused(bool paused)
{
    m_group.setPaused(paused);
}

void ServiceCharts::showEvent(QShowEvent*)
{
    m_tick.start();
    m_moments.start(5s);
    fetch();
    fetchMoments();
}

void ServiceCharts::hideEvent(QHideEvent*)
{
    m_tick.stop(); // Nobody looks: nothing is asked.
    m_moments.stop();
}

void ServiceCharts::fetch()
{
    if (m_service.isEmpty() || m_group.isPaused())
        return;
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    const qint64 from = now - m_range;
    if (m_compared > 0 && now >= m_beforeUntil) { // Known already is what came after it.
        m_beforeUntil = now + kPastSeconds;
        ask(m_before, {"requests_per_second", "error_ratio"}, m_method, from - m_compared,
            m_beforeUntil - m_compared, nullptr);
    }
    ask(m_count, {"replicas", "healthy_replicas"}, {}, from, now, &ServiceCharts::drawReplicas);
    ask(m_now, {"requests_per_second", "error_ratio", "p50_ms", "p95_ms", "p99_ms"}, m_method, from,
        now, &ServiceCharts::drawFigures);
}

void ServiceCharts::ask(Part& part, std::initializer_list<const char*> metrics,
    const QString& method, qint64 from, qint64 to, void (ServiceCharts::*draw)())
{
    if (part.asking)
        return;
    part.asking = true;
    GetMetricsRequest request;
    request.set_service(m_service.toStdString());
    request.set_method(method.toStdString());
    for (const char* metric : metrics)
        request.add_metrics(metric);
    request.mutable_to()->set_seconds(to);
    request.mutable_from()->set_seconds(from);
    request.set_step_seconds(std::max(1, m_range / kMostPoints));
    api::onReply(this, m_control.getMetrics(request),
        [this, &part, to, draw, mine = m_generation](auto history) {
            if (mine != m_generation)
                return;
            part.asking = false;
            const bool known = history.ok();
            if (&part == &m_now) {
                m_ready = true;
                m_error = known ? QString() : api::describe(history.status());
                m_group.setNow(static_cast<double>(to));
            }
            if (known)
                part.history = *std::move(history);
            if (known && draw)
                (this->*draw)();
            if (&part == &m_now)
                Q_EMIT answered();
        });
}

int ServiceCharts::step() const
{
    const auto& known = m_now.history.series();
    return std::max(1, known.empty() ? m_range / kMostPoints : known.begin()->step_seconds());
}

/// What was done to it, and what was noticed: not each start of a replica.
void ServiceCharts::fetchMoments()
{
    if (m_service.isEmpty())
        return;
    ListEventsRequest request;
    request.set_filter("service = " + m_service.toStdString());
    request.set_page_size(kMostMoments);
    api::onReply(this, m_control.listEvents(request), [this, service = m_service](auto events) {
        if (!events.ok() || service != m_service)
            return; // Those that are known stay.
        QList<charts::Moment> moments;
        QHash<QString, double>
            last; // The same again at once is one mark: lines would hide the rest.
        for (auto event = events->events().rbegin(); event != events->events().rend(); ++event) {
            const auto at = static_cast<double>(event->at().seconds());
            const QString words = fleetwords::event(*event);
            const bool again = last.contains(words) && at - last.value(words) < m_range / 60.0;
            if (std::ranges::find(kMarked, event->kind()) == std::end(kMarked) || again)
                continue;
            last[words] = at;
            moments.append({at, words, status::tone(event->severity())});
        }
        m_group.setMoments(moments);
    });
}

void ServiceCharts::drawFigures()
{
    const auto* now = &m_now.history;
    const auto* before = &m_before.history;
    const double later = m_compared;
    fill(m_requests,
        {{before, "requests_per_second", m_comparedWords, Line::Previous, 1, false, later},
            {now, "requests_per_second", tr("now"), Line::First, 1, true}});
    fill(m_errors,
        {{before, "error_ratio", m_comparedWords, Line::Previous, 100, false, later},
            {now, "error_ratio", tr("now"), Line::Bad, 100, true}});
    fill(m_latency,
        {{now, "p50_ms", u"p50"_s, Line::Third}, {now, "p95_ms", u"p95"_s, Line::Second},
            {now, "p99_ms", u"p99"_s, Line::First}});
}

void ServiceCharts::drawReplicas()
{
    fill(m_replicas,
        {{&m_count.history, "replicas", tr("running"), Line::Third},
            {&m_count.history, "healthy_replicas", tr("healthy"), Line::First, 1, true}});
}
