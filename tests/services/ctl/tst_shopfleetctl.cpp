// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/services/ctl/commandrun.h"
#include "tests/services/ctl/fakestore.h"

#include <QJsonArray>
#include <QProcess>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace shopfleet;
using namespace shopfleet::ctl;
using tests::CommandRun;
using tests::FakeStore;

/// The program as scripts see it: arguments, exit codes, fields.
class TestShopfleetctl : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void refusesWrongUsage_data();
    void refusesWrongUsage();
    void endsWithItsExitCode_data();
    void endsWithItsExitCode();
    void helpsWithEveryCommand_data();
    void helpsWithEveryCommand();
    void listsOrders();
    void showsOneOrder();
    void namesWhatIsMissing();
    void searchesSideBySide();
    void reportsWithoutAService();

private:
    static orders::v1::Order order(const std::string& id)
    {
        orders::v1::Order result;
        result.set_id(id);
        result.set_state(orders::v1::ORDER_STATE_SHIPPED);
        result.mutable_total()->set_currency("GBP");
        result.mutable_total()->set_minor(1240);
        auto* line = result.add_lines();
        line->set_sku("85123A");
        line->set_title("White hanging heart T-light holder, the long one of them all");
        return result;
    }
};

using Arguments = std::vector<std::string>;

void TestShopfleetctl::refusesWrongUsage_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("word");
    const auto row = [](const char* name, QStringList arguments, QByteArray word) {
        QTest::newRow(name) << arguments << word;
    };
    row("nothing", {}, "no command");
    row("unknown command", {u"ordres"_s}, "there is no command \"ordres\"");
    row("unknown option", {u"status"_s, u"--jsn"_s}, "--jsn");
    row("abbreviated option", {u"status"_s, u"--js"_s}, "--js");
    row("too many arguments", {u"status"_s, u"orders"_s}, "too many positional");
    row("argument missing", {u"scale"_s, u"orders"_s}, "N is missing");
    row("not a number", {u"scale"_s, u"orders"_s, u"many"_s}, "N is not a number of replicas");
    row("a number too large", {u"scale"_s, u"orders"_s, u"99999999999"_s},
        "N is not a number of replicas");
    row("no replica", {u"restart"_s, u"orders/"_s}, "SERVICE/REPLICA");
    row("no lines", {u"logs"_s, u"orders"_s, u"--lines"_s, u"0"_s}, "--lines");
    row("limit zero", {u"orders"_s, u"--limit"_s, u"0"_s}, "--limit");
    row("limit is a word", {u"orders"_s, u"--limit"_s, u"x"_s}, "--limit");
    row("limit too large", {u"orders"_s, u"--limit"_s, u"99999999999999999999"_s}, "--limit");
    row("search for nothing", {u"search"_s, u" "_s}, "TEXT is empty");
    row("unknown form", {u"import"_s, u"shopify"_s, u"f.csv"_s}, "\"shopify\" is no known form");
    row("no file", {u"import"_s, u"online-retail"_s}, "FILE is missing");
    row("timeout", {u"status"_s, u"--timeout"_s, u"0"_s}, "--timeout");
    row("wait", {u"status"_s, u"--wait"_s, u"-1"_s}, "--wait");
    row("wait is no number", {u"status"_s, u"--wait"_s, u"nan"_s}, "--wait");
    row("target", {u"status"_s, u"--target"_s, u"%d"_s}, "--target");
}

void TestShopfleetctl::refusesWrongUsage()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, word);
    Arguments list;
    for (const QString& argument : arguments)
        list.push_back(argument.toStdString());
    const CommandRun run(list);
    QCOMPARE(run.code, int(kUsage));
    QVERIFY2(run.err.contains(word), run.err.constData());
    QCOMPARE(run.out, QByteArray());
}

void TestShopfleetctl::endsWithItsExitCode_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("code");
    QTest::newRow("help") << QStringList{u"--help"_s} << 0;
    QTest::newRow("version") << QStringList{u"--version"_s} << 0;
    QTest::newRow("wrong usage") << QStringList{u"frobnicate"_s} << 2;
    QTest::newRow("no such file") << QStringList{u"import"_s, u"online-retail"_s,
        u"/nowhere/f.csv"_s} << 1;
    QTest::newRow("nobody there") << QStringList{u"status"_s, u"--control"_s, u"127.0.0.1:1"_s}
                                  << 3;
    QTest::newRow("no control plane to find orders by")
        << QStringList{u"orders"_s, u"--control"_s, u"127.0.0.1:1"_s} << 3;
}

