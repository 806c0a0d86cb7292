// SPDX-License-Identifier: GPL-3.0-or-later
#include "cart_schema.h"
#include "services/cart/handler.h"
#include "services/runtime/testing.h"

#include <QTest>

#include <latch>
#include <optional>

using namespace shopfleet;
using namespace shopfleet::cart;
using Stub = v1::Cart::Stub;

namespace {

std::string freshId()
{
    static int last = 0;
    return "request-" + std::to_string(++last);
}

} // namespace

/// The handler behind a real server, on a database of its own for each test.
class TestCart : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void createsWithItems();
    void addsToWhatIsThere();
    void concurrentAddsAreNotLost();
    void setReplacesAndZeroRemoves();
    void refusesTooMany();
    void sameRequestIdAddsOnce();
    void unknownCart();
    void closedCartStays();
    void closesForOneOrderOnly();
    void mergeGivesTheCartItsOwner();
    void mergeAddsToTheOwnersCart();
    void mergeHidesOthersCarts();
    void lists();

private:
    template <class Request, class Response>
    absl::Status ask(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
        Request request, Response* response);
    v1::ShoppingCart create(const std::vector<std::pair<const char*, int64_t>>& items = {});
    absl::Status add(const std::string& id, const char* sku, int64_t quantity);
    absl::Status set(const std::string& id, const char* sku, int64_t quantity);
    absl::Status merge(const std::string& id, const char* customer);
    absl::Status close(const std::string& id, const char* order);
    QString items(const v1::ShoppingCart& cart) const;

    std::optional<runtime::TestDatabase> m_database;
    std::optional<Handler> m_handler;
    std::optional<runtime::TestServer> m_server;
    std::unique_ptr<Stub> m_stub;
    v1::ShoppingCart m_cart; ///< What the last call gave.
};

void TestCart::init()
{
    m_database.emplace(kSchema);
    QVERIFY2(m_database->status().ok(), m_database->status().ToString().c_str());
    m_handler.emplace(**m_database);
    m_server.emplace(std::vector<grpc::Service*>{&*m_handler}, &**m_database, &m_database->feed());
    QVERIFY2(m_server->status().ok(), m_server->status().ToString().c_str());
    m_stub = v1::Cart::NewStub(m_server->channel());
}

void TestCart::cleanup()
{
    m_stub.reset();
    m_server.reset();
    m_handler.reset();
    m_database.reset();
}

template <class Request, class Response>
absl::Status TestCart::ask(
    grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*), Request request,
    Response* response)
{
    if constexpr (requires { request.request_id(); }) {
        if (request.request_id().empty())
            request.set_request_id(freshId());
    }
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    return runtime::fromWire((*m_stub.*method)(&context, request, response));
}

v1::ShoppingCart TestCart::create(const std::vector<std::pair<const char*, int64_t>>& items)
{
    v1::CreateCartRequest request;
    for (const auto& [sku, quantity] : items) {
        auto* item = request.add_items();
        item->set_sku(sku);
        item->set_quantity(quantity);
    }
    v1::ShoppingCart cart;
    const auto status = ask(&Stub::CreateCart, request, &cart);
    if (!status.ok())
        qWarning("%s", status.ToString().c_str());
    return cart;
}

absl::Status TestCart::add(const std::string& id, const char* sku, int64_t quantity)
{
    v1::AddItemRequest request;
    request.set_cart_id(id);
    request.set_sku(sku);
    request.set_quantity(quantity);
    return ask(&Stub::AddItem, request, &m_cart);
}

absl::Status TestCart::set(const std::string& id, const char* sku, int64_t quantity)
{
    v1::SetItemRequest request;
    request.set_cart_id(id);
    request.set_sku(sku);
    request.set_quantity(quantity);
    return ask(&Stub::SetItem, request, &m_cart);
}

absl::Status TestCart::merge(const std::string& id, const char* customer)
{
    v1::MergeCartRequest request;
    request.set_cart_id(id);
    request.set_customer_id(customer);
    return ask(&Stub::MergeCart, request, &m_cart);
}

absl::Status TestCart::close(const std::string& id, const char* order)
{
    v1::CloseCartRequest request;
    request.set_cart_id(id);
    request.set_order_id(order);
    return ask(&Stub::CloseCart, request, &m_cart);
}

