// SPDX-License-Identifier: GPL-3.0-or-later
#include "google/rpc/error_details.pb.h"
#include "inventory_schema.h"
#include "services/inventory/cataloguestore.h"
#include "services/inventory/productstore.h"
#include "services/inventory/reservationstore.h"
#include "services/inventory/stockstore.h"
#include "services/inventory/sweeper.h"
#include "services/runtime/clock.h"
#include "services/runtime/testing.h"
#include "tests/services/inventory/products.h"

#include <QTest>

#include <optional>

using namespace shopfleet;
using namespace shopfleet::inventory;
using Lines = std::vector<std::pair<const char*, int64_t>>;

/// Ten teapots and two mugs on the shelves, and a lantern that is not for sale.
class TestReservationStore : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void reserveTakesAllLinesOrNone();
    void reserveNamesWhatIsShort();
    void refusesWhatIsNotForSale();
    void commitIsIdempotent();
    void commitInParts();
    void commitsOnlyWhatIsHeld();
    void releaseIsIdempotent();
    void releaseInParts();
    void releasesOnlyWhatIsHeld();
    void expires();
    void sweeperGivesBack();
    void listsBySkuAndHolder();
    void adjustNeverBelowReserved();
    void ledgerAddsUp();

private:
    template <class Work>
    auto write(Work work) -> decltype(work(std::declval<runtime::Connection&>()));
    absl::StatusOr<v1::Reservation> reserve(const std::string& holder, const Lines& lines);
    absl::StatusOr<v1::Reservation> commit(const std::string& id, const Lines& lines = {});
    absl::StatusOr<v1::Reservation> release(const std::string& id, const Lines& lines = {});
    absl::StatusOr<v1::StockResponse> adjust(const char* sku, int64_t quantity);
    QString stock(const char* sku);

    std::optional<runtime::TestDatabase> m_database;
};

template <class Work>
auto TestReservationStore::write(Work work) -> decltype(work(std::declval<runtime::Connection&>()))
{
    decltype(work(std::declval<runtime::Connection&>())) result;
    const auto status = m_database->write([&](runtime::Connection& connection) {
        result = work(connection);
        return result.status();
    });
    if (!status.ok())
        return status;
    return result;
}

template <class Request>
void fill(Request& request, const Lines& lines)
{
    for (const auto& [sku, quantity] : lines) {
        auto* line = request.add_lines();
        line->set_sku(sku);
        line->set_quantity(quantity);
    }
}

void TestReservationStore::init()
{
    m_database.emplace(kSchema);
    QVERIFY2(m_database->status().ok(), m_database->status().ToString().c_str());
    const auto imported = write([](runtime::Connection& connection) {
        v1::ImportProductsRequest request;
        *request.add_products() = goodProduct("teapot", "TEAPOT");
        *request.add_products() = goodProduct("mug", "MUG");
        *request.add_products() = goodProduct("lantern", "LANTERN");
        request.mutable_products(2)->set_state(v1::PRODUCT_STATE_DRAFT);
        return ProductStore(connection).import(request);
    });
    QVERIFY2(imported.ok(), imported.status().ToString().c_str());
    const auto received = write([](runtime::Connection& connection) {
        v1::ReceiveStockRequest request;
        fill(request, {{"teapot", 10}, {"MUG", 2}, {"LANTERN", 5}});
        return StockStore(connection).receive(request);
    });
    QVERIFY2(received.ok(), received.status().ToString().c_str());
}

/// Whatever a test did: reserved is what the live reservations hold, on_hand what the ledger says.
void TestReservationStore::cleanup()
{
    const auto wrong = m_database->reader().select(
        R"sql(SELECT sku FROM stock WHERE reserved <> (SELECT coalesce(sum(held), 0)
                  FROM reservation_line WHERE reservation_line.sku = stock.sku)
              OR on_hand <> (SELECT coalesce(sum(quantity), 0) FROM stock_move
                  WHERE stock_move.sku = stock.sku))sql",
        [](std::string sku) { return sku; });
    QVERIFY(wrong.ok());
    QVERIFY2(wrong->empty(), wrong->empty() ? "" : wrong->front().c_str());
}

absl::StatusOr<v1::Reservation> TestReservationStore::reserve(
    const std::string& holder, const Lines& lines)
{
    return write([&](runtime::Connection& connection) {
        v1::ReserveStockRequest request;
        request.set_holder(holder);
        fill(request, lines);
        return ReservationStore(connection).reserve(request);
    });
}

