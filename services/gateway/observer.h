// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <shared_mutex>
#include <string>
#include <tuple>

namespace shopfleet::gateway {

/// One answered request. The route is the template, not the path: ids in paths may be secrets.
struct Access {
    std::string method;
    std::string route;
    int status = 0;
    std::chrono::microseconds duration{0};
    std::size_t bytes = 0;
    std::string traceId;
};

/// Counts and logs requests. Called from many threads.
class Observer {
public:
    using Log = std::function<void(const Access&)>;

    Observer(prometheus::Registry& registry, Log log);

    void started();
    void finished(const Access& access);

private:
    struct Series {
        prometheus::Counter* requests = nullptr;
        prometheus::Histogram* duration = nullptr;
    };
    using Key = std::tuple<std::string, std::string, int>;

    Series series(const Access& access);

    Log m_log;
    prometheus::Family<prometheus::Counter>& m_requests;
    prometheus::Family<prometheus::Histogram>& m_durations;
    prometheus::Gauge& m_inFlight;
    std::shared_mutex m_mutex;
    std::map<Key, Series> m_series; ///< prometheus-cpp looks labels up slowly.
};

} // namespace shopfleet::gateway
