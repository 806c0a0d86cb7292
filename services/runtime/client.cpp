// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/client.h"

#include <grpcpp/alarm.h>

#include <random>

namespace shopfleet::runtime {
namespace {

constexpr int kAttempts = 5;
constexpr std::chrono::milliseconds kFirstPause(15);

/// Half to all of it, so that callers who failed together do not come back together.
std::chrono::milliseconds pauseBefore(int attempt)
{
    thread_local std::minstd_rand random(std::random_device{}());
    const auto longest = kFirstPause.count() << attempt;
    return std::chrono::milliseconds(
        std::uniform_int_distribution<std::int64_t>(longest / 2, longest)(random));
}

} // namespace

void prepare(grpc::ClientContext& context, std::chrono::milliseconds timeout, const Trace& trace)
{
    context.set_deadline(std::chrono::system_clock::now() + timeout);
    const Trace own = trace.traceId.empty() ? newTrace() : trace;
    context.AddMetadata("traceparent", own.header());
    if (const auto baggage = own.baggage(); !baggage.empty())
        context.AddMetadata("baggage", baggage);
}

bool retryLater(
    int attempt, std::chrono::system_clock::time_point deadline, std::function<void()> again)
{
    const auto when = std::chrono::system_clock::now() + pauseBefore(attempt);
    if (attempt >= kAttempts || when >= deadline)
        return false;
    auto alarm = std::make_shared<grpc::Alarm>();
    grpc::Alarm& one = *alarm;
    // The alarm lives in its own callback until it has rung.
    one.Set(when, [alarm = std::move(alarm), again = std::move(again)](bool) mutable {
        again();
        alarm.reset();
    });
    return true;
}

} // namespace shopfleet::runtime
