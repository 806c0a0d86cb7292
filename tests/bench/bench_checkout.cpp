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

void benchCheckout()
{
    RealFleet fleet;
    if (!fleet.start() || !QTest::qWaitFor([&] { return fleet.allServe(); }, 20'000))
        giveUp("the fleet did not start");
    StoreWorld::Channels channels;
    for (const auto* name : {"inventory", "cart", "orders"})
        channels[name] = grpc::CreateChannel(
            std::string("xds:///") + name, grpc::InsecureChannelCredentials());
    const auto inventory = inventory::v1::Inventory::NewStub(channels["inventory"]);
    fillShelves(*inventory);
    const auto carts = cart::v1::Cart::NewStub(channels["cart"]);
    std::vector<cart::v1::CreateCartRequest> wishes;
    for (int i = 0; i < kOrders; ++i)
        wishes.push_back(checkouts::cartOf("cart-" + std::to_string(i), skuOf(i)));
    checkouts::Carts filling(carts->async(), &checkouts::CartAsync::CreateCart, wishes);
    std::vector<orders::v1::PlaceOrderRequest> buys;
    for (const auto& [status, cart, ms] : filling.run(64))
        buys.push_back(checkouts::checkoutOf("buy-" + cart.id(), cart.id()));

    const auto orders = orders::v1::Orders::NewStub(channels["orders"]);
    checkouts::Orders buying(orders->async(), &checkouts::OrdersAsync::PlaceOrder, buys);
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
    fleet.stopControl();
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    qputenv("GRPC_VERBOSITY", "NONE");
    const int code = bench::run(argc, argv, {{"checkout", benchCheckout}});
    std::fflush(nullptr);
    std::_Exit(code); // Channels to a fleet that is gone end badly.
}
