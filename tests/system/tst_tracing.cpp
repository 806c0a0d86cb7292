// SPDX-License-Identifier: GPL-3.0-or-later
// From an order to its trace to the service that keeps it waiting, with real processes, of which
// some are frozen and some are killed.
#include "shopfleet/traces/v1/traces.grpc.pb.h"
#include "tests/system/checkouts.h"
#include "tests/system/insist.h"
#include "tests/system/realfleet.h"
#include "tests/system/storeworld.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QScopeGuard>

#include <map>
#include <set>

using namespace shopfleet;
using storeworld::insist;
using namespace std::chrono_literals;

namespace tracing = shopfleet::traces::v1;

class TestTracing : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void anOrderIsOneTrace();
    void theCommandLineShowsIt();
    void aFrozenServiceIsTheFirstThatFailed();
    void whatHappensWhileNobodyListensIsKept();
    void busyServicesSendASample();
    void cleanupTestCase() { m_fleet.stopControl(); }

private:
    /// Until there is one that matches and `also` holds.
    tracing::Trace found(
        const std::string& filter, const std::function<bool(const tracing::Trace&)>& also = {});
    std::int64_t count(const std::string& filter);
    std::string cart(const std::string& mark);

    RealFleet m_fleet;
    StoreWorld::Channels m_channels;
    StoreWorld m_world;
    std::unique_ptr<orders::v1::Orders::Stub> m_orders;
    std::unique_ptr<tracing::Traces::Stub> m_traces;
};

