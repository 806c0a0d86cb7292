// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/decimal.h"
#include "services/ctl/retailfile.h"
#include "services/ctl/retailmessages.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <zlib.h>

using namespace Qt::StringLiterals;
using namespace shopfleet;
using namespace shopfleet::ctl;

constexpr char kHeader[]
    = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

class TestRetailFile : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void setsAside_data();
    void setsAside();
    void takesDirtyButUsable_data();
    void takesDirtyButUsable();
    void refusesFiles_data();
    void refusesFiles();
    void knowsCharges_data();
    void knowsCharges();
    void makesOrders();
    void makesProducts();
    void makesCustomers();
    void makesMessages();
    void accountsForTheRealData_data();
    void accountsForTheRealData();

private:
    absl::StatusOr<RetailFile> read(const QByteArray& content, const QString& name = u"f.csv"_s)
    {
        const QString path = m_folder.filePath(name);
        QFile file(path);
        if (!file.open(QFile::WriteOnly))
            return absl::InternalError("cannot write the test's file");
        file.write(content);
        file.close();
        return readRetailFile(path.toStdString());
    }

    RetailBook book(const QByteArray& rows)
    {
        const auto file = read(kHeader + rows);
        Q_ASSERT(file.ok() && file->rowsSetAside == 0);
        return file->book;
    }

    QTemporaryDir m_folder;
};

namespace {

QByteArray gzipped(const QByteArray& content)
{
    QTemporaryDir folder;
    const QByteArray path = QFile::encodeName(folder.filePath(u"g"_s));
    gzFile file = gzopen(path.constData(), "wb");
    gzwrite(file, content.constData(), static_cast<unsigned>(content.size()));
    gzclose(file);
    QFile written(QFile::decodeName(path));
    if (!written.open(QFile::ReadOnly))
        return {};
    return written.readAll();
}

} // namespace

void TestRetailFile::setsAside_data()
{
    QTest::addColumn<QByteArray>("row");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char* name, QByteArray text, QString reason) {
        QTest::newRow(name) << text << reason;
    };
    const auto with = [](const char* quantity, const char* price) {
        return QByteArray("1,22752,SET,") + quantity + ",2010-12-01 08:26:00," + price
            + ",17850.0,UK";
    };
    row("ragged", "1,22752,SET,6", u"has 4 fields instead of 8"_s);
    row("blank", "", u"the line is blank"_s);
    row("no invoice", ",22752,SET,6,2010-12-01 08:26:00,2.55,17850.0,UK",
        u"InvoiceNo is missing"_s);
    row("no code", "1, ,SET,6,2010-12-01 08:26:00,2.55,17850.0,UK", u"StockCode is missing"_s);
    row("no quantity", with("", "2.55"), u"Quantity is missing"_s);
    row("quantity is a word", with("six", "2.55"), u"Quantity is not a whole number"_s);
    row("half a piece", with("1.5", "2.55"), u"Quantity is not a whole number"_s);
    row("quantity zero", with("0", "2.55"), u"Quantity is zero"_s);
    row("quantity beyond 64 bits", with("99999999999999999999", "2.55"),
        u"Quantity is out of range"_s);
    row("quantity beyond trade", with("-1000000001", "2.55"), u"Quantity is out of range"_s);
    row("no price", with("6", ""), u"UnitPrice is missing"_s);
    row("price is a word", with("6", "free"), u"UnitPrice is not a decimal number"_s);
    row("price with a comma", "1,22752,SET,6,2010-12-01 08:26:00,\"2,55\",17850.0,UK",
        u"UnitPrice is not a decimal number"_s);
    row("price with seven decimals", with("6", "0.0000001"),
        u"UnitPrice has more than six decimals"_s);
    row("price beyond 64 bits", with("6", "9999999999999999999"), u"UnitPrice is out of range"_s);
    row("amount beyond 64 bits", with("999999999", "999999999"),
        u"UnitPrice times the quantity is out of range"_s);
    row("no date", "1,22752,SET,6,,2.55,17850.0,UK", u"InvoiceDate is missing"_s);
    row("no such date", "1,22752,SET,6,2010-02-30 08:26:00,2.55,17850.0,UK",
        u"InvoiceDate is no date of the calendar"_s);
    row("date is a word", "1,22752,SET,6,today,2.55,17850.0,UK",
        u"InvoiceDate is not a date and time"_s);
    row("half a customer", "1,22752,SET,6,2010-12-01 08:26:00,2.55,17850.5,UK",
        u"CustomerID is not a whole number"_s);
    row("customer is a name", "1,22752,SET,6,2010-12-01 08:26:00,2.55,Bob,UK",
        u"CustomerID is not a whole number"_s);
    row("Latin-1", "1,22752,SET \xA3,6,2010-12-01 08:26:00,2.55,17850.0,UK",
        u"Description is not UTF-8"_s);
    row("NUL", QByteArrayLiteral("1,22752,S\0T,6,2010-12-01 08:26:00,2.55,17850.0,UK"),
        u"holds a NUL byte"_s);
    row("escape sequence", "1,22752,S\x1b[2J,6,2010-12-01 08:26:00,2.55,17850.0,UK",
        u"Description holds control characters"_s);
    row("long code", "1," + QByteArray(33, '1') + ",SET,6,2010-12-01 08:26:00,2.55,17850.0,UK",
        u"StockCode is longer than 32 bytes"_s);
    row("long description",
        "1,22752," + QByteArray(501, 'x') + ",6,2010-12-01 08:26:00,2.55,17850.0,UK",
        u"Description is longer than 500 bytes"_s);
}

