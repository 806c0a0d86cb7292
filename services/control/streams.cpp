// SPDX-License-Identifier: GPL-3.0-or-later
// What the control plane's streams say, and when.
#include "services/control/controlplane.h"
#include "services/control/moment.h"
#include "services/runtime/status.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/strip.h>

#include <algorithm>
#include <utility>

namespace shopfleet::control {

using namespace std::chrono_literals;

namespace {

constexpr auto kFollowLogs = 150ms;
constexpr int kEventsAtOnce = 500;
constexpr int kRolloutsAtOnce = 50;
constexpr int kLinesByDefault = 200;
constexpr int kLinesAtMost = 10'000;
constexpr std::size_t kLinesAtOnce = 2'000;

struct LogFollower {
    LogFilter filter;
    std::vector<LogTail> tails;
    std::uint64_t beat = 0;
    std::uint64_t listed = 0; // The beat at which the folder was last looked at for new files.
};

} // namespace

// The whole fleet first; then what changed since this client's last message, or on a new second
// everything with its figures.
ControlPlane::FleetFeed::Source ControlPlane::fleetSource(const v1::WatchFleetRequest& request)
{
    const auto wanted = [names = std::vector<std::string>(request.services().begin(),
                             request.services().end())](const std::string& name) {
        return names.empty() || std::ranges::find(names, name) != names.end();
    };
    return [this, wanted, first = true, seen = std::uint64_t(0),
               beat = std::uint64_t(0)]() mutable -> std::optional<v1::WatchFleetResponse> {
        v1::WatchFleetResponse response;
        const bool figures = beat != m_beat;
        if (first) {
            *response.mutable_fleet() = view();
            auto* services = response.mutable_fleet()->mutable_services();
            services->erase(
                std::remove_if(services->begin(), services->end(),
                    [&](const v1::Service& service) { return !wanted(service.name()); }),
                services->end());
        } else if (!figures && seen == m_change) {
            return std::nullopt;
        } else {
            for (const auto& name : m_fleet.names()) {
                const auto change = m_changes.find(name);
                if (wanted(name)
                    && (figures || (change != m_changes.end() && change->second > seen)))
                    *response.add_services() = *view(name);
            }
        }
        if (!first && m_integrityChange > seen)
            *response.mutable_integrity() = m_inspector.found();
        first = false;
        seen = m_change;
        beat = m_beat;
        *response.mutable_at() = momentNow();
        return response;
    };
}

ControlPlane::FleetFeed* ControlPlane::watchFleet(const v1::WatchFleetRequest& request)
{
    return FleetFeed::begin(m_loop, m_fleetFeeds, [this, request] { return fleetSource(request); });
}

ControlPlane::EventFeed* ControlPlane::watchEvents(const v1::WatchEventsRequest& request)
{
    std::int64_t from = -1;
    if (!request.resume_token().empty()
        && (!absl::SimpleAtoi(request.resume_token(), &from) || from < 0))
        return EventFeed::refuse(
            m_loop, runtime::toWire(runtime::invalidField("resume_token", "is not one of ours")));
    return EventFeed::begin(
        m_loop, m_eventFeeds, [this, service = request.service(), from]() -> EventFeed::Source {
            const auto begin = from < 0 ? m_events.newest() : from;
            return [this, service, last = begin, beat = std::uint64_t(0),
                       first = true]() mutable -> std::optional<v1::WatchEventsResponse> {
                v1::WatchEventsResponse response;
                const auto& events = m_events.events();
                const auto oldest = events.empty() ? m_events.newest() + 1 : events.front().id();
                if (last > m_events.newest() || last + 1 < oldest) {
                    // It was away for longer than the events are kept.
                    response.set_reload(true);
                    last = m_events.newest();
                }
                for (auto at = static_cast<std::size_t>(last + 1 - oldest);
                     at < events.size() && response.events_size() < kEventsAtOnce; ++at) {
                    last = events[at].id();
                    if (service.empty() || events[at].service() == service)
                        *response.add_events() = events[at];
                }
                if (!first && response.events_size() == 0 && !response.reload() && beat == m_beat)
                    return std::nullopt;
                first = false;
                beat = m_beat;
                response.set_resume_token(absl::StrCat(last));
                return response;
            };
        });
}

ControlPlane::LogFeed* ControlPlane::tailLogs(const v1::GetLogsRequest& request)
{
    auto filter = LogFilter::of(request);
    if (!filter.ok())
        return LogFeed::refuse(m_loop, runtime::toWire(filter.status()));
    return LogFeed::begin(
        m_loop, m_logFeeds, [this, request, filter = *filter]() -> LogFeed::Source {
            auto follower = std::make_shared<LogFollower>(
                LogFollower{filter, logs(request.service(), request.replica()), m_beat, m_beat});
            return [this, request, follower,
                       first = true]() mutable -> std::optional<v1::GetLogsResponse> {
                v1::GetLogsResponse response;
                if (m_beat > follower->listed + 1) {
                    // A replica that was started since has a file of its own.
                    follower->listed = m_beat;
                    for (auto& tail : logs(request.service(), request.replica())) {
                        if (std::ranges::find(follower->tails, tail.replica(), &LogTail::replica)
                            == follower->tails.end())
                            follower->tails.push_back(std::move(tail));
                    }
                }
                std::vector<v1::LogLine> lines;
                const auto limit = static_cast<std::size_t>(std::clamp(
                    request.limit() == 0 ? kLinesByDefault : request.limit(), 1, kLinesAtMost));
                for (auto& tail : follower->tails) {
                    auto read = first ? tail.readLast(follower->filter, limit)
                                      : tail.readNew(follower->filter);
                    std::ranges::move(read, std::back_inserter(lines));
                    if (!first && lines.size() > kLinesAtOnce)
                        break;
                }
                mergeByTime(&lines, first ? limit : lines.size());
                if (lines.empty() && !first && follower->beat == m_beat)
                    return std::nullopt;
                first = false;
                follower->beat = m_beat;
                for (auto& line : lines)
                    *response.add_lines() = std::move(line);
                return response;
            };
        });
}

// The newest rollouts first, or what changed since the token was given; then each that changes.
ControlPlane::RolloutFeed* ControlPlane::watchRollouts(const v1::WatchRolloutsRequest& request)
{
    return RolloutFeed::begin(
        m_loop, m_rolloutFeeds, [this, token = request.resume_token()]() -> RolloutFeed::Source {
            absl::string_view rest = token;
            std::uint64_t seen = 0;
            const bool resumes = absl::ConsumePrefix(&rest, absl::StrCat(m_run, "-"))
                && absl::SimpleAtoi(rest, &seen);
            return
                [this, seen = resumes ? seen : 0, reload = !resumes && !token.empty(), first = true,
                    beat = std::uint64_t(0)]() mutable -> std::optional<v1::WatchRolloutsResponse> {
                    if (!first && seen == m_rollouts.change() && beat == m_beat)
                        return std::nullopt;
                    v1::WatchRolloutsResponse response;
                    response.set_reload(std::exchange(reload, false));
                    for (const auto& entry : m_rollouts.all()) {
                        if (entry.change <= seen)
                            continue;
                        if (response.rollouts_size() < kRolloutsAtOnce)
                            *response.add_rollouts() = entry.rollout;
                        else if (seen > 0) // It was away for longer than that.
                            response.set_reload(true);
                    }
                    first = false;
                    seen = m_rollouts.change();
                    beat = m_beat;
                    response.set_resume_token(absl::StrCat(m_run, "-", seen));
                    return response;
                };
        });
}

// Files say nothing when they grow: as long as somebody follows them, they are looked at often
// enough for a person.
void ControlPlane::followLogs()
{
    m_logTimer = m_loop.after(kFollowLogs, [this] { followLogs(); });
    for (const auto& feed : m_logFeeds)
        feed->poke();
}

} // namespace shopfleet::control