QString TestCart::items(const v1::ShoppingCart& cart) const
{
    QString text;
    for (const auto& item : cart.items())
        text += QStringLiteral("%1×%2 ")
                    .arg(item.quantity())
                    .arg(QString::fromStdString(item.sku()));
    return text.trimmed();
}

void TestCart::createsWithItems()
{
    const auto cart = create({{"85123A", 2}, {"71053", 1}, {"85123a", 3}});
    QCOMPARE(cart.id().size(), std::size_t(26));
    QCOMPARE(cart.state(), v1::CART_STATE_OPEN);
    QCOMPARE(cart.currency(), std::string("GBP"));
    QCOMPARE(items(cart), QStringLiteral("5×85123A 1×71053"));

    v1::GetCartRequest request;
    request.set_id(cart.id());
    v1::ShoppingCart found;
    QVERIFY(ask(&Stub::GetCart, request, &found).ok());
    QCOMPARE(found.SerializeAsString(), cart.SerializeAsString());
}

void TestCart::addsToWhatIsThere()
{
    const auto cart = create({{"85123A", 2}});
    QVERIFY(add(cart.id(), "85123a", 3).ok());
    QVERIFY(add(cart.id(), "71053", 1).ok());
    QCOMPARE(items(m_cart), QStringLiteral("5×85123A 1×71053"));
    QVERIFY(m_cart.etag() != cart.etag());
}

void TestCart::concurrentAddsAreNotLost()
{
    constexpr int kAdds = 100;
    const auto cart = create();
    struct Add {
        grpc::ClientContext context;
        v1::AddItemRequest request;
        v1::ShoppingCart cart;
        grpc::Status status;
    };
    std::vector<Add> adds(kAdds);
    std::latch done(kAdds);
    for (Add& one : adds) {
        one.request.set_request_id(freshId());
        one.request.set_cart_id(cart.id());
        one.request.set_sku("85123A");
        one.request.set_quantity(1);
        m_stub->async()->AddItem(
            &one.context, &one.request, &one.cart, [&one, &done](const grpc::Status& status) {
                one.status = status;
                done.count_down();
            });
    }
    done.wait();
    for (const Add& one : adds)
        QVERIFY2(one.status.ok(), one.status.error_message().c_str());
    QVERIFY(add(cart.id(), "71053", 1).ok());
    QCOMPARE(items(m_cart), QStringLiteral("100×85123A 1×71053"));
}

void TestCart::setReplacesAndZeroRemoves()
{
    const auto id = create({{"85123A", 2}}).id();
    QVERIFY(set(id, "85123a", 7).ok());
    QCOMPARE(items(m_cart), QStringLiteral("7×85123A"));
    QVERIFY(set(id, "71053", 1).ok());
    QCOMPARE(items(m_cart), QStringLiteral("7×85123A 1×71053"));
    QVERIFY(set(id, "85123A", 0).ok());
    QCOMPARE(items(m_cart), QStringLiteral("1×71053"));
    QVERIFY(set(id, "85123A", 0).ok()); // Gone is gone.
}

