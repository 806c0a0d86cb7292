// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/retailimport.h"

#include "services/ctl/requestid.h"
#include "services/ctl/retailmessages.h"
#include "services/ctl/sendbatches.h"
#include "services/ctl/stockreceipt.h"
#include "shopfleet/accounts/v1/accounts.grpc.pb.h"
#include "shopfleet/deliveries/v1/deliveries.grpc.pb.h"
#include "shopfleet/inventory/v1/inventory.grpc.pb.h"
#include "shopfleet/orders/v1/orders.grpc.pb.h"
#include "shopfleet/payments/v1/payments.grpc.pb.h"

#include <future>

namespace shopfleet::ctl {
namespace {

using accounts::v1::Accounts;
using deliveries::v1::Deliveries;
using inventory::v1::Inventory;
using orders::v1::Orders;
using payments::v1::Payments;

/// Enough for a service to work on one batch while the next is on its way.
constexpr int kParallel = 3;

size_t weightless(const auto&)
{
    return 1;
}
size_t lineCount(const RetailOrder* order)
{
    return order->lines.size();
}

/// Who cannot be reached is said of each; what kind of error it is, the first one decides.
absl::Status joined(const absl::Status& one, const absl::Status& other)
{
    if (one.ok() || other.ok() || one == other)
        return one.ok() ? other : one;
    return {one.code(),
        fmt::format("{}; {}", std::string(one.message()), std::string(other.message()))};
}

std::vector<const RetailOrder*> chosen(
    const std::vector<RetailOrder>& orders, bool (*wanted)(const RetailOrder&))
{
    std::vector<const RetailOrder*> result;
    for (const RetailOrder& order : orders)
        if (wanted(order))
            result.push_back(&order);
    return result;
}

} // namespace

RetailImport::RetailImport(Fleet& fleet, const RetailBook& book, std::chrono::seconds patience)
    : m_fleet(fleet)
    , m_book(book)
    , m_patience(patience)
    , m_run(newRequestId())
{
    m_counts.customers.wanted = static_cast<int64_t>(book.customers.size());
    m_counts.products.wanted = static_cast<int64_t>(book.products.size());
    m_counts.orders.wanted = static_cast<int64_t>(book.orders.size());
    m_counts.shipments.wanted = std::count_if(book.orders.begin(), book.orders.end(), hasShipment);
    m_counts.payments.wanted = std::count_if(book.orders.begin(), book.orders.end(), hasPayment);
    m_counts.stock.wanted = std::count_if(book.products.begin(), book.products.end(),
        [](const RetailProduct& product) { return unitsToReceive(product) > 0; });
}

BatchSender RetailImport::sender(
    const char* service, const char* what, ImportCounts* counts, const std::atomic<bool>& stop)
{
    return {.fleet = m_fleet,
        .patience = patience(stop),
        .service = service,
        .requestPrefix = fmt::format("{}-{}", m_run, what),
        .parallel = kParallel,
        .counts = counts};
}

Patience RetailImport::patience(const std::atomic<bool>& stop)
{
    return {.total = m_patience,
        .callTimeout = m_fleet.timeout(),
        .stop = &stop,
        .onRetry = [this](const std::string& why) { m_counts.addRetry(why); }};
}

absl::Status RetailImport::sendCustomers(const std::atomic<bool>& stop)
{
    return sender("accounts", "customers", &m_counts.customers, stop)
        .send<Accounts>(&Accounts::Stub::ImportCustomers,
            cutBatches(m_book.customers, weightless<RetailCustomer>),
            [this](const Batch& batch, auto* request) {
                for (size_t i = batch.begin; i < batch.end; ++i)
                    *request->add_customers() = customerMessage(m_book.customers[i]);
            });
}

absl::Status RetailImport::sendProducts(const std::atomic<bool>& stop)
{
    return sender("inventory", "products", &m_counts.products, stop)
        .send<Inventory>(&Inventory::Stub::ImportProducts,
            cutBatches(m_book.products, weightless<RetailProduct>),
            [this](const Batch& batch, auto* request) {
                for (size_t i = batch.begin; i < batch.end; ++i)
                    *request->add_products() = productMessage(m_book.products[i]);
            });
}

absl::Status RetailImport::sendStock(const std::atomic<bool>& stop)
{
    std::vector<StockNeed> needs;
    for (const RetailProduct& product : m_book.products)
        if (const int64_t units = unitsToReceive(product); units > 0)
            needs.push_back({.sku = product.sku, .units = units});
    return receiveStock(
        m_fleet, patience(stop), std::string(kRetailOrigin), needs, &m_counts.stock);
}

absl::Status RetailImport::sendOrders(const std::atomic<bool>& stop)
{
    const auto orders = chosen(m_book.orders, [](const RetailOrder&) { return true; });
    return sender("orders", "orders", &m_counts.orders, stop)
        .send<Orders>(&Orders::Stub::ImportOrders, cutBatches(orders, lineCount),
            [&orders](const Batch& batch, auto* request) {
                for (size_t i = batch.begin; i < batch.end; ++i)
                    *request->add_orders() = orderMessage(*orders[i]);
            });
}

absl::Status RetailImport::sendShipments(const std::atomic<bool>& stop)
{
    const auto orders = chosen(m_book.orders, hasShipment);
    return sender("deliveries", "shipments", &m_counts.shipments, stop)
        .send<Deliveries>(&Deliveries::Stub::ImportShipments, cutBatches(orders, lineCount),
            [&orders](const Batch& batch, auto* request) {
                for (size_t i = batch.begin; i < batch.end; ++i)
                    *request->add_shipments() = shipmentMessage(*orders[i]);
            });
}

absl::Status RetailImport::sendPayments(const std::atomic<bool>& stop)
{
    const auto orders = chosen(m_book.orders, hasPayment);
    return sender("payments", "payments", &m_counts.payments, stop)
        .send<Payments>(&Payments::Stub::ImportPayments,
            cutBatches(orders, weightless<const RetailOrder*>),
            [&orders](const Batch& batch, auto* request) {
                for (size_t i = batch.begin; i < batch.end; ++i)
                    *request->add_payments() = paymentMessage(*orders[i]);
            });
}

absl::Status RetailImport::run(const std::atomic<bool>& stop)
{
    // The services know nothing of each other here, so none has to wait; only stock needs its
    // products.
    const auto start = [&](auto send) { return std::async(std::launch::async, send); };
    std::future<absl::Status> parts[] = {
        start([&] { return sendCustomers(stop); }),
        start([&] {
            absl::Status status = sendProducts(stop);
            return status.ok() ? sendStock(stop) : status;
        }),
        start([&] { return sendOrders(stop); }),
        start([&] { return sendShipments(stop); }),
        start([&] { return sendPayments(stop); }),
    };
    absl::Status status;
    for (auto& part : parts)
        status = joined(status, part.get());
    return status;
}

} // namespace shopfleet::ctl
