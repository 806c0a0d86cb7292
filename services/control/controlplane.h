// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/alerts.h"
#include "services/control/answers.h"
#include "services/control/autoscaler.h"
#include "services/control/desired.h"
#include "services/control/eventlog.h"
#include "services/control/feed.h"
#include "services/control/fleet.h"
#include "services/control/fleetgauges.h"
#include "services/control/healthprobes.h"
#include "services/control/incidents.h"
#include "services/control/inquirer.h"
#include "services/control/inspector.h"
#include "services/control/localruntime.h"
#include "services/control/logfiles.h"
#include "services/control/rollouts.h"
#include "services/control/telemetry.h"
#include "services/control/xdsserver.h"

namespace shopfleet::control {

/// All of the control plane's parts, put together, on one event loop. The handler asks it on the
/// loop's thread.
class ControlPlane final : public Fleet::Listener, public Rollouts::Listener {
public:
    struct Options {
        FleetFile fleet;
        std::string data;
        std::string programs;
        std::string gateway; // Where services with `http: yes` listen for shoppers.
        std::chrono::seconds auditEvery{0}; // 0: never.
    };
    using FleetFeed = Feed<v1::WatchFleetResponse>;
    using EventFeed = Feed<v1::WatchEventsResponse>;
    using LogFeed = Feed<v1::GetLogsResponse>;
    using RolloutFeed = Feed<v1::WatchRolloutsResponse>;

    ControlPlane(EventLoop& loop, Options options);
    ~ControlPlane() override;

    /// Starts what is to run; `address` is where this control plane listens.
    void begin(const std::string& address);
    /// Stops what runs, unless it is to be left running, ends all streams, and calls `done`.
    void end(bool leaveRunning, std::function<void()> done);

    EventLoop& loop() { return m_loop; }
    XdsServer& discovery() { return m_xds; }
    Fleet& fleet() { return m_fleet; }
    Answers& answers() { return m_answers; }
    const EventLog& events() const { return m_events; }
    const Telemetry& telemetry() const { return m_telemetry; }
    Archive& archive() { return m_archive; } ///< Any thread.
    Releases& releases() { return m_releases; }
    Rollouts& rollouts() { return m_rollouts; }
    Autoscaler& autoscaler() { return m_autoscaler; }
    Alerts& alerts() { return m_alerts; }
    const Incidents& incidents() const { return m_incidents; }
    Inquirer& inquirer() { return m_inquirer; }
    /// With the alerts and the events of its time.
    v1::Incident withDetails(v1::Incident incident) const;
    /// With what happened in it.
    v1::Rollout withEvents(v1::Rollout rollout) const;
    /// The releases with who runs them, newest first.
    std::vector<v1::Release> releasesInUse() const;

    v1::Fleet view() const;
    std::optional<v1::Service> view(const std::string& service) const;
    /// The log files of a service's replicas, or of one; of those that are gone as well.
    std::vector<LogTail> logs(const std::string& service, const std::string& replica) const;

    FleetFeed* watchFleet(const v1::WatchFleetRequest& request);
    EventFeed* watchEvents(const v1::WatchEventsRequest& request);
    LogFeed* tailLogs(const v1::GetLogsRequest& request);
    RolloutFeed* watchRollouts(const v1::WatchRolloutsRequest& request);

    void onServiceChanged(const std::string& service) override;
    void onEndpoints(std::vector<ServiceEndpoints> endpoints) override;
    void onEvent(v1::Event event) override;
    void onDesired(const std::string& service, int replicas) override;
    void onRollout() override;
    absl::Status onStable(const std::string& service, const Revision& revision) override;

private:
    Revision stableOf(const std::string& service) const;
    void onTick();
    void watchStore();
    void followLogs();
    FleetFeed::Source fleetSource(const v1::WatchFleetRequest& request);

    EventLoop& m_loop;
    const Options m_options;
    EventLog m_events;
    Desired m_desired;
    Answers m_answers;
    LocalRuntime m_runtime;
    HealthProbes m_probes;
    XdsServer m_xds;
    Fleet m_fleet;
    Archive m_archive;
    Telemetry m_telemetry;
    Releases m_releases;
    Rollouts m_rollouts;
    Autoscaler m_autoscaler;
    Inspector m_inspector;
    Inquirer m_inquirer;
    Alerts m_alerts;
    Incidents m_incidents;
    FleetGauges m_gauges;
    FleetFeed::Set m_fleetFeeds;
    EventFeed::Set m_eventFeeds;
    LogFeed::Set m_logFeeds;
    RolloutFeed::Set m_rolloutFeeds;
    const std::string m_run; // Tells this control plane's counts from another one's.
    std::map<std::string, std::uint64_t> m_changes; // Service to the number of its last change.
    std::uint64_t m_change = 0;
    std::uint64_t m_integrityChange = 0; // Of the auditor's last word.
    std::uint64_t m_beat = 0; // Full seconds.
    bool m_ending = false;
    std::string m_address;
    google::protobuf::Timestamp m_startedAt;
    EventLoop::TimerId m_logTimer;
    EventLoop::TimerId m_fleetTimer;
    EventLoop::TimerId m_rolloutTimer;
};

} // namespace shopfleet::control
