// SPDX-License-Identifier: GPL-3.0-or-later
#include "google/rpc/error_details.pb.h"
#include "inventory_schema.h"
#include "services/inventory/handler.h"
#include "services/runtime/testing.h"
#include "tests/services/inventory/products.h"

#include <QTest>

#include <functional>
#include <latch>
#include <limits>
#include <optional>

using namespace shopfleet;
using namespace shopfleet::inventory;

namespace {

std::string freshId()
{
    static int last = 0;
    return "request-" + std::to_string(++last);
}

/// One call over the wire: the answer, or the status as the caller sees it.
template <class Request, class Response>
absl::Status ask(v1::Inventory::Stub& stub,
    grpc::Status (v1::Inventory::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
    const Request& request, Response* response)
{
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    return runtime::fromWire((stub.*method)(&context, request, response));
}

} // namespace

using Call = std::function<absl::Status(v1::Inventory::Stub&)>;
Q_DECLARE_METATYPE(Call)

/// The handler behind a real server. The shelf holds 1 teapot.
class TestInventory : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void getsWhatWasCreated();
    void refuses_data();
    void refuses();
    void sameRequestIdSameAnswer();
    void requestIdOfAnotherRequest();
    void failedAttemptLeavesTheRequestId();
    void lastUnitIsSoldOnce();
    void watchTellsOfChanges();

private:
    void receive(const std::string& sku, int64_t quantity);

    std::optional<runtime::TestDatabase> m_database;
    std::optional<Handler> m_handler;
    std::optional<runtime::TestServer> m_server;
    std::unique_ptr<v1::Inventory::Stub> m_stub;
};

void TestInventory::initTestCase()
{
    m_database.emplace(kSchema);
    QVERIFY2(m_database->status().ok(), m_database->status().ToString().c_str());
    m_handler.emplace(**m_database, m_database->feed());
    m_server.emplace(std::vector<grpc::Service*>{&*m_handler}, &**m_database, &m_database->feed());
    QVERIFY2(m_server->status().ok(), m_server->status().ToString().c_str());
    m_stub = v1::Inventory::NewStub(m_server->channel());

    v1::ImportProductsRequest request;
    request.set_request_id(freshId());
    *request.add_products() = goodProduct();
    v1::ImportProductsResponse response;
    const auto status = ask(*m_stub, &v1::Inventory::Stub::ImportProducts, request, &response);
    QVERIFY2(status.ok(), status.ToString().c_str());
    receive("85123A", 1);
}

void TestInventory::receive(const std::string& sku, int64_t quantity)
{
    v1::ReceiveStockRequest request;
    request.set_request_id(freshId());
    auto* line = request.add_lines();
    line->set_sku(sku);
    line->set_quantity(quantity);
    v1::StockResponse response;
    const auto status = ask(*m_stub, &v1::Inventory::Stub::ReceiveStock, request, &response);
    QVERIFY2(status.ok(), status.ToString().c_str());
}

void TestInventory::getsWhatWasCreated()
{
    v1::CreateProductRequest create;
    create.set_request_id(freshId());
    *create.mutable_product() = goodProduct("", "NEW-1");
    v1::Product created;
    auto status = ask(*m_stub, &v1::Inventory::Stub::CreateProduct, create, &created);
    QVERIFY2(status.ok(), status.ToString().c_str());
    QVERIFY(!created.id().empty());

    v1::GetProductRequest get;
    get.set_id(created.id());
    v1::Product found;
    status = ask(*m_stub, &v1::Inventory::Stub::GetProduct, get, &found);
    QVERIFY2(status.ok(), status.ToString().c_str());
    QCOMPARE(found.SerializeAsString(), created.SerializeAsString());
    QCOMPARE(found.attributes().at("glaze"), std::string("red"));
}

