// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/orders/rowstore.h"

#include "services/runtime/clock.h"

#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <string_view>
#include <tuple>

namespace shopfleet::orders {
namespace {

using google::protobuf::util::MessageDifferencer;
using runtime::toUs;

std::string bodyOf(const v1::Order& order)
{
    v1::Order body = order;
    body.clear_lines();
    body.clear_timeline();
    body.clear_etag();
    return body.SerializeAsString();
}

std::string linesOf(const v1::Order& order)
{
    v1::OrderLines lines;
    *lines.mutable_lines() = order.lines();
    return lines.SerializeAsString();
}

/// Each tag between line breaks, so that one is found whole.
std::string tagsOf(const v1::Order& order)
{
    std::string text;
    for (const std::string& tag : order.tags())
        text += (text.empty() ? "\n" : "") + tag + "\n";
    return text;
}

template <class Ids>
std::string lastOf(const Ids& ids)
{
    return ids.empty() ? std::string() : ids[ids.size() - 1];
}

bool isStuck(const v1::Waiting& waiting)
{
    return !waiting.service().empty() && waiting.attempts() > 0;
}

void takeVersion(Stored& stored)
{
    ++stored.version;
    stored.order.set_etag(std::to_string(stored.version));
}

/// What an order is, as far as it has columns.
bool sameFacts(const v1::Order& a, const v1::Order& b)
{
    const auto facts = [](const v1::Order& order) {
        return std::tuple(order.kind(), std::string_view(order.customer_id()),
            std::string_view(order.customer_name()), std::string_view(order.email()),
            std::string_view(order.country()), std::string_view(order.total().currency()),
            order.total().minor(), order.units(), std::string_view(order.origin()),
            std::string_view(order.channel()), order.held(), std::string_view(order.trace_id()),
            tagsOf(order));
    };
    return facts(a) == facts(b);
}

absl::Status updateAll(runtime::Connection& db, const Stored& stored)
{
    const v1::Order& order = stored.order;
    const v1::Waiting& waiting = order.waiting();
    return db
        .execute(R"sql(
        UPDATE orders SET kind = :1, state = :2, customer_id = :3, customer_name = :4, email = :5,
            country = :6, currency = :7, total = :8, units = :9, updated_at = :10, origin = :11,
            channel = :12, tags = :13, held = :14, waiting_service = :15, waiting_method = :16,
            waiting_since = :17, stuck = :18, needs_person = :19, trace_id = :20,
            payment_id = :21, shipment_id = :22, version = :23, import_hash = :24, body = :25
        WHERE key = :26)sql",
            order.kind(), order.state(), order.customer_id(), order.customer_name(), order.email(),
            order.country(), order.total().currency(), order.total().minor(), order.units(),
            toUs(order.updated_at()), order.origin(), order.channel(), tagsOf(order), order.held(),
            waiting.service(), waiting.method(), toUs(waiting.since()), isStuck(waiting),
            waiting.needs_person(), order.trace_id(), lastOf(order.payment_ids()),
            lastOf(order.shipment_ids()), stored.version, stored.importHash, bodyOf(order),
            stored.key)
        .status();
}

/// How far it has come, which is all that a step changes.
absl::Status updateProgress(runtime::Connection& db, const Stored& stored)
{
    const v1::Order& order = stored.order;
    const v1::Waiting& waiting = order.waiting();
    return db
        .execute(R"sql(
        UPDATE orders SET state = :1, updated_at = :2, waiting_service = :3, waiting_method = :4,
            waiting_since = :5, stuck = :6, needs_person = :7, payment_id = :8, shipment_id = :9,
            version = :10, body = :11
        WHERE key = :12)sql",
            order.state(), toUs(order.updated_at()), waiting.service(), waiting.method(),
            toUs(waiting.since()), isStuck(waiting), waiting.needs_person(),
            lastOf(order.payment_ids()), lastOf(order.shipment_ids()), stored.version,
            bodyOf(order), stored.key)
        .status();
}

absl::Status updateLines(runtime::Connection& db, const Stored& stored)
{
    return db
        .execute("UPDATE orders SET lines = :1 WHERE key = :2", linesOf(stored.order), stored.key)
        .status();
}

} // namespace

Stored readRow(std::int64_t key, std::int64_t version, std::int64_t requestHash,
    std::int64_t importHash, const std::string& body)
{
    Stored stored;
    stored.order.ParseFromString(body);
    stored.order.set_etag(std::to_string(version));
    stored.key = key;
    stored.version = version;
    stored.requestHash = requestHash;
    stored.importHash = importHash;
    return stored;
}

Stored readRowWithLines(std::int64_t key, std::int64_t version, std::int64_t requestHash,
    std::int64_t importHash, const std::string& body, const std::string& lines)
{
    Stored stored = readRow(key, version, requestHash, importHash, body);
    v1::OrderLines parsed;
    parsed.ParseFromString(lines);
    stored.order.mutable_lines()->Swap(parsed.mutable_lines());
    return stored;
}

absl::Status insertRow(runtime::Connection& db, const Stored& stored, const std::string& requestId)
{
    const v1::Order& order = stored.order;
    const v1::Waiting& waiting = order.waiting();
    return db
        .execute(R"sql(
            INSERT INTO orders (key, id, kind, state, customer_id, customer_name, email, country,
                currency, total, units, placed_at, updated_at, origin, channel, tags, held,
                waiting_service, waiting_method, waiting_since, trace_id, payment_id, shipment_id,
                version, request_id, request_hash, cart_id, import_hash, body, lines)
            VALUES (:1, :2, :3, :4, :5, :6, :7, :8, :9, :10, :11, :12, :13, :14, :15, :16, :17,
                :18, :19, :20, :21, :22, :23, :24, :25, :26, :27, :28, :29, :30))sql",
            stored.key, order.id(), order.kind(), order.state(), order.customer_id(),
            order.customer_name(), order.email(), order.country(), order.total().currency(),
            order.total().minor(), order.units(), toUs(order.placed_at()), toUs(order.updated_at()),
            order.origin(), order.channel(), tagsOf(order), order.held(), waiting.service(),
            waiting.method(), toUs(waiting.since()), order.trace_id(), lastOf(order.payment_ids()),
            lastOf(order.shipment_ids()), stored.version, requestId, stored.requestHash,
            order.cart_id(), stored.importHash, bodyOf(order), linesOf(order))
        .status();
}

absl::Status updateRow(runtime::Connection& db, Stored& stored)
{
    takeVersion(stored);
    if (auto status = updateAll(db, stored); !status.ok())
        return status;
    return updateLines(db, stored);
}

absl::Status updateRow(runtime::Connection& db, Stored& stored, const v1::Order& before)
{
    takeVersion(stored);
    const v1::Order& order = stored.order;
    absl::Status status
        = sameFacts(before, order) ? updateProgress(db, stored) : updateAll(db, stored);
    const bool sameLines
        = std::ranges::equal(before.lines(), order.lines(), &MessageDifferencer::Equals);
    return !status.ok() || sameLines ? status : updateLines(db, stored);
}

} // namespace shopfleet::orders
