// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/inventory/stockstore.h"

#include "services/inventory/stockrules.h"
#include "services/runtime/changes.h"
#include "services/runtime/clock.h"
#include "services/runtime/listing.h"
#include "services/runtime/text.h"

namespace shopfleet::inventory {
namespace {

using Kind = runtime::ListField::Kind;

const runtime::ListSpec& moveList()
{
    static const runtime::ListSpec spec{
        .fields = {{"id", "seq", Kind::Integer}, {"sku", "sku"},
            {"kind", "kind", Kind::Enum, v1::StockMoveKind_descriptor()}, {"holder", "holder"},
            {"reason", "reason"}, {"quantity", "quantity", Kind::Integer},
            {"at", "at", Kind::Time}},
        .key = "seq",
        .defaultOrder = "at desc",
        .search = {}};
    return spec;
}

/// Why a shelf did not take the difference.
absl::Status refusal(const v1::StockMove& move, const v1::Stock& stock)
{
    if (move.quantity() > 0)
        return runtime::failedPrecondition(
            "TOO_MUCH_STOCK", move.sku(), "a shelf holds at most 1000000000000 units");
    return runtime::failedPrecondition("STOCK_BELOW_RESERVED", move.sku(),
        runtime::text("it has ", stock.on_hand(), " on hand, and ", stock.reserved(),
            " of them are reserved"));
}

} // namespace

absl::StatusOr<v1::StockLevel> StockStore::move(const v1::StockMove& move)
{
    // The difference lands only where the shelf keeps 0 <= reserved <= on_hand.
    const bool fromReserved = move.kind() == v1::STOCK_MOVE_KIND_COMMIT;
    const auto moved = m_connection.execute(
        R"sql(UPDATE stock SET on_hand = on_hand + :1, reserved = reserved + :2
              WHERE sku = :3 AND reserved + :2 >= 0 AND on_hand + :1 >= reserved + :2
                  AND on_hand + :1 <= 1000000000000)sql",
        move.quantity(), fromReserved ? move.quantity() : 0, move.sku());
    if (!moved.ok())
        return moved.status();

    struct Shelf {
        v1::StockLevel level;
        std::string product;
    };
    const auto shelf = m_connection.selectOne(
        R"sql(SELECT sku, on_hand, reserved, product.id
              FROM stock JOIN product ON product.seq = stock.product WHERE sku = :1)sql",
        [](std::string sku, std::int64_t onHand, std::int64_t reserved, std::string product) {
            Shelf found;
            found.level.set_sku(std::move(sku));
            found.level.mutable_stock()->set_on_hand(onHand);
            found.level.mutable_stock()->set_reserved(reserved);
            found.level.mutable_stock()->set_available(onHand - reserved);
            found.product = std::move(product);
            return found;
        },
        move.sku());
    if (!shelf.ok())
        return shelf.status();
    if (!*shelf)
        return runtime::notFound("variant", move.sku());
    if (*moved == 0)
        return refusal(move, (*shelf)->level.stock());
    if (auto status = record(move); !status.ok())
        return status;
    if (auto status = runtime::recordChange(m_connection, "product", (*shelf)->product);
        !status.ok())
        return status;
    return (*shelf)->level;
}

absl::Status StockStore::record(const v1::StockMove& move)
{
    return m_connection
        .execute(
            R"sql(INSERT INTO stock_move (sku, kind, quantity, reason, holder, actor, at)
                  VALUES (:1, :2, :3, :4, :5, :6, :7))sql",
            move.sku(), move.kind(), move.quantity(), move.reason(), move.holder(),
            move.actor().SerializeAsString(), runtime::nowUs())
        .status();
}

template <class Request>
absl::StatusOr<v1::StockResponse> StockStore::moveAll(
    const Request& request, v1::StockMoveKind kind)
{
    v1::StockResponse response;
    v1::StockMove move;
    move.set_kind(kind);
    move.set_reason(request.reason());
    *move.mutable_actor() = request.actor();
    for (const auto& line : joined(request.lines())) {
        if (line.quantity() == 0)
            continue; // +1 and -1 of the same SKU.
        move.set_sku(line.sku());
        move.set_quantity(line.quantity());
        auto level = this->move(move);
        if (!level.ok())
            return level.status();
        *response.add_levels() = *std::move(level);
    }
    return response;
}

absl::StatusOr<v1::StockResponse> StockStore::receive(const v1::ReceiveStockRequest& request)
{
    return moveAll(request, v1::STOCK_MOVE_KIND_RECEIPT);
}

absl::StatusOr<v1::StockResponse> StockStore::adjust(const v1::AdjustStockRequest& request)
{
    return moveAll(request, v1::STOCK_MOVE_KIND_ADJUSTMENT);
}

absl::StatusOr<v1::ListStockMovesResponse> StockStore::list(
    const v1::ListStockMovesRequest& request)
{
    const auto listing = runtime::parseListing(moveList(), runtime::listRequest(request));
    if (!listing.ok())
        return listing.status();
    const auto total = runtime::countRows(m_connection, "stock_move", *listing);
    if (!total.ok())
        return total.status();
    auto moves = m_connection.selectWith(
        runtime::text("SELECT seq, sku, kind, quantity, reason, holder, actor, at FROM stock_move"
                      " WHERE ",
            listing->where, " ORDER BY ", listing->orderBy, " LIMIT ", listing->limit, " OFFSET ",
            listing->offset),
        [](std::int64_t seq, std::string sku, v1::StockMoveKind kind, std::int64_t quantity,
            std::string reason, std::string holder, const std::string& actor, std::int64_t at) {
            v1::StockMove move;
            move.set_id(std::to_string(seq));
            move.set_sku(std::move(sku));
            move.set_kind(kind);
            move.set_quantity(quantity);
            move.set_reason(std::move(reason));
            move.set_holder(std::move(holder));
            move.mutable_actor()->ParseFromString(actor);
            *move.mutable_at() = runtime::toTimestamp(at);
            return move;
        },
        listing->values);
    if (!moves.ok())
        return moves.status();
    v1::ListStockMovesResponse response;
    response.set_total_size(*total);
    response.set_next_page_token(listing->nextPageToken(moves->size(), *total));
    for (auto& move : *moves)
        *response.add_moves() = std::move(move);
    return response;
}

} // namespace shopfleet::inventory
