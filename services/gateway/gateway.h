// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/gateway/http.h"
#include "services/gateway/router.h"
#include "services/gateway/routes.h"

#include <absl/status/statusor.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace shopfleet::gateway {

class Caller;
class KeyRing;
class Observer;

/// Answers HTTP requests by calling the gRPC methods that the contracts' annotations name. Knows no
/// service and no message by name. Called from many threads; what it is given must outlive it and
/// the requests under way.
class Gateway {
public:
    struct Settings {
        std::chrono::milliseconds readTimeout{3000};
        std::chrono::milliseconds writeTimeout{9000}; ///< A checkout may take about 5 s.
    };

    static absl::StatusOr<std::unique_ptr<Gateway>> create(std::vector<Route> routes,
        Caller& caller, KeyRing& keys, Observer& observer, Settings settings);

    void handle(HttpRequest request, Respond respond);

    /// From now on /healthz says that somebody else should be asked.
    void drain() { m_draining = true; }

private:
    struct Exchange;
    using ExchangePtr = std::shared_ptr<Exchange>;

    Gateway(Caller& caller, KeyRing& keys, Observer& observer, Settings settings);

    bool answerOwn(const ExchangePtr& exchange, const std::string& path);
    void authenticate(const ExchangePtr& exchange, Bindings bindings);
    void forward(const ExchangePtr& exchange, const Bindings& bindings, const std::string& subject);
    void finish(const ExchangePtr& exchange, HttpReply reply);
    void fail(const ExchangePtr& exchange, const absl::Status& status);

    Caller& m_caller;
    KeyRing& m_keys;
    Observer& m_observer;
    Settings m_settings;
    std::vector<Route> m_routes;
    Router m_router;
    std::string m_openApi;
    std::atomic<bool> m_draining{false};
};

} // namespace shopfleet::gateway
