// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/cart/store.h"

#include "services/cart/rules.h"
#include "services/runtime/clock.h"
#include "services/runtime/listing.h"
#include "services/runtime/text.h"

namespace shopfleet::cart {
namespace {

using Kind = runtime::ListField::Kind;

const runtime::ListSpec& cartList()
{
    static const runtime::ListSpec spec{
        .fields = {{"id", "id"}, {"customer_id", "customer_id"},
            {"state", "state", Kind::Enum, v1::CartState_descriptor()},
            {"created_at", "created_at", Kind::Time}, {"updated_at", "updated_at", Kind::Time}},
        .key = "seq",
        .defaultOrder = "updated_at desc",
        .search = {}};
    return spec;
}

v1::CartItem itemOf(std::string sku, std::int64_t quantity, std::int64_t addedAt)
{
    v1::CartItem item;
    item.set_sku(std::move(sku));
    item.set_quantity(quantity);
    *item.mutable_added_at() = runtime::toTimestamp(addedAt);
    return item;
}

absl::Status full(const std::string& sku)
{
    return runtime::failedPrecondition(
        "QUANTITY_TOO_LARGE", sku, "a cart holds at most 1000000 of each");
}

} // namespace

struct Store::Head {
    std::int64_t seq = 0;
    std::string mergedInto;
    v1::ShoppingCart cart;

    /// Of a row's columns.
    static auto reader()
    {
        return [](std::int64_t seq, std::string id, std::string customerId, v1::CartState state,
                   std::string currency, std::string orderId, std::string mergedInto,
                   std::int64_t version, std::int64_t createdAt, std::int64_t updatedAt) {
            Head head;
            head.seq = seq;
            head.mergedInto = std::move(mergedInto);
            head.cart.set_id(std::move(id));
            head.cart.set_customer_id(std::move(customerId));
            head.cart.set_state(state);
            head.cart.set_currency(std::move(currency));
            head.cart.set_order_id(std::move(orderId));
            head.cart.set_etag(std::to_string(version));
            *head.cart.mutable_created_at() = runtime::toTimestamp(createdAt);
            *head.cart.mutable_updated_at() = runtime::toTimestamp(updatedAt);
            return head;
        };
    }
};

absl::StatusOr<v1::ShoppingCart> Store::get(const std::string& id)
{
    auto head = find(id);
    return head.ok() ? withItems(*std::move(head)) : head.status();
}

absl::StatusOr<v1::ListCartsResponse> Store::list(const v1::ListCartsRequest& request)
{
    const auto listing = runtime::parseListing(cartList(), runtime::listRequest(request));
    if (!listing.ok())
        return listing.status();
    const auto total = runtime::countRows(m_connection, "cart", *listing);
    if (!total.ok())
        return total.status();
    auto heads = m_connection.selectWith(
        runtime::text("SELECT seq, id, customer_id, state, currency, order_id, merged_into, "
                      "version, created_at, updated_at FROM cart WHERE ",
            listing->where, " ORDER BY ", listing->orderBy, " LIMIT ", listing->limit, " OFFSET ",
            listing->offset),
        Head::reader(), listing->values);
    if (!heads.ok())
        return heads.status();
    v1::ListCartsResponse response;
    response.set_total_size(*total);
    response.set_next_page_token(listing->nextPageToken(heads->size(), *total));
    for (auto& head : *heads) {
        auto cart = withItems(std::move(head));
        if (!cart.ok())
            return cart.status();
        *response.add_carts() = *std::move(cart);
    }
    return response;
}

absl::StatusOr<v1::ShoppingCart> Store::create(const v1::CreateCartRequest& request)
{
    const auto items = joined(request);
    if (!items.ok())
        return items.status();
    auto head = m_connection.selectOne(
        R"sql(INSERT INTO cart (id, state, currency, created_at, updated_at)
              VALUES (:1, :2, :3, :4, :4)
              RETURNING seq, id, customer_id, state, currency, order_id, merged_into, version,
                  created_at, updated_at)sql",
        Head::reader(), newCartId(), v1::CART_STATE_OPEN,
        request.currency().empty() ? "GBP" : request.currency(), runtime::nowUs());
    if (!head.ok())
        return head.status();
    for (const auto& item : *items) {
        if (auto status = put((*head)->seq, item.sku(), item.quantity()); !status.ok())
            return status;
    }
    return withItems(**std::move(head));
}

absl::StatusOr<v1::ShoppingCart> Store::add(const v1::AddItemRequest& request)
{
    const auto head = findOpen(request.cart_id());
    if (!head.ok())
        return head.status();
    if (auto status = put(head->seq, request.sku(), request.quantity()); !status.ok())
        return status;
    if (auto status = touch(*head); !status.ok())
        return status;
    return get(request.cart_id());
}

absl::StatusOr<v1::ShoppingCart> Store::set(const v1::SetItemRequest& request)
{
    const auto head = findOpen(request.cart_id());
    if (!head.ok())
        return head.status();
    const auto changed = m_connection.execute(
        "UPDATE cart_item SET quantity = :1 WHERE cart = :2 AND sku = :3 AND :1 > 0",
        request.quantity(), head->seq, request.sku());
    if (!changed.ok())
        return changed.status();
    absl::Status status;
    if (request.quantity() == 0)
        status = take(head->seq, request.sku());
    else if (*changed == 0)
        status = put(head->seq, request.sku(), request.quantity());
    if (status.ok())
        status = touch(*head);
    if (!status.ok())
        return status;
    return get(request.cart_id());
}

