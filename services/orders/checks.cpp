// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/orders/plan.h"
#include "services/orders/rules.h"
#include "services/runtime/cardnumber.h"
#include "services/runtime/fields.h"
#include "services/runtime/money.h"
#include "services/runtime/status.h"
#include "services/runtime/text.h"

#include <algorithm>
#include <unordered_set>

namespace shopfleet::orders {
namespace {

struct Text {
    const std::string& text;
    const char* field;
    std::size_t most;
};

absl::Status checkTexts(std::initializer_list<Text> texts, const std::string& path)
{
    for (const Text& text : texts)
        if (auto status = checkText(text.text, runtime::text(path, text.field), text.most);
            !status.ok())
            return status;
    return absl::OkStatus();
}

absl::Status checkAddress(const common::v1::Address& address, const std::string& path)
{
    return checkTexts(
        {{address.name(), ".name", 200}, {address.line1(), ".line1", 300},
            {address.line2(), ".line2", 300}, {address.city(), ".city", 200},
            {address.region(), ".region", 200}, {address.postal_code(), ".postal_code", 32},
            {address.country(), ".country", 100}},
        path);
}

absl::Status checkMoved(
    const common::v1::Money& money, const std::string& currency, const std::string& field)
{
    if (money.currency().empty() && money.minor() == 0)
        return absl::OkStatus();
    if (money.currency() != currency)
        return runtime::invalidField(
            field + ".currency", runtime::text("must be ", currency, ", as the total's"));
    return runtime::checkAmount(
        field, money.currency(), money.minor(), runtime::Amount::NotNegative);
}

bool isPast(v1::OrderState state)
{
    return v1::OrderState_IsValid(state) && state >= v1::ORDER_STATE_CONFIRMED;
}

} // namespace

absl::Status checkImported(v1::Order& order, const std::string& path)
{
    if (order.id().empty() || order.id().size() > 64)
        return runtime::invalidField(path + ".id", "must be 1 to 64 bytes");
    if (!v1::OrderKind_IsValid(order.kind()) || order.kind() == v1::ORDER_KIND_UNSPECIFIED)
        return runtime::invalidField(path + ".kind", "must be one of OrderKind's");
    if (!isPast(order.state()))
        return runtime::invalidField(
            path + ".state", "must be CONFIRMED or later: only past orders are imported");
    if (order.origin().empty())
        return runtime::invalidField(path + ".origin", "must not be empty");
    if (!order.has_placed_at())
        return runtime::invalidField(path + ".placed_at", "is missing");
    if (auto status = runtime::checkTime(path + ".placed_at", order.placed_at()); !status.ok())
        return status;
    if (!order.refunds().empty() || !order.reships().empty() || order.has_address_change()
        || !order.lines_changes().empty())
        return runtime::invalidField(path + ".refunds",
            "must be empty, as reships, address_change and lines_changes: they are asked for here");
    if (order.lines_size() > kMostLines)
        return runtime::invalidField(
            path + ".lines", runtime::text("must be at most ", kMostLines));
    if (auto status
        = checkTexts({{order.id(), ".id", 64}, {order.customer_id(), ".customer_id", 64},
                         {order.customer_name(), ".customer_name", 200},
                         {order.email(), ".email", 320}, {order.country(), ".country", 100},
                         {order.origin(), ".origin", 64}, {order.channel(), ".channel", 64},
                         {order.note(), ".note", 4000}, {order.trace_id(), ".trace_id", 64},
                         {order.payment_method(), ".payment_method", 100}},
            path);
        !status.ok())
        return status;
    if (auto status = checkAddress(order.shipping_address(), path + ".shipping_address");
        !status.ok())
        return status;
    if (auto status = settleSums(order, path); !status.ok())
        return status;
    const std::string& currency = order.total().currency();
    if (auto status = checkMoved(order.captured(), currency, path + ".captured"); !status.ok())
        return status;
    return checkMoved(order.refunded(), currency, path + ".refunded");
}

absl::Status checkImport(v1::ImportOrdersRequest& request)
{
    if (request.orders_size() > kMostImported)
        return runtime::invalidField("orders", runtime::text("must be at most ", kMostImported));
    std::unordered_set<std::string_view> seen;
    for (int i = 0; i < request.orders_size(); ++i) {
        const std::string path = runtime::text("orders[", i, "]");
        if (auto status = checkImported(*request.mutable_orders(i), path); !status.ok())
            return status;
        if (!seen.insert(request.orders(i).id()).second)
            return runtime::invalidField(path + ".id", "is there twice");
    }
    return absl::OkStatus();
}

absl::Status checkCancel(const v1::Order& order, const Progress* underWay)
{
    const std::string name = "order " + order.id();
    if (underWay && underWay->goal == Goal::Cancel)
        return runtime::failedPrecondition("CANCELLING", name, "is being cancelled already");
    if (underWay && underWay->goal == Goal::Reline)
        return runtime::failedPrecondition(
            "LINES_CHANGING", name, "is being made smaller: cancel it when its parcel is repacked");
    if (!isCancellable(order.state()))
        return runtime::failedPrecondition("WRONG_STATE", name,
            runtime::text("is ", v1::OrderState_Name(order.state()).substr(12),
                "; only orders before shipping are cancelled"));
    if (order.captured().minor() > 0)
        return runtime::failedPrecondition("CAPTURED", name, "was paid already: refund it");
    return absl::OkStatus();
}

absl::Status checkPlace(const v1::PlaceOrderRequest& request)
{
    const auto printable = [](char c) { return c > ' ' && c <= '~'; };
    if (request.cart_id().empty() || request.cart_id().size() > 64
        || !std::ranges::all_of(request.cart_id(), printable))
        return runtime::invalidField("cart_id", "must be 1 to 64 printable ASCII characters");
    if (request.payment_token().empty() || request.payment_token().size() > 200)
        return runtime::invalidField("payment_token", "must be 1 to 200 bytes");
    if (runtime::holdsCardNumber(request.payment_token()))
        return runtime::invalidField(
            "payment_token", "must be the payment provider's token, never a card's number");
    if (request.shipping_address().country().empty())
        return runtime::invalidField("shipping_address.country", "must not be empty");
    if (auto status = checkAddress(request.shipping_address(), "shipping_address"); !status.ok())
        return status;
    if (auto status = checkTexts(
            {{request.customer_id(), "customer_id", 64}, {request.cart_id(), "cart_id", 64},
                {request.payment_token(), "payment_token", 200}},
            "");
        !status.ok())
        return status;
    if (!request.has_expected_total())
        return absl::OkStatus();
    const auto& expected = request.expected_total();
    return runtime::checkAmount(
        "expected_total", expected.currency(), expected.minor(), runtime::Amount::Positive);
}

absl::Status checkUpdate(const v1::UpdateOrderRequest& request)
{
    const v1::Order& order = request.order();
    const auto& paths = request.update_mask().paths();
    if (paths.empty())
        return runtime::invalidField(
            "update_mask.paths", "must name what changes; known: shipping_address, email, lines");
    for (const std::string& path : paths)
        if (path != "shipping_address" && path != "email" && path != "lines")
            return runtime::invalidField("update_mask.paths",
                runtime::text("holds ", path, "; known: shipping_address, email, lines"));
    if (paths.size() > 1 && std::ranges::count(paths, "lines") > 0)
        return runtime::invalidField(
            "update_mask.paths", "names lines and something else: change lines by themselves");
    if (order.lines_size() > kMostLines)
        return runtime::invalidField("order.lines", runtime::text("must be at most ", kMostLines));
    if (std::ranges::count(paths, "shipping_address") > 0
        && order.shipping_address().country().empty())
        return runtime::invalidField("order.shipping_address.country", "must not be empty");
    if (auto status = checkText(order.email(), "order.email", 320); !status.ok())
        return status;
    return checkAddress(order.shipping_address(), "order.shipping_address");
}

absl::Status checkUpdate(const v1::Order& order, const Progress* underWay)
{
    const std::string name = "order " + order.id();
    if (isOfElsewhere(order))
        return runtime::failedPrecondition(
            "SENT_ELSEWHERE", name, "is of elsewhere: it is not sent from here");
    if (underWay && underWay->goal == Goal::Cancel)
        return runtime::failedPrecondition("CANCELLING", name, "is being cancelled");
    if (!isCancellable(order.state()) || (underWay && underWay->goal == Goal::Ship))
        return runtime::failedPrecondition("WRONG_STATE", name,
            underWay && underWay->goal == Goal::Ship
                ? std::string("has left already; only orders before shipping are changed")
                : runtime::text("is ", v1::OrderState_Name(order.state()).substr(12),
                    "; only orders before shipping are changed"));
    if (order.has_address_change())
        return runtime::failedPrecondition(
            "ADDRESS_CHANGING", name, "has an address that deliveries has not answered yet");
    return absl::OkStatus();
}

absl::Status checkAnnotate(const v1::AnnotateOrderRequest& request)
{
    for (const std::string& path : request.update_mask().paths())
        if (path != "note" && path != "tags")
            return runtime::invalidField(
                "update_mask.paths", runtime::text("holds ", path, "; known: note, tags"));
    if (auto status = checkText(request.note(), "note", 4000); !status.ok())
        return status;
    if (request.tags_size() > 50)
        return runtime::invalidField("tags", "must be at most 50");
    for (int i = 0; i < request.tags_size(); ++i) {
        const std::string field = runtime::text("tags[", i, "]");
        if (request.tags(i).empty() || request.tags(i).find('\n') != std::string::npos)
            return runtime::invalidField(field, "must be a word or words in one line");
        if (auto status = checkText(request.tags(i), field, 64); !status.ok())
            return status;
    }
    return absl::OkStatus();
}

std::int64_t bytesHash(std::string_view bytes)
{
    std::uint64_t hash = 14695981039346656037U; // FNV-1a.
    for (const char c : bytes)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
    return static_cast<std::int64_t>(hash);
}

std::int64_t contentHash(const v1::Order& order)
{
    v1::Order content = order;
    content.clear_updated_at();
    content.clear_etag();
    content.clear_timeline();
    content.clear_waiting();
    // Nothing of an order is a map once its timeline is gone, so the bytes are the same each time.
    return bytesHash(content.SerializeAsString());
}

} // namespace shopfleet::orders
