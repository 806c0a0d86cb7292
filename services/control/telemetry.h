// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/archive.h"
#include "services/control/fleet.h"
#include "services/control/history.h"
#include "services/control/rolloutgate.h"
#include "services/control/scraper.h"

#include <functional>
#include <map>
#include <set>

namespace shopfleet::control {

/// Reads every replica's metrics each second, keeps an hour of them, and says how it goes right
/// now. A scrape that fails is a gap.
class Telemetry {
public:
    /// `ticked` runs once the second's figures are in.
    Telemetry(EventLoop& loop, const Runtime& runtime, const Fleet& fleet, Archive& archive,
        std::function<void()> ticked);
    ~Telemetry();

    void begin();
    /// Puts the present figures into a service and its replicas.
    void fill(v1::Service* service) const;
    /// Of the last hour.
    absl::StatusOr<v1::GetMetricsResponse> metrics(const v1::GetMetricsRequest& request) const;
    /// What these replicas of a service did in [from, to), seconds since 1970; {""}: all of them.
    /// By method it is known of single replicas only while a rollout of their service is under way.
    /// The checkouts are the whole store's where the service takes none itself.
    Side side(const std::string& service, const std::vector<std::string>& replicas,
        std::int64_t from, std::int64_t to) const;
    /// Of all replicas of a service together, in [from, to), seconds since 1970; of all methods, if
    /// none is given.
    Track::Sum sum(const std::string& service, std::int64_t from, std::int64_t to,
        const std::string& method = {}) const
    {
        return m_history.sum({service, {}, method}, from, to);
    }
    /// The store's checkouts as its shoppers see them: where they come in, if anybody does.
    Tally checkouts(std::int64_t from, std::int64_t to) const;
    std::int64_t newest() const { return m_complete; } // The newest second whose figures are in.
    bool takesCheckouts(const std::string& service) const;
    std::uint64_t requests(const std::string& service, const std::vector<std::string>& replicas,
        std::int64_t second) const;

private:
    struct Meter {
        std::int64_t pid = 0;
        EventLoop::Clock::time_point at;
        std::optional<Totals> totals;
        std::optional<double> cpuSeconds;
        EventLoop::Clock::time_point cpuAt;
    };
    struct Second {
        std::int64_t second = 0;
        int open = 0; // Scrapes that are not back.
        std::map<std::string, Tally> services;
        std::map<std::string, std::map<std::string, Tally>> methods;
        std::map<std::string, Gauges> gauges;
        std::set<std::string> known; // Services of which at least one replica answered.
    };

    void tick();
    void scrape(const v1::Replica& replica, bool byMethod);
    void take(const v1::Replica& replica, std::int64_t second,
        const absl::StatusOr<std::string>& body, bool byMethod);
    Gauges processGauges(const v1::Replica& replica);
    void closeSecond();
    void archive(std::int64_t until);
    std::optional<v1::Figures> figures(const History::Key& key) const;

    EventLoop& m_loop;
    const Runtime& m_runtime;
    const Fleet& m_fleet;
    Archive& m_archive;
    std::function<void()> m_ticked;
    Scraper m_scraper;
    History m_history;
    EventLoop::TimerId m_timer;
    std::map<std::string, Meter> m_meters;
    Second m_now;
    std::int64_t m_begun = 0;
    std::int64_t m_complete = 0; // The newest second that is in the history.
};

} // namespace shopfleet::control
