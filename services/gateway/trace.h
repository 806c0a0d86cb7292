// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace shopfleet::gateway {

/// W3C trace context: this request's own span in the trace that the client started, or in a new
/// one.
struct Trace {
    std::string id; ///< 32 hex digits.
    std::string span; ///< 16 hex digits.
    std::string flags = "01";

    /// Takes the trace from a client's header; one that is malformed counts as none.
    static Trace from(std::string_view traceparent);

    std::string header() const;
};

} // namespace shopfleet::gateway