absl::StatusOr<v1::Reservation> TestReservationStore::commit(
    const std::string& id, const Lines& lines)
{
    return write([&](runtime::Connection& connection) {
        v1::CommitReservationRequest request;
        request.set_id(id);
        fill(request, lines);
        return ReservationStore(connection).commit(request);
    });
}

absl::StatusOr<v1::Reservation> TestReservationStore::release(
    const std::string& id, const Lines& lines)
{
    return write([&](runtime::Connection& connection) {
        v1::ReleaseReservationRequest request;
        request.set_id(id);
        fill(request, lines);
        return ReservationStore(connection).release(request);
    });
}

absl::StatusOr<v1::StockResponse> TestReservationStore::adjust(const char* sku, int64_t quantity)
{
    return write([&](runtime::Connection& connection) {
        v1::AdjustStockRequest request;
        request.set_reason("counted");
        fill(request, {{sku, quantity}});
        return StockStore(connection).adjust(request);
    });
}

/// "10-4=6": on hand, reserved, available.
QString TestReservationStore::stock(const char* sku)
{
    v1::BatchGetVariantsRequest request;
    request.add_skus(sku);
    const auto found = CatalogueStore(m_database->reader()).variants(request);
    if (!found.ok() || found->variants().empty())
        return {};
    const auto& stock = found->variants(0).variant().stock();
    return QStringLiteral("%1-%2=%3")
        .arg(stock.on_hand())
        .arg(stock.reserved())
        .arg(stock.available());
}

void TestReservationStore::reserveTakesAllLinesOrNone()
{
    const auto held = reserve("order-1", {{"TEAPOT", 3}, {"mug", 1}, {"teapot", 1}});
    QVERIFY2(held.ok(), held.status().ToString().c_str());
    QCOMPARE(held->state(), v1::RESERVATION_STATE_HELD);
    QCOMPARE(held->lines_size(), 2);
    QCOMPARE(held->expires_at().seconds() - held->created_at().seconds(), int64_t(15 * 60));
    QCOMPARE(stock("TEAPOT"), QStringLiteral("10-4=6"));

    QVERIFY(!reserve("order-2", {{"TEAPOT", 1}, {"MUG", 2}}).ok());
    QCOMPARE(stock("TEAPOT"), QStringLiteral("10-4=6"));
    QCOMPARE(stock("MUG"), QStringLiteral("2-1=1"));
}

void TestReservationStore::reserveNamesWhatIsShort()
{
    const auto status = reserve("order-1", {{"TEAPOT", 11}, {"MUG", 1}, {"MUG", 2}}).status();
    QCOMPARE(status.code(), absl::StatusCode::kResourceExhausted);
    QCOMPARE(runtime::reason(status), std::string("OUT_OF_STOCK"));
    google::rpc::ErrorInfo info;
    const auto detail = status.GetPayload(
        "type.googleapis.com/" + google::rpc::ErrorInfo::descriptor()->full_name());
    QVERIFY(detail && info.ParseFromString(std::string(*detail)));
    QCOMPARE(info.metadata().size(), std::size_t(2));
    QCOMPARE(info.metadata().at("TEAPOT"), std::string("10"));
    QCOMPARE(info.metadata().at("MUG"), std::string("2"));
}

void TestReservationStore::refusesWhatIsNotForSale()
{
    QCOMPARE(reserve("order-1", {{"LANTERN", 1}}).status().code(),
        absl::StatusCode::kFailedPrecondition);
    QCOMPARE(reserve("order-1", {{"NOTHING", 1}}).status().code(), absl::StatusCode::kNotFound);
    QCOMPARE(commit("nothing").status().code(), absl::StatusCode::kNotFound);
    QCOMPARE(release("nothing").status().code(), absl::StatusCode::kNotFound);
}

void TestReservationStore::commitIsIdempotent()
{
    const auto id = reserve("order-1", {{"TEAPOT", 4}})->id();
    for (int i = 0; i < 3; ++i) {
        const auto done = commit(id);
        QVERIFY2(done.ok(), done.status().ToString().c_str());
        QCOMPARE(done->state(), v1::RESERVATION_STATE_COMMITTED);
        QCOMPARE(done->lines(0).quantity(), int64_t(4));
        QVERIFY(done->has_ended_at());
        QCOMPARE(stock("TEAPOT"), QStringLiteral("6-0=6"));
    }
    QCOMPARE(release(id).status().code(), absl::StatusCode::kFailedPrecondition);
}

