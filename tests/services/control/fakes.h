// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/fleet.h"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

// Replicas and probes that are made up: a test says what happens to them.
namespace shopfleet::control {

class FakeRuntime final : public Runtime {
public:
    void setObserver(Observer* observer) override { m_observer = observer; }
    std::vector<Running> adopt() override { return adopted; }
    absl::Status start(const ReplicaSpec& spec) override
    {
        ++starts;
        if (missing)
            return absl::NotFoundError("cannot run it");
        pids[spec.id] = ++lastPid;
        specs[spec.id] = spec;
        return absl::OkStatus();
    }
    void stop(const std::string& id, std::chrono::milliseconds) override { stopped.push_back(id); }
    void kill(const std::string& id) override { killed.insert(id); }
    std::optional<Running> running(const std::string& id) const override
    {
        const auto found = pids.find(id);
        return found == pids.end() ? std::nullopt
                                   : std::optional(Running{id, found->second, {}, {}});
    }
    std::optional<Usage> usage(const std::string& id) const override
    {
        return Usage{0, 0, frozen.contains(id)};
    }
    bool isExhausted(const std::string& id) const override { return exhausted.contains(id); }

    void announce(const std::string& id)
    {
        m_observer->onAnnounced(id, {"127.0.0.1:" + std::to_string(10'000 + pids[id]), "", ""});
    }
    void exit(const std::string& id)
    {
        pids.erase(id);
        m_observer->onExited(id, "signal 9 (Killed)", false);
    }

    std::vector<Running> adopted;
    std::map<std::string, int> pids;
    std::map<std::string, ReplicaSpec> specs;
    std::vector<std::string> stopped;
    std::set<std::string> killed, frozen, exhausted;
    bool missing = false;
    int starts = 0;
    int lastPid = 0;

private:
    Observer* m_observer = nullptr;
};

class FakeProbes final : public Probes {
public:
    void setObserver(Observer* given) override { observer = given; }
    void begin(const std::string& id, const std::string&, bool) override
    {
        probed.insert(id);
        ++begun[id];
    }
    void end(const std::string& id) override { probed.erase(id); }

    Observer* observer = nullptr;
    std::set<std::string> probed;
    std::map<std::string, int> begun;
};

/// Runs what is posted and due until the condition holds, or three seconds have passed.
inline bool runUntil(EventLoop& loop, const std::function<bool()>& condition)
{
    const auto end = EventLoop::Clock::now() + std::chrono::seconds(3);
    bool held = false;
    std::function<void()> check = [&] {
        held = condition();
        if (held || EventLoop::Clock::now() > end)
            loop.stop();
        else
            loop.after(std::chrono::milliseconds(2), check);
    };
    loop.after({}, check);
    loop.run();
    return held;
}

struct Seen final : Fleet::Listener {
    void onServiceChanged(const std::string&) override { }
    void onEndpoints(std::vector<ServiceEndpoints> all) override { endpoints = std::move(all); }
    void onEvent(v1::Event event) override { events.push_back(std::move(event)); }
    void onDesired(const std::string&, int replicas) override { desired = replicas; }

    std::vector<ServiceEndpoints> endpoints;
    std::vector<v1::Event> events;
    int desired = -1;
};

} // namespace shopfleet::control
