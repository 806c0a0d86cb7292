// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/status.h>

#include <atomic>
#include <cstdint>
#include <functional>

namespace shopfleet::ctl {

/// Does `work(0)` … `work(count - 1)`, `parallel` of them at a time, in this order of starting.
/// After an error, or once `stop` is set, no further one is started; those under way are finished.
/// The first error is the answer; CANCELLED when it was stopped.
absl::Status runBatches(int64_t count, int parallel, const std::atomic<bool>& stop,
    const std::function<absl::Status(int64_t index)>& work);

} // namespace shopfleet::ctl