void TestReservationStore::commitInParts()
{
    const auto id = reserve("order-1", {{"TEAPOT", 4}, {"MUG", 1}})->id();
    const auto part = commit(id, {{"teapot", 3}});
    QVERIFY2(part.ok(), part.status().ToString().c_str());
    QCOMPARE(part->state(), v1::RESERVATION_STATE_HELD);
    QCOMPARE(part->lines_size(), 2);
    QCOMPARE(stock("TEAPOT"), QStringLiteral("7-1=6"));

    const auto rest = release(id);
    QVERIFY(rest.ok());
    QCOMPARE(rest->state(), v1::RESERVATION_STATE_RELEASED);
    QCOMPARE(stock("TEAPOT"), QStringLiteral("7-0=7"));
    QCOMPARE(stock("MUG"), QStringLiteral("2-0=2"));
}

void TestReservationStore::commitsOnlyWhatIsHeld()
{
    const auto id = reserve("order-1", {{"TEAPOT", 4}})->id();
    QCOMPARE(commit(id, {{"TEAPOT", 3}, {"TEAPOT", 2}}).status().code(),
        absl::StatusCode::kFailedPrecondition);
    QCOMPARE(commit(id, {{"MUG", 1}}).status().code(), absl::StatusCode::kFailedPrecondition);
    QCOMPARE(stock("TEAPOT"), QStringLiteral("10-4=6"));
}

void TestReservationStore::releaseIsIdempotent()
{
    const auto id = reserve("order-1", {{"TEAPOT", 4}})->id();
    for (int i = 0; i < 3; ++i) {
        const auto done = release(id);
        QVERIFY2(done.ok(), done.status().ToString().c_str());
        QCOMPARE(done->state(), v1::RESERVATION_STATE_RELEASED);
        QCOMPARE(stock("TEAPOT"), QStringLiteral("10-0=10"));
    }
    QCOMPARE(commit(id).status().code(), absl::StatusCode::kFailedPrecondition);
}

void TestReservationStore::releaseInParts()
{
    const auto id = reserve("order-1", {{"TEAPOT", 4}, {"MUG", 1}})->id();
    const auto part = release(id, {{"teapot", 1}, {"TEAPOT", 1}, {"MUG", 1}});
    QVERIFY2(part.ok(), part.status().ToString().c_str());
    QCOMPARE(part->state(), v1::RESERVATION_STATE_HELD);
    QVERIFY(!part->has_ended_at());
    QCOMPARE(part->lines_size(), 1);
    QCOMPARE(part->lines(0).quantity(), int64_t(2));
    QCOMPARE(stock("TEAPOT"), QStringLiteral("10-2=8"));
    QCOMPARE(stock("MUG"), QStringLiteral("2-0=2"));

    // What is left is what leaves the shelf.
    QCOMPARE(commit(id)->state(), v1::RESERVATION_STATE_COMMITTED);
    QCOMPARE(stock("TEAPOT"), QStringLiteral("8-0=8"));

    const auto all = reserve("order-2", {{"TEAPOT", 2}})->id();
    QCOMPARE(release(all, {{"TEAPOT", 2}})->state(), v1::RESERVATION_STATE_RELEASED);
    const auto rest = reserve("order-3", {{"TEAPOT", 2}})->id();
    QCOMPARE(commit(rest, {{"TEAPOT", 1}})->state(), v1::RESERVATION_STATE_HELD);
    const auto sent = release(rest, {{"TEAPOT", 1}});
    QCOMPARE(sent->state(), v1::RESERVATION_STATE_COMMITTED);
    QCOMPARE(sent->lines(0).quantity(), int64_t(1));
    QCOMPARE(stock("TEAPOT"), QStringLiteral("7-0=7"));
}

void TestReservationStore::releasesOnlyWhatIsHeld()
{
    const auto id = reserve("order-1", {{"TEAPOT", 4}, {"MUG", 1}})->id();
    for (const Lines& lines : {Lines{{"MUG", 1}, {"TEAPOT", 5}}, Lines{{"NOTHING", 1}}}) {
        const auto refused = release(id, lines).status();
        QCOMPARE(refused.code(), absl::StatusCode::kFailedPrecondition);
        QCOMPARE(runtime::reason(refused), std::string("NOT_HELD"));
        QCOMPARE(stock("TEAPOT"), QStringLiteral("10-4=6"));
        QCOMPARE(stock("MUG"), QStringLiteral("2-1=1"));
    }
}