void TestTracing::initTestCase()
{
    QVERIFY(m_fleet.start());
    QVERIFY(QTest::qWaitFor([&] { return m_fleet.allServe(); }, 20'000));
    m_channels = StoreWorld::open();
    m_world = StoreWorld::make(m_channels, 1, false);
    m_orders = orders::v1::Orders::NewStub(m_channels["orders"]);
    m_traces = tracing::Traces::NewStub(
        grpc::CreateChannel("xds:///traces", grpc::InsecureChannelCredentials()));
}

std::string TestTracing::cart(const std::string& mark)
{
    const auto carts = cart::v1::Cart::NewStub(m_channels["cart"]);
    return insist(*carts, &cart::v1::Cart::Stub::CreateCart, checkouts::cartOf(mark, m_world.sku))
        .id();
}

std::int64_t TestTracing::count(const std::string& filter)
{
    tracing::SearchTracesRequest request;
    request.set_filter(filter);
    return insist(*m_traces, &tracing::Traces::Stub::SearchTraces, request).total_size();
}

tracing::Trace TestTracing::found(
    const std::string& filter, const std::function<bool(const tracing::Trace&)>& also)
{
    const auto end = std::chrono::steady_clock::now() + 30s;
    while (std::chrono::steady_clock::now() < end) {
        tracing::SearchTracesRequest request;
        request.set_filter(filter);
        const auto answer = insist(*m_traces, &tracing::Traces::Stub::SearchTraces, request);
        for (const auto& one : answer.traces()) {
            tracing::GetTraceRequest get;
            get.set_id(one.id());
            auto trace = insist(*m_traces, &tracing::Traces::Stub::GetTrace, get);
            if (!also || also(trace))
                return trace;
        }
        QTest::qWait(100);
    }
    qWarning("no trace with %s", filter.c_str());
    return {};
}

void TestTracing::anOrderIsOneTrace()
{
    const auto order = insist(*m_orders, &orders::v1::Orders::Stub::PlaceOrder,
        checkouts::checkoutOf("one", cart("one")));
    const auto trace = found("order_id = \"" + order.id() + "\" AND method = PlaceOrder",
        [](const tracing::Trace& all) { return all.services_size() >= 5; });
    QCOMPARE(trace.order_id(), order.id());
    QCOMPARE(trace.id(), order.trace_id());
    QCOMPARE(trace.root(), std::string("orders: PlaceOrder"));
    QCOMPARE(trace.error_count(), 0);

    std::map<std::string, const tracing::Span*> spans;
    for (const auto& span : trace.spans())
        spans[span.span_id()] = &span;
    std::set<std::string> answered; // "inventory.ReserveStock", asked by orders.
    int roots = 0;
    double waited = 0;
    for (const auto& span : trace.spans()) {
        QVERIFY2(!span.parent_missing(), span.ShortDebugString().c_str());
        roots += span.parent_span_id().empty() ? 1 : 0;
        for (const auto& stretch : span.waited_for())
            waited += static_cast<double>(stretch.duration().nanos()) / 1e6
                + static_cast<double>(stretch.duration().seconds()) * 1e3;
        if (span.kind() != "server" || span.parent_span_id().empty())
            continue;
        const auto& asker = *spans.at(span.parent_span_id());
        QCOMPARE(asker.kind(), std::string("client"));
        QCOMPARE(asker.name(), span.name());
        QVERIFY(asker.service() != span.service());
        answered.insert(span.service() + '.' + span.name());
    }
    QCOMPARE(roots, 1);
    for (const char* call : {"cart.GetCart", "inventory.ReserveStock", "payments.AuthorisePayment",
             "provider.Act", "deliveries.PlanShipment"})
        QVERIFY2(answered.contains(call), call);
    const auto& root = trace.spans(0);
    QCOMPARE(qRound(waited * 1e3),
        qRound(static_cast<double>(root.duration().nanos()) / 1e3
            + static_cast<double>(root.duration().seconds()) * 1e6));
    QCOMPARE(root.replica(), std::string("orders-1"));
    QVERIFY(!root.version().empty());
}

void TestTracing::theCommandLineShowsIt()
{
    const auto order = insist(*m_orders, &orders::v1::Orders::Stub::PlaceOrder,
        checkouts::checkoutOf("shown", cart("shown")));
    found("order_id = \"" + order.id() + "\" AND service = deliveries");
    const auto say = [&](QStringList arguments) {
        QProcess ctl;
        arguments << QStringLiteral("--control") << QString::fromStdString(m_fleet.address());
        ctl.start(QStringLiteral(PROGRAMS "/shopfleetctl"), arguments);
        ctl.waitForFinished(20'000);
        return ctl.exitCode() == 0 ? QString::fromUtf8(ctl.readAllStandardOutput())
                                   : QString::fromUtf8(ctl.readAllStandardError());
    };
    const auto id = QString::fromStdString(order.id());
    const auto one = say({QStringLiteral("trace"), id});
    for (const char* words : {"PlaceOrder", "> AuthorisePayment", "payments-1", "provider-1"})
        QVERIFY2(one.contains(QLatin1String(words)), qPrintable(one));
    const auto list = say({QStringLiteral("traces"), QStringLiteral("order_id = ") + id});
    QVERIFY2(list.contains(QStringLiteral("orders: PlaceOrder")), qPrintable(list));
    QVERIFY2(say({QStringLiteral("traces"), QStringLiteral("nonsense = 1")})
                 .contains(QStringLiteral("unknown field \"nonsense\"")),
        "a bad filter is named");

    // And how long its orders dwelt at each step, beside the methods that were asked for.
    const auto top = QJsonDocument::fromJson(
        say({QStringLiteral("top"), QStringLiteral("orders"), QStringLiteral("--times"),
                QStringLiteral("1"), QStringLiteral("--json")})
            .toUtf8())
                         .object();
    std::map<QString, QJsonObject> methods;
    for (const auto& method : top[QStringLiteral("methods")].toArray())
        methods[method.toObject()[QStringLiteral("method")].toString()] = method.toObject();
    for (const char* step : {"saga/inventory/ReserveStock", "saga/payments/AuthorisePayment",
             "saga/deliveries/PlanShipment"}) {
        const auto& figures = methods[QLatin1String(step)];
        QVERIFY2(figures[QStringLiteral("requests_per_second")].toDouble() > 0, step);
        QVERIFY2(figures[QStringLiteral("p50_ms")].toDouble() > 0, step);
    }
    QVERIFY(std::ranges::any_of(methods,
        [](const auto& each) { return each.first.endsWith(QStringLiteral("PlaceOrder")); }));
    QVERIFY(say({QStringLiteral("top"), QStringLiteral("nobody")})
                .contains(QStringLiteral("there is no service \"nobody\"")));
}

void TestTracing::aFrozenServiceIsTheFirstThatFailed()
{
    const auto id = cart("frozen");
    // A frozen one is replaced within seconds: so is each that comes after it.
    std::atomic<bool> stop = false;
    std::thread freezing([&] {
        while (!stop) {
            const auto view = m_fleet.service("payments");
            for (const auto& replica : view.replicas())
                if (replica.pid() > 0)
                    ::kill(static_cast<pid_t>(replica.pid()), SIGSTOP);
            std::this_thread::sleep_for(20ms);
        }
    });
    const auto thaw = qScopeGuard([&] {
        stop = true;
        if (freezing.joinable())
            freezing.join();
    });
    const auto order = insist(
        *m_orders, &orders::v1::Orders::Stub::PlaceOrder, checkouts::checkoutOf("frozen", id));
    orders::v1::GetOrderRequest get;
    get.set_id(order.id());
    orders::v1::Order waiting;
    QTRY_VERIFY_WITH_TIMEOUT(
        (waiting = insist(*m_orders, &orders::v1::Orders::Stub::GetOrder, get)).waiting().attempts()
            > 0,
        30'000);
    QCOMPARE(waiting.waiting().service(), std::string("payments"));

    // What failed and has nothing below it that failed: the call to payments, and its trace is the
    // one that the order names, or a later attempt's.
    const auto trace = found("order_id = \"" + order.id() + "\" AND error = true");
    std::set<std::string> parents;
    for (const auto& span : trace.spans())
        if (span.error())
            parents.insert(span.parent_span_id());
    const tracing::Span* leaf = nullptr;
    for (const auto& span : trace.spans())
        if (span.error() && !parents.contains(span.span_id()) && !leaf)
            leaf = &span;
    QVERIFY(leaf);
    QCOMPARE(leaf->name(), std::string("AuthorisePayment"));
    QCOMPARE(leaf->kind(), std::string("client"));
    QCOMPARE(leaf->attributes().at("rpc.service"), std::string("shopfleet.payments.v1.Payments"));
    QVERIFY2(leaf->status().starts_with("UNAVAILABLE")
            || leaf->status().starts_with("DEADLINE_EXCEEDED"),
        leaf->status().c_str());
    const auto named = found("id = " + waiting.waiting().trace_id());
    QVERIFY(named.error_count() > 0);

    stop = true;
    freezing.join();
    QTRY_COMPARE_WITH_TIMEOUT(insist(*m_orders, &orders::v1::Orders::Stub::GetOrder, get).state(),
        orders::v1::ORDER_STATE_CONFIRMED, 60'000);
}

void TestTracing::whatHappensWhileNobodyListensIsKept()
{
    const auto before = m_fleet.kill("traces");
    QVERIFY(before > 0);
    const auto order = insist(*m_orders, &orders::v1::Orders::Stub::PlaceOrder,
        checkouts::checkoutOf("unheard", cart("unheard")));
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet.serves("traces", 1, before), 20'000);
    const auto trace = found("order_id = \"" + order.id() + "\" AND method = PlaceOrder",
        [](const tracing::Trace& all) { return all.services_size() >= 5; });
    QCOMPARE(trace.id(), order.trace_id());
    // And what was kept before is there as well.
    QVERIFY(count("method = PlaceOrder") >= 3);
}

void TestTracing::busyServicesSendASample()
{
    constexpr int kOrders = 600;
    std::vector<cart::v1::CreateCartRequest> carts;
    for (int i = 0; i < kOrders; ++i)
        carts.push_back(checkouts::cartOf("busy-" + std::to_string(i), m_world.sku));
    const auto cartStub = cart::v1::Cart::NewStub(m_channels["cart"]);
    checkouts::Carts filled(cartStub->async(), &checkouts::CartAsync::CreateCart, carts);
    std::vector<orders::v1::PlaceOrderRequest> requests;
    for (const auto& answer : filled.run(32)) {
        QVERIFY2(answer.status.ok(), answer.status.error_message().c_str());
        requests.push_back(
            checkouts::checkoutOf("busy-" + std::to_string(requests.size()), answer.response.id()));
    }
    checkouts::Orders placed(m_orders->async(), &checkouts::OrdersAsync::PlaceOrder, requests);
    for (const auto& answer : placed.run(32))
        QVERIFY2(answer.status.ok(), answer.status.error_message().c_str());
    // Some of them, and each of these whole.
    QTest::qWait(3'000);
    const auto kept = count("method = PlaceOrder");
    QVERIFY2(kept > 10 && kept < kOrders, qPrintable(QString::number(kept)));
}

QTEST_GUILESS_MAIN(TestTracing)
#include "tst_tracing.moc"
