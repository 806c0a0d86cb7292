// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/orders/dwell.h"

#include "services/runtime/telemetry.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <prometheus/histogram.h>
#include <utility>

namespace shopfleet::orders {

void countDwell(const std::string& service, const std::string& method, std::int64_t microseconds)
{
    static auto& family = prometheus::BuildHistogram()
                              .Name("shopfleet_saga_step_seconds")
                              .Help("How long orders dwelt at a step, until they went on.")
                              .Register(runtime::metrics());
    static std::mutex mutex;
    static std::map<std::pair<std::string, std::string>, prometheus::Histogram*> known;
    prometheus::Histogram* steps = nullptr;
    {
        const std::lock_guard lock(mutex);
        auto& step = known[{service, method}];
        if (!step)
            step = &family.Add({{"service", service}, {"method", method}},
                prometheus::Histogram::BucketBoundaries{0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                    0.5, 1, 2.5, 5, 10, 30, 60, 300, 3'600, 86'400});
        steps = step;
    }
    // A clock that was set back is no time at all.
    steps->Observe(static_cast<double>(std::max<std::int64_t>(microseconds, 0)) / 1e6);
}

} // namespace shopfleet::orders