void TestRetailFile::setsAside()
{
    QFETCH(QByteArray, row);
    const QByteArray good = "2,22752,SET,2,2010-12-01 08:26:00,2.50,17850.0,UK\n";
    const auto file = read(kHeader + good + row + '\n' + good);
    QVERIFY2(file.ok(), file.status().ToString().c_str());
    QCOMPARE(file->rowsRead, 3);
    QCOMPARE(file->rowsTaken, 2);
    QCOMPARE(file->rowsSetAside, 1);
    QCOMPARE(file->book.sumMinor, 1000);
    QCOMPARE(file->setAside.size(), 1u);
    QCOMPARE(file->setAside[0].line, 3);
    QTEST(QString::fromStdString(file->reasons.begin()->first), "reason");
}

void TestRetailFile::takesDirtyButUsable_data()
{
    QTest::addColumn<QByteArray>("row");
    QTest::addColumn<QByteArray>("sum");
    QTest::newRow("guest") << QByteArray("1,1,A,6,2010-12-01 08:26:00,2.55,,UK")
                           << QByteArray("15.30");
    QTest::newRow("no description")
        << QByteArray("1,1,,6,2010-12-01 08:26:00,2.55,1.0,UK") << QByteArray("15.30");
    QTest::newRow("no country") << QByteArray("1,1,A,6,2010-12-01 08:26:00,2.55,1,")
                                << QByteArray("15.30");
    QTest::newRow("spaces") << QByteArray(
        " 1 , 1 , A  B , 6 ,2010-12-01 08:26:00 , 2.55 , 1.0 , UK ")
                            << QByteArray("15.30");
    QTest::newRow("zero price") << QByteArray("1,1,A,6,2010-12-01 08:26:00,0.0,,UK")
                                << QByteArray("0.00");
    QTest::newRow("written off") << QByteArray("1,1,A,-74215,2010-12-01 08:26:00,0.0,,UK")
                                 << QByteArray("0.00");
    QTest::newRow("cancelled") << QByteArray("C1,1,A,-74215,2010-12-01 08:26:00,1.04,1.0,UK")
                               << QByteArray("-77183.60");
    QTest::newRow("negative price")
        << QByteArray("A1,B,Adjust bad debt,1,2010-12-01 08:26:00,-11062.06,,UK")
        << QByteArray("-11062.06");
    QTest::newRow("three decimals")
        << QByteArray("1,PADS,A,1,2010-12-01 08:26:00,0.001,1.0,UK") << QByteArray("0.001");
    QTest::newRow("injection") << QByteArray(
        "1,1,\"'; DROP TABLE orders; --\",1,2010-12-01 08:26:00,1.00,1.0,UK")
                               << QByteArray("1.00");
}

void TestRetailFile::takesDirtyButUsable()
{
    QFETCH(QByteArray, row);
    const auto file = read(kHeader + row + '\n');
    QVERIFY2(file.ok(), file.status().ToString().c_str());
    QCOMPARE(file->rowsSetAside, 0);
    QCOMPARE(file->rowsTaken, 1);
    QTEST(QByteArray::fromStdString(formatMicros(file->book.sumMicros)), "sum");
}

