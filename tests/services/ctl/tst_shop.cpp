// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/services/ctl/commandrun.h"
#include "tests/services/ctl/fakegateway.h"

#include <QJsonArray>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace shopfleet::ctl;
using tests::CommandRun;
using tests::FakeGateway;

/// Shoppers against a gateway that fails in the ways that a real one does.
class TestShop : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void buysThroughTheGateway();
    void survivesFaultsOfWrites_data();
    void survivesFaultsOfWrites();
    void countsFailedReads();
    void saysWhenNobodyIsThere();

private:
    static CommandRun shop(
        const FakeGateway& gateway, const char* rate = "1000", const char* duration = "0.3")
    {
        return CommandRun({"shop", "--rate", rate, "--duration", duration, "--shoppers", "8",
            "--gateway", gateway.address(), "--json"});
    }
};

void TestShop::buysThroughTheGateway()
{
    FakeGateway gateway;
    const CommandRun run = shop(gateway);
    QVERIFY2(run.code == int(kDone), run.err + run.out);
    QCOMPARE(gateway.lastError, std::string());
    QCOMPARE(run.json()[u"requests"].toInt(), 300);
    QCOMPARE(run.json()[u"failed"].toInt(), 0);
    QCOMPARE(run.json()[u"retries"].toInt(), 0);
    QVERIFY(run.json()[u"orders_placed"].toInt() > 10);
    QCOMPARE(run.json()[u"orders_placed"].toInt(), int(gateway.ordersByKey.size()));
    QVERIFY(run.json()[u"latency_ms"][u"p99"].toDouble() > 0);
    QCOMPARE(gateway.writesWithoutKey, 0);
    QVERIFY(gateway.connections <= 9); // One each at most, kept alive, and the knock at the start.
    int requests = 0;
    for (const QJsonValue action : run.json()[u"by_action"].toObject())
        requests += action[u"requests"].toInt();
    QCOMPARE(requests, 300);
    QCOMPARE(run.json()[u"by_action"].toObject().size(), 7);
}

void TestShop::survivesFaultsOfWrites_data()
{
    QTest::addColumn<int>("fault");
    QTest::newRow("unavailable") << int(FakeGateway::Fault::Unavailable);
    QTest::newRow("hung up before") << int(FakeGateway::Fault::HangUp);
    QTest::newRow("hung up after it took effect") << int(FakeGateway::Fault::HangUpAfterwards);
}

void TestShop::survivesFaultsOfWrites()
{
    QFETCH(int, fault);
    FakeGateway gateway;
    gateway.fault = [fault](int number, const std::string& method) {
        return method == "POST" && number % 4 == 0 ? static_cast<FakeGateway::Fault>(fault)
                                                   : FakeGateway::Fault::None;
    };
    const CommandRun run = shop(gateway);
    QVERIFY2(run.code == int(kDone), run.err + run.out);
    QVERIFY(run.json()[u"retries"].toInt() > 0);
    QCOMPARE(run.json()[u"failed"].toInt(), 0);
    // Each purchase once, however often it was asked for.
    QCOMPARE(run.json()[u"orders_placed"].toInt(), int(gateway.ordersByKey.size()));
}

void TestShop::countsFailedReads()
{
    FakeGateway gateway;
    std::atomic<int> refused = 0;
    gateway.fault = [&refused](int number, const std::string& method) {
        if (method != "GET" || number % 5 != 0)
            return FakeGateway::Fault::None;
        ++refused;
        return FakeGateway::Fault::Unavailable;
    };
    const CommandRun run = shop(gateway);
    QCOMPARE(run.code, int(kFailed));
    QCOMPARE(run.json()[u"failed"].toInt(), refused.load());
    QCOMPARE(run.json()[u"requests"].toInt(), 300);
    QVERIFY(!run.json()[u"failures"].toObject().isEmpty());
}

void TestShop::saysWhenNobodyIsThere()
{
    const CommandRun run({"shop", "--rate", "10", "--duration", "1", "--gateway", "127.0.0.1:1"});
    QCOMPARE(run.code, int(kUnreachable));
    QVERIFY2(run.err.contains("gateway 127.0.0.1:1: Connection refused"), run.err.constData());
}

QTEST_GUILESS_MAIN(TestShop)
#include "tst_shop.moc"