void TestInventory::refuses_data()
{
    QTest::addColumn<Call>("call");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("names");

    using Stub = v1::Inventory::Stub;
    const auto row = [](const char* name, absl::StatusCode code, const char* names, Call call) {
        QTest::newRow(name) << std::move(call) << static_cast<int>(code) << QByteArray(names);
    };
    const auto reserve = [](std::function<void(v1::ReserveStockRequest&)> spoil) {
        return [spoil = std::move(spoil)](Stub& stub) {
            v1::ReserveStockRequest request;
            request.set_request_id(freshId());
            request.set_holder("order-1");
            auto* line = request.add_lines();
            line->set_sku("85123A");
            line->set_quantity(1);
            spoil(request);
            v1::Reservation response;
            return ask(stub, &Stub::ReserveStock, request, &response);
        };
    };
    const auto create = [](std::function<void(v1::Product&)> spoil) {
        return [spoil = std::move(spoil)](Stub& stub) {
            v1::CreateProductRequest request;
            request.set_request_id(freshId());
            *request.mutable_product() = goodProduct("spoilt", "SPOILT");
            spoil(*request.mutable_product());
            v1::Product response;
            return ask(stub, &Stub::CreateProduct, request, &response);
        };
    };
    const auto list = [](std::function<void(v1::ListProductsRequest&)> spoil) {
        return [spoil = std::move(spoil)](Stub& stub) {
            v1::ListProductsRequest request;
            spoil(request);
            v1::ListProductsResponse response;
            return ask(stub, &Stub::ListProducts, request, &response);
        };
    };
    constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
    row("unknown product", absl::StatusCode::kNotFound, "nothing", [](Stub& stub) {
        v1::GetProductRequest request;
        request.set_id("nothing");
        v1::Product response;
        return ask(stub, &Stub::GetProduct, request, &response);
    });
    row("no id", kInvalid, "id", [](Stub& stub) {
        v1::Product response;
        return ask(stub, &Stub::GetProduct, v1::GetProductRequest(), &response);
    });
    row("no request id", kInvalid, "request_id",
        reserve([](auto& request) { request.clear_request_id(); }));
    row("endless request id", kInvalid, "request_id",
        reserve([](auto& request) { request.set_request_id(std::string(65, 'x')); }));
    row("no holder", kInvalid, "holder", reserve([](auto& request) { request.clear_holder(); }));
    row("no lines", kInvalid, "lines", reserve([](auto& request) { request.clear_lines(); }));
    row("negative quantity", kInvalid, "lines[0].quantity",
        reserve([](auto& request) { request.mutable_lines(0)->set_quantity(-1); }));
    row("overflowing quantity", kInvalid, "lines[0].quantity", reserve([](auto& request) {
        request.mutable_lines(0)->set_quantity(std::numeric_limits<int64_t>::max());
    }));
    row("endless hold", kInvalid, "ttl_seconds",
        reserve([](auto& request) { request.set_ttl_seconds(std::numeric_limits<int>::max()); }));
    row("unknown SKU", absl::StatusCode::kNotFound, "NOTHING",
        reserve([](auto& request) { request.mutable_lines(0)->set_sku("NOTHING"); }));
    row("more than there is", absl::StatusCode::kResourceExhausted, "85123A",
        reserve([](auto& request) { request.mutable_lines(0)->set_quantity(2); }));
    row("unknown currency", kInvalid, "product.variants[0].price", create([](auto& product) {
        product.mutable_variants(0)->mutable_price()->set_currency("XXX");
    }));
    row("negative price", kInvalid, "product.variants[0].price",
        create([](auto& product) { product.mutable_variants(0)->mutable_price()->set_minor(-1); }));
    row("taken id", absl::StatusCode::kAlreadyExists, "teapot",
        create([](auto& product) { product.set_id("teapot"); }));
    row("taken SKU", absl::StatusCode::kAlreadyExists, "85123a",
        create([](auto& product) { product.mutable_variants(0)->set_sku("85123a"); }));
    row("broken UTF-8", kInvalid, "", create([](auto& product) { product.set_title("\xff\xfe"); }));
    row("broken page token", kInvalid, "page_token",
        list([](auto& request) { request.set_page_token("!!!"); }));
    row("negative page size", kInvalid, "page_size",
        list([](auto& request) { request.set_page_size(-1); }));
    row("huge page size", kInvalid, "page_size",
        list([](auto& request) { request.set_page_size(1'001); }));
    row("filter with a syntax error", kInvalid, "filter",
        list([](auto& request) { request.set_filter("price > AND"); }));
    row("stale etag", absl::StatusCode::kAborted, "etag", [](Stub& stub) {
        v1::UpdateProductRequest request;
        request.set_request_id(freshId());
        request.mutable_product()->set_id("teapot");
        request.mutable_product()->set_title("New");
        request.mutable_product()->set_etag("77");
        v1::Product response;
        return ask(stub, &Stub::UpdateProduct, request, &response);
    });
    row("unknown reservation", absl::StatusCode::kNotFound, "nothing", [](Stub& stub) {
        v1::CommitReservationRequest request;
        request.set_request_id(freshId());
        request.set_id("nothing");
        v1::Reservation response;
        return ask(stub, &Stub::CommitReservation, request, &response);
    });
    row("adjusting without a reason", kInvalid, "reason", [](Stub& stub) {
        v1::AdjustStockRequest request;
        request.set_request_id(freshId());
        v1::StockResponse response;
        return ask(stub, &Stub::AdjustStock, request, &response);
    });
    row("a thousand and one lines", kInvalid, "lines", reserve([](auto& request) {
        for (int i = 0; i < 1'000; ++i)
            *request.add_lines() = request.lines(0);
    }));
}

void TestInventory::refuses()
{
    QFETCH(Call, call);
    QFETCH(int, code);
    QFETCH(QByteArray, names);
    const auto everything = [this] {
        v1::ListProductsResponse all;
        const auto status
            = ask(*m_stub, &v1::Inventory::Stub::ListProducts, v1::ListProductsRequest(), &all);
        return status.ok() ? all.SerializeAsString() : status.ToString();
    };
    const auto before = everything();

    const auto status = call(*m_stub);

    QCOMPARE(static_cast<int>(status.code()), code);
    QVERIFY2(status.message().find(names.toStdString()) != std::string_view::npos,
        status.ToString().c_str());
    QCOMPARE(everything(), before);
}

void TestInventory::sameRequestIdSameAnswer()
{
    receive("85123A", 2);
    v1::ReserveStockRequest request;
    request.set_request_id(freshId());
    request.set_holder("order-2");
    auto* line = request.add_lines();
    line->set_sku("85123A");
    line->set_quantity(2);
    v1::Reservation first;
    v1::Reservation second;
    QVERIFY(ask(*m_stub, &v1::Inventory::Stub::ReserveStock, request, &first).ok());
    QVERIFY(ask(*m_stub, &v1::Inventory::Stub::ReserveStock, request, &second).ok());
    QCOMPARE(second.SerializeAsString(), first.SerializeAsString());

    v1::ReleaseReservationRequest release;
    release.set_request_id(freshId());
    release.set_id(first.id());
    QVERIFY(ask(*m_stub, &v1::Inventory::Stub::ReleaseReservation, release, &second).ok());
    v1::AdjustStockRequest adjust;
    adjust.set_request_id(freshId());
    adjust.set_reason("counted");
    adjust.add_lines()->set_sku("85123A");
    adjust.mutable_lines(0)->set_quantity(-2);
    v1::StockResponse stock;
    QVERIFY(ask(*m_stub, &v1::Inventory::Stub::AdjustStock, adjust, &stock).ok());
    QCOMPARE(stock.levels(0).stock().available(), int64_t(1));
}

void TestInventory::requestIdOfAnotherRequest()
{
    v1::AdjustStockRequest request;
    request.set_request_id(freshId());
    request.set_reason("found");
    request.add_lines()->set_sku("NEW-1");
    request.mutable_lines(0)->set_quantity(1);
    v1::StockResponse response;
    QVERIFY(ask(*m_stub, &v1::Inventory::Stub::AdjustStock, request, &response).ok());
    request.mutable_lines(0)->set_quantity(5);
    const auto status = ask(*m_stub, &v1::Inventory::Stub::AdjustStock, request, &response);
    QCOMPARE(status.code(), absl::StatusCode::kAborted);
    QCOMPARE(runtime::reason(status), std::string("REQUEST_ID_REUSED"));
}

void TestInventory::failedAttemptLeavesTheRequestId()
{
    v1::ReserveStockRequest request;
    request.set_request_id(freshId());
    request.set_holder("order-3");
    request.add_lines()->set_sku("85123A");
    request.mutable_lines(0)->set_quantity(2);
    v1::Reservation reservation;
    const auto reserve
        = [&] { return ask(*m_stub, &v1::Inventory::Stub::ReserveStock, request, &reservation); };
    QCOMPARE(reserve().code(), absl::StatusCode::kResourceExhausted);
    receive("85123A", 2);
    QVERIFY(reserve().ok());

    v1::CommitReservationRequest commit;
    commit.set_request_id(freshId());
    commit.set_id(reservation.id());
    QVERIFY(ask(*m_stub, &v1::Inventory::Stub::CommitReservation, commit, &reservation).ok());
}

void TestInventory::lastUnitIsSoldOnce()
{
    constexpr int kBuyers = 200;
    struct Buyer {
        grpc::ClientContext context;
        v1::ReserveStockRequest request;
        v1::Reservation reservation;
        grpc::Status status;
    };
    std::vector<Buyer> buyers(kBuyers);
    std::latch done(kBuyers);
    for (int i = 0; i < kBuyers; ++i) {
        Buyer& buyer = buyers[static_cast<std::size_t>(i)];
        buyer.request.set_request_id(freshId());
        buyer.request.set_holder("buyer-" + std::to_string(i));
        buyer.request.add_lines()->set_sku("85123A");
        buyer.request.mutable_lines(0)->set_quantity(1);
        m_stub->async()->ReserveStock(&buyer.context, &buyer.request, &buyer.reservation,
            [&buyer, &done](const grpc::Status& status) {
                buyer.status = status;
                done.count_down();
            });
    }
    done.wait();

    int sold = 0;
    for (const Buyer& buyer : buyers) {
        sold += buyer.status.ok() ? 1 : 0;
        if (!buyer.status.ok())
            QCOMPARE(runtime::reason(runtime::fromWire(buyer.status)), std::string("OUT_OF_STOCK"));
    }
    QCOMPARE(sold, 1);
}

void TestInventory::watchTellsOfChanges()
{
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    const auto stream = m_stub->WatchProducts(&context, v1::WatchProductsRequest());
    v1::WatchProductsResponse message;
    if (!stream->Read(&message)) // The first message says that the link is there.
        QFAIL(stream->Finish().error_message().c_str());

    receive("NEW-1", 3);
    while (stream->Read(&message) && message.products().empty()) { }
    QCOMPARE(message.products_size(), 1);
    QCOMPARE(message.products(0).variants(0).sku(), std::string("NEW-1"));
    QCOMPARE(message.products(0).variants(0).stock().on_hand(), int64_t(4));
    context.TryCancel();
    QVERIFY(!stream->Finish().ok());

    // Who was away gets what was missed.
    v1::WatchProductsRequest again;
    again.set_resume_token(message.resume_token());
    receive("NEW-1", 1);
    grpc::ClientContext resumed;
    resumed.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    const auto rest = m_stub->WatchProducts(&resumed, again);
    while (rest->Read(&message) && message.products().empty()) { }
    QCOMPARE(message.products(0).variants(0).stock().on_hand(), int64_t(5));
    resumed.TryCancel();
    rest->Finish();
}

QTEST_GUILESS_MAIN(TestInventory)
#include "tst_inventory.moc"
