// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/inquirer.h"

#include "services/control/moment.h"
#include "services/control/pendingcalls.h"
#include "services/runtime/status.h"
#include "shopfleet/orders/v1/orders.grpc.pb.h"
#include "shopfleet/traces/v1/traces.grpc.pb.h"

#include <google/protobuf/util/time_util.h>

#include <functional>
#include <utility>

namespace shopfleet::control {

using google::protobuf::util::TimeUtil;
using namespace std::chrono_literals;

namespace {

constexpr auto kEvery = 2s;
constexpr auto kDeadline = 1s;
constexpr auto kKnownFor = 30s;
constexpr int kRoundsCalm = 5; // While all is well every fifth round is enough.
constexpr std::int64_t kLately = 60; // Seconds.
constexpr std::int64_t kBefore = 600;
constexpr std::int64_t kGap = 10; // It begins before it is seen.
constexpr const char* kTraces = "traces";
constexpr const char* kOrders = "orders";

template <typename Service, typename Request, typename Response>
struct Call {
    grpc::ClientContext context;
    Request request;
    Response response;
    std::unique_ptr<typename Service::Stub> stub;
};

/// One call to one replica; `take` gets its end on the loop's thread.
template <typename Service, typename Request, typename Response, typename Method>
void call(EventLoop& loop, const std::shared_ptr<PendingCalls>& calls, const std::string& address,
    const Request& request, Method method, std::function<void(const grpc::Status&, Response)> take)
{
    const auto call = std::make_shared<Call<Service, Request, Response>>();
    call->request = request;
    call->stub = Service::NewStub(channelTo(address));
    call->context.set_deadline(std::chrono::system_clock::now() + kDeadline);
    calls->began(call->context);
    (call->stub->async()->*method)(&call->context, &call->request, &call->response,
        [&loop, calls, call, take = std::move(take)](const grpc::Status& status) {
            loop.post([calls, call, take, status] {
                if (!calls->areOver())
                    take(status, std::move(call->response));
            });
            calls->ended(call->context);
        });
}

} // namespace

Inquirer::Inquirer(EventLoop& loop, const Fleet& fleet)
    : m_loop(loop)
    , m_fleet(fleet)
    , m_calls(std::make_shared<PendingCalls>())
{
}

Inquirer::~Inquirer()
{
    m_loop.cancel(m_timer);
    m_calls->cancelAndWait();
}

void Inquirer::begin()
{
    ask();
}

void Inquirer::setSince(const std::optional<google::protobuf::Timestamp>& since)
{
    if (since.has_value() == m_since.has_value())
        return;
    m_since = since;
    m_heard.hearing.lately.reset(); // It is about another time.
    m_heard.hearing.before.reset();
    m_round = 0;
}

void Inquirer::ask()
{
    m_timer = m_loop.after(kEvery, [this] { ask(); });
    if (m_round++ % kRoundsCalm != 0 && !m_since)
        return;
    askTraces(false);
    askTraces(true);
    askOrders();
}

std::string Inquirer::addressOf(const std::string& name) const
{
    const auto service = m_fleet.service(name);
    if (service) {
        for (const auto& replica : service->replicas()) {
            if (replica.state() == v1::STATE_HEALTHY)
                return replica.address();
        }
    }
    return {};
}

void Inquirer::callGraph(
    const traces::v1::GetCallGraphRequest& request, std::function<void(CallGraphAnswer)> take)
{
    const auto address = addressOf(kTraces);
    if (address.empty())
        return take(runtime::unavailable("no replica of traces serves"));
    using Stub = traces::v1::Traces::Stub;
    using Method
        = void (Stub::async::*)(grpc::ClientContext*, const traces::v1::GetCallGraphRequest*,
            traces::v1::CallGraph*, std::function<void(grpc::Status)>);
    call<traces::v1::Traces, traces::v1::GetCallGraphRequest, traces::v1::CallGraph>(m_loop,
        m_calls, address, request, static_cast<Method>(&Stub::async::GetCallGraph),
        [take = std::move(take)](const grpc::Status& status, traces::v1::CallGraph graph) {
            if (status.ok())
                take(std::move(graph));
            else
                take(runtime::fromWire(status));
        });
}

void Inquirer::askTraces(bool before)
{
    const auto turn = m_since ? m_since->seconds() - kGap : momentNow().seconds() - kLately;
    traces::v1::GetCallGraphRequest request;
    *request.mutable_from() = TimeUtil::SecondsToTimestamp(before ? turn - kBefore : turn);
    if (before)
        *request.mutable_to() = TimeUtil::SecondsToTimestamp(turn);
    callGraph(request, [this, before, since = m_since.has_value()](CallGraphAnswer answer) {
        // Of another time: asked before the incident began, or while it was still there.
        if (!answer.ok() || since != m_since.has_value())
            return;
        auto& heard = m_heard.hearing;
        (before ? heard.before : heard.lately) = *std::move(answer);
        (before ? m_heard.beforeAt : m_heard.tracesAt) = EventLoop::Clock::now();
        if (!before)
            heard.tracesAt = momentNow();
    });
}

void Inquirer::askOrders()
{
    const auto address = addressOf(kOrders);
    if (address.empty())
        return;
    orders::v1::GetOrderStatsRequest request;
    // Of the shortest time: only who waits is wanted, and that is of all orders.
    *request.mutable_from() = TimeUtil::SecondsToTimestamp(momentNow().seconds() - 60);
    *request.mutable_to() = momentNow();
    request.set_interval_seconds(60);
    using Stub = orders::v1::Orders::Stub;
    using Method
        = void (Stub::async::*)(grpc::ClientContext*, const orders::v1::GetOrderStatsRequest*,
            orders::v1::OrderStats*, std::function<void(grpc::Status)>);
    call<orders::v1::Orders, orders::v1::GetOrderStatsRequest, orders::v1::OrderStats>(m_loop,
        m_calls, address, request, static_cast<Method>(&Stub::async::GetOrderStats),
        [this](const grpc::Status& status, orders::v1::OrderStats stats) {
            if (!status.ok())
                return;
            m_heard.hearing.orders = std::move(stats);
            m_heard.hearing.ordersAt = momentNow();
            m_heard.ordersAt = EventLoop::Clock::now();
        });
}

Hearing Inquirer::hearing() const
{
    auto hearing = m_heard.hearing;
    const auto now = EventLoop::Clock::now();
    if (now - m_heard.tracesAt > kKnownFor)
        hearing.lately.reset();
    if (now - m_heard.beforeAt > kKnownFor)
        hearing.before.reset();
    if (now - m_heard.ordersAt > kKnownFor)
        hearing.orders.reset();
    return hearing;
}

} // namespace shopfleet::control