void TestRetailFile::refusesFiles_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("error");
    const QByteArray rows = "1,1,A,6,2010-12-01 08:26:00,2.55,1.0,UK\n";
    const QByteArray zipped = gzipped(kHeader + rows.repeated(1000));
    QByteArray damaged = zipped;
    damaged[damaged.size() - 6] = static_cast<char>(damaged[damaged.size() - 6] ^ 1);
    const auto row = [](const char* title, QString name, QByteArray content, QByteArray error) {
        QTest::newRow(title) << name << content << error;
    };
    row("empty", u"f.csv"_s, "", "is empty");
    row("empty, named gz", u"f.csv.gz"_s, "", "is empty");
    row("another header", u"f.csv"_s, "Order,Code,Text,Qty,Date,Price,Customer,Country\n" + rows,
        "line 1: column 1 should be InvoiceNo and is \"Order\"");
    row("columns in another order", u"f.csv"_s,
        "InvoiceNo,StockCode,Description,InvoiceDate,Quantity,UnitPrice,CustomerID,Country\n",
        "line 1: column 4 should be Quantity and is \"InvoiceDate\"");
    row("no header", u"f.csv"_s, rows, "line 1: column 1 should be InvoiceNo and is \"1\"");
    row("too few columns", u"f.csv"_s, "InvoiceNo,StockCode\n", "has 2 fields instead of 8");
    row("a picture", u"f.csv"_s, "\x89PNG\r\n\x1a\n", "line 1: the header has 1 fields");
    row("named gz but plain", u"f.csv.gz"_s, kHeader + rows, "is named .gz but is not a gzip file");
    row("truncated gzip", u"f.csv.gz"_s, zipped.left(zipped.size() - 20), "ends too early");
    row("damaged gzip", u"f.csv.gz"_s, damaged, "damaged");
}

void TestRetailFile::refusesFiles()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, content);
    QFETCH(QByteArray, error);
    const auto file = read(content, name);
    QVERIFY(!file.ok());
    const std::string message(file.status().message());
    QVERIFY2(QByteArray::fromStdString(message).contains(error), message.c_str());
    QVERIFY2(QByteArray::fromStdString(message).contains(name.toUtf8()), message.c_str());
}

void TestRetailFile::knowsCharges_data()
{
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<int>("kind");
    for (const char* code : {"POST", "post", "DOT", "C2", " C2 "})
        QTest::newRow(code) << QByteArray(code) << int(orders::v1::LINE_KIND_SHIPPING);
    for (const char* code : {"BANK CHARGES", "AMAZONFEE", "CRUK"})
        QTest::newRow(code) << QByteArray(code) << int(orders::v1::LINE_KIND_FEE);
    for (const char* code : {"M", "m", "S", "B", "PADS", "gift_0001_20", "GIFT_0001_50"})
        QTest::newRow(code) << QByteArray(code) << int(orders::v1::LINE_KIND_ADJUSTMENT);
    QTest::newRow("D") << QByteArray("D") << int(orders::v1::LINE_KIND_DISCOUNT);
    for (const char* code : {"85123A", "DCGSSGIRL", "DCGS0003", "22752", "15056BL"})
        QTest::newRow(code) << QByteArray(code) << int(orders::v1::LINE_KIND_PRODUCT);
}

void TestRetailFile::knowsCharges()
{
    QFETCH(QByteArray, code);
    const RetailBook found = book("1," + code + ",X,1,2010-12-01 08:26:00,1.00,1.0,UK\n");
    QTEST(int(found.orders.at(0).lines.at(0).kind), "kind");
    QCOMPARE(found.products.size(),
        QTest::currentDataTag() == nullptr                                   ? 0u
            : found.orders[0].lines[0].kind == orders::v1::LINE_KIND_PRODUCT ? 1u
                                                                             : 0u);
}

