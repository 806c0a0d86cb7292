// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/trace.h"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <fmt/format.h>
#include <random>
#include <utility>

namespace shopfleet::runtime {
namespace {

constexpr int kTracesPerSecond = 20;
constexpr std::size_t kHeaderLength = 55;
constexpr std::string_view kOrderKey = "order.id=";

thread_local Trace current;

std::string randomHex(int words)
{
    thread_local std::mt19937_64 random(std::random_device{}());
    std::string digits;
    for (int i = 0; i < words; ++i)
        digits += fmt::format("{:016x}", random());
    return digits;
}

/// Whoever begins a trace decides for all who take part in it: kept in halves it would tell little.
bool sampleNext(Purpose purpose)
{
    struct Budget {
        std::atomic<std::int64_t> second = 0;
        std::atomic<int> begun = 0;
    };
    static std::array<Budget, 2> budgets;
    auto& [second, begun] = budgets.at(static_cast<std::size_t>(purpose));
    const std::int64_t now = std::chrono::duration_cast<std::chrono::seconds>(
        std::chrono::steady_clock::now().time_since_epoch())
                                 .count();
    if (second.exchange(now, std::memory_order_relaxed) != now)
        begun = 0;
    return begun.fetch_add(1, std::memory_order_relaxed) < kTracesPerSecond;
}

bool isId(std::string_view digits)
{
    return digits.find_first_not_of("0123456789abcdef") == std::string_view::npos
        && digits.find_first_not_of('0') != std::string_view::npos;
}

} // namespace

std::string Trace::header() const
{
    return traceId.empty() ? std::string()
                           : fmt::format("00-{}-{}-0{}", traceId, spanId, sampled ? 1 : 0);
}

std::string Trace::baggage() const
{
    // Ids of ours need no escapes; another one is nobody's order.
    const bool plain = order && !order->empty()
        && order->find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                    "-_.")
            == std::string::npos;
    return plain ? fmt::format("{}{}", kOrderKey, *order) : std::string();
}

const Trace& currentTrace()
{
    return current;
}

Trace newTrace(std::string orderId, Purpose purpose)
{
    const std::string id = randomHex(2);
    return {id, id.substr(0, id.size() / 2), sampleNext(purpose),
        std::make_shared<std::string>(std::move(orderId))};
}

Trace parseTrace(std::string_view header)
{
    if (header.size() < kHeaderLength || header[2] != '-' || header[35] != '-' || header[52] != '-')
        return {};
    const auto trace = header.substr(3, 32);
    const auto span = header.substr(36, 16);
    if (!isId(trace) || !isId(span))
        return {};
    const char flags = header[54]; // The lowest bit of two hexadecimal digits.
    const bool sampled = (flags >= '0' && flags <= '9' ? flags - '0' : flags - 'a' + 10) % 2 == 1;
    return {std::string(trace), std::string(span), sampled, std::make_shared<std::string>()};
}

std::string orderOf(std::string_view baggage)
{
    while (!baggage.empty()) {
        const auto end = std::min(baggage.find(','), baggage.size());
        auto item = baggage.substr(0, end);
        baggage.remove_prefix(std::min(end + 1, baggage.size()));
        item.remove_prefix(std::min(item.find_first_not_of(' '), item.size()));
        if (item.starts_with(kOrderKey)) {
            item.remove_prefix(kOrderKey.size());
            return std::string(item.substr(0, item.find_first_of("; ")));
        }
    }
    return {};
}

std::string newSpanId()
{
    return randomHex(1);
}

void setCurrentTrace(Trace trace)
{
    current = std::move(trace);
}

void concernsOrder(const std::string& id)
{
    if (current.order)
        *current.order = id;
}

TraceScope::TraceScope(Trace trace)
    : m_before(std::exchange(current, std::move(trace)))
{
}

TraceScope::~TraceScope()
{
    current = std::move(m_before);
}

} // namespace shopfleet::runtime
