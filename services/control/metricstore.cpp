// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/metricstore.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <array>
#include <bit>
#include <limits>
#include <utility>

namespace shopfleet::control::store {

namespace {

namespace io = google::protobuf::io;

constexpr std::size_t kMostTracksOfAService = 500; // Replicas come and go, methods do not.

constexpr std::array<float Gauges::*, 6> kGauges{&Gauges::cpuShare, &Gauges::residentBytes,
    &Gauges::inFlight, &Gauges::queueDepth, &Gauges::replicas, &Gauges::healthyReplicas};

// Most buckets are empty, most numbers small.
void write(const Point& point, std::int64_t since, io::CodedOutputStream& out)
{
    out.WriteVarint32(static_cast<std::uint32_t>(point.at - since));
    out.WriteVarint32(static_cast<std::uint32_t>(point.sum.seconds));
    const auto& tally = point.sum.tally;
    out.WriteVarint32(tally.requests);
    out.WriteVarint32(tally.errors);
    std::uint32_t filled = 0;
    for (const auto count : tally.latency)
        filled += count > 0 ? 1U : 0U;
    out.WriteVarint32(filled);
    for (std::size_t i = 0; i < kBuckets; ++i) {
        if (tally.latency.at(i) == 0)
            continue;
        out.WriteVarint32(static_cast<std::uint32_t>(i));
        out.WriteVarint32(tally.latency.at(i));
    }
    out.WriteVarint32(point.sum.hasGauges ? 1 : 0);
    if (point.sum.hasGauges)
        for (const auto gauge : kGauges)
            out.WriteLittleEndian32(std::bit_cast<std::uint32_t>(point.sum.gauges.*gauge));
}

bool read(io::CodedInputStream& in, std::int64_t since, Point* point)
{
    std::uint32_t after = 0;
    std::uint32_t seconds = 0;
    std::uint32_t filled = 0;
    std::uint32_t hasGauges = 0;
    auto& tally = point->sum.tally;
    if (!in.ReadVarint32(&after) || !in.ReadVarint32(&seconds) || !in.ReadVarint32(&tally.requests)
        || !in.ReadVarint32(&tally.errors) || !in.ReadVarint32(&filled))
        return false;
    for (; filled > 0; --filled) {
        std::uint32_t bucket = 0;
        std::uint32_t count = 0;
        if (!in.ReadVarint32(&bucket) || !in.ReadVarint32(&count) || bucket >= kBuckets)
            return false;
        tally.latency.at(bucket) = count;
    }
    if (!in.ReadVarint32(&hasGauges))
        return false;
    if (hasGauges != 0)
        for (const auto gauge : kGauges) {
            std::uint32_t bits = 0;
            if (!in.ReadLittleEndian32(&bits))
                return false;
            point->sum.gauges.*gauge = std::bit_cast<float>(bits);
        }
    point->at = since + after;
    point->sum.seconds = static_cast<int>(seconds);
    point->sum.hasGauges = hasGauges != 0;
    return true;
}

std::string packed(const std::vector<Point>& points, std::int64_t since)
{
    std::string bytes;
    io::StringOutputStream stream(&bytes);
    io::CodedOutputStream out(&stream);
    for (const auto& point : points)
        write(point, since, out);
    out.Trim();
    return bytes;
}

absl::StatusOr<std::optional<std::int64_t>> trackOf(
    runtime::Connection& db, const History::Key& key)
{
    return db.selectOne(
        "SELECT n FROM track WHERE service = :1 AND replica = :2 AND method = :3",
        [](std::int64_t n) { return n; }, key.service, key.replica, key.method);
}

} // namespace

absl::Status add(runtime::Connection& db, int tier, const History::Key& key, std::int64_t at,
    const std::vector<Point>& points)
{
    auto track = trackOf(db, key);
    if (!track.ok())
        return track.status();
    if (!*track) {
        // A service with ever new names takes its own room, and not the others'.
        const auto added
            = db.execute("INSERT INTO track (service, replica, method) SELECT :1, :2, :3"
                         " WHERE (SELECT count(*) FROM track WHERE service = :1) < :4",
                key.service, key.replica, key.method, kMostTracksOfAService);
        if (!added.ok())
            return added.status();
        track = trackOf(db, key);
        if (!track.ok() || !*track)
            return track.status();
    }
    return db
        .execute("INSERT OR REPLACE INTO points (tier, track, at, body) VALUES (:1, :2, :3, :4)",
            tier, **track, at, packed(points, at))
        .status();
}

absl::StatusOr<std::vector<Point>> points(
    runtime::Connection& db, int tier, const History::Key& key, std::int64_t from, std::int64_t to)
{
    const auto track = trackOf(db, key);
    if (!track.ok() || !*track)
        return track.ok() ? absl::StatusOr<std::vector<Point>>(std::vector<Point>())
                          : track.status();
    const auto rows = db.select(
        "SELECT at, body FROM points WHERE tier = :1 AND track = :2 AND at > :3 AND at < :4"
        " ORDER BY at",
        [](std::int64_t at, std::string body) { return std::pair(at, std::move(body)); }, tier,
        **track, from - kTiers.at(static_cast<std::size_t>(tier)).row, to);
    if (!rows.ok())
        return rows.status();
    std::vector<Point> found;
    for (const auto& [at, body] : *rows) {
        io::ArrayInputStream stream(body.data(), static_cast<int>(body.size()));
        io::CodedInputStream in(&stream);
        for (Point point; in.CurrentPosition() < static_cast<int>(body.size()); point = {}) {
            if (!read(in, at, &point))
                break; // The rest of this row; the next one is whole.
            if (point.at >= from && point.at < to)
                found.push_back(point);
        }
    }
    return found;
}

absl::StatusOr<std::vector<History::Key>> keys(runtime::Connection& db, const History::Key& pattern)
{
    return db.select(
        "SELECT service, replica, method FROM track WHERE (:1 = '' OR service = :1)"
        " AND (replica = :2 OR (:2 = '*' AND replica <> ''))"
        " AND (method = :3 OR (:3 = '*' AND method <> '')) ORDER BY service, replica, method",
        [](std::string service, std::string replica, std::string method) {
            return History::Key{std::move(service), std::move(replica), std::move(method)};
        },
        pattern.service, pattern.replica, pattern.method);
}

absl::StatusOr<std::vector<History::Key>> allKeys(runtime::Connection& db)
{
    return db.select("SELECT service, replica, method FROM track ORDER BY n",
        [](std::string service, std::string replica, std::string method) {
            return History::Key{std::move(service), std::move(replica), std::move(method)};
        });
}

absl::Status shorten(runtime::Connection& db)
{
    return db
        .execute("DELETE FROM points WHERE tier = 2 AND at <= (SELECT at FROM points WHERE tier = 2"
                 " ORDER BY at LIMIT 1 OFFSET (SELECT count(*) / 10 FROM points WHERE tier = 2))")
        .status();
}

absl::Status forget(runtime::Connection& db, std::int64_t now)
{
    for (std::size_t tier = 0; tier < kTiers.size(); ++tier) {
        const auto removed = db.execute("DELETE FROM points WHERE tier = :1 AND at < :2",
            static_cast<int>(tier), now - kTiers.at(tier).keeps);
        if (!removed.ok())
            return removed.status();
    }
    return db
        .execute("DELETE FROM track WHERE NOT EXISTS"
                 " (SELECT 1 FROM points p WHERE p.track = track.n AND p.tier = 2)"
                 " AND NOT EXISTS (SELECT 1 FROM points p WHERE p.track = track.n AND p.tier = 1)"
                 " AND NOT EXISTS (SELECT 1 FROM points p WHERE p.track = track.n AND p.tier = 0)")
        .status();
}

absl::StatusOr<std::int64_t> oldest(runtime::Connection& db)
{
    // One look into the index for each tier.
    const auto found = db.selectOne(
        "SELECT min(coalesce((SELECT min(at) FROM points WHERE tier = 0), :1),"
        " coalesce((SELECT min(at) FROM points WHERE tier = 1), :1),"
        " coalesce((SELECT min(at) FROM points WHERE tier = 2), :1))",
        [](std::int64_t at) { return at; }, std::numeric_limits<std::int64_t>::max());
    if (!found.ok())
        return found.status();
    return found->value_or(0) == std::numeric_limits<std::int64_t>::max() ? 0 : found->value_or(0);
}

absl::StatusOr<std::int64_t> bytes(runtime::Connection& db)
{
    const auto found
        = db.selectOne("SELECT (page_count - freelist_count) * page_size FROM pragma_page_count(),"
                       " pragma_freelist_count(), pragma_page_size()",
            [](std::int64_t size) { return size; });
    if (!found.ok())
        return found.status();
    return found->value_or(0);
}

} // namespace shopfleet::control::store