void TestCart::refusesTooMany()
{
    const auto id = create({{"85123A", 999'999}}).id();
    QVERIFY(add(id, "85123A", 1).ok());
    QCOMPARE(add(id, "85123A", 1).code(), absl::StatusCode::kFailedPrecondition);
    QCOMPARE(add(id, "85123A", -1).code(), absl::StatusCode::kInvalidArgument);
    QCOMPARE(add(id, "85123A", std::numeric_limits<int64_t>::max()).code(),
        absl::StatusCode::kInvalidArgument);

    std::vector<std::string> skus;
    std::vector<std::pair<const char*, int64_t>> full;
    for (int i = 0; i < 500; ++i)
        skus.push_back("sku-" + std::to_string(i));
    for (const auto& sku : skus)
        full.emplace_back(sku.c_str(), 1);
    const auto big = create(full).id();
    QCOMPARE(add(big, "one-more", 1).code(), absl::StatusCode::kFailedPrecondition);
    QCOMPARE(set(big, "one-more", 1).code(), absl::StatusCode::kFailedPrecondition);
    QVERIFY(add(big, "sku-7", 1).ok());
    QCOMPARE(m_cart.items_size(), 500);
}

void TestCart::sameRequestIdAddsOnce()
{
    v1::AddItemRequest request;
    request.set_request_id("once");
    request.set_cart_id(create().id());
    request.set_sku("85123A");
    request.set_quantity(2);
    QVERIFY(ask(&Stub::AddItem, request, &m_cart).ok());
    QVERIFY(ask(&Stub::AddItem, request, &m_cart).ok());
    QCOMPARE(items(m_cart), QStringLiteral("2×85123A"));
    request.set_quantity(3);
    QCOMPARE(ask(&Stub::AddItem, request, &m_cart).code(), absl::StatusCode::kAborted);
}

void TestCart::unknownCart()
{
    QCOMPARE(add("nothing", "85123A", 1).code(), absl::StatusCode::kNotFound);
    QCOMPARE(set("nothing", "85123A", 1).code(), absl::StatusCode::kNotFound);
    QCOMPARE(merge("nothing", "c-1").code(), absl::StatusCode::kNotFound);
    QCOMPARE(close("nothing", "o-1").code(), absl::StatusCode::kNotFound);
    QCOMPARE(add("", "85123A", 1).code(), absl::StatusCode::kInvalidArgument);
}

void TestCart::closedCartStays()
{
    const auto id = create({{"85123A", 2}}).id();
    QVERIFY(close(id, "o-1").ok());
    QCOMPARE(add(id, "85123A", 1).code(), absl::StatusCode::kFailedPrecondition);
    QCOMPARE(set(id, "85123A", 0).code(), absl::StatusCode::kFailedPrecondition);
    QCOMPARE(merge(id, "c-1").code(), absl::StatusCode::kFailedPrecondition);
}

void TestCart::closesForOneOrderOnly()
{
    const auto id = create({{"85123A", 2}}).id();
    QVERIFY(close(id, "o-1").ok());
    const auto closed = m_cart.SerializeAsString();
    QCOMPARE(m_cart.state(), v1::CART_STATE_ORDERED);
    QVERIFY(close(id, "o-1").ok());
    QCOMPARE(m_cart.SerializeAsString(), closed);
    QCOMPARE(close(id, "o-2").code(), absl::StatusCode::kFailedPrecondition);
}

void TestCart::mergeGivesTheCartItsOwner()
{
    const auto id = create({{"85123A", 2}}).id();
    for (int i = 0; i < 2; ++i) {
        QVERIFY(merge(id, "c-1").ok());
        QCOMPARE(m_cart.id(), id);
        QCOMPARE(m_cart.customer_id(), std::string("c-1"));
        QCOMPARE(items(m_cart), QStringLiteral("2×85123A"));
    }
}

void TestCart::mergeAddsToTheOwnersCart()
{
    const auto own = create({{"85123A", 2}, {"71053", 1}}).id();
    QVERIFY(merge(own, "c-1").ok());
    const auto other = create({{"85123a", 3}, {"MUG", 1}}).id();
    for (int i = 0; i < 2; ++i) {
        QVERIFY(merge(other, "c-1").ok());
        QCOMPARE(m_cart.id(), own);
        QCOMPARE(items(m_cart), QStringLiteral("5×85123A 1×71053 1×MUG"));
    }
    QCOMPARE(add(other, "85123A", 1).code(), absl::StatusCode::kFailedPrecondition);
}

void TestCart::mergeHidesOthersCarts()
{
    const auto id = create({{"85123A", 2}}).id();
    QVERIFY(merge(id, "c-1").ok());
    QCOMPARE(merge(id, "c-2").code(), absl::StatusCode::kNotFound);
    QCOMPARE(merge(id, "").code(), absl::StatusCode::kInvalidArgument);
}

void TestCart::lists()
{
    const auto id = create({{"85123A", 2}}).id();
    create();
    QVERIFY(merge(id, "c-1").ok());
    v1::ListCartsRequest request;
    v1::ListCartsResponse response;
    QVERIFY(ask(&Stub::ListCarts, request, &response).ok());
    QCOMPARE(response.total_size(), int64_t(2));
    request.set_filter("customer_id = \"c-1\" AND state = OPEN");
    QVERIFY(ask(&Stub::ListCarts, request, &response).ok());
    QCOMPARE(response.carts_size(), 1);
    QCOMPARE(items(response.carts(0)), QStringLiteral("2×85123A"));
    request.set_filter("secret = 1");
    QCOMPARE(ask(&Stub::ListCarts, request, &response).code(), absl::StatusCode::kInvalidArgument);
}

QTEST_GUILESS_MAIN(TestCart)
#include "tst_cart.moc"
