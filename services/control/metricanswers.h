// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/archive.h"
#include "services/control/history.h"
#include "shopfleet/control/v1/control.pb.h"

#include <absl/status/statusor.h>

#include <functional>
#include <string>
#include <vector>

namespace shopfleet::control {

/// What GetMetrics asks for, with all that it left open.
struct MetricQuery {
    std::int64_t from = 0, to = 0; ///< Seconds since 1970; [from, to).
    std::int64_t step = 1;
    std::vector<std::string> metrics;

    /// `now` is the first second that is not there yet; nothing is finer than `finest`.
    static absl::StatusOr<MetricQuery> of(
        const v1::GetMetricsRequest& request, std::int64_t now, std::int64_t finest);
    /// INVALID_ARGUMENT where so many tracks would be too much for one answer.
    absl::Status check(std::size_t tracks) const;
    /// Adds a series for each metric; `sum` is of [from, to).
    void answer(const History::Key& key,
        const std::function<Track::Sum(std::int64_t from, std::int64_t to)>& sum,
        v1::GetMetricsResponse* response) const;
};

/// Whether the request is about a time that is not in memory any more.
bool isOfThePast(const v1::GetMetricsRequest& request, std::int64_t now);

/// From the disk; any thread.
absl::StatusOr<v1::GetMetricsResponse> pastMetrics(
    Archive& archive, const v1::GetMetricsRequest& request, std::int64_t now);

} // namespace shopfleet::control
