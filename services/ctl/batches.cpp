// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/batches.h"

#include <algorithm>
#include <mutex>
#include <thread>
#include <vector>

namespace shopfleet::ctl {

absl::Status runBatches(int64_t count, int parallel, const std::atomic<bool>& stop,
    const std::function<absl::Status(int64_t index)>& work)
{
    std::atomic<int64_t> next = 0;
    std::atomic<bool> failed = false;
    std::mutex mutex;
    absl::Status first;
    const auto worker = [&] {
        while (!failed.load() && !stop.load()) {
            const int64_t index = next.fetch_add(1);
            if (index >= count)
                return;
            if (const absl::Status status = work(index); !status.ok()) {
                const std::lock_guard lock(mutex);
                first.Update(status);
                failed.store(true);
            }
        }
    };
    std::vector<std::thread> threads;
    for (int64_t i = 0; i < std::min<int64_t>(parallel, count); ++i)
        threads.emplace_back(worker);
    for (std::thread& thread : threads)
        thread.join();
    if (first.ok() && stop.load() && next.load() < count)
        return absl::CancelledError("interrupted");
    return first;
}

} // namespace shopfleet::ctl
