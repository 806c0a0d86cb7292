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

constexpr int kMostPoints = 900;
constexpr int kHour = 3'600;
constexpr int kMostMoments = 300;
constexpr std::string_view kMarked[]
    = {"service.scaled", "service.policy_set", "rollout.service_begun", "rollout.rolling_back",
        "replica.exited", "alert.raised", "incident.opened"};

struct Wanted {
    const char* metric;
    QString name;
    Line line;
    double scale;
    bool filled;
};

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
    m_ready = m_asking = false;
    ++m_generation;
    for (charts::TimeChart* chart : {m_requests, m_errors, m_latency, m_replicas})
        chart->setSeries({}, 1);
    m_group.setMoments({});
    fetch();
    fetchMoments();
}

void ServiceCharts::setRange(int seconds)
{
    m_range = seconds;
    m_group.setSpan(seconds);
    m_tick.setInterval(seconds > kHour ? 10s : 1s); // Of a day, one point is more than a minute.
    ++m_generation;
    m_asking = false;
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
    if (m_service.isEmpty() || m_asking || m_group.isPaused())
        return;
    m_asking = true;
    GetMetricsRequest request;
    request.set_service(m_service.toStdString());
    for (const char* metric : {"requests_per_second", "error_ratio", "p50_ms", "p95_ms", "p99_ms",
             "replicas", "healthy_replicas"})
        request.add_metrics(metric);
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    request.mutable_to()->set_seconds(now);
    request.mutable_from()->set_seconds(now - m_range);
    request.set_step_seconds(step());
    api::onReply(
        this, m_control.getMetrics(request), [this, now, mine = m_generation](auto history) {
            if (mine != m_generation)
                return;
            m_asking = false;
            m_ready = true;
            m_error = history.ok() ? QString() : api::describe(history.status());
            m_group.setNow(static_cast<double>(now));
            if (history.ok())
                take(*history);
            Q_EMIT answered();
        });
}

int ServiceCharts::step() const
{
    return std::max(1, m_range / kMostPoints);
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

void ServiceCharts::take(const GetMetricsResponse& history)
{
    const auto fill = [&history](charts::TimeChart* chart, std::initializer_list<Wanted> wanted) {
        QList<charts::Series> lines;
        double step = 1;
        for (const Wanted& want : wanted) {
            const auto& all = history.series();
            const auto found = std::find_if(all.begin(), all.end(), [&want](const auto& series) {
                return series.metric() == want.metric && series.replica().empty()
                    && series.method().empty();
            });
            if (found == all.end())
                continue;
            step = std::max(1, found->step_seconds());
            charts::Series line{want.name, {}, {}, want.line, want.filled};
            line.seconds.reserve(found->values_size());
            line.values.reserve(found->values_size());
            for (int i = 0; i < found->values_size(); ++i) {
                line.seconds.append(static_cast<double>(found->start().seconds()) + i * step);
                line.values.append(found->values(i) * want.scale);
            }
            lines.append(line);
        }
        chart->setSeries(lines, step);
    };
    fill(m_requests, {{"requests_per_second", tr("now"), Line::First, 1, true}});
    fill(m_errors, {{"error_ratio", tr("now"), Line::Bad, 100, true}});
    fill(m_latency,
        {{"p50_ms", u"p50"_s, Line::Third, 1, false}, {"p95_ms", u"p95"_s, Line::Second, 1, false},
            {"p99_ms", u"p99"_s, Line::First, 1, false}});
    fill(m_replicas,
        {{"replicas", tr("running"), Line::Third, 1, false},
            {"healthy_replicas", tr("healthy"), Line::First, 1, true}});
}
