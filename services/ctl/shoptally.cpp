// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/shoptally.h"

#include <utility>

namespace shopfleet::ctl {
namespace {

/// Reasons that name ids are all different; nobody reads more than these.
constexpr size_t kMostReasons = 50;

} // namespace

void ShopCounts::add(const ShopResult& result, int64_t micros)
{
    ++requests;
    failed += result.failed;
    refused += result.refused;
    retries += result.retries;
    placed += result.placed;
    rejected += result.rejected;
    latencies.add(micros);
}

void ShopCounts::add(const ShopCounts& other)
{
    requests += other.requests;
    failed += other.failed;
    refused += other.refused;
    retries += other.retries;
    placed += other.placed;
    rejected += other.rejected;
    latencies.add(other.latencies);
}

Json ShopCounts::json() const
{
    return {{"requests", requests}, {"failed", failed}, {"refused", refused}, {"retries", retries},
        {"orders_placed", placed}, {"orders_rejected", rejected},
        {"latency_ms",
            {{"p50", latencies.percentileMs(0.50)}, {"p95", latencies.percentileMs(0.95)},
                {"p99", latencies.percentileMs(0.99)}, {"max", latencies.maximumMs()}}}};
}

void ShopTally::add(const ShopResult& result, int64_t micros)
{
    const std::lock_guard lock(m_mutex);
    m_second.add(result, micros);
    m_total.add(result, micros);
    m_byAction[result.action].add(result, micros);
    if (!result.failed && !result.refused)
        return;
    const bool known = m_failures.contains(result.why) || m_failures.size() < kMostReasons;
    ++m_failures[known ? result.why : "others"];
}

ShopCounts ShopTally::takeSecond()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_second, ShopCounts());
}

ShopCounts ShopTally::total() const
{
    const std::lock_guard lock(m_mutex);
    return m_total;
}

std::map<std::string, int64_t> ShopTally::failures() const
{
    const std::lock_guard lock(m_mutex);
    return m_failures;
}

void ShopTally::addDetails(Json* json) const
{
    const std::lock_guard lock(m_mutex);
    Json byAction = Json::object();
    for (const auto& [action, counts] : m_byAction)
        byAction[std::string(kShopActions[static_cast<size_t>(action)])] = counts.json();
    (*json)["by_action"] = byAction;
    (*json)["failures"] = m_failures;
}

} // namespace shopfleet::ctl
