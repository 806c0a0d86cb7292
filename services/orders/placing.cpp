// SPDX-License-Identifier: GPL-3.0-or-later
// PlaceOrder: from a cart to an order, and the wait for its decision.
#include "services/orders/handler.h"
#include "services/orders/rules.h"
#include "services/runtime/clock.h"
#include "services/runtime/failpoint.h"

#include <algorithm>
#include <utility>

namespace shopfleet::orders {
namespace {

using runtime::Connection;
using std::chrono::milliseconds;

/// How long a customer waits for a decision before he is told the state of things.
constexpr milliseconds kPatience{5000};
/// The other services have this long to say what is in the cart, what it costs and who buys.
constexpr milliseconds kBasketTimeout{3000};
/// Of the caller's time, this much is for the way back.
constexpr milliseconds kWayBack{100};
constexpr std::int64_t kComeBackMs = 1'000;

milliseconds timeLeft(std::chrono::system_clock::time_point deadline)
{
    const auto now = std::chrono::system_clock::now();
    if (deadline > now + kPatience + kWayBack)
        return kPatience;
    return std::max(
        milliseconds(0), std::chrono::duration_cast<milliseconds>(deadline - now) - kWayBack);
}

/// What was said once is said again, whatever has become of the order.
absl::StatusOr<v1::Order> orderOf(Connection& db, const std::string& id)
{
    auto said = findAnswer(db, id);
    if (!said.ok())
        return said.status();
    return said->has_value() ? **std::move(said) : getOrder(db, id);
}

} // namespace

/// One PlaceOrder call on its way, counted as long.
struct Handler::Checkout {
    std::atomic<int>& underWay;
    runtime::Unary* reactor;
    const v1::PlaceOrderRequest* request; ///< Lives until the reactor is finished.
    v1::Order* response;
    std::chrono::system_clock::time_point deadline;
    runtime::Trace trace;
    std::int64_t hash;

    ~Checkout() { --underWay; }

    void finish(const absl::Status& status) const { reactor->Finish(runtime::toWire(status)); }
    void finish(v1::Order order) const
    {
        *response = std::move(order);
        finish(absl::OkStatus());
    }
    Cause cause() const
    {
        const std::string& customer = request->customer_id();
        return {
            customer.empty() ? "guest" : "customer:" + customer, trace.traceId, runtime::nowUs()};
    }
    /// The same request_id means the same order, unless it was another request.
    absl::Status checkSame(const Stored& stored) const
    {
        return stored.requestHash == hash
            ? absl::OkStatus()
            : runtime::aborted("REQUEST_ID_REUSED",
                "request_id: it was used for another order; a new order needs a new id");
    }
};

runtime::Unary* Handler::PlaceOrder(
    Context* context, const v1::PlaceOrderRequest* request, v1::Order* response)
{
    if (auto status = runtime::checkRequestId(*request); !status.ok())
        return runtime::finish(context, status);
    if (auto status = checkPlace(*request); !status.ok())
        return runtime::finish(context, status);
    if (!m_database.isWriter())
        return runtime::finish(context, runtime::unavailable("not the writer"));
    auto connection = m_database.reader();
    if (!connection.ok())
        return runtime::finish(context, connection.status());
    const auto placed = findPlaced(**connection, request->request_id());
    if (!placed.ok())
        return runtime::finish(context, placed.status());

    if (++m_checkouts > m_mostCheckouts) {
        --m_checkouts;
        return runtime::finish(context,
            runtime::overloaded(
                "too many orders are being placed; try again in a moment", kComeBackMs));
    }
    auto* reactor = context->DefaultReactor();
    const std::shared_ptr<Checkout> checkout(new Checkout{m_checkouts, reactor, request, response,
        context->deadline(), runtime::currentTrace(), bytesHash(request->SerializeAsString())});
    if (checkout->trace.traceId.empty())
        checkout->trace = runtime::newTrace();
    if (placed->has_value()) {
        if (auto status = checkout->checkSame(**placed); !status.ok())
            checkout->finish(status);
        else
            answerWith(checkout, (*placed)->order.id());
        return reactor;
    }
    m_peers.basket(*request, std::min(kBasketTimeout, timeLeft(checkout->deadline)),
        checkout->trace, [this, checkout](const absl::StatusOr<Basket>& basket) {
            if (basket.ok())
                placeBasket(checkout, *basket);
            else
                checkout->finish(basket.status());
        });
    return reactor;
}

void Handler::placeBasket(const std::shared_ptr<Checkout>& checkout, const Basket& basket)
{
    auto order = orders::checkout(*checkout->request, basket);
    if (!order.ok())
        return checkout->finish(order.status());
    struct Result {
        std::optional<Unfinished> placed;
        std::string existing;
    };
    auto result = std::make_shared<Result>();
    m_database.write(
        [this, checkout, result, order = *std::move(order)](Connection& db) {
            // A second call with this request_id may have come this far meanwhile.
            const auto existing = findPlaced(db, checkout->request->request_id());
            if (!existing.ok())
                return existing.status();
            if (existing->has_value()) {
                result->existing = (*existing)->order.id();
                return checkout->checkSame(**existing);
            }
            auto placed = m_writes.place(db, order, checkout->request->request_id(), checkout->hash,
                checkout->request->payment_token(), checkout->cause());
            absl::Status made = placed.status();
            if (made.ok())
                result->placed = *std::move(placed);
            runtime::failpoint("PlaceOrder", "writing");
            return made;
        },
        [this, checkout, result](const absl::Status& status) {
            if (!status.ok())
                return checkout->finish(status);
            runtime::failpoint("PlaceOrder", "written");
            if (!result->placed)
                return answerWith(checkout, result->existing);
            const std::string id = result->placed->order.id();
            runtime::concernsOrder(id);
            m_saga.drive(*std::move(result->placed), timeLeft(checkout->deadline),
                [this, checkout, id](const v1::Order& decided) {
                    if (decided.id().empty())
                        answerWith(checkout, id);
                    else
                        checkout->finish(decided);
                });
        });
}

void Handler::answerWith(const std::shared_ptr<Checkout>& checkout, const std::string& id)
{
    const auto answer = [this, checkout, id](const v1::Order& decided) {
        if (!decided.id().empty())
            return checkout->finish(decided);
        const auto connection = m_database.reader();
        auto order = connection.ok() ? orderOf(**connection, id)
                                     : absl::StatusOr<v1::Order>(connection.status());
        if (order.ok())
            checkout->finish(*std::move(order));
        else
            checkout->finish(order.status());
    };
    if (!m_saga.await(id, timeLeft(checkout->deadline), answer))
        answer({});
}

} // namespace shopfleet::orders
