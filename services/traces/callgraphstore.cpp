// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/traces/callgraphstore.h"

#include "services/runtime/clock.h"
#include "services/runtime/status.h"
#include "services/traces/shape.h"

#include <utility>

namespace shopfleet::traces::store {
namespace {

constexpr std::int64_t kKeptUs = 86'400'000'000;
constexpr std::int64_t kLatelyUs = 300'000'000;

absl::Status addStep(runtime::Connection& db, std::int64_t at, const CallGraphSums::Step& step)
{
    for (const auto& [service, node] : step.nodes) {
        const auto added = db.execute(R"sql(
                INSERT INTO node (at, service, traces, failed, began, own_us)
                VALUES (:1, :2, :3, :4, :5, :6)
                ON CONFLICT (at, service) DO UPDATE SET traces = traces + excluded.traces,
                    failed = failed + excluded.failed, began = began + excluded.began,
                    own_us = own_us + excluded.own_us)sql",
            at, service, node.traces, node.failed, node.began, node.ownUs);
        if (!added.ok())
            return added.status();
    }
    for (const auto& [ends, edge] : step.edges) {
        const auto added = db.execute(R"sql(
                INSERT INTO edge (at, caller, callee, calls, failed, took_us)
                VALUES (:1, :2, :3, :4, :5, :6)
                ON CONFLICT (at, caller, callee) DO UPDATE SET calls = calls + excluded.calls,
                    failed = failed + excluded.failed, took_us = took_us + excluded.took_us)sql",
            at, ends.first, ends.second, edge.calls, edge.failed, edge.tookUs);
        if (!added.ok())
            return added.status();
    }
    return absl::OkStatus();
}

absl::Status addNodes(
    runtime::Connection& db, std::int64_t from, std::int64_t to, v1::CallGraph& graph)
{
    auto nodes = db.select(R"sql(
            SELECT service, sum(traces), sum(failed), sum(began), sum(own_us) FROM node
            WHERE at >= :1 AND at < :2 GROUP BY service ORDER BY service)sql",
        [](std::string service, std::int64_t traces, std::int64_t failed, std::int64_t began,
            std::int64_t ownUs) {
            v1::CallGraph::Node node;
            node.set_service(std::move(service));
            node.set_traces(traces);
            node.set_failed_traces(failed);
            node.set_began_failures(began);
            *node.mutable_waited_for() = toDuration(ownUs);
            return node;
        },
        from, to);
    if (!nodes.ok())
        return nodes.status();
    for (auto& node : *nodes) {
        if (node.service().empty()) {
            graph.set_traces(node.traces());
            graph.set_failed_traces(node.failed_traces());
        } else {
            *graph.add_nodes() = std::move(node);
        }
    }
    return absl::OkStatus();
}

absl::Status addEdges(
    runtime::Connection& db, std::int64_t from, std::int64_t to, v1::CallGraph& graph)
{
    auto edges = db.select(R"sql(
            SELECT caller, callee, sum(calls), sum(failed), sum(took_us) FROM edge
            WHERE at >= :1 AND at < :2 GROUP BY caller, callee ORDER BY caller, callee)sql",
        [](std::string caller, std::string callee, std::int64_t calls, std::int64_t failed,
            std::int64_t tookUs) {
            v1::CallGraph::Edge edge;
            edge.set_from(std::move(caller));
            edge.set_to(std::move(callee));
            edge.set_calls(calls);
            edge.set_failed(failed);
            *edge.mutable_duration() = toDuration(tookUs);
            return edge;
        },
        from, to);
    if (!edges.ok())
        return edges.status();
    for (auto& edge : *edges)
        *graph.add_edges() = std::move(edge);
    return absl::OkStatus();
}

} // namespace

absl::Status add(runtime::Connection& db, const CallGraphSums& sums)
{
    for (const auto& [at, step] : sums.steps())
        if (auto status = addStep(db, at, step); !status.ok())
            return status;
    const std::int64_t oldest = runtime::nowUs() - kKeptUs;
    for (const char* sql : {"DELETE FROM node WHERE at < :1", "DELETE FROM edge WHERE at < :1"})
        if (const auto removed = db.execute(sql, oldest); !removed.ok())
            return removed.status();
    return absl::OkStatus();
}

absl::StatusOr<v1::CallGraph> callGraph(
    runtime::Connection& db, const v1::GetCallGraphRequest& request)
{
    const auto step
        = [](std::int64_t us) { return us / CallGraphSums::kStepUs * CallGraphSums::kStepUs; };
    // Unset is until now: the step that is not over yet belongs to it.
    const std::int64_t to = request.has_to() ? step(runtime::toUs(request.to()))
                                             : step(runtime::nowUs()) + CallGraphSums::kStepUs;
    const std::int64_t from
        = request.has_from() ? step(runtime::toUs(request.from())) : to - kLatelyUs;
    if (from >= to)
        return runtime::invalidField("from", "must be at least ten seconds before to");
    v1::CallGraph graph;
    *graph.mutable_from() = runtime::toTimestamp(from);
    *graph.mutable_to() = runtime::toTimestamp(to);
    if (auto status = addNodes(db, from, to, graph); !status.ok())
        return status;
    if (auto status = addEdges(db, from, to, graph); !status.ok())
        return status;
    return graph;
}

} // namespace shopfleet::traces::store