void TestRetailFile::makesOrders()
{
    const RetailBook found
        = book("10,1,LAMP,2,2010-12-01 09:00:00,1.50,1.0,UK\n"
               "C11,1,LAMP,-1,2010-12-02 09:00:00,1.50,1.0,UK\n"
               "10,2,MUG,1,2010-12-01 08:59:00,2.00,1.0,UK\n" // Again, and earlier.
               "10,1,LAMP,2,2010-12-01 09:00:00,1.50,1.0,UK\n" // The same line twice.
               "12,1,broken,-3,2010-12-03 09:00:00,0.0,,UK\n"
               "13,1,LAMP,5,2010-12-03 09:01:00,0.0,,UK\n"
               "A14,B,Adjust bad debt,1,2010-12-04 09:00:00,-10.00,,UK\n"
               "15,1,LAMP,4,2010-12-05 09:00:00,1.50,,UK\n"
               "15,1,LAMP,-1,2010-12-05 09:00:00,1.50,,UK\n"
               "16,1,LAMP,-1,2010-12-06 09:00:00,1.50,,UK\n");
    QStringList orders;
    for (const RetailOrder& order : found.orders) {
        int64_t total = 0;
        for (const RetailLine& line : order.lines)
            total += line.totalMinor;
        orders.append(
            u"%1 kind %2 lines %3 total %4 customer '%5'"_s.arg(QString::fromStdString(order.id))
                .arg(order.kind)
                .arg(order.lines.size())
                .arg(total)
                .arg(QString::fromStdString(order.customer)));
    }
    QCOMPARE(orders,
        QStringList({u"10 kind 1 lines 3 total 800 customer '1'"_s,
            u"C11 kind 2 lines 1 total -150 customer '1'"_s,
            u"12 kind 3 lines 1 total 0 customer ''"_s, u"13 kind 3 lines 1 total 0 customer ''"_s,
            u"A14 kind 3 lines 1 total -1000 customer ''"_s,
            u"15 kind 1 lines 2 total 450 customer ''"_s,
            u"16 kind 2 lines 1 total -150 customer ''"_s}));
    QCOMPARE(found.orders[0].placedAt, 1'291'193'940); // 08:59, the earlier of its two times.
    QCOMPARE(found.orders[5].lines[1].kind, orders::v1::LINE_KIND_ADJUSTMENT);
    QCOMPARE(found.sumMinor, 800 - 150 - 1000 + 450 - 150);
}

void TestRetailFile::makesProducts()
{
    const RetailBook found = book("10,85123A,HEART,6,2010-12-01 09:00:00,2.55,1.0,UK\n"
                                  "11,85123a,HEART,2,2010-12-01 09:00:00,2.95,1.0,UK\n"
                                  "12,85123A,CREAM HEART,1,2010-12-01 09:00:00,2.55,1.0,UK\n"
                                  "13,85123A,?,-4,2010-12-01 09:00:00,0.0,,UK\n"
                                  "14,85123A,?,-4,2010-12-01 09:00:00,0.0,,UK\n"
                                  "15,85123A,?,-4,2010-12-01 09:00:00,0.0,,UK\n"
                                  "16,99,,7,2010-12-01 09:00:00,0.0,,UK\n"
                                  "17,98,found,7,2010-12-01 09:00:00,0.0,,UK\n");
    QCOMPARE(found.products.size(), 3u);
    QCOMPARE(found.products[0].sku, "85123A");
    QCOMPARE(found.products[0].title, "Heart");
    QCOMPARE(found.products[0].priceMinor, 255);
    QCOMPARE(found.products[0].soldUnits, 9);
    QCOMPARE(unitsToReceive(found.products[0]), 100);
    QCOMPARE(found.products[1].title, "found");
    QCOMPARE(found.products[2].title, "99");
    QCOMPARE(found.products[2].priceMinor, 0);
    QCOMPARE(unitsToReceive(found.products[2]), 0);
    // A line without a description is called as its product is.
    QCOMPARE(found.orders[6].lines[0].title, "99");
}

void TestRetailFile::makesCustomers()
{
    const RetailBook found = book("10,1,LAMP,1,2010-12-03 09:00:00,1.00,17850.0,France\n"
                                  "11,1,LAMP,1,2010-12-01 09:00:00,1.00,17850,Germany\n"
                                  "12,1,LAMP,1,2010-12-02 09:00:00,1.00,,Spain\n");
    QCOMPARE(found.customers.size(), 1u);
    QCOMPARE(found.customers[0].id, "17850");
    QCOMPARE(found.customers[0].country, "France");
    QCOMPARE(found.customers[0].firstOrderAt, 1'291'194'000);
}

void TestRetailFile::makesMessages()
{
    const RetailBook found = book("10,1,LAMP,2,2010-12-01 09:00:00,1.50,1.0,UK\n"
                                  "10,POST,POSTAGE,1,2010-12-01 09:00:00,4.00,1.0,UK\n"
                                  "10,PADS,PADS,1,2010-12-01 09:00:00,0.005,1.0,UK\n"
                                  "C11,D,Discount,-1,2010-12-02 09:00:00,1.25,1.0,UK\n"
                                  "12,1,LAMP,-2,2010-12-03 09:00:00,0.0,,UK\n");
    const orders::v1::Order sale = orderMessage(found.orders[0]);
    QCOMPARE(sale.subtotal().minor(), 300);
    QCOMPARE(sale.shipping().minor(), 400);
    QCOMPARE(sale.adjustment().minor(), 1);
    QCOMPARE(sale.total().minor(), 701);
    QCOMPARE(sale.captured().minor(), 701);
    QCOMPARE(sale.state(), orders::v1::ORDER_STATE_DELIVERED);
    QCOMPARE(sale.shipment_ids(0), "S-10");
    QVERIFY(hasShipment(found.orders[0]));
    QCOMPARE(shipmentMessage(found.orders[0]).lines_size(), 1);
    QCOMPARE(paymentMessage(found.orders[0]).captured().minor(), 701);

    const orders::v1::Order credit = orderMessage(found.orders[1]);
    QCOMPARE(credit.state(), orders::v1::ORDER_STATE_REFUNDED);
    QCOMPARE(credit.discount().minor(), 125);
    QCOMPARE(credit.total().minor(), -125);
    QCOMPARE(credit.refunded().minor(), 125);
    QVERIFY(!hasShipment(found.orders[1]));
    QCOMPARE(paymentMessage(found.orders[1]).refunded().minor(), 125);

    QVERIFY(!hasPayment(found.orders[2]));
    QVERIFY(!hasShipment(found.orders[2]));
    QCOMPARE(orderMessage(found.orders[2]).kind(), orders::v1::ORDER_KIND_ADJUSTMENT);
}

void TestRetailFile::accountsForTheRealData_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<qint64>("rows");
    QTest::addColumn<QByteArray>("sum");
    QTest::addColumn<qint64>("sumMinor");
    QTest::addColumn<int>("orders");
    QTest::addColumn<int>("customers");

    QTest::newRow("the sample that ships")
        << QStringLiteral(SOURCE_ROOT "/resources/sample/online-retail-sample.csv.gz")
        << qint64(26'732) << QByteArray("452134.28") << qint64(45'213'428) << 1230 << 691;
    // Where the whole developer set is at hand; the sample above is always read.
    const QString whole
        = qEnvironmentVariable("SHOPFLEET_TEST_DATA", QStringLiteral(SOURCE_ROOT "/../shared/data"))
        + u"/online-retail/online-retail_2010-12-01_2011-06-30.csv.gz"_s;
    if (QFile::exists(whole))
        QTest::newRow("the developer set") << whole << qint64(245'903) << QByteArray("4397950.761")
                                           << qint64(439'795'076) << 12'795 << 3002;
    else
        qInfo("%s is not here: the sample stands for it", qPrintable(whole));
}

void TestRetailFile::accountsForTheRealData()
{
    QFETCH(QString, path);
    const auto file = readRetailFile(path.toStdString());
    QVERIFY2(file.ok(), file.status().ToString().c_str());
    QTEST(qint64(file->rowsRead), "rows");
    QCOMPARE(file->rowsTaken + file->rowsSetAside, file->rowsRead);
    QCOMPARE(file->rowsSetAside, 0); // Dirty as it is, all of it can be used.
    QTEST(QByteArray::fromStdString(formatMicros(file->book.sumMicros)), "sum");
    QTEST(qint64(file->book.sumMinor), "sumMinor");
    QTEST(int(file->book.orders.size()), "orders");
    QTEST(int(file->book.customers.size()), "customers");

    // What the services will hold adds up to the same.
    int64_t sum = 0;
    size_t lines = 0;
    for (const RetailOrder& order : file->book.orders) {
        const orders::v1::Order message = orderMessage(order);
        sum += message.total().minor();
        lines += order.lines.size();
        QCOMPARE(message.total().minor(),
            message.subtotal().minor() + message.shipping().minor() + message.fees().minor()
                + message.tax().minor() - message.discount().minor()
                + message.adjustment().minor());
    }
    QCOMPARE(sum, file->book.sumMinor);
    QCOMPARE(int64_t(lines), file->rowsTaken);
}

QTEST_GUILESS_MAIN(TestRetailFile)
#include "tst_retailfile.moc"
