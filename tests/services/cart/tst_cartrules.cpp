// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/cart/rules.h"

#include <QTest>

#include <limits>
#include <set>

using namespace shopfleet::cart;

class TestCartRules : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void quantities_data();
    void quantities();
    void names_data();
    void names();
    void currencies_data();
    void currencies();
    void joinsItemsWithoutCase();
    void refusesTooMuchAtOnce();
    void idsAreUnguessable();
};

void TestCartRules::quantities_data()
{
    QTest::addColumn<qint64>("quantity");
    QTest::addColumn<bool>("add");
    QTest::addColumn<bool>("set");

    QTest::newRow("one") << qint64(1) << true << true;
    QTest::newRow("a million") << qint64(1'000'000) << true << true;
    QTest::newRow("zero takes it out") << qint64(0) << false << true;
    QTest::newRow("negative") << qint64(-1) << false << false;
    QTest::newRow("too many") << qint64(1'000'001) << false << false;
    QTest::newRow("overflow") << std::numeric_limits<qint64>::max() << false << false;
}

void TestCartRules::quantities()
{
    QFETCH(qint64, quantity);
    v1::AddItemRequest add;
    add.set_cart_id("c");
    add.set_sku("85123A");
    add.set_quantity(quantity);
    v1::SetItemRequest set;
    set.set_cart_id("c");
    set.set_sku("85123A");
    set.set_quantity(quantity);

    QTEST(check(add).ok(), "add");
    QTEST(check(set).ok(), "set");
}

void TestCartRules::names_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("good");

    QTest::newRow("stock code") << QByteArray("85123A") << true;
    QTest::newRow("blank inside") << QByteArray("RED MUG 4") << true;
    QTest::newRow("empty") << QByteArray() << false;
    QTest::newRow("blank at the end") << QByteArray("85123A ") << false;
    QTest::newRow("NUL") << QByteArray("a\0b", 3) << false;
    QTest::newRow("not ASCII") << QByteArray("85123\xd0\x90") << false;
    QTest::newRow("65 characters") << QByteArray(65, 'x') << false;
}

void TestCartRules::names()
{
    QFETCH(QByteArray, name);
    v1::AddItemRequest add;
    add.set_cart_id("c");
    add.set_sku(name.toStdString());
    add.set_quantity(1);
    v1::CloseCartRequest close;
    close.set_cart_id("c");
    close.set_order_id(name.toStdString());

    QTEST(check(add).ok(), "good");
    QTEST(check(close).ok(), "good");
}

void TestCartRules::currencies_data()
{
    QTest::addColumn<QByteArray>("currency");
    QTest::addColumn<bool>("good");

    QTest::newRow("none is the store's") << QByteArray() << true;
    QTest::newRow("pound") << QByteArray("GBP") << true;
    QTest::newRow("yen") << QByteArray("JPY") << true;
    QTest::newRow("small letters") << QByteArray("usd") << false;
    QTest::newRow("no money") << QByteArray("XXX") << false;
}

void TestCartRules::currencies()
{
    QFETCH(QByteArray, currency);
    v1::CreateCartRequest request;
    request.set_currency(currency.toStdString());
    QTEST(check(request).ok(), "good");
}

void TestCartRules::joinsItemsWithoutCase()
{
    v1::CreateCartRequest request;
    for (const char* sku : {"85123A", "71053", "85123a"}) {
        auto* item = request.add_items();
        item->set_sku(sku);
        item->set_quantity(3);
    }
    const auto items = joined(request);
    QVERIFY(items.ok());
    QCOMPARE(items->size(), std::size_t(2));
    QCOMPARE(items->front().quantity(), int64_t(6));
}

void TestCartRules::refusesTooMuchAtOnce()
{
    v1::CreateCartRequest many;
    for (int i = 0; i < kMostItems + 1; ++i) {
        auto* item = many.add_items();
        item->set_sku("sku-" + std::to_string(i));
        item->set_quantity(1);
    }
    QVERIFY(!check(many).ok());
    many.mutable_items()->RemoveLast();
    QVERIFY(check(many).ok());

    v1::CreateCartRequest heavy;
    for (const char* sku : {"a", "A"}) {
        auto* item = heavy.add_items();
        item->set_sku(sku);
        item->set_quantity(600'000);
    }
    QVERIFY(!check(heavy).ok());
}

void TestCartRules::idsAreUnguessable()
{
    std::set<std::string> ids;
    for (int i = 0; i < 1'000; ++i) {
        const auto id = newCartId();
        QCOMPARE(id.size(), std::size_t(26));
        QVERIFY(id.find_first_not_of("0123456789abcdefghjkmnpqrstvwxyz") == std::string::npos);
        ids.insert(id);
    }
    QCOMPARE(ids.size(), std::size_t(1'000));
}

QTEST_GUILESS_MAIN(TestCartRules)
#include "tst_cartrules.moc"
