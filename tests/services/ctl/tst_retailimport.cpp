// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/fleet.h"
#include "services/ctl/retailfile.h"
#include "services/ctl/retailimport.h"
#include "tests/services/ctl/commandrun.h"
#include "tests/services/ctl/fakestore.h"
#include "tests/slowness.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace shopfleet::ctl;
using tests::CommandRun;
using tests::FakeStore;

const std::string kSample = SOURCE_ROOT "/resources/sample/online-retail-sample.csv.gz";

/// The import against services that fail in the ways that real ones do.
class TestRetailImport : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void sendsEverythingOnce();
    void finishesWhatBrokeOff_data();
    void finishesWhatBrokeOff();
    void survivesFaults_data();
    void survivesFaults();
    void addsWhatALargerFileNeeds();
    void stopsWhenInterrupted();
    void saysWhoCannotBeReached();

private:
    QJsonObject import(FakeStore& store, int expectedCode = 0)
    {
        const auto run = CommandRun::ofProgram(QStringLiteral(SHOPFLEETCTL),
            {"import", "online-retail", kSample, "--json", "--patience",
                std::to_string(2 * slowness()), "--target", store.target()});
        if (run.code != expectedCode)
            qWarning("%s", run.err.constData());
        return run.code == expectedCode ? run.json() : QJsonObject();
    }

    std::string m_whole; ///< What a store holds after an undisturbed import.
};

void TestRetailImport::initTestCase()
{
    FakeStore store;
    QVERIFY(!import(store).isEmpty());
    m_whole = store.contents();
    QCOMPARE(store.orders.size(), 1230u);
    QCOMPARE(store.customers.size(), 691u);
    QVERIFY(store.largestBatch <= 1000);
}

void TestRetailImport::sendsEverythingOnce()
{
    FakeStore store;
    const QJsonObject first = import(store);
    QCOMPARE(first[u"rows_read"].toInt(), 26'732);
    QCOMPARE(first[u"rows_taken"].toInt(), 26'732);
    QCOMPARE(first[u"rows_set_aside"].toInt(), 0);
    QCOMPARE(first[u"sum_minor"].toInteger(), 45'213'428);
    QCOMPARE(first[u"sum"].toString(), u"452134.28"_s);
    QCOMPARE(first[u"orders"][u"created"].toInt(), 1230);

    const QJsonObject second = import(store);
    QCOMPARE(store.contents(), m_whole);
    for (const auto part :
        {u"customers", u"products", u"stock", u"orders", u"shipments", u"payments"}) {
        const QJsonValue before = first[QStringView(part)];
        const QJsonValue after = second[QStringView(part)];
        QCOMPARE(after[u"created"].toInt(), 0);
        QCOMPARE(after[u"updated"].toInt(), 0);
        QCOMPARE(after[u"unchanged"].toInt(), before[u"created"].toInt());
        QVERIFY(before[u"created"].toInt() > 0);
    }
}

void TestRetailImport::finishesWhatBrokeOff_data()
{
    QTest::addColumn<int>("writes");
    QTest::addColumn<bool>("answerLost");
    for (const int writes : {0, 1, 2, 5, 9, 14}) {
        QTest::addRow("after %d writes", writes) << writes << false;
        QTest::addRow("after %d writes, the last unanswered", writes) << writes << true;
    }
}

/// As after kill -9 of the importer or of a service: some writes took effect, then nothing more
/// did.
void TestRetailImport::finishesWhatBrokeOff()
{
    QFETCH(int, writes);
    QFETCH(bool, answerLost);
    FakeStore store;
    store.fault = [writes, answerLost](int number) {
        if (number <= writes)
            return FakeStore::Fault::None;
        return answerLost && number == writes + 1 ? FakeStore::Fault::LoseAnswer
                                                  : FakeStore::Fault::Refuse;
    };
    const auto broken = CommandRun::ofProgram(QStringLiteral(SHOPFLEETCTL),
        {"import", "online-retail", kSample, "--patience", "0", "--target", store.target()});
    QCOMPARE(broken.code, int(kUnreachable));
    QVERIFY(store.contents() != m_whole);

    store.fault = nullptr;
    QVERIFY(!import(store).isEmpty());
    QVERIFY(store.contents() == m_whole);
}

void TestRetailImport::survivesFaults_data()
{
    QTest::addColumn<int>("every");
    QTest::addColumn<int>("fault");
    QTest::newRow("every third write refused") << 3 << int(FakeStore::Fault::Refuse);
    QTest::newRow("every third answer lost") << 3 << int(FakeStore::Fault::LoseAnswer);
    QTest::newRow("every second answer lost") << 2 << int(FakeStore::Fault::LoseAnswer);
}

void TestRetailImport::survivesFaults()
{
    QFETCH(int, every);
    QFETCH(int, fault);
    FakeStore store;
    store.fault = [every, fault](int number) {
        return number % every == 0 ? static_cast<FakeStore::Fault>(fault) : FakeStore::Fault::None;
    };
    const QJsonObject report = import(store);
    QVERIFY(!report.isEmpty());
    QVERIFY(report[u"retries"].toInt() > 0);
    QCOMPARE(report[u"orders"][u"created"].toInt(), 1230);
    QVERIFY(store.contents() == m_whole);
}

void TestRetailImport::addsWhatALargerFileNeeds()
{
    FakeStore store;
    RetailBook book;
    book.products = {{.sku = "1", .title = "Lamp", .priceMinor = 100, .soldUnits = 150}};
    Fleet fleet("127.0.0.1:1", store.target(), std::chrono::seconds(5));
    const std::atomic<bool> stop = false;
    QVERIFY(RetailImport(fleet, book, std::chrono::seconds(1)).run(stop).ok());
    QCOMPARE(store.stock["1"], 200);
    book.products[0].soldUnits = 450;
    QVERIFY(RetailImport(fleet, book, std::chrono::seconds(1)).run(stop).ok());
    QCOMPARE(store.stock["1"], 500);
    QCOMPARE(store.moves.size(), 2u);
}

void TestRetailImport::stopsWhenInterrupted()
{
    FakeStore store;
    const auto file = readRetailFile(kSample);
    QVERIFY(file.ok());
    std::atomic<bool> stop = false;
    store.fault = [&stop](int number) {
        if (number == 3)
            stop.store(true);
        return FakeStore::Fault::None;
    };
    Fleet fleet("127.0.0.1:1", store.target(), std::chrono::seconds(5));
    RetailImport import(fleet, file->book, std::chrono::seconds(1));
    QCOMPARE(import.run(stop).code(), absl::StatusCode::kCancelled);
    QVERIFY(import.counts().sent() < import.counts().wanted());
}

void TestRetailImport::saysWhoCannotBeReached()
{
    const CommandRun run({"import", "online-retail", kSample, "--patience", "0", "--json",
        "--target", "127.0.0.1:1"});
    QCOMPARE(run.code, int(kUnreachable));
    QVERIFY2(run.err.contains("UNAVAILABLE: accounts: cannot be reached"), run.err.constData());
    QCOMPARE(run.json()[u"error"][u"code"].toString(), u"UNAVAILABLE"_s);
}

QTEST_GUILESS_MAIN(TestRetailImport)
#include "tst_retailimport.moc"
