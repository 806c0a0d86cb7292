// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/traces/callgraph.h"

#include "services/runtime/clock.h"
#include "services/traces/shape.h"

#include <absl/strings/str_split.h>

#include <set>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace shopfleet::traces {
namespace {

constexpr const char* kClient = "client";

std::unordered_map<std::string, const v1::Span*> byId(const v1::Trace& trace)
{
    std::unordered_map<std::string, const v1::Span*> spans;
    for (const v1::Span& span : trace.spans())
        spans.emplace(span.span_id(), &span);
    return spans;
}

std::int64_t endOf(const v1::Span& span)
{
    return runtime::toUs(span.start()) + toUs(span.duration());
}

} // namespace

std::string calleeOf(const v1::Span& span)
{
    const auto found = span.attributes().find("rpc.service");
    if (span.kind() != kClient || found == span.attributes().end())
        return {};
    const std::vector<std::string> parts = absl::StrSplit(found->second, '.');
    return parts.size() == 4 ? parts[1] : std::string();
}

std::string ownerOf(const v1::Span& span)
{
    std::string callee = calleeOf(span);
    return callee.empty() ? span.service() : callee;
}

std::string firstToFail(const v1::Trace& trace)
{
    std::unordered_set<std::string> failedBelow; // Whoever a failed span was called by.
    for (const v1::Span& span : trace.spans())
        if (span.error())
            failedBelow.insert(span.parent_span_id());
    const v1::Span* first = nullptr;
    for (const v1::Span& span : trace.spans())
        if (span.error() && !failedBelow.contains(span.span_id())
            && (!first || endOf(span) < endOf(*first)))
            first = &span;
    if (!first)
        return {};
    return ownerOf(*first);
}

void CallGraphSums::add(const v1::Trace& trace)
{
    if (trace.spans().empty())
        return;
    Step& step = m_steps[runtime::toUs(trace.started_at()) / kStepUs * kStepUs];
    const auto spans = byId(trace);
    std::set<std::string> services;
    std::set<std::string> failed;
    for (const v1::Span& span : trace.spans()) {
        services.insert(span.service());
        if (span.error())
            failed.insert(span.service());
        for (const auto& stretch : span.waited_for())
            step.nodes[ownerOf(span)].ownUs += toUs(stretch.duration());
        const auto parent = spans.find(span.parent_span_id());
        // A call that was answered is known by the callee's span, another one by the caller's.
        if (span.kind() != kClient && parent != spans.end()
            && parent->second->service() != span.service()) {
            Edge& edge = step.edges[{parent->second->service(), span.service()}];
            edge.calls += 1;
            edge.failed += span.error() ? 1 : 0;
            edge.tookUs += toUs(parent->second->duration());
        }
    }
    std::unordered_set<std::string> parents;
    for (const v1::Span& span : trace.spans())
        parents.insert(span.parent_span_id());
    for (const v1::Span& span : trace.spans()) {
        const std::string callee = calleeOf(span);
        if (callee.empty() || !span.error() || parents.contains(span.span_id()))
            continue;
        Edge& edge = step.edges[{span.service(), callee}];
        edge.calls += 1;
        edge.failed += 1;
        edge.tookUs += toUs(span.duration());
    }
    for (const auto& service : services)
        step.nodes[service].traces += 1;
    for (const auto& service : failed)
        step.nodes[service].failed += 1;
    Node& all = step.nodes[{}];
    all.traces += 1;
    if (const std::string first = firstToFail(trace); !first.empty()) {
        all.failed += 1;
        step.nodes[first].began += 1;
    }
}

} // namespace shopfleet::traces
