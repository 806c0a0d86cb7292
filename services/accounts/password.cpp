// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/accounts/password.h"

#include <sodium.h>
#include <utility>

namespace shopfleet::accounts {
namespace {

absl::StatusOr<std::string> argon2(const std::string& password, const PasswordWorkers::Cost& cost)
{
    char out[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_str(out, password.data(), password.size(), cost.passes, cost.memoryBytes)
        != 0)
        return absl::ResourceExhaustedError("there is no memory to hash a password now");
    return std::string(out);
}

void wipe(std::string& secret)
{
    sodium_memzero(secret.data(), secret.size());
}

} // namespace

PasswordWorkers::PasswordWorkers(int threads, std::size_t queueLimit, Cost cost)
    : m_cost(cost)
    , m_queueLimit(queueLimit)
{
    if (sodium_init() < 0)
        std::abort(); // No randomness on this machine: nothing that follows would be safe.
    m_nobodysHash = argon2("nobody's password", cost).value_or(std::string());
    for (int i = 0; i < threads; ++i)
        m_threads.emplace_back([this] { work(); });
}

PasswordWorkers::~PasswordWorkers()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_wake.notify_all();
    for (std::thread& thread : m_threads)
        thread.join();
}

bool PasswordWorkers::hash(std::string password, Hashed done)
{
    return push([this, password = std::move(password), done = std::move(done)]() mutable {
        auto result = argon2(password, m_cost);
        wipe(password);
        done(std::move(result));
    });
}

bool PasswordWorkers::verify(std::string password, std::string hash, Verified done)
{
    return push([this, password = std::move(password), hash = std::move(hash),
                    done = std::move(done)]() mutable {
        const std::string& against = hash.empty() ? m_nobodysHash : hash;
        const bool right
            = crypto_pwhash_str_verify(against.c_str(), password.data(), password.size()) == 0;
        wipe(password);
        done(right && !hash.empty());
    });
}

bool PasswordWorkers::push(std::function<void()> job)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_stopping || m_jobs.size() >= m_queueLimit)
            return false;
        m_jobs.push_back(std::move(job));
    }
    m_wake.notify_one();
    return true;
}

void PasswordWorkers::work()
{
    std::unique_lock lock(m_mutex);
    while (true) {
        m_wake.wait(lock, [this] { return m_stopping || !m_jobs.empty(); });
        if (m_jobs.empty())
            return;
        const auto job = std::move(m_jobs.front());
        m_jobs.pop_front();
        lock.unlock();
        job();
        lock.lock();
    }
}

} // namespace shopfleet::accounts
