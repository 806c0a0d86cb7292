// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/shopper.h"

#include "services/ctl/requestid.h"
#include "services/ctl/text.h"

#include <algorithm>
#include <fmt/format.h>
#include <thread>

namespace shopfleet::ctl {
namespace {

using namespace std::chrono_literals;

constexpr int kPurchases = 4; ///< After so many the next person comes: about the real data's rate.
constexpr int kPages = 20;

/// The gateway's JSON has lowerCamel names.
std::string textAt(const Json& json, const char* name)
{
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool isWrite(const HttpRequest& request)
{
    return request.method != "GET";
}

/// Nobody there, overloaded, or too slow: worth another try.
bool isPassing(const absl::StatusOr<HttpAnswer>& answer)
{
    return !answer.ok() || answer->code == 502 || answer->code == 503 || answer->code == 504;
}

/// Not a fault of store or program: the cart is closed, the price has changed, too much at once.
bool isRefusal(const HttpAnswer& answer)
{
    return answer.code == 409 || answer.code == 429
        || (answer.code == 400 && answer.body.find("FAILED_PRECONDITION") != std::string::npos);
}

/// An id in a path: what is not a plain character is escaped.
std::string inPath(const std::string& id)
{
    std::string path;
    for (const char c : id) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')
            || (c >= 'a' && c <= 'z') || c == '-' || c == '_' || c == '.';
        path += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return path;
}

} // namespace

Shopper::Shopper(const std::string& gateway, std::string run, int number,
    std::chrono::milliseconds timeout, std::chrono::milliseconds patience)
    : m_client(gateway, timeout)
    , m_run(std::move(run))
    , m_number(number)
    , m_patience(patience)
    , m_random(stableHash(m_run), static_cast<uint64_t>(number))
{
}

void Shopper::leave()
{
    ++m_generation;
    m_purchases = 0;
    m_token.clear();
    m_cart.clear();
}

ShopAction Shopper::nextAction() const
{
    if (m_ordered)
        return ShopAction::SeeOrders;
    if (m_offers.empty())
        return ShopAction::Browse;
    if (m_looks < 2)
        return m_looks % 2 == 0 ? ShopAction::Browse : ShopAction::LookAt;
    if (m_cart.empty())
        return ShopAction::MakeCart;
    if (m_items < m_itemsWanted)
        return ShopAction::AddItem;
    return m_token.empty() ? ShopAction::SignUp : ShopAction::CheckOut;
}

HttpRequest Shopper::requestFor(ShopAction action)
{
    HttpRequest request{.token = m_token};
    const auto post = [&](std::string path, const Json& body) {
        request.method = "POST";
        request.path = std::move(path);
        request.body = toText(body, true);
        request.idempotencyKey = newRequestId();
    };
    if (!m_offers.empty())
        m_chosen
            = m_offers[static_cast<size_t>(m_random.below(static_cast<int64_t>(m_offers.size())))];
    const std::string who = fmt::format("shopper-{}-{}-{}", m_run, m_number, m_generation);
    switch (action) {
    case ShopAction::Browse:
        request.path = fmt::format(
            "/v1/products?pageSize=24&skip={}", m_offers.empty() ? 0 : 24 * m_random.below(kPages));
        break;
    case ShopAction::LookAt:
        request.path = "/v1/products/" + inPath(m_chosen.productId);
        break;
    case ShopAction::MakeCart:
        post("/v1/carts", {{"currency", "GBP"}});
        break;
    case ShopAction::AddItem:
        post(fmt::format("/v1/carts/{}/items", inPath(m_cart)),
            {{"sku", m_chosen.sku}, {"quantity", 1 + m_random.below(3)}});
        break;
    case ShopAction::SignUp:
        post("/v1/account:signUp",
            {{"email", who + "@shop.invalid"}, {"password", newRequestId()},
                {"name", "Shop Tester " + who.substr(8)}, {"country", "GB"}});
        break;
    case ShopAction::CheckOut:
        post("/v1/checkout",
            {{"cartId", m_cart},
                {"paymentToken", m_random.below(50) == 0 ? "tok_declined" : "tok_visa"},
                {"shippingAddress",
                    {{"name", "Shop Tester"}, {"line1", "1 Test Street"}, {"city", "Testham"},
                        {"postalCode", "TE5 7ED"}, {"country", "GB"}}}});
        break;
    case ShopAction::SeeOrders:
        request.path = "/v1/account/orders?pageSize=10";
        break;
    }
    return request;
}

absl::StatusOr<HttpAnswer> Shopper::askPatiently(
    const HttpRequest& request, const std::atomic<bool>& stop, int* retries)
{
    const auto until = std::chrono::steady_clock::now() + m_patience;
    for (std::chrono::milliseconds pause = 25ms;; pause = std::min(pause * 2, 500ms)) {
        auto answer = m_client.ask(request);
        if (!isPassing(answer) || !isWrite(request) || stop.load()
            || std::chrono::steady_clock::now() + pause > until)
            return answer;
        ++*retries;
        std::this_thread::sleep_for(pause);
    }
}

void Shopper::learnOffers(const Json& json)
{
    m_offers.clear();
    const auto products = json.find("products");
    if (products == json.end() || !products->is_array())
        return;
    for (const Json& product : *products) {
        const auto variants = product.find("variants");
        if (variants == product.end() || variants->empty()
            || textAt(product, "state") == "PRODUCT_STATE_DRAFT")
            continue;
        const Json& variant = variants->front();
        const auto stock = variant.find("stock");
        // Shoppers cannot choose what is shown as sold out.
        const bool soldOut = stock != variant.end() && textAt(*stock, "available") == "0";
        if (!soldOut)
            m_offers.push_back({.productId = textAt(product, "id"), .sku = textAt(variant, "sku")});
    }
}

void Shopper::learn(ShopAction action, const HttpAnswer& answer, ShopResult* result)
{
    const Json json = Json::parse(answer.body, nullptr, false);
    const auto need = [&](bool there, const char* what) {
        if (there)
            return true;
        result->failed = true;
        result->why = fmt::format("{}: the answer has no {}", kShopActions[size_t(action)], what);
        return false;
    };
    if (!need(json.is_object(), "JSON object"))
        return;
    switch (action) {
    case ShopAction::Browse:
        learnOffers(json);
        ++m_looks;
        break;
    case ShopAction::LookAt:
        need(!textAt(json, "id").empty(), "id");
        ++m_looks;
        break;
    case ShopAction::MakeCart:
        m_cart = textAt(json, "id");
        need(!m_cart.empty(), "id");
        m_items = 0;
        m_itemsWanted = 1 + static_cast<int>(m_random.below(3));
        break;
    case ShopAction::AddItem:
        ++m_items;
        break;
    case ShopAction::SignUp:
        m_token = textAt(json, "accessToken");
        need(!m_token.empty(), "accessToken");
        break;
    case ShopAction::CheckOut:
        if (!need(!textAt(json, "id").empty(), "id"))
            break;
        result->rejected = textAt(json, "state") == "ORDER_STATE_REJECTED";
        result->placed = !result->rejected;
        m_ordered = true;
        m_cart.clear();
        break;
    case ShopAction::SeeOrders:
        m_ordered = false;
        m_looks = 0;
        if (++m_purchases >= kPurchases)
            leave();
        break;
    }
}

ShopResult Shopper::step(const std::atomic<bool>& stop)
{
    ShopResult result{.action = nextAction()};
    const auto answer = askPatiently(requestFor(result.action), stop, &result.retries);
    const std::string_view name = kShopActions[size_t(result.action)];
    if (!answer.ok()) {
        result.failed = true;
        result.why = fmt::format("{}: {}", name, std::string(answer.status().message()));
    } else if (answer->code >= 200 && answer->code < 300) {
        learn(result.action, *answer, &result);
        return result;
    } else {
        result.refused = isRefusal(*answer);
        result.failed = !result.refused;
        result.why = fmt::format("{}: {} {}", name, answer->code, answer->body.substr(0, 160));
        if (answer->code == 401)
            leave(); // The token is over: the next person signs up.
    }
    // Whatever went wrong with a cart or a list, the next step does not depend on it.
    if (result.action == ShopAction::SeeOrders)
        m_ordered = false;
    if (result.action == ShopAction::AddItem || result.action == ShopAction::CheckOut)
        m_cart.clear();
    if (result.action == ShopAction::SignUp)
        ++m_generation;
    return result;
}

} // namespace shopfleet::ctl
