// SPDX-License-Identifier: GPL-3.0-or-later
// Whole checkouts through the real services, every step durable in every service: cart to promise.
#include "figures.h"
#include "tests/system/checkouts.h"
#include "tests/system/realfleet.h"
#include "tests/system/storeworld.h"

#include <QCoreApplication>

#include <cstdio>

using namespace shopfleet;

namespace {

constexpr int kOrders = 6'000;
constexpr std::size_t kInFlight = 32;
constexpr int kSkus = 500;

[[noreturn]] void giveUp(const std::string& why)
{
    std::fprintf(stderr, "bench_checkout: %s\n", why.c_str());
    std::exit(EXIT_FAILURE);
}

std::string skuOf(int number)
{
    return "B-" + std::to_string(number % kSkus);
}

void fillShelves(inventory::v1::Inventory::Stub& inventory)
{
    inventory::v1::ImportProductsRequest products;
    products.set_request_id("products");
    inventory::v1::ReceiveStockRequest stock;
    stock.set_request_id("stock");
    for (int i = 0; i < kSkus; ++i) {
        auto& product = *products.add_products();
        product.set_id(skuOf(i));
        product.set_title("Thing " + std::to_string(i));
        product.set_state(inventory::v1::PRODUCT_STATE_ACTIVE);
        product.set_origin("bench");
        auto& variant = *product.add_variants();
        variant.set_sku(skuOf(i));
        variant.mutable_price()->set_currency("GBP");
        variant.mutable_price()->set_minor(250);
        auto& line = *stock.add_lines();
        line.set_sku(skuOf(i));
        line.set_quantity(1'000'000);
    }
    storeworld::call(inventory, &inventory::v1::Inventory::Stub::ImportProducts, products);
    storeworld::call(inventory, &inventory::v1::Inventory::Stub::ReceiveStock, stock);
}

/// A fleet of its own with full shelves.
struct Store {
    Store()
    {
        if (!fleet.start() || !QTest::qWaitFor([&] { return fleet.allServe(); }, 20'000))
            giveUp("the fleet did not start");
        channels = StoreWorld::open();
        fillShelves(*inventory::v1::Inventory::NewStub(channels["inventory"]));
        carts = cart::v1::Cart::NewStub(channels["cart"]);
        orders = orders::v1::Orders::NewStub(channels["orders"]);
    }
    ~Store() { fleet.stopControl(); }

    RealFleet fleet;
    StoreWorld::Channels channels;
    std::unique_ptr<cart::v1::Cart::Stub> carts;
    std::unique_ptr<orders::v1::Orders::Stub> orders;
};

/// What is still on its way, by whom it waits on.
constexpr const char* kUnderWay = "waiting_service = deliveries OR waiting_service = payments "
                                  "OR waiting_service = inventory";

/// All of them at once, so many in flight, until the last one is carried out in every service.
template <class Async, class Request, class Response>
void measure(const char* name, orders::v1::Orders::Stub& orders, const std::string& left,
    Volley<Async, Request, Response> volley, std::size_t count)
{
    QElapsedTimer timer;
    timer.start();
    std::vector<double> latencies;
    for (const auto& [status, answer, ms] : volley.run(kInFlight)) {
        if (!status.ok())
            giveUp(std::string(name) + ": " + status.error_message());
        latencies.push_back(ms);
    }
    std::sort(latencies.begin(), latencies.end());
    orders::v1::ListOrdersRequest unfinished;
    unfinished.set_filter(left);
    if (!QTest::qWaitFor(
            [&] {
                return storeworld::call(orders, &orders::v1::Orders::Stub::ListOrders, unfinished)
                           .total_size()
                    == 0;
            },
            60'000))
        giveUp(std::string(name) + ": they do not come to their end");
    const double seconds = static_cast<double>(timer.nsecsElapsed()) / 1e9;
    bench::figure(
        (std::string(name) + "_rate").c_str(), static_cast<double>(count) / seconds, "orders/s");
    bench::figure(
        (std::string(name) + "_p99").c_str(), latencies[latencies.size() * 99 / 100], "ms");
}

/// Comes at its own rate, whatever the answers are like, as customers do.
template <class Async, class Request, class Response>
class Flood {
public:
    using Method = void (Async::*)(
        grpc::ClientContext*, const Request*, Response*, std::function<void(grpc::Status)>);

    using IsGood = bool (*)(const Response&);

    Flood(Async* stub, Method method, IsGood isGood, const std::vector<Request>& requests,
        double perSecond)
        : m_isGood(isGood)
    {
        const auto began = std::chrono::steady_clock::now();
        m_calls.reserve(requests.size());
        for (std::size_t i = 0; i < requests.size(); ++i) {
            std::this_thread::sleep_until(began
                + std::chrono::duration_cast<std::chrono::nanoseconds>(
                    std::chrono::duration<double>(static_cast<double>(i) / perSecond)));
            auto& one = *m_calls.emplace_back(std::make_unique<Call>());
            one.context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
            one.began = std::chrono::steady_clock::now();
            (stub->*method)(&one.context, &requests[i], &one.response,
                [this, &one](const grpc::Status& status) { ended(one, status); });
        }
        std::unique_lock lock(m_mutex);
        m_done.wait(lock, [&] { return m_ended == requests.size(); });
        seconds = std::chrono::duration<double>(m_last - began).count();
        std::sort(latencies.begin(), latencies.end());
    }

    std::vector<double> latencies; ///< In ms, of those that were answered well.
    std::size_t others = 0; ///< Refused, or told to wait.
    double seconds = 0; ///< From the first call to the last good answer.

private:
    struct Call {
        grpc::ClientContext context;
        Response response;
        std::chrono::steady_clock::time_point began;
    };

    void ended(const Call& one, const grpc::Status& status)
    {
        const auto now = std::chrono::steady_clock::now();
        const std::lock_guard lock(m_mutex);
        if (status.ok() && m_isGood(one.response)) {
            latencies.push_back(std::chrono::duration<double, std::milli>(now - one.began).count());
            m_last = now;
        } else {
            ++others;
        }
        ++m_ended;
        m_done.notify_one();
    }

    IsGood m_isGood;
    std::vector<std::unique_ptr<Call>> m_calls;
    std::mutex m_mutex;
    std::condition_variable m_done;
    std::size_t m_ended = 0;
    std::chrono::steady_clock::time_point m_last;
};

/// Carts, each with one unit, and who wants to buy them.
std::vector<orders::v1::PlaceOrderRequest> buyersOf(
    cart::v1::Cart::Stub& carts, const std::string& mark, int count)
{
    std::vector<cart::v1::CreateCartRequest> wishes;
    for (int i = 0; i < count; ++i)
        wishes.push_back(checkouts::cartOf(mark + std::to_string(i), skuOf(i)));
    checkouts::Carts filling(carts.async(), &checkouts::CartAsync::CreateCart, wishes);
    std::vector<orders::v1::PlaceOrderRequest> buys;
    for (const auto& [status, cart, ms] : filling.run(64))
        buys.push_back(checkouts::checkoutOf("buy-" + cart.id(), cart.id()));
    return buys;
}

/// F19: three times as many customers as it can serve, for some seconds.
void benchOverload()
{
    constexpr int kMeasured = 2'000;
    constexpr double kTimes = 3;
    constexpr double kSeconds = 6;
    Store store;
    const auto& carts = store.carts;
    const auto& orders = store.orders;
    checkouts::Orders calm(
        orders->async(), &checkouts::OrdersAsync::PlaceOrder, buyersOf(*carts, "calm-", kMeasured));
    QElapsedTimer timer;
    timer.start();
    std::vector<double> latencies;
    for (const auto& [status, order, ms] : calm.run(kInFlight))
        latencies.push_back(ms);
    const double peak = kMeasured / (static_cast<double>(timer.nsecsElapsed()) / 1e9);
    std::sort(latencies.begin(), latencies.end());

    const auto buyers = buyersOf(*carts, "flood-", static_cast<int>(kTimes * peak * kSeconds));
    const Flood<checkouts::OrdersAsync, orders::v1::PlaceOrderRequest, orders::v1::Order> flood(
        orders->async(), &checkouts::OrdersAsync::PlaceOrder,
        [](const orders::v1::Order& order) {
            return order.state() == orders::v1::ORDER_STATE_CONFIRMED;
        },
        buyers, kTimes * peak);
    const double served = static_cast<double>(flood.latencies.size());
    bench::figure("overload_goodput", served / flood.seconds, "orders/s", peak);
    bench::figure("overload_not_served",
        100 * static_cast<double>(flood.others) / static_cast<double>(buyers.size()), "%");
    bench::figure("overload_p99", flood.latencies[flood.latencies.size() * 99 / 100], "ms",
        latencies[latencies.size() * 99 / 100]);
}

void benchCheckout()
{
    Store store;
    const auto& carts = store.carts;
    const auto& orders = store.orders;
    checkouts::Orders buying(
        orders->async(), &checkouts::OrdersAsync::PlaceOrder, buyersOf(*carts, "cart-", kOrders));
    QElapsedTimer timer;
    timer.start();
    const auto& answers = buying.run(kInFlight);
    const double seconds = static_cast<double>(timer.nsecsElapsed()) / 1e9;
    std::vector<double> latencies;
    int confirmed = 0;
    for (const auto& [status, order, ms] : answers) {
        confirmed += status.ok() && order.state() == orders::v1::ORDER_STATE_CONFIRMED;
        latencies.push_back(ms);
    }
    if (confirmed != kOrders)
        giveUp(std::to_string(confirmed) + " of " + std::to_string(kOrders) + " were confirmed");
    std::sort(latencies.begin(), latencies.end());
    bench::figure("checkout_rate", kOrders / seconds, "orders/s", 600);
    bench::figure("checkout_p50", latencies[latencies.size() / 2], "ms");
    bench::figure("checkout_p99", latencies[latencies.size() * 99 / 100], "ms", 150);

    // The first half is called off. The other half leaves, and half of its money goes back.
    std::vector<orders::v1::CancelOrderRequest> cancels;
    std::vector<deliveries::v1::DispatchShipmentRequest> leavings;
    std::vector<orders::v1::RefundOrderRequest> refunds;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const auto& id = answers[i].response.id();
        if (i < answers.size() / 2) {
            auto& cancel = cancels.emplace_back();
            cancel.set_request_id("cancel-" + id);
            cancel.set_id(id);
            continue;
        }
        orders::v1::GetOrderRequest get;
        get.set_id(id);
        orders::v1::Order order;
        if (!QTest::qWaitFor(
                [&] {
                    order = storeworld::call(*orders, &orders::v1::Orders::Stub::GetOrder, get);
                    return !order.shipment_ids().empty();
                },
                60'000))
            giveUp("order " + id + " has no shipment");
        auto& leave = leavings.emplace_back();
        leave.set_request_id("leave-" + id);
        leave.set_id(order.shipment_ids(0));
        auto& refund = refunds.emplace_back();
        refund.set_request_id("refund-" + id);
        refund.set_id(id);
        refund.mutable_amount()->set_currency("GBP");
        refund.mutable_amount()->set_minor(125);
    }
    using OrdersAsync = checkouts::OrdersAsync;
    measure("cancel", *orders, kUnderWay,
        Volley<OrdersAsync, orders::v1::CancelOrderRequest, orders::v1::OrderChange>(
            orders->async(), &OrdersAsync::CancelOrder, cancels),
        cancels.size());
    const auto deliveries = deliveries::v1::Deliveries::NewStub(store.channels["deliveries"]);
    using DeliveriesAsync = class deliveries::v1::Deliveries::Stub::async;
    measure("ship", *orders, "state = CONFIRMED",
        Volley<DeliveriesAsync, deliveries::v1::DispatchShipmentRequest, deliveries::v1::Shipment>(
            deliveries->async(), &DeliveriesAsync::DispatchShipment, leavings),
        leavings.size());
    measure("refund", *orders, kUnderWay,
        Volley<OrdersAsync, orders::v1::RefundOrderRequest, orders::v1::OrderChange>(
            orders->async(), &OrdersAsync::RefundOrder, refunds),
        refunds.size());
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    qputenv("GRPC_VERBOSITY", "NONE");
    const int code
        = bench::run(argc, argv, {{"checkout", benchCheckout}, {"overload", benchOverload}});
    std::fflush(nullptr);
    std::_Exit(code); // Channels to a fleet that is gone end badly.
}
