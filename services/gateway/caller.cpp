// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/gateway/caller.h"

#include <grpcpp/alarm.h>
#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>

#include <algorithm>
#include <optional>
#include <random>
#include <utility>

namespace shopfleet::gateway {
namespace {

using Clock = std::chrono::system_clock; // gRPC's deadlines are of this one.

constexpr std::chrono::milliseconds kFirstPause{15};
constexpr std::chrono::milliseconds kLongestPause{300};

/// Half of the pause is left to chance, so that those who failed together do not come back
/// together.
std::chrono::milliseconds jittered(std::chrono::milliseconds pause)
{
    thread_local std::minstd_rand random{std::random_device{}()};
    return pause / 2
        + std::chrono::milliseconds(std::uniform_int_distribution<std::chrono::milliseconds::rep>(
            0, pause.count() / 2)(random));
}

/// Nobody was there, or somebody stopped in the middle: a server that shuts down cancels what it
/// has not answered, and we never cancel ourselves.
bool isAway(const grpc::Status& status)
{
    return status.error_code() == grpc::StatusCode::UNAVAILABLE
        || status.error_code() == grpc::StatusCode::CANCELLED;
}

} // namespace

/// One call and its tries. Only one try is under way at a time, so nothing here is shared.
struct Caller::Attempt {
    Attempt(std::shared_ptr<grpc::ChannelInterface> channel, Call wanted, Done then)
        : stub(std::move(channel))
        , call(std::move(wanted))
        , done(std::move(then))
        , deadline(Clock::now() + call.timeout)
    {
    }

    grpc::GenericStub stub;
    Call call;
    Done done;
    Clock::time_point deadline;
    std::chrono::milliseconds pause = kFirstPause;
    std::optional<grpc::ClientContext> context; // A context serves one try.
    std::optional<grpc::Status> unavailable; // What the try before ended with.
    grpc::ByteBuffer reply;
    grpc::Alarm alarm;
};

Caller::Caller(Channels channels)
    : m_channels(std::move(channels))
{
}

void Caller::call(Call call, Done done)
{
    auto channel = m_channels(call.area);
    start(std::make_shared<Attempt>(std::move(channel), std::move(call), std::move(done)));
}

void Caller::start(std::shared_ptr<Attempt> attempt)
{
    auto& context = attempt->context.emplace();
    context.set_deadline(attempt->deadline);
    if (!attempt->call.traceparent.empty())
        context.AddMetadata("traceparent", attempt->call.traceparent);
    // The first try fails at once if nobody is there; later ones go out the moment that somebody
    // is.
    context.set_wait_for_ready(attempt->unavailable.has_value());
    attempt->reply.Clear();
    auto* const raw = attempt.get();
    raw->stub.UnaryCall(&context, raw->call.rpc, {}, &raw->call.request, &raw->reply,
        [attempt = std::move(attempt)](
            const grpc::Status& status) mutable { finished(std::move(attempt), status); });
}

void Caller::finished(std::shared_ptr<Attempt> attempt, const grpc::Status& status)
{
    const auto pause = jittered(attempt->pause);
    if (isAway(status) && Clock::now() + pause < attempt->deadline) {
        attempt->unavailable = grpc::Status(
            grpc::StatusCode::UNAVAILABLE, status.error_message(), status.error_details());
        attempt->pause = std::min(attempt->pause * 2, kLongestPause);
        auto* const raw = attempt.get();
        raw->alarm.Set(Clock::now() + pause,
            [attempt = std::move(attempt)](bool) mutable { start(std::move(attempt)); });
        return;
    }
    // Waiting for somebody to come until time was up is still "nobody is there".
    const bool nobodyCame
        = status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED && attempt->unavailable;
    attempt->done({nobodyCame ? *attempt->unavailable : status, attempt->reply});
}

} // namespace shopfleet::gateway
