// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/gateway/keyring.h"

#include "services/runtime/clock.h"

#include <mutex>
#include <utility>
#include <vector>

namespace shopfleet::gateway {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::minutes kMaxAge{5};
constexpr std::chrono::seconds kPause{
    1}; // A flood of made-up key ids must not become a flood of calls.

absl::Status unavailable()
{
    return absl::UnavailableError("sign-in cannot be checked right now");
}

} // namespace

struct KeyRing::State {
    Fetch fetch;
    std::mutex mutex;
    std::shared_ptr<const VerifyingKeys> keys;
    Clock::time_point fetchedAt;
    bool fetching = false;
    std::vector<std::function<void(absl::Status)>> waiting;

    std::shared_ptr<const VerifyingKeys> current()
    {
        const std::lock_guard lock(mutex);
        return keys;
    }

    bool isOlderThan(Clock::duration age)
    {
        const std::lock_guard lock(mutex);
        return !keys || Clock::now() - fetchedAt > age;
    }

    absl::StatusOr<std::string> check(std::string_view token)
    {
        const auto known = current();
        const std::chrono::microseconds now(runtime::nowUs());
        return known ? verifyToken(token, *known, std::chrono::system_clock::time_point(now))
                     : absl::NotFoundError("no keys yet");
    }
};

KeyRing::KeyRing(Fetch fetch)
    : m_state(std::make_shared<State>())
{
    m_state->fetch = std::move(fetch);
}

void KeyRing::verify(std::string_view token, Verified done)
{
    auto subject = m_state->check(token);
    if (!absl::IsNotFound(subject.status())) {
        if (m_state->isOlderThan(kMaxAge))
            refresh(m_state, [](const absl::Status&) {}); // Beside the request, for later ones.
        return done(std::move(subject));
    }
    if (!m_state->isOlderThan(kPause))
        return done(absl::UnauthenticatedError("the token's key is not known"));

    refresh(m_state,
        [state = m_state, token = std::string(token), done = std::move(done)](
            const absl::Status& status) {
            if (!status.ok())
                return done(unavailable());
            auto answer = state->check(token);
            if (absl::IsNotFound(answer.status()))
                answer = absl::UnauthenticatedError("the token's key is not known");
            done(std::move(answer));
        });
}

void KeyRing::refresh(const std::shared_ptr<State>& state, std::function<void(absl::Status)> then)
{
    {
        const std::lock_guard lock(state->mutex);
        state->waiting.push_back(std::move(then));
        if (std::exchange(state->fetching, true))
            return;
    }
    state->fetch([state](Keys keys) {
        const absl::Status status = keys.status();
        std::vector<std::function<void(absl::Status)>> waiting;
        {
            const std::lock_guard lock(state->mutex);
            if (status.ok()) {
                state->keys = std::make_shared<const VerifyingKeys>(*std::move(keys));
                state->fetchedAt = Clock::now();
            }
            state->fetching = false;
            waiting.swap(state->waiting);
        }
        for (const auto& answer : waiting)
            answer(status);
    });
}

} // namespace shopfleet::gateway
