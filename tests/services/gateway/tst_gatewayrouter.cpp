// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/gateway/router.h"
#include "services/gateway/routes.h"
#include "services/gateway/uri.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace shopfleet::gateway;

class TestGatewayRouter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void refusesTemplates_data();
    void refusesTemplates();
    void matches_data();
    void matches();
    void refusesAmbiguity();
    void readsEveryContract();
    void decodes_data();
    void decodes();
    void readsQueries_data();
    void readsQueries();
};

void TestGatewayRouter::refusesTemplates_data()
{
    QTest::addColumn<QString>("path");
    QTest::newRow("nothing") << u""_s;
    QTest::newRow("no slash") << u"v1/products"_s;
    QTest::newRow("an empty segment") << u"/v1//products"_s;
    QTest::newRow("a slash at the end") << u"/v1/products/"_s;
    QTest::newRow("an open bracket") << u"/v1/{id"_s;
    QTest::newRow("a variable without a name") << u"/v1/{}"_s;
    QTest::newRow("an empty verb") << u"/v1/orders:"_s;
    QTest::newRow("a verb in the middle") << u"/v1/orders:stats/more"_s;
    QTest::newRow("two verbs") << u"/v1/orders:a:b"_s;
    QTest::newRow("two stars") << u"/v1/{name=**}"_s;
    QTest::newRow("text behind a variable") << u"/v1/{id}x"_s;
}

void TestGatewayRouter::refusesTemplates()
{
    QFETCH(QString, path);
    QVERIFY(!PathTemplate::parse(path.toStdString()).ok());
}

namespace {

Router makeRouter()
{
    const std::pair<const char*, const char*> routes[] = {
        {"GET", "/v1/products/{id}"}, // 0
        {"GET", "/v1/products"}, // 1
        {"PUT", "/v1/carts/{cart_id}/items/{sku}"}, // 2
        {"POST", "/v1/account:signIn"}, // 3
        {"PATCH", "/v1/orders/{order.id}"}, // 4
        {"POST", "/v1/orders/{id}:cancel"}, // 5
        {"GET", "/v1/orders/{id}"}, // 6
        {"GET", "/v1/account/keys"}, // 7
        {"GET", "/v1/account/{id}"}, // 8
        {"GET", "/v1/{name=shelves/*}/books/{book}"} // 9
    };
    Router router;
    int target = 0;
    for (const auto& [method, path] : routes) {
        if (!router.add(method, *PathTemplate::parse(path), target++).ok())
            qFatal("%s", path);
    }
    return router;
}

QString describe(const absl::StatusOr<Router::Match>& match)
{
    if (!match.ok())
        return u"error"_s;
    QStringList parts{QString::number(match->target)};
    for (const auto& [field, value] : match->bindings)
        parts << QString::fromStdString(field + "=" + value);
    for (const auto& method : match->allow)
        parts << u"allow "_s + QString::fromStdString(method);
    return parts.join(u' ');
}

} // namespace

void TestGatewayRouter::matches_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QString>("found");

    const auto row = [](const char* name, const char* method, const char* path, QString found) {
        QTest::newRow(name) << QByteArray(method) << QByteArray(path) << std::move(found);
    };
    row("an id", "GET", "/v1/products/85123A", u"0 id=85123A"_s);
    row("a list", "GET", "/v1/products", u"1"_s);
    row("two variables", "PUT", "/v1/carts/c1/items/s2", u"2 cart_id=c1 sku=s2"_s);
    row("a verb", "POST", "/v1/account:signIn", u"3"_s);
    row("a nested field", "PATCH", "/v1/orders/7", u"4 order.id=7"_s);
    row("an id and a verb", "POST", "/v1/orders/7:cancel", u"5 id=7"_s);
    row("an unknown verb is part of the id", "GET", "/v1/orders/7:x", u"6 id=7:x"_s);
    row("an escaped colon is no verb", "POST", "/v1/orders/7%3Acancel",
        u"-1 allow GET allow PATCH"_s);
    row("a literal wins", "GET", "/v1/account/keys", u"7"_s);
    row("a variable takes the rest", "GET", "/v1/account/key", u"8 id=key"_s);
    row("a variable of two segments", "GET", "/v1/shelves/3/books/4", u"9 name=shelves/3 book=4"_s);
    row("escapes", "GET", "/v1/products/a%20b%2Fc", u"0 id=a b/c"_s);
    row("a plus is a plus", "GET", "/v1/products/a+b", u"0 id=a+b"_s);
    row("the wrong method", "POST", "/v1/products/1", u"-1 allow GET"_s);
    row("an empty id", "GET", "/v1/products/", u"-1"_s);
    row("a slash too many", "GET", "/v1/products/1/", u"-1"_s);
    row("case matters", "GET", "/V1/products", u"-1"_s);
    row("dots are not resolved", "GET", "/v1/x/../products", u"-1"_s);
    row("nothing there", "GET", "/", u"-1"_s);
    row("no path", "GET", "*", u"-1"_s);
    row("a broken escape", "GET", "/v1/products/%4", u"error"_s);
    row("broken UTF-8", "GET", "/v1/products/%C3%28", u"error"_s);
    row("a NUL", "GET", "/v1/products/%00", u"error"_s);
}

