// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/eventloop.h"
#include "services/control/fleetfile.h"
#include "services/control/probes.h"
#include "services/control/revision.h"
#include "services/control/runtime.h"
#include "services/control/xdsresources.h"
#include "shopfleet/control/v1/control.pb.h"

#include <absl/status/statusor.h>

#include <deque>
#include <functional>
#include <list>
#include <map>
#include <optional>

namespace shopfleet::control {

/// What should run and what does run, and the loop that brings the one to the other. Knows nothing
/// of processes (Runtime), of how health is asked for (Probes), or of who listens (Listener). Lives
/// on the event loop's thread.
class Fleet final : public Runtime::Observer, public Probes::Observer {
public:
    using Clock = EventLoop::Clock;

    class Listener {
    public:
        virtual ~Listener() = default;
        virtual void onServiceChanged(const std::string& service) = 0;
        virtual void onEndpoints(std::vector<ServiceEndpoints> endpoints) = 0;
        virtual void onEvent(v1::Event event) = 0;
        virtual void onDesired(const std::string& service, int replicas) = 0;
    };

    /// Who asked for something, and why; kept in the events.
    struct Cause {
        std::string actor = "control";
        std::string reason;
    };

    Fleet(EventLoop& loop, Runtime& runtime, Probes& probes, Listener& listener);
    ~Fleet() override;

    void addService(const ServiceSpec& spec, int desired, const Revision& stable);
    /// The environment that every replica gets, the discovery bootstrap above all.
    void setEnvironment(std::vector<std::pair<std::string, std::string>> environment)
    {
        m_environment = std::move(environment);
    }
    /// Takes over what runs. Before begin(), so that plans can be made of it.
    void adopt();
    /// Starts what does not run.
    void begin();
    /// What was taken over has said how it is.
    bool isSettled() const { return !m_holding; }
    /// Stops everything, first what has `http`, and calls `stopped`.
    void shutDown(std::function<void()> stopped);

    std::vector<std::string> names() const;
    std::optional<v1::Service> service(const std::string& name) const;

    absl::Status scale(const v1::ScaleServiceRequest& request, const Cause& cause);
    /// How the service is scaled, for whoever looks at it; the limits hold at once.
    void setScaling(const std::string& service, const v1::ScalingPolicy& policy,
        std::pair<int, int> limits, const google::protobuf::Timestamp& overrideUntil);
    void policyChanged(const std::string& service, const Cause& cause);
    absl::Status restart(const std::string& service, const std::string& replica,
        std::chrono::milliseconds deadline, const Cause& cause);
    absl::Status drain(const std::string& service, const std::string& replica,
        std::chrono::milliseconds deadline, const Cause& cause);

    /// What new replicas are of where no plan says otherwise.
    const Revision* stable(const std::string& service) const;
    void setStable(const std::string& service, const Revision& revision);
    void setPlan(const std::string& service, const Plan& plan);
    void endPlan(const std::string& service);
    const Plan* plan(const std::string& service) const; // Null: none.
    /// The ids of the replicas of the plan's new revision, or of all others.
    std::vector<std::string> replicasOf(const std::string& service, bool fresh) const;
    Standing standing(const std::string& service) const;

    void onAnnounced(const std::string& id, const Announcement& announcement) override;
    void onExited(const std::string& id, const std::string& how, bool asked) override;
    void onProbed(const std::string& id, const std::string& why) override;
    void onWriter(const std::string& id, bool writer) override;

private:
    struct Slot {
        v1::Replica view;
        int index = 0;
        bool wanted = true; // Start it again when it ends.
        bool leaving = false; // Drains, or was told to stop.
        bool told = false; // Was told to stop.
        bool startedBefore = false;
        bool everHealthy = false;
        bool probed = false; // Has answered a probe, well or not, since it was announced.
        bool frozen = false;
        int failures = 0; // Ends in a row without having been healthy for long.
        Clock::time_point launchedAt;
        Clock::time_point healthySince;
        std::optional<Clock::time_point> silentSince;
        std::deque<Clock::time_point> ends;
        EventLoop::TimerId timer; // The next start, or the next step of a drain.
    };

    // A replica that another one is to take the place of, or that is to be started afresh.
    struct Replacement {
        std::string old;
        bool sameId = false;
        std::chrono::milliseconds deadline;
        std::string fresh; // The one that takes its place, once it was started.
        bool begun = false;
        Clock::time_point since;
    };

    struct Service {
        ServiceSpec spec;
        v1::Service view; // Without replicas.
        std::list<Slot> slots;
        std::deque<Replacement> replacements;
        unsigned version = 0;
        Revision stable;
        std::optional<Plan> plan;
    };

    Service* find(const std::string& name);
    const Service* find(const std::string& name) const;
    Service* owner(const std::string& id, Slot** slot);
    static bool serves(const Slot& slot);
    static int count(const Service& service, const std::function<bool(const Slot&)>& what);

    static bool isFresh(const Service& service, const Slot& slot);
    static std::string troubleOf(const Slot& slot);
    void reconcile(Service& service);
    void replaceNext(Service& service);
    Slot& addSlot(Service& service, const std::string& revision);
    static Slot& insertSlot(Service& service, int index); // In the order of the indexes.
    static Slot* leastUseful(Service& service, bool fresh);
    void launch(Service& service, Slot& slot);
    void launchLater(Service& service, Slot& slot, const std::string& why);
    void beginDrain(
        Service& service, Slot& slot, bool startAgain, std::chrono::milliseconds deadline);
    void checkLife();
    void nextShutDown();
    void tellToStop(Service& service);

    void setState(Service& service, Slot& slot, v1::State state, const std::string& reason);
    void judge(Service& service);
    void changed(Service& service);
    void endpointsChanged();
    void publishEndpoints();
    void record(const Service& service, const Slot* slot, const std::string& kind,
        shopfleet::common::v1::Severity severity, const Cause& cause,
        const std::map<std::string, std::string>& facts = {});

    EventLoop& m_loop;
    Runtime& m_runtime;
    Probes& m_probes;
    Listener& m_listener;
    std::vector<std::pair<std::string, std::string>> m_environment;
    std::list<Service> m_services; // In the fleet file's order.
    EventLoop::TimerId m_lifeTimer;
    EventLoop::TimerId m_holdTimer;
    EventLoop::TimerId m_publishTimer;
    bool m_holding = false; // Endpoints wait until what was adopted has been probed.
    bool m_publishing = false;
    std::function<void()> m_stopped;
};

} // namespace shopfleet::control
