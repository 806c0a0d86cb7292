// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/gateway/caller.h"
#include "services/gateway/gateway.h"
#include "services/gateway/httpserver.h"
#include "services/gateway/keyring.h"
#include "services/gateway/observer.h"
#include "tests/services/gateway/fakestore.h"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace shopfleet::gateway::testing {

/// A whole gateway before a fake store, in this process, on ports of the kernel's.
class Fixture {
public:
    explicit Fixture(HttpLimits limits = {}, Gateway::Settings settings = {});
    ~Fixture();

    FakeStore& store() { return m_store; }
    HttpServer& server() { return *m_server; }
    std::string address() const { return m_server->address(); }
    std::vector<Access> log();
    std::string metrics() const;

private:
    FakeStore m_store;
    std::shared_ptr<prometheus::Registry> m_registry;
    std::mutex m_mutex;
    std::vector<Access> m_log;
    std::unique_ptr<Caller> m_caller;
    std::unique_ptr<KeyRing> m_keys;
    std::unique_ptr<Observer> m_observer;
    std::unique_ptr<Gateway> m_gateway;
    std::unique_ptr<HttpServer> m_server;
};

} // namespace shopfleet::gateway::testing
