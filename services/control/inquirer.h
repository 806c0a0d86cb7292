// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/eventloop.h"
#include "services/control/fleet.h"
#include "shopfleet/orders/v1/orders.pb.h"
#include "shopfleet/traces/v1/traces.pb.h"

#include <absl/status/statusor.h>
#include <google/protobuf/timestamp.pb.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace shopfleet::control {

class PendingCalls;

/// What only the store itself knows. Each is there for half a minute after it was said; what is
/// older is not known any more.
struct Hearing {
    std::optional<traces::v1::CallGraph> lately; // Of the last minute, or since the incident began.
    std::optional<traces::v1::CallGraph> before; // Of ten minutes before that.
    std::optional<orders::v1::OrderStats> orders;
    google::protobuf::Timestamp tracesAt;
    google::protobuf::Timestamp ordersAt;
};

/// Asks the store's own services now and then: orders, who waits on whom; traces, who calls whom
/// and where failures begin. Neither is needed for anything to run: without an answer it is not
/// known. Lives on the event loop's thread.
class Inquirer {
public:
    Inquirer(EventLoop& loop, const Fleet& fleet);
    ~Inquirer();

    void begin();
    /// Since when something is wrong: what was before is compared with what is since. Nothing: all
    /// is well.
    void setSince(const std::optional<google::protobuf::Timestamp>& since);
    Hearing hearing() const;
    using CallGraphAnswer = absl::StatusOr<traces::v1::CallGraph>;
    /// Of any time; `take` gets it on the loop's thread, or why not.
    void callGraph(
        const traces::v1::GetCallGraphRequest& request, std::function<void(CallGraphAnswer)> take);

private:
    struct Heard {
        Hearing hearing;
        EventLoop::Clock::time_point tracesAt, beforeAt, ordersAt;
    };

    void ask();
    void askTraces(bool before);
    void askOrders();
    std::string addressOf(const std::string& service) const;

    EventLoop& m_loop;
    const Fleet& m_fleet;
    const std::shared_ptr<PendingCalls> m_calls;
    std::optional<google::protobuf::Timestamp> m_since;
    Heard m_heard;
    EventLoop::TimerId m_timer;
    int m_round = 0;
};

} // namespace shopfleet::control