void TestGatewayRouter::matches()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, path);
    static const Router router = makeRouter();
    QTEST(describe(router.match(method.toStdString(), path.toStdString())), "found");
}

void TestGatewayRouter::refusesAmbiguity()
{
    Router router;
    QVERIFY(router.add("GET", *PathTemplate::parse("/v1/a/{x}"), 0).ok());
    QVERIFY(router.add("GET", *PathTemplate::parse("/v1/a/{y}:go"), 1).ok());
    QVERIFY(!router.add("GET", *PathTemplate::parse("/v1/a/{other}"), 2).ok());
}

void TestGatewayRouter::readsEveryContract()
{
    const auto contracts = storeContracts();
    QCOMPARE(contracts.size(), 7U);
    const auto routes = readRoutes(contracts);
    QVERIFY2(routes.ok(), routes.status().ToString().c_str());

    Router router;
    int target = 0;
    for (const Route& route : *routes) {
        const auto status = router.add(route.httpMethod, route.path, target++);
        QVERIFY2(status.ok(), status.ToString().c_str());
        // A customer's method that nobody tells who asks would answer anybody.
        QVERIFY(route.access != Route::Access::Customer || route.callerField);
        QVERIFY2(route.isRead || route.requestIdField, route.rpc.c_str());
    }
    const auto product = router.match("GET", "/v1/products/1");
    QVERIFY(product.ok() && product->target >= 0);
    const Route& found = (*routes)[static_cast<std::size_t>(product->target)];
    QCOMPARE(found.rpc, "/shopfleet.inventory.v1.Inventory/GetProduct");
    QCOMPARE(found.area, "inventory");
    QVERIFY(found.isRead && found.access == Route::Access::Public);
    const auto staff = router.match("POST", "/v1/orders/1:cancel");
    QVERIFY((*routes)[static_cast<std::size_t>(staff->target)].access == Route::Access::Staff);
}

void TestGatewayRouter::decodes_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("isText");
    QTest::newRow("ASCII") << QByteArray("tea") << true;
    QTest::newRow("two bytes") << QByteArray("\xC2\xA3") << true;
    QTest::newRow("three bytes") << QByteArray("\xE2\x82\xAC") << true;
    QTest::newRow("four bytes") << QByteArray("\xF0\x9F\x8D\xB5") << true;
    QTest::newRow("overlong slash") << QByteArray("\xC0\xAF") << false;
    QTest::newRow("overlong in three") << QByteArray("\xE0\x80\xAF") << false;
    QTest::newRow("a surrogate") << QByteArray("\xED\xA0\x80") << false;
    QTest::newRow("beyond Unicode") << QByteArray("\xF4\x90\x80\x80") << false;
    QTest::newRow("cut off") << QByteArray("a\xE2\x82") << false;
    QTest::newRow("a stray continuation") << QByteArray("\x80") << false;
    QTest::newRow("NUL") << QByteArray("a\0b", 3) << false;
}

void TestGatewayRouter::decodes()
{
    QFETCH(QByteArray, bytes);
    QTEST(isText(std::string_view(bytes.data(), static_cast<std::size_t>(bytes.size()))), "isText");
}

void TestGatewayRouter::readsQueries_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QString>("read");
    QTest::newRow("none") << QByteArray("") << u""_s;
    QTest::newRow("two") << QByteArray("a=1&b=2") << u"a:1 b:2"_s;
    QTest::newRow("plus and escapes") << QByteArray("filter=a+b%2Bc%26") << u"filter:a b+c&"_s;
    QTest::newRow("no value") << QByteArray("a&b=") << u"a: b:"_s;
    QTest::newRow("empty pairs") << QByteArray("&&a=1&") << u"a:1"_s;
    QTest::newRow("equals in the value") << QByteArray("a=b=c") << u"a:b=c"_s;
    QTest::newRow("a broken escape") << QByteArray("a=%zz") << u"error"_s;
    QTest::newRow("too many") << QByteArray("a=1&").repeated(201) << u"error"_s;
}

void TestGatewayRouter::readsQueries()
{
    QFETCH(QByteArray, query);
    const auto parameters = parseQuery(query.toStdString());
    QStringList parts;
    if (parameters.ok()) {
        for (const auto& [name, value] : *parameters)
            parts << QString::fromStdString(name + ":" + value);
    }
    QTEST(parameters.ok() ? parts.join(u' ') : u"error"_s, "read");
}

QTEST_GUILESS_MAIN(TestGatewayRouter)
#include "tst_gatewayrouter.moc"
