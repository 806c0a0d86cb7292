// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/status.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace shopfleet::control {

/// What to run: nothing here says where or as what kind of thing.
struct ReplicaSpec {
    std::string id; // "orders-1"
    std::string service;
    std::string program;
    std::vector<std::string> arguments;
    std::vector<std::pair<std::string, std::string>> environment;
    std::string directory = {}; // Where it is, unless it is where all the others are.
    std::string revision = {}; // What running() says of it, also to a later control plane.
};

/// What a replica says of itself once it serves.
struct Announcement {
    std::string address;
    std::string metrics;
    std::string http;
};

struct Usage {
    double cpuSeconds = 0; // Since its start.
    long long residentBytes = 0;
    bool stopped = false; // Frozen by a signal: it is there and does nothing.
};

struct Running {
    std::string id;
    int pid = 0;
    std::chrono::system_clock::time_point startedAt;
    std::string revision = {};
};

/// Where replicas run: desired state goes in through calls, observed state comes out through the
/// observer. Local processes are the first kind. Used on the event loop's thread only, where the
/// observer is called as well.
class Runtime {
public:
    class Observer {
    public:
        virtual ~Observer() = default;
        virtual void onAnnounced(const std::string& id, const Announcement& announcement) = 0;
        /// `how` is for people: "signal 9 (Killed)"; `asked` says that stop() or kill() was the
        /// cause.
        virtual void onExited(const std::string& id, const std::string& how, bool asked) = 0;
    };

    virtual ~Runtime() = default;
    virtual void setObserver(Observer* observer) = 0;

    /// What already runs, started by an earlier control plane. Their announcements follow through
    /// the observer.
    virtual std::vector<Running> adopt() = 0;
    virtual absl::Status start(const ReplicaSpec& spec) = 0;
    /// Asks it to end, and ends it at the deadline.
    virtual void stop(const std::string& id, std::chrono::milliseconds deadline) = 0;
    virtual void kill(const std::string& id) = 0;
    virtual std::optional<Running> running(const std::string& id) const = 0;
    virtual std::optional<Usage> usage(const std::string& id) const = 0;
    /// No file descriptor is left to it: it takes no connection, and gRPC's listener of 1.51 does
    /// not recover when some are given back.
    virtual bool isExhausted(const std::string& id) const = 0;
};

} // namespace shopfleet::control
