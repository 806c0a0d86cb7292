// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/controlplane.h"

#include "services/control/alertfigures.h"
#include "services/control/moment.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <spdlog/spdlog.h>
#include <tuple>
#include <unistd.h>

namespace shopfleet::control {

using google::protobuf::util::TimeUtil;
namespace {

constexpr int kEventsOfAnIncident = 500;

LocalRuntime::Folders foldersOf(const ControlPlane::Options& options)
{
    LocalRuntime::Folders folders{
        options.data + "/run", options.data + "/logs", options.data, options.programs};
    std::error_code ignored; // A folder that cannot be made shows when the first replica starts.
    std::filesystem::create_directories(folders.run, ignored);
    std::filesystem::create_directories(folders.logs, ignored);
    return folders;
}

v1::Release builtIn(const ControlPlane::Options& options)
{
    v1::Release release;
    release.set_version(SHOPFLEET_VERSION);
    release.set_directory(options.programs);
    release.set_notes("what the control plane came with");
    return release;
}

std::vector<std::string> programsOf(const FleetFile& fleet)
{
    std::set<std::string> programs;
    for (const auto& service : fleet.services)
        programs.insert(service.program);
    return {programs.begin(), programs.end()};
}

std::string bootstrapFor(const std::string& address)
{
    const nlohmann::json server{{"server_uri", address},
        {"channel_creds", {{{"type", "insecure"}}}}, {"server_features", {"xds_v3"}}};
    return nlohmann::json{
        {"xds_servers", {server}}, {"node", {{"id", "shopfleet"}, {"cluster", "store"}}}}
        .dump();
}

/// Where it was built, or where the package has it.
std::string auditorOf(const ControlPlane::Options& options)
{
    const auto beside = options.programs + "/auditor";
    return std::filesystem::exists(beside) ? beside : "/usr/lib/shopfleet/auditor";
}

} // namespace

ControlPlane::ControlPlane(EventLoop& loop, Options options)
    : m_loop(loop)
    , m_options(std::move(options))
    , m_events(m_options.data + "/events.jsonl")
    , m_desired(m_options.data + "/desired.jsonl")
    , m_answers(m_options.data + "/answers.jsonl")
    , m_runtime(loop, foldersOf(m_options))
    , m_probes(loop)
    , m_xds(loop)
    , m_fleet(loop, m_runtime, m_probes, *this)
    , m_archive(m_options.data)
    , m_telemetry(loop, m_runtime, m_fleet, m_archive, [this] { onTick(); })
    , m_releases(m_options.data + "/releases", builtIn(m_options), programsOf(m_options.fleet))
    , m_rollouts(loop, m_fleet, m_releases, m_telemetry, *this, m_options.data + "/rollouts.jsonl")
    , m_autoscaler(m_fleet, m_telemetry, m_desired)
    , m_inspector(loop, {auditorOf(m_options), m_options.data, m_options.auditEvery},
          [this] {
              m_integrityChange = ++m_change;
              for (const auto& feed : m_fleetFeeds)
                  feed->poke();
          })
    , m_inquirer(loop, m_fleet)
    , m_alerts(m_options.data, [this](v1::Event event) { onEvent(std::move(event)); })
    , m_incidents(m_fleet, m_telemetry, m_events, m_inquirer, m_options.data + "/incidents.jsonl",
          [this](v1::Event event) { onEvent(std::move(event)); })
    , m_run(absl::StrCat(TimeUtil::TimestampToMicroseconds(momentNow())))
    , m_startedAt(momentNow())
{
    for (auto spec : m_options.fleet.services) {
        if (spec.http) {
            spec.arguments.emplace_back("--http");
            spec.arguments.push_back(m_options.gateway);
        }
        if (const auto limits = m_desired.scaling(spec.name).limits)
            std::tie(spec.min, spec.max) = *limits;
        m_fleet.addService(spec, m_desired.replicas(spec.name, spec.replicas), stableOf(spec.name));
    }
}

ControlPlane::~ControlPlane()
{
    m_loop.cancel(m_logTimer);
    m_loop.cancel(m_fleetTimer);
    m_loop.cancel(m_rolloutTimer);
}

void ControlPlane::begin(const std::string& address)
{
    m_address = address;
    m_fleet.setEnvironment(
        {{"GRPC_XDS_BOOTSTRAP_CONFIG", bootstrapFor(address)}, {"SHOPFLEET_CONTROL", address}});
    m_fleet.adopt();
    m_rollouts.begin();
    m_autoscaler.begin();
    m_fleet.begin();
    m_telemetry.begin();
    m_inspector.begin();
    m_inquirer.begin();
    followLogs();
}

void ControlPlane::end(bool leaveRunning, std::function<void()> done)
{
    m_ending = true;
    m_inspector.end();
    m_rollouts.end();
    auto finish = [this, done = std::move(done)] {
        m_xds.close();
        const grpc::Status going(grpc::StatusCode::UNAVAILABLE, "the control plane stops");
        for (const auto& feed : m_fleetFeeds)
            feed->end(going);
        for (const auto& feed : m_eventFeeds)
            feed->end(going);
        for (const auto& feed : m_logFeeds)
            feed->end(going);
        for (const auto& feed : m_rolloutFeeds)
            feed->end(going);
        done();
    };
    if (leaveRunning)
        finish();
    else
        m_fleet.shutDown(std::move(finish));
}

// A release that is gone is that of an earlier installation: its place is taken by the present one.
Revision ControlPlane::stableOf(const std::string& service) const
{
    auto revision = m_desired.revision(service).value_or(Revision());
    if (m_releases.find(revision.version) == nullptr) {
        if (!revision.version.empty())
            spdlog::warn("{} ran the release {}, which is gone; it runs {} now", service,
                revision.version, m_releases.builtIn().version());
        revision.version = m_releases.builtIn().version();
    }
    revision.directory = m_releases.directoryOf(revision.version);
    return revision;
}

v1::Rollout ControlPlane::withEvents(v1::Rollout rollout) const
{
    for (const auto& event : m_events.events()) {
        const auto id = event.facts().find("rollout");
        if (id != event.facts().end() && id->second == rollout.id())
            *rollout.add_events() = event;
    }
    return rollout;
}

v1::Incident ControlPlane::withDetails(v1::Incident incident) const
{
    const auto until = incident.has_ended_at() ? incident.ended_at() : momentNow();
    for (const auto& alert : m_alerts.all()) {
        if (alert.since() <= until
            && (!alert.has_ended_at() || alert.ended_at() >= incident.since()))
            *incident.add_alerts() = alert;
    }
    for (const auto& event : m_events.events()) {
        if (event.at() >= incident.since() && event.at() <= until
            && incident.events_size() < kEventsOfAnIncident)
            *incident.add_events() = event;
    }
    return incident;
}

std::vector<v1::Release> ControlPlane::releasesInUse() const
{
    auto releases = m_releases.all();
    for (auto& release : releases) {
        for (const auto& name : m_fleet.names()) {
            const auto service = m_fleet.service(name);
            if (std::ranges::any_of(service->replicas(), [&](const v1::Replica& replica) {
                    return replica.version().substr(0, replica.version().find('+'))
                        == release.version();
                }))
                release.add_running_services(name);
        }
    }
    return releases;
}

v1::Fleet ControlPlane::view() const
{
    v1::Fleet fleet;
    fleet.set_environment(m_options.fleet.environment);
    fleet.set_version(SHOPFLEET_VERSION);
    fleet.set_pid(getpid());
    fleet.set_data_dir(m_options.data);
    *fleet.mutable_started_at() = m_startedAt;
    *fleet.mutable_integrity() = m_inspector.found();
    // The fleet is as its worst service.
    static constexpr std::array kWorstFirst{v1::STATE_DOWN, v1::STATE_UNKNOWN, v1::STATE_DEGRADED,
        v1::STATE_STARTING, v1::STATE_DRAINING, v1::STATE_HEALTHY};
    auto worst = kWorstFirst.size() - 1;
    for (const auto& name : m_fleet.names()) {
        auto& service = *fleet.add_services() = *view(name);
        const auto rank = static_cast<std::size_t>(
            std::ranges::find(kWorstFirst, service.state()) - kWorstFirst.begin());
        worst = std::min(worst, rank);
        for (const auto& replica : service.replicas()) {
            if (!replica.http_address().empty())
                fleet.set_gateway_address(replica.http_address());
        }
    }
    fleet.set_state(kWorstFirst.at(worst));
    if (const auto usage = usageOf(getpid())) {
        fleet.mutable_control_figures()->set_resident_bytes(usage->residentBytes);
        *fleet.mutable_control_figures()->mutable_at() = momentNow();
    }
    return fleet;
}

std::optional<v1::Service> ControlPlane::view(const std::string& name) const
{
    auto service = m_fleet.service(name);
    if (service)
        m_telemetry.fill(&*service);
    return service;
}

std::vector<LogTail> ControlPlane::logs(
    const std::string& service, const std::string& replica) const
{
    std::vector<LogTail> tails;
    const auto folder = m_options.data + "/logs";
    std::error_code ignored;
    for (const auto& file : std::filesystem::directory_iterator(folder, ignored)) {
        const auto id = file.path().stem().string();
        const auto dash = id.rfind('-');
        int index = 0;
        if (file.path().extension() != ".log" || dash == std::string::npos
            || !absl::SimpleAtoi(id.substr(dash + 1), &index))
            continue;
        if ((service.empty() || id.substr(0, dash) == service)
            && (replica.empty() || id == replica))
            tails.emplace_back(logFileOf(folder, id), id.substr(0, dash), id);
    }
    return tails;
}

void ControlPlane::onServiceChanged(const std::string& service)
{
    // Several changes of one moment become one message.
    m_changes[service] = ++m_change;
    m_loop.cancel(m_fleetTimer);
    m_fleetTimer = m_loop.after({}, [this] {
        for (const auto& feed : m_fleetFeeds)
            feed->poke();
    });
}

void ControlPlane::onEndpoints(std::vector<ServiceEndpoints> endpoints)
{
    m_xds.update(std::move(endpoints));
}

void ControlPlane::onEvent(v1::Event event)
{
    const auto& subject = event.replica().empty() ? event.service() : event.replica();
    spdlog::info(
        "{} {}{}{}", event.kind(), subject, event.reason().empty() ? "" : ": ", event.reason());
    m_events.add(std::move(event));
    for (const auto& feed : m_eventFeeds)
        feed->poke();
}

void ControlPlane::onDesired(const std::string& service, int replicas)
{
    const auto spec = std::ranges::find(m_options.fleet.services, service, &ServiceSpec::name);
    if (const auto status = m_desired.setReplicas(service, replicas, spec->replicas); !status.ok())
        spdlog::error("the desired number of replicas will be forgotten: {}", status.ToString());
}

void ControlPlane::onRollout()
{
    m_loop.cancel(m_rolloutTimer);
    m_rolloutTimer = m_loop.after({}, [this] {
        for (const auto& feed : m_rolloutFeeds)
            feed->poke();
    });
}

absl::Status ControlPlane::onStable(const std::string& service, const Revision& revision)
{
    auto status = m_desired.setRevision(service, revision);
    if (!status.ok())
        spdlog::error("{} cannot be kept at {}: {}", service, revision.label(), status.ToString());
    return status;
}

// Not while what was taken over has yet to say how it is, and not while everything is stopped.
void ControlPlane::watchStore()
{
    if (!m_fleet.isSettled() || m_ending)
        return;
    const auto hearing = m_inquirer.hearing();
    const AlertFigures figures(m_fleet, m_telemetry, m_events, m_inspector, hearing);
    m_alerts.tick(m_fleet.names(), [&](const AlertSubject& subject, const std::string& metric) {
        return figures.read(subject, metric);
    });
    m_incidents.tick();
}

void ControlPlane::onTick()
{
    m_autoscaler.tick();
    watchStore();
    m_gauges.set(m_fleet, m_inspector.found(),
        static_cast<int>(std::ranges::count_if(m_rollouts.all(),
            [](const Rollouts::Entry& entry) { return !entry.rollout.has_ended_at(); })));
    if (++m_beat % 60 == 0)
        boundLogs(m_options.data + "/logs");
    for (const auto& feed : m_fleetFeeds)
        feed->poke();
    for (const auto& feed : m_eventFeeds)
        feed->poke();
    for (const auto& feed : m_logFeeds)
        feed->poke();
    for (const auto& feed : m_rolloutFeeds)
        feed->poke();
}

} // namespace shopfleet::control
