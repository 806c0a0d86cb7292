// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/metricanswers.h"

#include "services/runtime/status.h"

#include <absl/strings/str_cat.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>

namespace shopfleet::control {

using google::protobuf::util::TimeUtil;

namespace {

constexpr std::int64_t kUsualRange = 600;
constexpr std::int64_t kUsualPoints = 1'000;
constexpr std::int64_t kMostPoints = 3'700;
constexpr std::int64_t kMostValues = 500'000;
constexpr std::int64_t kLongestStep = 86'400;
constexpr std::int64_t kFarthest = 31 * 86'400; // A day more than anything is kept.

std::int64_t fromOf(const v1::GetMetricsRequest& request, std::int64_t to)
{
    return request.has_from() ? request.from().seconds() : to - kUsualRange;
}

std::int64_t toOf(const v1::GetMetricsRequest& request, std::int64_t now)
{
    return request.has_to() ? request.to().seconds() : now;
}

/// The finest tier that still has `from`.
int tierOf(std::int64_t from, std::int64_t now)
{
    for (std::size_t tier = 0; tier < store::kTiers.size(); ++tier) {
        if (from >= now - store::kTiers.at(tier).keeps)
            return static_cast<int>(tier);
    }
    return static_cast<int>(store::kTiers.size()) - 1;
}

void addTo(Track::Sum* sum, const Track::Sum& more)
{
    const auto weigh = [&](float one, float other) {
        return (one * static_cast<float>(sum->seconds) + other * static_cast<float>(more.seconds))
            / static_cast<float>(sum->seconds + more.seconds);
    };
    sum->tally.add(more.tally);
    if (more.hasGauges && !sum->hasGauges) {
        sum->gauges = more.gauges;
        sum->hasGauges = true;
    } else if (more.hasGauges) {
        for (const auto gauge : {&Gauges::cpuShare, &Gauges::residentBytes, &Gauges::inFlight,
                 &Gauges::queueDepth, &Gauges::replicas, &Gauges::healthyReplicas})
            sum->gauges.*gauge = weigh(sum->gauges.*gauge, more.gauges.*gauge);
    }
    sum->seconds += more.seconds;
}

/// Of points in order, asked for range after range.
class Walk {
public:
    explicit Walk(std::vector<store::Point> points)
        : m_points(std::move(points))
    {
    }

    Track::Sum sum(std::int64_t from, std::int64_t to)
    {
        Track::Sum result;
        while (m_at < m_points.size() && m_points[m_at].at < from)
            ++m_at;
        for (; m_at < m_points.size() && m_points[m_at].at < to; ++m_at)
            addTo(&result, m_points[m_at].sum);
        return result;
    }

private:
    std::vector<store::Point> m_points;
    std::size_t m_at = 0;
};

} // namespace

absl::StatusOr<MetricQuery> MetricQuery::of(
    const v1::GetMetricsRequest& request, std::int64_t now, std::int64_t finest)
{
    MetricQuery query;
    query.to = toOf(request, now);
    query.from = std::max(fromOf(request, query.to), now - kFarthest);
    if (query.from >= query.to)
        return runtime::invalidField("from", "must be before to, and within the last 30 days");
    if (request.step_seconds() < 0 || request.step_seconds() > kLongestStep)
        return runtime::invalidField("step_seconds", "must be from 0 to 86400");
    const auto& names = metricNames();
    for (const auto& metric : request.metrics()) {
        if (std::ranges::find(names, metric) == names.end())
            return runtime::invalidField("metrics", absl::StrCat("there is no \"", metric, "\""));
    }
    query.metrics = request.metrics().empty()
        ? names
        : std::vector<std::string>(request.metrics().begin(), request.metrics().end());
    const auto wanted = request.step_seconds() > 0
        ? request.step_seconds()
        : (query.to - query.from + kUsualPoints - 1) / kUsualPoints;
    query.step = std::max<std::int64_t>(finest, (wanted + finest - 1) / finest * finest);
    query.from = query.from / finest * finest;
    return query;
}

absl::Status MetricQuery::check(std::size_t tracks) const
{
    const auto points = (to - from + step - 1) / step;
    if (points > kMostPoints
        || points * static_cast<std::int64_t>(tracks * metrics.size()) > kMostValues)
        return runtime::invalidField(
            "step_seconds", "is too fine for this range; ask for fewer points");
    return absl::OkStatus();
}

void MetricQuery::answer(const History::Key& key,
    const std::function<Track::Sum(std::int64_t from, std::int64_t to)>& sum,
    v1::GetMetricsResponse* response) const
{
    std::vector<v1::Series*> series;
    for (const auto& metric : metrics) {
        auto* added = response->add_series();
        added->set_service(key.service);
        added->set_replica(key.replica);
        added->set_method(key.method);
        added->set_metric(metric);
        *added->mutable_start() = TimeUtil::SecondsToTimestamp(from);
        added->set_step_seconds(static_cast<std::int32_t>(step));
        added->mutable_values()->Reserve(static_cast<int>((to - from + step - 1) / step));
        series.push_back(added);
    }
    for (auto at = from; at < to; at += step) {
        const auto found = sum(at, std::min(at + step, to));
        for (std::size_t i = 0; i < metrics.size(); ++i)
            series[i]->add_values(valueOf(metrics[i], found));
    }
}

bool isOfThePast(const v1::GetMetricsRequest& request, std::int64_t now)
{
    return fromOf(request, toOf(request, now)) < now - Track::kSeconds;
}

absl::StatusOr<v1::GetMetricsResponse> pastMetrics(
    Archive& archive, const v1::GetMetricsRequest& request, std::int64_t now)
{
    const int tier = tierOf(fromOf(request, toOf(request, now)), now);
    const auto query
        = MetricQuery::of(request, now, store::kTiers.at(static_cast<std::size_t>(tier)).step);
    if (!query.ok())
        return query.status();
    const auto keys = archive.match({request.service(), request.replica(), request.method()});
    if (auto status = query->check(keys.size()); !status.ok())
        return status;
    v1::GetMetricsResponse response;
    if (const auto oldest = archive.oldest(); oldest > 0)
        *response.mutable_oldest() = TimeUtil::SecondsToTimestamp(oldest);
    for (const auto& key : keys) {
        Walk walk(archive.points(tier, key, query->from, query->to));
        // A method that was not asked for is not kept: nothing happened, as far as its service is
        // known.
        Walk service(key.method.empty()
                ? std::vector<store::Point>()
                : archive.points(tier, {key.service, key.replica, {}}, query->from, query->to));
        query->answer(
            key,
            [&](std::int64_t from, std::int64_t to) {
                auto sum = walk.sum(from, to);
                sum.seconds = std::max(sum.seconds, service.sum(from, to).seconds);
                return sum;
            },
            &response);
    }
    return response;
}

} // namespace shopfleet::control
