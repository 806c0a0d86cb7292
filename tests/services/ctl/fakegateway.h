// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace shopfleet::ctl::tests {

/// A gateway that answers shoppers from memory: remembers Idempotency-Keys, and can be made to
/// fail.
class FakeGateway {
public:
    FakeGateway();
    ~FakeGateway();

    std::string address() const;

    enum class Fault { None, Unavailable, HangUp, HangUpAfterwards };

    /// Asked before each request, by its number from 1 and its method.
    std::function<Fault(int number, const std::string& method)> fault;

    std::set<std::string> ordersByKey; ///< Idempotency-Keys of checkouts that took effect.
    std::map<std::string, int> writesByKey;
    int writesWithoutKey = 0;
    int connections = 0;
    std::string lastError; ///< Of a request that was not as the contract asks.

private:
    struct Server;
    std::string answer(const std::string& method, const std::string& path, const std::string& key,
        const std::string& authorization, const std::string& body, int* code);

    std::mutex m_mutex;
    std::atomic<int> m_requests = 0;
    std::unique_ptr<Server> m_server;
};

} // namespace shopfleet::ctl::tests
