// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/traces/v1/traces.pb.h"

#include <cstdint>

namespace shopfleet::traces {

inline constexpr int kMostSpans = 2'000; ///< Of one trace; what comes beyond it is left out.

/// What becomes of a trace when room is short: ordinary ones go first.
enum class Worth { Ordinary = 0, Slow = 1, Failed = 2 };
Worth worthOf(const v1::Trace& trace);

/// Makes of spans, in any order and perhaps twice, what they tell together: parents before their
/// children, the root, the sums, and who was waited for.
///
/// Waited for: from the end of the first root (and of those with the same caller) backwards, what
/// ended last before that moment, then what ended last before that had begun, and so on, within
/// each in the same way. What goes on after its parent has ended was not waited for.
void arrange(v1::Trace& trace);

std::int64_t toUs(const google::protobuf::Duration& duration);
google::protobuf::Duration toDuration(std::int64_t us);

} // namespace shopfleet::traces
