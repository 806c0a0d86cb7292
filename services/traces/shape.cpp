// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/traces/shape.h"

#include "services/runtime/clock.h"
#include "services/runtime/text.h"

#include <algorithm>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace shopfleet::traces {
namespace {

constexpr std::int64_t kSlowUs = 500'000;
constexpr const char* kOrderKey = "order.id";

std::int64_t startOf(const v1::Span& span)
{
    return runtime::toUs(span.start());
}

std::int64_t endOf(const v1::Span& span)
{
    return startOf(span) + toUs(span.duration());
}

void waitedFor(v1::Span& span, std::int64_t from, std::int64_t until)
{
    if (from >= until)
        return;
    v1::Stretch& stretch = *span.add_waited_for();
    *stretch.mutable_start() = runtime::toTimestamp(from);
    *stretch.mutable_duration() = toDuration(until - from);
}

/// The spans as a tree, each by its place in the trace.
class Tree {
public:
    explicit Tree(v1::Trace& trace)
        : m_trace(trace)
        , m_children(static_cast<std::size_t>(trace.spans_size()))
    {
        std::unordered_map<std::string, int> places;
        for (int i = 0; i < trace.spans_size(); ++i)
            places.emplace(trace.spans(i).span_id(), i);
        for (int i = 0; i < trace.spans_size(); ++i) {
            v1::Span& span = *trace.mutable_spans(i);
            const auto parent = places.find(span.parent_span_id());
            const bool known
                = !span.parent_span_id().empty() && parent != places.end() && parent->second != i;
            span.set_parent_missing(!known && !span.parent_span_id().empty());
            (known ? m_children[static_cast<std::size_t>(parent->second)] : m_roots).push_back(i);
        }
        const auto byStart
            = [&](int a, int b) { return startOf(trace.spans(a)) < startOf(trace.spans(b)); };
        std::ranges::stable_sort(m_roots, byStart);
        for (auto& children : m_children)
            std::ranges::stable_sort(children, byStart);
    }

    /// Depth first; those in a ring of parents, which no honest sender makes, are left out.
    std::vector<int> order() const
    {
        std::vector<int> result;
        std::vector<int> next(m_roots.rbegin(), m_roots.rend());
        while (!next.empty()) {
            const int place = next.back();
            next.pop_back();
            result.push_back(place);
            const auto& children = childrenOf(place);
            next.insert(next.end(), children.rbegin(), children.rend());
        }
        return result;
    }

    void markWaitedFor()
    {
        if (m_roots.empty())
            return;
        // What the first was called by may not be known, or not be over yet: then all that it
        // called is looked at together.
        const auto& first = m_trace.spans(m_roots.front());
        std::vector<int> siblings;
        std::int64_t until = 0;
        for (const int root : m_roots)
            if (m_trace.spans(root).parent_span_id() == first.parent_span_id()) {
                siblings.push_back(root);
                until = std::max(until, endOf(m_trace.spans(root)));
            }
        m_stretches.clear();
        descend(siblings, startOf(first), until, nullptr);
        while (!m_stretches.empty()) {
            const Stretch stretch = m_stretches.back();
            m_stretches.pop_back();
            v1::Span& span = *m_trace.mutable_spans(stretch.place);
            descend(childrenOf(stretch.place), startOf(span), stretch.until, &span);
            // From the end backwards they were found.
            std::reverse(span.mutable_waited_for()->begin(), span.mutable_waited_for()->end());
        }
    }

private:
    struct Stretch {
        int place;
        std::int64_t until;
    };

    /// Walks back from `until`: what ended last before that was waited for, and in between `own`.
    void descend(std::vector<int> children, std::int64_t from, std::int64_t until, v1::Span* own)
    {
        std::ranges::sort(children,
            [&](int a, int b) { return endOf(m_trace.spans(a)) > endOf(m_trace.spans(b)); });
        for (const int child : children) {
            const std::int64_t start = startOf(m_trace.spans(child));
            const std::int64_t end = endOf(m_trace.spans(child));
            if (end > until || start < from)
                continue;
            if (own)
                waitedFor(*own, end, until);
            m_stretches.push_back({child, end});
            until = start;
        }
        if (own)
            waitedFor(*own, from, until);
    }

    const std::vector<int>& childrenOf(int place) const
    {
        return m_children[static_cast<std::size_t>(place)];
    }

    v1::Trace& m_trace;
    std::vector<int> m_roots;
    std::vector<std::vector<int>> m_children;
    std::vector<Stretch> m_stretches; ///< Still to be looked into.
};

/// The same span may have been sent twice: its sender did not hear that it was taken.
void removeDoubles(v1::Trace& trace)
{
    std::set<std::string> seen;
    const auto twice = std::remove_if(trace.mutable_spans()->begin(), trace.mutable_spans()->end(),
        [&](const v1::Span& span) { return !seen.insert(span.span_id()).second; });
    trace.mutable_spans()->erase(twice, trace.mutable_spans()->end());
    if (trace.spans_size() > kMostSpans)
        trace.mutable_spans()->DeleteSubrange(kMostSpans, trace.spans_size() - kMostSpans);
}

void sumUp(v1::Trace& trace)
{
    std::int64_t start = startOf(trace.spans(0));
    std::int64_t end = endOf(trace.spans(0));
    std::set<std::string> services;
    trace.set_error_count(0);
    for (const v1::Span& span : trace.spans()) {
        start = std::min(start, startOf(span));
        end = std::max(end, endOf(span));
        services.insert(span.service());
        trace.set_error_count(trace.error_count() + (span.error() ? 1 : 0));
        const auto order = span.attributes().find(kOrderKey);
        if (trace.order_id().empty() && order != span.attributes().end())
            trace.set_order_id(order->second);
    }
    const v1::Span& root = trace.spans(0);
    trace.set_root(runtime::text(root.service(), ": ", root.name()));
    *trace.mutable_started_at() = runtime::toTimestamp(start);
    *trace.mutable_duration() = toDuration(end - start);
    trace.set_span_count(trace.spans_size());
    trace.set_etag(std::to_string(trace.spans_size()));
    trace.mutable_services()->Assign(services.begin(), services.end());
}

} // namespace

std::int64_t toUs(const google::protobuf::Duration& duration)
{
    return duration.seconds() * 1'000'000 + duration.nanos() / 1'000;
}

google::protobuf::Duration toDuration(std::int64_t us)
{
    google::protobuf::Duration duration;
    duration.set_seconds(us / 1'000'000);
    duration.set_nanos(static_cast<std::int32_t>(us % 1'000'000 * 1'000));
    return duration;
}

Worth worthOf(const v1::Trace& trace)
{
    if (trace.error_count() > 0)
        return Worth::Failed;
    const bool slow = std::ranges::any_of(
        trace.spans(), [](const v1::Span& span) { return toUs(span.duration()) >= kSlowUs; });
    return slow ? Worth::Slow : Worth::Ordinary;
}

void arrange(v1::Trace& trace)
{
    removeDoubles(trace);
    if (trace.spans().empty())
        return;
    for (v1::Span& span : *trace.mutable_spans())
        span.clear_waited_for();
    Tree tree(trace);
    tree.markWaitedFor();
    google::protobuf::RepeatedPtrField<v1::Span> sorted;
    for (const int place : tree.order())
        *sorted.Add() = trace.spans(place);
    if (sorted.empty())
        *sorted.Add() = trace.spans(0); // Nothing but a ring.
    trace.mutable_spans()->Swap(&sorted);
    sumUp(trace);
}

} // namespace shopfleet::traces