void TestShopfleetctl::endsWithItsExitCode()
{
    QFETCH(QStringList, arguments);
    QProcess program;
    program.start(QStringLiteral(SHOPFLEETCTL), arguments);
    QVERIFY(program.waitForFinished(20'000));
    QCOMPARE(program.exitStatus(), QProcess::NormalExit);
    QTEST(program.exitCode(), "code");
    const QByteArray err = program.readAllStandardError();
    QCOMPARE(err.isEmpty(), program.exitCode() == 0);
    QVERIFY2(!err.contains("E1") && err.count('\n') <= 2, err.constData()); // No library's chatter.
}

void TestShopfleetctl::helpsWithEveryCommand_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const Command* command : commands())
        QTest::newRow(std::string(command->name).c_str())
            << QByteArray::fromStdString(std::string(command->name));
}

void TestShopfleetctl::helpsWithEveryCommand()
{
    QFETCH(QByteArray, name);
    const CommandRun run({name.toStdString(), "--help"});
    QCOMPARE(run.code, int(kDone));
    QVERIFY(run.out.startsWith("usage: shopfleetctl " + name));
    QVERIFY(run.out.contains("Exit codes: 0 done"));
    QVERIFY(run.out.contains("JSON: "));
}

void TestShopfleetctl::listsOrders()
{
    FakeStore store;
    for (int i = 0; i < 2500; ++i) {
        const std::string id = std::to_string(100'000 + i);
        store.orders[id] = order(id).SerializeAsString();
    }
    const CommandRun some({"orders", "--json", "--limit", "1500", "--filter", "state = SHIPPED",
        "--order-by", "total desc", "--target", store.target()});
    QCOMPARE(some.code, int(kDone));
    QCOMPARE(some.json()[u"orders"].toArray().size(), 1500);
    QCOMPARE(some.json()[u"total_size"].toInt(), 2500);
    QCOMPARE(some.json()[u"orders"][1499][u"id"].toString(), u"101499"_s);
    QCOMPARE(store.lastListOrders.filter(), "state = SHIPPED");
    QCOMPARE(store.lastListOrders.order_by(), "total desc");

    const CommandRun all({"orders", "--json", "--limit", "9999", "--target", store.target()});
    QCOMPARE(all.json()[u"orders"].toArray().size(), 2500);

    const CommandRun table({"orders", "--limit", "2", "--target", store.target()});
    QVERIFY2(table.out.contains("100000  SHIPPED"), table.out.constData());
    QVERIFY(table.out.contains("12.40 GBP"));
}

void TestShopfleetctl::showsOneOrder()
{
    FakeStore store;
    store.orders["536365"] = order("536365").SerializeAsString();
    const CommandRun json({"order", "536365", "--json", "--target", store.target()});
    QCOMPARE(json.json()[u"order"][u"id"].toString(), u"536365"_s);
    QCOMPARE(json.json()[u"order"][u"lines"][0][u"sku"].toString(), u"85123A"_s);
    const CommandRun text({"order", "536365", "--target", store.target()});
    QVERIFY(text.out.contains("White hanging heart T-light holder, the…"));
}

void TestShopfleetctl::namesWhatIsMissing()
{
    FakeStore store;
    const CommandRun run({"order", "1", "--json", "--target", store.target()});
    QCOMPARE(run.err, "shopfleetctl: NOT_FOUND: orders: order.id: there is no such order\n"_ba);
    QCOMPARE(run.code, int(kFailed));
    QCOMPARE(run.json()[u"error"][u"code"].toString(), u"NOT_FOUND"_s);
}

void TestShopfleetctl::searchesSideBySide()
{
    FakeStore store;
    store.orders["536365"] = order("536365").SerializeAsString();
    const CommandRun run({"search", "say \"heart\"", "OR", "--json", "--target", store.target()});
    // The fake has no product search: that part fails by itself, the rest is there.
    QCOMPARE(store.lastListOrders.filter(), "\"say\" \"\\\"heart\\\"\" \"OR\"");
    QCOMPARE(run.code, int(kFailed));
    QCOMPARE(run.json()[u"orders"].toArray().size(), 1);
    QCOMPARE(run.json()[u"products"].toArray().size(), 0);
    QCOMPARE(run.json()[u"errors"].toArray().size(), 3);
    QCOMPARE(run.json()[u"errors"][0][u"service"].toString(), u"inventory"_s);
}

void TestShopfleetctl::reportsWithoutAService()
{
    const CommandRun run({"import", "online-retail", "--check", "--json",
        SOURCE_ROOT "/resources/sample/online-retail-sample.csv.gz"});
    QCOMPARE(run.code, int(kDone));
    QCOMPARE(run.json()[u"rows_read"].toInt(), 26'732);
    QVERIFY(!run.json().contains(u"orders"));
}

QTEST_GUILESS_MAIN(TestShopfleetctl)
#include "tst_shopfleetctl.moc"
