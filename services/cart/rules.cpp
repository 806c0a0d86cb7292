// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/cart/rules.h"

#include "services/runtime/money.h"
#include "services/runtime/status.h"

#include <algorithm>
#include <array>
#include <sodium.h>
#include <string_view>
#include <unordered_map>

namespace shopfleet::cart {
namespace {

using runtime::invalidField;

/// Ids and SKUs: 1 to 64 characters of printable ASCII, no blanks around them.
absl::Status checkName(const std::string& field, std::string_view name)
{
    constexpr std::size_t kLongest = 64;
    if (name.empty())
        return invalidField(field, "is required");
    if (name.size() > kLongest)
        return invalidField(field, "must have at most 64 characters");
    if (name.front() == ' ' || name.back() == ' '
        || !std::all_of(name.begin(), name.end(), [](char c) { return c >= ' ' && c <= '~'; }))
        return invalidField(field, "must be printable ASCII without blanks around it");
    return absl::OkStatus();
}

absl::Status checkQuantity(const std::string& field, std::int64_t quantity, std::int64_t least)
{
    if (quantity >= least && quantity <= kLargestQuantity)
        return absl::OkStatus();
    return invalidField(field, "must be " + std::to_string(least) + " to 1000000");
}

std::string folded(std::string_view sku)
{
    std::string key(sku);
    std::transform(key.begin(), key.end(), key.begin(),
        [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return key;
}

} // namespace

absl::Status check(const v1::CreateCartRequest& request)
{
    if (!request.currency().empty() && !runtime::isCurrency(request.currency()))
        return invalidField("currency", "must be an ISO 4217 code");
    for (int i = 0; i < request.items_size(); ++i) {
        const std::string at = "items[" + std::to_string(i) + "]";
        if (auto status = checkName(at + ".sku", request.items(i).sku()); !status.ok())
            return status;
        if (auto status = checkQuantity(at + ".quantity", request.items(i).quantity(), 1);
            !status.ok())
            return status;
    }
    return joined(request).status();
}

absl::Status check(const v1::GetCartRequest& request)
{
    return checkName("id", request.id());
}

absl::Status check(const v1::AddItemRequest& request)
{
    if (auto status = checkName("cart_id", request.cart_id()); !status.ok())
        return status;
    if (auto status = checkName("sku", request.sku()); !status.ok())
        return status;
    return checkQuantity("quantity", request.quantity(), 1);
}

absl::Status check(const v1::SetItemRequest& request)
{
    if (auto status = checkName("cart_id", request.cart_id()); !status.ok())
        return status;
    if (auto status = checkName("sku", request.sku()); !status.ok())
        return status;
    return checkQuantity("quantity", request.quantity(), 0);
}

absl::Status check(const v1::MergeCartRequest& request)
{
    if (auto status = checkName("cart_id", request.cart_id()); !status.ok())
        return status;
    return checkName("customer_id", request.customer_id());
}

absl::Status check(const v1::CloseCartRequest& request)
{
    if (auto status = checkName("cart_id", request.cart_id()); !status.ok())
        return status;
    return checkName("order_id", request.order_id());
}

absl::StatusOr<std::vector<v1::CartItem>> joined(const v1::CreateCartRequest& request)
{
    std::vector<v1::CartItem> items;
    std::unordered_map<std::string, std::size_t> known;
    for (const auto& item : request.items()) {
        const auto [it, fresh] = known.try_emplace(folded(item.sku()), items.size());
        if (fresh) {
            items.push_back(item);
            continue;
        }
        auto& same = items[it->second];
        same.set_quantity(same.quantity() + item.quantity());
        if (same.quantity() > kLargestQuantity)
            return invalidField("items", "must have at most 1000000 of " + item.sku());
    }
    if (items.size() > kMostItems)
        return invalidField("items", "must have at most 500 different SKUs");
    return items;
}

std::string newCartId()
{
    constexpr std::string_view kAlphabet
        = "0123456789abcdefghjkmnpqrstvwxyz"; // Crockford's base32.
    std::array<unsigned char, 16> random{};
    randombytes_buf(random.data(), random.size());

    std::string id;
    unsigned bits = 0;
    unsigned count = 0;
    for (const unsigned char byte : random) {
        bits = (bits << 8) | byte;
        for (count += 8; count >= 5; count -= 5)
            id += kAlphabet[(bits >> (count - 5)) & 31];
    }
    id += kAlphabet[(bits << (5 - count)) & 31]; // 128 = 25 × 5 + 3.
    return id;
}

} // namespace shopfleet::cart
