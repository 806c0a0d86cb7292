// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/eventloop.h"

#include <absl/status/statusor.h>

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace shopfleet::control {

/// Fetches `/metrics` of replicas on the event loop: bounded in time and size, and never in
/// anybody's way.
class Scraper {
public:
    using Done = std::function<void(absl::StatusOr<std::string> body)>;

    explicit Scraper(EventLoop& loop);
    ~Scraper();

    /// `done` is called once, later, on the loop's thread; not at all if the scraper is gone by
    /// then.
    void fetch(const std::string& address, std::chrono::milliseconds deadline, Done done);

private:
    struct Fetch;

    void proceed(int descriptor);
    void finish(int descriptor, absl::StatusOr<std::string> body);

    EventLoop& m_loop;
    std::map<int, std::unique_ptr<Fetch>> m_fetches;
};

/// The body of a whole HTTP response, or what is wrong with it.
absl::StatusOr<std::string> bodyOf(const std::string& response);

} // namespace shopfleet::control
