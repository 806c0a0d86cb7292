// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <spdlog/spdlog.h>
#include <string>
#include <string_view>

namespace shopfleet::runtime {

/// Makes spdlog write JSON lines on stdout: ts, level, service, replica, msg, trace_id, order_id.
/// Never a request's body.
void startLog(const std::string& service, const std::string& replica, const std::string& level);

/// A line with the ids that join it to an order and a trace; empty ones are left out.
void logLine(spdlog::level::level_enum level, std::string_view message, std::string_view traceId,
    std::string_view orderId = {});

} // namespace shopfleet::runtime
