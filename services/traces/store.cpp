// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/traces/store.h"

#include "services/runtime/clock.h"
#include "services/runtime/listing.h"
#include "services/runtime/text.h"
#include "services/traces/shape.h"

#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <google/protobuf/io/gzip_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <set>
#include <utility>

namespace shopfleet::traces::store {
namespace {

namespace io = google::protobuf::io;
using runtime::text;

constexpr std::int64_t kRowBytes = 800; // Of a trace's other rows and their indexes, about.
constexpr int kRemovedAtOnce = 50; // Then it is looked again who has most.
constexpr std::size_t kLongestIndexed = 100; // An attribute's value; longer ones are text.

// Every span has them, or they name one span alone.
const std::set<std::string> kNotIndexed
    = {"rpc.system", "rpc.service", "rpc.method", "rpc.grpc.status_code", "order.id"};

std::string packed(const v1::Trace& trace)
{
    std::string bytes;
    io::StringOutputStream out(&bytes);
    io::GzipOutputStream gzip(&out);
    trace.SerializeToZeroCopyStream(&gzip);
    gzip.Close();
    return bytes;
}

v1::Trace unpacked(const std::string& bytes)
{
    v1::Trace trace;
    io::ArrayInputStream in(bytes.data(), static_cast<int>(bytes.size()));
    io::GzipInputStream gzip(&in);
    trace.ParseFromZeroCopyStream(&gzip);
    return trace;
}

absl::Status addShare(Connection& db, const std::string& service, int worth, std::int64_t bytes)
{
    return db
        .execute("INSERT INTO share (service, worth, bytes) VALUES (:1, :2, :3)"
                 " ON CONFLICT (service, worth) DO UPDATE SET bytes = bytes + excluded.bytes",
            service, worth, bytes)
        .status();
}

absl::Status remove(Connection& db, std::int64_t n)
{
    struct Row {
        std::string service;
        int worth;
        std::int64_t bytes;
    };
    const auto row = db.selectOne(
        "SELECT service, worth, bytes FROM trace WHERE n = :1",
        [](std::string service, int worth, std::int64_t bytes) {
            return Row{std::move(service), worth, bytes};
        },
        n);
    if (!row.ok() || !row->has_value())
        return row.status();
    if (auto status = addShare(db, (*row)->service, (*row)->worth, -(*row)->bytes); !status.ok())
        return status;
    for (const char* sql : {"DELETE FROM trace WHERE n = :1", "DELETE FROM body WHERE trace = :1",
             "DELETE FROM call WHERE trace = :1", "DELETE FROM attribute WHERE trace = :1",
             "DELETE FROM trace_text WHERE rowid = :1"})
        if (const auto removed = db.execute(sql, n); !removed.ok())
            return removed.status();
    return absl::OkStatus();
}

/// What lists find it by, beside its own row.
absl::Status index(Connection& db, std::int64_t n, const v1::Trace& trace)
{
    std::set<std::pair<std::string, std::string>> calls;
    std::set<std::pair<std::string, std::string>> attributes;
    std::set<std::string> words(trace.services().begin(), trace.services().end());
    for (const v1::Span& span : trace.spans()) {
        calls.emplace(span.service(), span.name());
        words.insert(span.name());
        if (!span.status().empty() && span.status() != "OK")
            words.insert(span.status());
        for (const auto& [key, value] : span.attributes())
            if (!kNotIndexed.contains(key) && value.size() <= kLongestIndexed)
                attributes.emplace(key, value);
        if (!span.replica().empty())
            attributes.emplace("service.instance.id", span.replica());
        if (!span.version().empty())
            attributes.emplace("service.version", span.version());
    }
    for (const auto& [service, method] : calls)
        if (const auto added
            = db.execute("INSERT INTO call (trace, service, method) VALUES (:1, :2, :3)", n,
                service, method);
            !added.ok())
            return added.status();
    for (const auto& [key, value] : attributes)
        if (const auto added = db.execute(
                "INSERT INTO attribute (trace, key, value) VALUES (:1, :2, :3)", n, key, value);
            !added.ok())
            return added.status();
    words.insert(trace.order_id());
    words.insert(trace.id());
    return db
        .execute(
            "INSERT INTO trace_text (rowid, words) VALUES (:1, :2)", n, absl::StrJoin(words, " "))
        .status();
}

absl::StatusOr<std::optional<std::int64_t>> numberOf(Connection& db, const std::string& traceId)
{
    return db.selectOne(
        "SELECT n FROM trace WHERE trace_id = :1", [](std::int64_t n) { return n; }, traceId);
}

const runtime::ListSpec& list()
{
    using Kind = runtime::ListField::Kind;
    static const runtime::ListSpec spec{
        .fields = {{"order_id", "t.order_id"}, {"id", "t.trace_id"}, {"root", "t.root"},
            {"started_at", "t.started_at", Kind::Time},
            {"duration_ms", "(t.duration_us / 1000)", Kind::Integer},
            {"spans", "t.spans", Kind::Integer}, {"error", "(t.errors > 0)", Kind::Bool},
            {"service", "EXISTS (SELECT 1 FROM call c WHERE c.trace = t.n AND c.service ?)"},
            {"method", "EXISTS (SELECT 1 FROM call c WHERE c.trace = t.n AND c.method ?)"},
            {"attributes.*",
                "EXISTS (SELECT 1 FROM attribute a WHERE a.trace = t.n AND a.value ?"
                " AND a.key = :key)"}},
        .key = "t.n",
        .defaultOrder = "started_at desc",
        .search = "t.n IN (SELECT rowid FROM trace_text WHERE trace_text MATCH :match)",
    };
    return spec;
}

} // namespace

absl::Status save(Connection& db, v1::Trace trace)
{
    const auto known = numberOf(db, trace.id());
    if (!known.ok())
        return known.status();
    if (known->has_value()) {
        const auto before = find(db, trace.id());
        if (!before.ok())
            return before.status();
        trace.mutable_spans()->MergeFrom((*before)->spans());
        arrange(trace);
        if (auto status = remove(db, **known); !status.ok())
            return status;
    }
    const int worth = static_cast<int>(worthOf(trace));
    const std::string body = packed(trace);
    const auto bytes = static_cast<std::int64_t>(body.size()) + kRowBytes;
    const std::string& service = trace.spans(0).service();
    const auto added = db.execute(R"sql(
            INSERT INTO trace (n, trace_id, order_id, root, service, services, started_at,
                duration_us, spans, errors, worth, bytes)
            VALUES (:1, :2, :3, :4, :5, :6, :7, :8, :9, :10, :11, :12))sql",
        *known, trace.id(), trace.order_id(), trace.root(), service,
        absl::StrJoin(trace.services(), " "), runtime::toUs(trace.started_at()),
        toUs(trace.duration()), trace.span_count(), trace.error_count(), worth, bytes);
    if (!added.ok())
        return added.status();
    const auto number = numberOf(db, trace.id());
    if (!number.ok())
        return number.status();
    if (const auto kept
        = db.execute("INSERT INTO body (trace, body) VALUES (:1, :2)", **number, body);
        !kept.ok())
        return kept.status();
    if (auto status = index(db, **number, trace); !status.ok())
        return status;
    return addShare(db, service, worth, bytes);
}

