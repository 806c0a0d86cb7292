// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/inventory/reservationstore.h"

#include "services/inventory/manyvalued.h"
#include "services/inventory/stockrules.h"
#include "services/inventory/stockstore.h"
#include "services/inventory/textrules.h"
#include "services/runtime/changes.h"
#include "services/runtime/clock.h"
#include "services/runtime/listing.h"
#include "services/runtime/text.h"

namespace shopfleet::inventory {
namespace {

using Kind = runtime::ListField::Kind;

constexpr std::int64_t kDefaultHoldSeconds = 900;
constexpr std::int64_t kSecondUs = 1'000'000;
constexpr std::string_view kColumns
    = "seq, id, holder, state, version, created_at, expires_at, ended_at";

const runtime::ListSpec& reservationList()
{
    static const runtime::ListSpec spec{
        .fields = {{"id", "id"}, {"holder", "holder"}, {"sku", "@sku"},
            {"state", "state", Kind::Enum, v1::ReservationState_descriptor()},
            {"created_at", "created_at", Kind::Time}, {"expires_at", "expires_at", Kind::Time}},
        .key = "seq",
        .defaultOrder = "created_at desc",
        .search = {}};
    return spec;
}

v1::StockLine lineOf(std::string sku, std::int64_t quantity)
{
    v1::StockLine line;
    line.set_sku(std::move(sku));
    line.set_quantity(quantity);
    return line;
}

absl::Status notHeld(const v1::StockLine& line)
{
    return runtime::failedPrecondition("NOT_HELD", line.sku(),
        runtime::text("the reservation does not hold ", line.quantity(), " of it"));
}

} // namespace

struct ReservationStore::Head {
    std::int64_t seq = 0;
    v1::Reservation reservation;

    /// Of a row's columns.
    static auto reader()
    {
        return [](std::int64_t seq, std::string id, std::string holder, v1::ReservationState state,
                   std::int64_t version, std::int64_t createdAt, std::int64_t expiresAt,
                   std::int64_t endedAt) {
            Head head;
            head.seq = seq;
            head.reservation.set_id(std::move(id));
            head.reservation.set_holder(std::move(holder));
            head.reservation.set_state(state);
            head.reservation.set_etag(std::to_string(version));
            *head.reservation.mutable_created_at() = runtime::toTimestamp(createdAt);
            *head.reservation.mutable_expires_at() = runtime::toTimestamp(expiresAt);
            if (endedAt != 0)
                *head.reservation.mutable_ended_at() = runtime::toTimestamp(endedAt);
            return head;
        };
    }
};

absl::StatusOr<v1::Reservation> ReservationStore::reserve(const v1::ReserveStockRequest& request)
{
    const auto lines = joined(request.lines());
    if (auto status = setAside(lines); !status.ok())
        return status;
    const auto now = runtime::nowUs();
    const std::int64_t hold
        = request.ttl_seconds() == 0 ? kDefaultHoldSeconds : request.ttl_seconds();
    auto head = m_connection.selectOne(
        R"sql(INSERT INTO reservation (id, holder, state, created_at, expires_at)
              VALUES (:1, :2, :3, :4, :5)
              RETURNING seq, id, holder, state, version, created_at, expires_at, ended_at)sql",
        Head::reader(), newName(), request.holder(), v1::RESERVATION_STATE_HELD, now,
        now + hold * kSecondUs);
    if (!head.ok())
        return head.status();
    for (const auto& line : lines) {
        const auto written = m_connection.execute(
            R"sql(INSERT INTO reservation_line (reservation, sku, quantity, held)
                  SELECT :1, sku, :2, :2 FROM stock WHERE sku = :3)sql",
            (*head)->seq, line.quantity(), line.sku());
        if (!written.ok())
            return written.status();
    }
    return withLines(**std::move(head));
}

absl::Status ReservationStore::setAside(const std::vector<v1::StockLine>& lines)
{
    struct Shelf {
        std::string product;
        v1::ProductState state = v1::PRODUCT_STATE_UNSPECIFIED;
        std::int64_t available = 0;
    };
    std::map<std::string, std::int64_t> tooFew;
    for (const auto& line : lines) {
        // The condition is what keeps two from buying the last unit: one of them changes no row.
        const auto taken = m_connection.execute(
            R"sql(UPDATE stock SET reserved = reserved + :1
                  WHERE sku = :2 AND on_hand - reserved >= :1)sql",
            line.quantity(), line.sku());
        if (!taken.ok())
            return taken.status();
        const auto shelf = m_connection.selectOne(
            R"sql(SELECT product.id, state, on_hand - reserved
                  FROM stock JOIN product ON product.seq = stock.product WHERE sku = :1)sql",
            [](std::string product, v1::ProductState state, std::int64_t available) {
                return Shelf{std::move(product), state, available};
            },
            line.sku());
        if (!shelf.ok())
            return shelf.status();
        if (!*shelf)
            return runtime::notFound("variant", line.sku());
        if ((*shelf)->state != v1::PRODUCT_STATE_ACTIVE)
            return runtime::failedPrecondition(
                "NOT_FOR_SALE", line.sku(), "its product is not active");
        if (*taken == 0)
            tooFew.emplace(line.sku(), (*shelf)->available);
        if (auto status = runtime::recordChange(m_connection, "product", (*shelf)->product);
            !status.ok())
            return status;
    }
    return tooFew.empty() ? absl::OkStatus() : outOfStock(tooFew);
}