void TestReservationStore::expires()
{
    const auto id = reserve("order-1", {{"TEAPOT", 4}})->id();
    const auto expire = [&](int64_t minutes) {
        return write([&](runtime::Connection& connection) {
            return ReservationStore(connection)
                .expire(runtime::nowUs() + minutes * 60'000'000, 100);
        });
    };
    QCOMPARE(*expire(14), std::size_t(0));
    QCOMPARE(stock("TEAPOT"), QStringLiteral("10-4=6"));
    QCOMPARE(*expire(16), std::size_t(1));
    QCOMPARE(stock("TEAPOT"), QStringLiteral("10-0=10"));
    QCOMPARE(*expire(16), std::size_t(0));
    QCOMPARE(release(id)->state(), v1::RESERVATION_STATE_EXPIRED);
    QCOMPARE(commit(id).status().code(), absl::StatusCode::kFailedPrecondition);
}

void TestReservationStore::sweeperGivesBack()
{
    QVERIFY(reserve("order-1", {{"TEAPOT", 4}}).ok());
    const auto id = reserve("order-2", {{"TEAPOT", 1}})->id();
    const auto aged = m_database->write([&](runtime::Connection& connection) {
        return connection.execute("UPDATE reservation SET expires_at = 1 WHERE id = :1", id)
            .status();
    });
    QVERIFY2(aged.ok(), aged.ToString().c_str());
    const Sweeper sweeper(**m_database);
    QTRY_COMPARE(stock("TEAPOT"), QStringLiteral("10-4=6"));
}

void TestReservationStore::listsBySkuAndHolder()
{
    QVERIFY(reserve("order-1", {{"TEAPOT", 1}, {"MUG", 1}}).ok());
    QVERIFY(reserve("order-2", {{"TEAPOT", 1}}).ok());
    const auto holders = [&](const char* filter) {
        v1::ListReservationsRequest request;
        request.set_filter(filter);
        const auto found = ReservationStore(m_database->reader()).list(request);
        QString text;
        for (const auto& reservation : found->reservations())
            text += QString::fromStdString(reservation.holder()) + u' ';
        return text.trimmed();
    };
    QCOMPARE(holders(""), QStringLiteral("order-2 order-1"));
    QCOMPARE(holders("sku = mug"), QStringLiteral("order-1"));
    QCOMPARE(holders("sku = TEAPOT AND holder = \"order-2\""), QStringLiteral("order-2"));
    QCOMPARE(holders("state = HELD AND sku != MUG"), QStringLiteral("order-2"));
    QCOMPARE(holders("state = COMMITTED"), QString());
}

void TestReservationStore::adjustNeverBelowReserved()
{
    QVERIFY(reserve("order-1", {{"TEAPOT", 4}}).ok());
    QVERIFY(adjust("TEAPOT", -6).ok());
    QCOMPARE(stock("TEAPOT"), QStringLiteral("4-4=0"));
    const auto status = adjust("TEAPOT", -1).status();
    QCOMPARE(status.code(), absl::StatusCode::kFailedPrecondition);
    QCOMPARE(runtime::reason(status), std::string("STOCK_BELOW_RESERVED"));
    QCOMPARE(stock("TEAPOT"), QStringLiteral("4-4=0"));
    QCOMPARE(adjust("NOTHING", 1).status().code(), absl::StatusCode::kNotFound);
}

void TestReservationStore::ledgerAddsUp()
{
    const auto id = reserve("order-1", {{"TEAPOT", 4}})->id();
    QVERIFY(commit(id).ok());
    QVERIFY(adjust("TEAPOT", -1).ok());
    v1::ListStockMovesRequest request;
    request.set_filter("sku = teapot");
    request.set_order_by("at");
    const auto moves = StockStore(m_database->reader()).list(request);
    QVERIFY2(moves.ok(), moves.status().ToString().c_str());
    QCOMPARE(moves->moves_size(), 3);
    QCOMPARE(moves->moves(0).kind(), v1::STOCK_MOVE_KIND_RECEIPT);
    QCOMPARE(moves->moves(1).quantity(), int64_t(-4));
    QCOMPARE(moves->moves(1).holder(), std::string("order-1"));
    QCOMPARE(moves->moves(2).reason(), std::string("counted"));

    request.set_filter("kind = RECEIPT AND quantity > 4");
    QCOMPARE(StockStore(m_database->reader()).list(request)->total_size(), int64_t(2));
}

QTEST_GUILESS_MAIN(TestReservationStore)
#include "tst_reservationstore.moc"
