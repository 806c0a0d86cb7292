// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/traces/collector.h"

#include "services/runtime/clock.h"
#include "services/runtime/telemetry.h"
#include "services/runtime/text.h"
#include "services/traces/callgraphstore.h"
#include "services/traces/store.h"

#include <algorithm>
#include <prometheus/counter.h>
#include <spdlog/spdlog.h>
#include <utility>

namespace shopfleet::traces {
namespace {

constexpr std::size_t kMostWaiting = 40'000; // Spans, in all open traces.
constexpr std::size_t kMostAllowances = 1'000;

prometheus::Counter& counter(const char* what)
{
    static auto& family = prometheus::BuildCounter()
                              .Name("shopfleet_traces_total")
                              .Help("Traces by what became of them.")
                              .Register(runtime::metrics());
    return family.Add({{"became", what}});
}

std::int64_t us(std::chrono::milliseconds time)
{
    return std::chrono::microseconds(time).count();
}

} // namespace

Collector::Collector(runtime::Database& database, Pace pace)
    : m_database(database)
    , m_pace(pace)
    , m_ticker(pace.look, [this] { look(); })
{
}

bool Collector::add(std::vector<Arrived> spans)
{
    const std::int64_t now = runtime::nowUs();
    const std::lock_guard lock(m_mutex);
    if (m_spans + spans.size() > kMostWaiting)
        return false;
    for (Arrived& one : spans) {
        Open& open = m_open[one.traceId];
        if (open.firstUs == 0) {
            open.trace.set_id(one.traceId);
            open.firstUs = now;
        }
        open.lastUs = now;
        if (open.trace.spans_size() >= kMostSpans)
            continue;
        *open.trace.add_spans() = std::move(one.span);
        ++m_spans;
    }
    return true;
}

std::vector<v1::Span> Collector::waiting(const std::string& traceId) const
{
    const std::lock_guard lock(m_mutex);
    const auto open = m_open.find(traceId);
    if (open == m_open.end())
        return {};
    return {open->second.trace.spans().begin(), open->second.trace.spans().end()};
}

void Collector::look()
{
    if (!m_database.isWriter())
        return;
    auto traces = takeWhole();
    CallGraphSums sums;
    for (const v1::Trace& trace : traces)
        sums.add(trace);
    std::erase_if(traces, [this](const v1::Trace& trace) { return !isKept(trace); });
    store(traces, sums);
}

std::vector<v1::Trace> Collector::takeWhole()
{
    const std::int64_t now = runtime::nowUs();
    std::vector<v1::Trace> whole;
    {
        const std::lock_guard lock(m_mutex);
        // Half full: what has come is stored as it is, before anything has to be refused.
        const bool hurry = m_spans > kMostWaiting / 2;
        for (auto at = m_open.begin(); at != m_open.end();) {
            Open& open = at->second;
            const bool isOver
                = now - open.lastUs >= us(m_pace.quiet) || now - open.firstUs >= us(m_pace.longest);
            if (!isOver && !hurry) {
                ++at;
                continue;
            }
            m_spans -= static_cast<std::size_t>(open.trace.spans_size());
            whole.push_back(std::move(open.trace));
            at = m_open.erase(at);
        }
    }
    for (v1::Trace& trace : whole)
        arrange(trace);
    return whole;
}

bool Collector::isKept(const v1::Trace& trace)
{
    static auto& kept = counter("kept");
    static auto& left = counter("left out");
    const bool ordinary = worthOf(trace) == Worth::Ordinary;
    const double perSecond = ordinary ? m_pace.ordinaryPerSecond : m_pace.specialPerSecond;
    const std::int64_t now = runtime::nowUs();
    if (m_allowances.size() > kMostAllowances)
        m_allowances.clear(); // Somebody invents names.
    Allowance& allowance
        = m_allowances[runtime::text(ordinary ? "ordinary " : "special ", trace.root())];
    const double most = perSecond * m_pace.burstSeconds;
    allowance.left = allowance.atUs == 0
        ? most
        : std::min(
            most, allowance.left + static_cast<double>(now - allowance.atUs) / 1e6 * perSecond);
    allowance.atUs = now;
    const bool isKept = allowance.left >= 1;
    allowance.left -= isKept ? 1 : 0;
    (isKept ? kept : left).Increment();
    return isKept;
}

void Collector::store(const std::vector<v1::Trace>& traces, const CallGraphSums& sums)
{
    if (traces.empty() && sums.isEmpty())
        return;
    const auto status = m_database.writeAndWait([&](runtime::Connection& db) {
        if (auto added = store::add(db, sums); !added.ok())
            return added;
        for (const v1::Trace& trace : traces)
            if (auto saved = store::save(db, trace); !saved.ok())
                return saved;
        // What came in needs room, and nothing else does.
        return store::makeRoom(db, m_pace.mostBytes);
    });
    if (status.ok())
        return;
    counter("lost").Increment(static_cast<double>(traces.size()));
    spdlog::error("{} traces cannot be stored: {}", traces.size(), std::string(status.message()));
}

} // namespace shopfleet::traces