absl::StatusOr<v1::ShoppingCart> Store::merge(const v1::MergeCartRequest& request)
{
    const auto from = find(request.cart_id());
    if (!from.ok())
        return from.status();
    const auto& owner = from->cart.customer_id();
    // Somebody else's cart looks as if it were not there.
    if (!owner.empty() && owner != request.customer_id())
        return runtime::notFound("cart", request.cart_id());
    if (from->cart.state() == v1::CART_STATE_MERGED)
        return get(from->mergedInto);
    if (from->cart.state() != v1::CART_STATE_OPEN)
        return runtime::failedPrecondition(
            "CART_CLOSED", request.cart_id(), "it was ordered; begin a new cart");
    const auto into = openCartOf(request.customer_id());
    if (!into.ok())
        return into.status();
    if (*into && (*into)->seq == from->seq)
        return withItems(*from);
    if (*into) {
        if (auto status = pour(*from, **into); !status.ok())
            return status;
    }
    // Without a cart of their own the anonymous one becomes theirs.
    const auto changed = m_connection.execute(
        R"sql(UPDATE cart SET customer_id = :1, state = :2, merged_into = :3, updated_at = :4,
                  version = version + 1
              WHERE seq = :5)sql",
        request.customer_id(), *into ? v1::CART_STATE_MERGED : v1::CART_STATE_OPEN,
        *into ? (*into)->cart.id() : std::string(), runtime::nowUs(), from->seq);
    if (!changed.ok())
        return changed.status();
    return get(*into ? (*into)->cart.id() : request.cart_id());
}

absl::StatusOr<v1::ShoppingCart> Store::close(const v1::CloseCartRequest& request)
{
    const auto head = find(request.cart_id());
    if (!head.ok())
        return head.status();
    if (head->cart.state() == v1::CART_STATE_ORDERED && head->cart.order_id() == request.order_id())
        return withItems(*head);
    if (head->cart.state() != v1::CART_STATE_OPEN)
        return runtime::failedPrecondition(
            "CART_CLOSED", request.cart_id(), "it belongs to another order or cart");
    const auto closed = m_connection.execute(
        R"sql(UPDATE cart SET state = :1, order_id = :2, updated_at = :3, version = version + 1
              WHERE seq = :4)sql",
        v1::CART_STATE_ORDERED, request.order_id(), runtime::nowUs(), head->seq);
    return closed.ok() ? get(request.cart_id()) : closed.status();
}

absl::StatusOr<Store::Head> Store::find(const std::string& id)
{
    auto head = m_connection.selectOne(
        R"sql(SELECT seq, id, customer_id, state, currency, order_id, merged_into, version,
                  created_at, updated_at
              FROM cart WHERE id = :1)sql",
        Head::reader(), id);
    if (!head.ok())
        return head.status();
    if (!*head)
        return runtime::notFound("cart", id);
    return **std::move(head);
}

absl::StatusOr<Store::Head> Store::findOpen(const std::string& id)
{
    auto head = find(id);
    if (head.ok() && head->cart.state() != v1::CART_STATE_OPEN)
        return runtime::failedPrecondition(
            "CART_CLOSED", id, "it was ordered or merged; begin a new cart");
    return head;
}

absl::StatusOr<std::optional<Store::Head>> Store::openCartOf(const std::string& customerId)
{
    return m_connection.selectOne(
        R"sql(SELECT seq, id, customer_id, state, currency, order_id, merged_into, version,
                  created_at, updated_at
              FROM cart WHERE customer_id = :1 AND customer_id <> '' AND state = 1)sql",
        Head::reader(), customerId);
}

absl::StatusOr<v1::ShoppingCart> Store::withItems(Head head)
{
    auto items = m_connection.select(
        "SELECT sku, quantity, added_at FROM cart_item WHERE cart = :1 ORDER BY seq", itemOf,
        head.seq);
    if (!items.ok())
        return items.status();
    for (auto& item : *items)
        *head.cart.add_items() = std::move(item);
    return std::move(head.cart);
}

/// Adds to what is there, in one statement: nothing that others add meanwhile is lost.
absl::Status Store::put(std::int64_t cart, const std::string& sku, std::int64_t quantity)
{
    const auto added = m_connection.execute(
        R"sql(INSERT INTO cart_item (cart, sku, quantity, added_at) VALUES (:1, :2, :3, :4)
              ON CONFLICT (cart, sku) DO UPDATE SET quantity = quantity + excluded.quantity
              WHERE quantity + excluded.quantity <= 1000000)sql",
        cart, sku, quantity, runtime::nowUs());
    if (!added.ok())
        return added.status();
    if (*added == 0)
        return full(sku);
    const auto items = m_connection.selectOne(
        "SELECT count(*) FROM cart_item WHERE cart = :1", [](int count) { return count; }, cart);
    if (!items.ok())
        return items.status();
    if (**items > kMostItems)
        return runtime::failedPrecondition(
            "TOO_MANY_ITEMS", sku, "a cart holds at most 500 different SKUs");
    return absl::OkStatus();
}

absl::Status Store::take(std::int64_t cart, const std::string& sku)
{
    return m_connection.execute("DELETE FROM cart_item WHERE cart = :1 AND sku = :2", cart, sku)
        .status();
}

absl::Status Store::pour(const Head& from, const Head& into)
{
    if (from.cart.currency() != into.cart.currency())
        return runtime::failedPrecondition("OTHER_CURRENCY", from.cart.id(),
            runtime::text("the customer's cart is in ", into.cart.currency()));
    const auto source = withItems(from);
    if (!source.ok())
        return source.status();
    for (const auto& item : source->items()) {
        if (auto status = put(into.seq, item.sku(), item.quantity()); !status.ok())
            return status;
    }
    return touch(into);
}

absl::Status Store::touch(const Head& head)
{
    return m_connection
        .execute("UPDATE cart SET updated_at = :1, version = version + 1 WHERE seq = :2",
            runtime::nowUs(), head.seq)
        .status();
}

} // namespace shopfleet::cart