absl::StatusOr<v1::Reservation> ReservationStore::commit(
    const v1::CommitReservationRequest& request)
{
    auto head = find(request.id());
    if (!head.ok())
        return head.status();
    if (head->reservation.state() == v1::RESERVATION_STATE_COMMITTED)
        return withLines(*std::move(head));
    if (head->reservation.state() != v1::RESERVATION_STATE_HELD)
        return runtime::failedPrecondition(
            "RESERVATION_ENDED", request.id(), "its units were given back; reserve again");
    const auto before = held(head->seq);
    if (!before.ok())
        return before.status();
    for (const auto& line : request.lines().empty() ? *before : joined(request.lines())) {
        if (auto status = commitLine(*head, line); !status.ok())
            return status;
    }
    const auto left = held(head->seq);
    if (!left.ok())
        return left.status();
    const auto state = left->empty() ? v1::RESERVATION_STATE_COMMITTED : v1::RESERVATION_STATE_HELD;
    if (auto status = end(*head, state, {}); !status.ok())
        return status;
    head = find(request.id());
    return head.ok() ? withLines(*std::move(head)) : head.status();
}

absl::Status ReservationStore::commitLine(const Head& head, const v1::StockLine& line)
{
    const auto taken = m_connection.execute(
        R"sql(UPDATE reservation_line SET held = held - :1, committed = committed + :1
              WHERE reservation = :2 AND sku = :3 AND held >= :1)sql",
        line.quantity(), head.seq, line.sku());
    if (!taken.ok())
        return taken.status();
    if (*taken == 0)
        return notHeld(line);
    v1::StockMove move;
    move.set_sku(line.sku());
    move.set_kind(v1::STOCK_MOVE_KIND_COMMIT);
    move.set_quantity(-line.quantity());
    move.set_holder(head.reservation.holder());
    move.set_reason("reservation " + head.reservation.id());
    return StockStore(m_connection).move(move).status();
}

absl::StatusOr<v1::Reservation> ReservationStore::release(
    const v1::ReleaseReservationRequest& request)
{
    auto head = find(request.id());
    if (!head.ok())
        return head.status();
    if (head->reservation.state() == v1::RESERVATION_STATE_COMMITTED)
        return runtime::failedPrecondition(
            "RESERVATION_COMMITTED", request.id(), "its units have left the shelf");
    if (head->reservation.state() == v1::RESERVATION_STATE_HELD) {
        if (auto status = request.lines().empty()
                ? giveBackAll(*head, v1::RESERVATION_STATE_RELEASED, request.reason())
                : giveBackSome(*head, joined(request.lines()), request.reason());
            !status.ok())
            return status;
        head = find(request.id());
        if (!head.ok())
            return head.status();
    }
    return withLines(*std::move(head));
}

absl::Status ReservationStore::giveBackAll(
    const Head& head, v1::ReservationState state, const std::string& reason)
{
    const auto lines = held(head.seq);
    if (!lines.ok())
        return lines.status();
    if (auto status = giveBack(head, *lines); !status.ok())
        return status;
    return end(head, state, reason);
}

absl::Status ReservationStore::giveBackSome(
    const Head& head, const std::vector<v1::StockLine>& lines, const std::string& reason)
{
    if (auto status = giveBack(head, lines); !status.ok())
        return status;
    const auto left = held(head.seq);
    if (!left.ok())
        return left.status();
    if (!left->empty())
        return end(head, v1::RESERVATION_STATE_HELD, {});
    const auto sent = m_connection.selectOne(
        "SELECT 1 FROM reservation_line WHERE reservation = :1 AND committed > 0",
        [](bool) { return true; }, head.seq);
    if (!sent.ok())
        return sent.status();
    return sent->has_value() ? end(head, v1::RESERVATION_STATE_COMMITTED, {})
                             : end(head, v1::RESERVATION_STATE_RELEASED, reason);
}

