// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ctl/httpclient.h"
#include "services/ctl/jsontext.h"
#include "services/ctl/randomness.h"

#include <atomic>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace shopfleet::ctl {

/// What a shopper does in one request.
enum class ShopAction { Browse, LookAt, MakeCart, AddItem, SignUp, CheckOut, SeeOrders };
constexpr std::string_view kShopActions[]
    = {"browse", "look_at", "make_cart", "add_item", "sign_up", "check_out", "see_orders"};

struct ShopResult {
    ShopAction action = ShopAction::Browse;
    bool failed = false;
    bool refused = false; ///< The store said no for a reason of business: that is an answer.
    bool placed = false;
    bool rejected = false; ///< An order that was not accepted: out of stock, declined.
    int retries = 0;
    std::string why = {};
};

/// Somebody who browses, fills a cart, signs up and buys, one request per step, over a connection
/// of their own. Buys a few times and is then followed by somebody new. Reads are asked once;
/// writes are asked again under their Idempotency-Key until the patience ends.
class Shopper {
public:
    Shopper(const std::string& gateway, std::string run, int number,
        std::chrono::milliseconds timeout, std::chrono::milliseconds patience);

    ShopResult step(const std::atomic<bool>& stop);

private:
    struct Offer {
        std::string productId;
        std::string sku;
    };

    ShopAction nextAction() const;
    HttpRequest requestFor(ShopAction action);
    absl::StatusOr<HttpAnswer> askPatiently(
        const HttpRequest& request, const std::atomic<bool>& stop, int* retries);
    void learn(ShopAction action, const HttpAnswer& answer, ShopResult* result);
    void learnOffers(const Json& json);
    void leave();

    HttpClient m_client;
    std::string m_run;
    int m_number;
    std::chrono::milliseconds m_patience;
    Randomness m_random;

    int m_generation = 0;
    int m_purchases = 0;
    int m_looks = 0;
    int m_items = 0;
    int m_itemsWanted = 1;
    bool m_ordered = false;
    std::vector<Offer> m_offers;
    Offer m_chosen;
    std::string m_cart;
    std::string m_token;
};

} // namespace shopfleet::ctl