absl::StatusOr<std::optional<v1::Trace>> find(Connection& db, const std::string& traceId)
{
    return db.selectOne(
        "SELECT b.body FROM trace t JOIN body b ON b.trace = t.n WHERE t.trace_id = :1",
        [](const std::string& body) { return unpacked(body); }, traceId);
}

absl::StatusOr<v1::SearchTracesResponse> search(
    Connection& db, const v1::SearchTracesRequest& request)
{
    auto listing = runtime::parseListing(list(), runtime::listRequest(request));
    if (!listing.ok())
        return listing.status();
    const auto total = runtime::countRows(db, "trace t", *listing);
    if (!total.ok())
        return total.status();
    const std::string sql = text("SELECT t.trace_id, t.order_id, t.root, t.services, t.started_at,"
                                 " t.duration_us, t.spans, t.errors FROM trace t WHERE ",
        listing->where, " ORDER BY ", listing->orderBy, " LIMIT ", listing->limit, " OFFSET ",
        listing->offset);
    auto rows = db.selectWith(
        sql,
        [](std::string id, std::string order, std::string root, const std::string& services,
            std::int64_t started, std::int64_t duration, int spans, int errors) {
            v1::Trace trace;
            trace.set_id(std::move(id));
            trace.set_order_id(std::move(order));
            trace.set_root(std::move(root));
            for (const auto& service : absl::StrSplit(services, ' '))
                trace.add_services(std::string(service));
            *trace.mutable_started_at() = runtime::toTimestamp(started);
            *trace.mutable_duration() = toDuration(duration);
            trace.set_span_count(spans);
            trace.set_etag(std::to_string(spans));
            trace.set_error_count(errors);
            return trace;
        },
        listing->values);
    if (!rows.ok())
        return rows.status();
    v1::SearchTracesResponse response;
    response.set_total_size(*total);
    response.set_next_page_token(listing->nextPageToken(rows->size(), *total));
    for (v1::Trace& trace : *rows)
        *response.add_traces() = std::move(trace);
    return response;
}

absl::Status makeRoom(Connection& db, std::int64_t mostBytes)
{
    struct Row {
        std::int64_t n, bytes;
    };
    while (true) {
        const auto used = db.selectOne(
            "SELECT coalesce(sum(bytes), 0) FROM share", [](std::int64_t bytes) { return bytes; });
        if (!used.ok())
            return used.status();
        std::int64_t over = used->value_or(0) - mostBytes;
        if (over <= 0)
            return absl::OkStatus();
        const auto oldest = db.select(R"sql(
                SELECT n, bytes FROM trace WHERE service
                    = (SELECT service FROM share GROUP BY service ORDER BY sum(bytes) DESC LIMIT 1)
                ORDER BY worth, started_at LIMIT :1)sql",
            [](std::int64_t n, std::int64_t bytes) {
                return Row{n, bytes};
            },
            kRemovedAtOnce);
        if (!oldest.ok() || oldest->empty())
            return oldest.status();
        for (auto row = oldest->begin(); row != oldest->end() && over > 0; ++row) {
            if (auto status = remove(db, row->n); !status.ok())
                return status;
            over -= row->bytes;
        }
    }
}

} // namespace shopfleet::traces::store