absl::Status ReservationStore::giveBack(const Head& head, const std::vector<v1::StockLine>& lines)
{
    for (const auto& line : lines) {
        const auto freed = m_connection.execute(
            R"sql(UPDATE reservation_line SET held = held - :1
                  WHERE reservation = :2 AND sku = :3 AND held >= :1)sql",
            line.quantity(), head.seq, line.sku());
        if (!freed.ok())
            return freed.status();
        if (*freed == 0)
            return notHeld(line);
        const auto product = m_connection.selectOne(
            R"sql(UPDATE stock SET reserved = reserved - :1 WHERE sku = :2
                  RETURNING (SELECT id FROM product WHERE seq = stock.product))sql",
            [](std::string id) { return id; }, line.quantity(), line.sku());
        if (!product.ok())
            return product.status();
        if (auto status = runtime::recordChange(m_connection, "product", product->value_or(""));
            !status.ok())
            return status;
    }
    return absl::OkStatus();
}

absl::Status ReservationStore::end(
    const Head& head, v1::ReservationState state, const std::string& reason)
{
    const std::int64_t ended = state == v1::RESERVATION_STATE_HELD ? 0 : runtime::nowUs();
    return m_connection
        .execute(
            R"sql(UPDATE reservation SET state = :1, reason = :2, ended_at = :3,
                      version = version + 1
                  WHERE seq = :4)sql",
            state, reason, ended, head.seq)
        .status();
}

absl::StatusOr<ReservationStore::Head> ReservationStore::find(const std::string& id)
{
    auto head = m_connection.selectOne(
        R"sql(SELECT seq, id, holder, state, version, created_at, expires_at, ended_at
              FROM reservation WHERE id = :1)sql",
        Head::reader(), id);
    if (!head.ok())
        return head.status();
    if (!*head)
        return runtime::notFound("reservation", id);
    return **std::move(head);
}

absl::StatusOr<std::vector<v1::StockLine>> ReservationStore::held(std::int64_t reservation)
{
    return m_connection.select(
        "SELECT sku, held FROM reservation_line WHERE reservation = :1 AND held > 0", lineOf,
        reservation);
}

absl::StatusOr<v1::Reservation> ReservationStore::withLines(Head head)
{
    auto lines = m_connection.select(
        R"sql(SELECT sku, units FROM (
                  SELECT sku, CASE :1 WHEN 1 THEN held WHEN 2 THEN committed
                      ELSE quantity - committed END AS units
                  FROM reservation_line WHERE reservation = :2)
              WHERE units > 0)sql",
        lineOf, head.reservation.state(), head.seq);
    if (!lines.ok())
        return lines.status();
    for (auto& line : *lines)
        *head.reservation.add_lines() = std::move(line);
    return std::move(head.reservation);
}

absl::StatusOr<v1::ListReservationsResponse> ReservationStore::list(
    const v1::ListReservationsRequest& request)
{
    static const std::vector<ManyValued> kManyValued{
        {"sku", "@sku", "seq IN (SELECT reservation FROM reservation_line WHERE sku"}};
    auto listing = runtime::parseListing(reservationList(), runtime::listRequest(request));
    if (!listing.ok())
        return listing.status();
    if (auto status = resolve(kManyValued, *listing); !status.ok())
        return status;
    const auto total = runtime::countRows(m_connection, "reservation", *listing);
    if (!total.ok())
        return total.status();
    auto heads = m_connection.selectWith(
        runtime::text("SELECT ", kColumns, " FROM reservation WHERE ", listing->where, " ORDER BY ",
            listing->orderBy, " LIMIT ", listing->limit, " OFFSET ", listing->offset),
        Head::reader(), listing->values);
    if (!heads.ok())
        return heads.status();
    v1::ListReservationsResponse response;
    response.set_total_size(*total);
    response.set_next_page_token(listing->nextPageToken(heads->size(), *total));
    for (auto& head : *heads) {
        auto reservation = withLines(std::move(head));
        if (!reservation.ok())
            return reservation.status();
        *response.add_reservations() = *std::move(reservation);
    }
    return response;
}

absl::StatusOr<bool> ReservationStore::anyExpired(std::int64_t nowUs)
{
    const auto found = m_connection.selectOne(
        "SELECT 1 FROM reservation WHERE state = 1 AND expires_at <= :1 LIMIT 1",
        [](bool) { return true; }, nowUs);
    return found.ok() ? absl::StatusOr<bool>(found->has_value()) : found.status();
}

absl::StatusOr<std::size_t> ReservationStore::expire(std::int64_t nowUs, int most)
{
    const auto heads = m_connection.select(
        R"sql(SELECT seq, id, holder, state, version, created_at, expires_at, ended_at
              FROM reservation WHERE state = 1 AND expires_at <= :1
              ORDER BY expires_at LIMIT :2)sql",
        Head::reader(), nowUs, most);
    if (!heads.ok())
        return heads.status();
    for (const auto& head : *heads) {
        if (auto status = giveBackAll(head, v1::RESERVATION_STATE_EXPIRED, "expired"); !status.ok())
            return status;
    }
    return heads->size();
}

} // namespace shopfleet::inventory
