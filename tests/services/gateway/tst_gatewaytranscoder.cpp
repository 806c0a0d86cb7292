// SPDX-License-Identifier: GPL-3.0-or-later
#include "google/rpc/error_details.pb.h"
#include "services/gateway/fault.h"
#include "services/gateway/jsonreader.h"
#include "services/gateway/jsontext.h"
#include "services/gateway/jsonwriter.h"
#include "services/gateway/openapi.h"
#include "services/gateway/transcoder.h"
#include "shopfleet/cart/v1/cart.pb.h"
#include "shopfleet/inventory/v1/inventory.pb.h"
#include "shopfleet/orders/v1/orders.pb.h"

#include <QTest>

#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>

#include <limits>

using namespace Qt::StringLiterals;
using namespace shopfleet;
using namespace shopfleet::gateway;
using google::protobuf::util::MessageDifferencer;

class TestGatewayTranscoder : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void refusesText_data();
    void refusesText();
    void writesLikeProtobuf_data();
    void writesLikeProtobuf();
    void callerIsTheTokens();
    void requestId_data();
    void requestId();
    void refusesReplyOfAnotherType();
    void describesItself();

private:
    const Route& route(std::string_view rpc) const;

    std::vector<Route> m_routes;
};

void TestGatewayTranscoder::initTestCase()
{
    auto routes = readRoutes(storeContracts());
    QVERIFY2(routes.ok(), routes.status().ToString().c_str());
    m_routes = *std::move(routes);
}

const Route& TestGatewayTranscoder::route(std::string_view rpc) const
{
    for (const Route& each : m_routes) {
        if (each.method->name() == rpc)
            return each;
    }
    qFatal("no such method");
}

namespace {

/// "field: rule" of the first violation, else the message.
QString describe(const absl::Status& status)
{
    google::rpc::BadRequest details;
    const auto payload = status.GetPayload("type.googleapis.com/google.rpc.BadRequest");
    if (payload && details.ParseFromString(std::string(*payload))
        && details.field_violations_size())
        return QString::fromStdString(
            details.field_violations(0).field() + ": " + details.field_violations(0).description());
    return QString::fromStdString(std::string(status.message()));
}

std::string fromProtobuf(const google::protobuf::Message& message)
{
    google::protobuf::util::JsonPrintOptions options;
    options.always_print_primitive_fields = true;
    std::string json;
    if (!google::protobuf::util::MessageToJsonString(message, &json, options).ok())
        qFatal("no JSON");
    return json;
}

} // namespace

void TestGatewayTranscoder::reads_data()
{
    QTest::addColumn<QByteArray>("rpc");
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("expected");

    const auto row = [](const char* name, const char* rpc, const char* query, const char* body,
                         const char* expected) {
        QTest::newRow(name) << QByteArray(rpc) << QByteArray(query) << QByteArray(body)
                            << QByteArray(expected);
    };
    row("query by both names", "ListProducts", "pageSize=20&page_token=x&filter=price+%3E+1", "",
        R"({"pageSize":20,"pageToken":"x","filter":"price > 1"})");
    row("a repeated parameter", "BatchGetVariants", "skus=a&skus=b", "", R"({"skus":["a","b"]})");
    row("an enum by name", "ListOrders", "view=ORDER_VIEW_FULL", "",
        R"({"view":"ORDER_VIEW_FULL"})");
    row("an enum by number", "ListOrders", "view=2", "", R"({"view":"ORDER_VIEW_FULL"})");
    row("a time", "GetOrderStats", "from=2011-01-01T00:00:00Z", "",
        R"({"from":"2011-01-01T00:00:00Z"})");
    row("no body at all", "CreateCart", "", "", "{}");
    row("64 bits as text", "CreateCart", "", R"({"items":[{"sku":"a","quantity":"2"}]})",
        R"({"items":[{"sku":"a","quantity":"2"}]})");
    row("64 bits as a number", "CreateCart", "", R"({"items":[{"sku":"a","quantity":2}]})",
        R"({"items":[{"sku":"a","quantity":"2"}]})");
    row("the largest", "CreateCart", "", R"({"items":[{"quantity":9223372036854775807}]})",
        R"({"items":[{"quantity":"9223372036854775807"}]})");
    row("the smallest", "CreateCart", "", R"({"items":[{"quantity":"-9223372036854775808"}]})",
        R"({"items":[{"quantity":"-9223372036854775808"}]})");
    row("a whole number in disguise", "CreateCart", "", R"({"items":[{"quantity":1e3}]})",
        R"({"items":[{"quantity":"1000"}]})");
    row("null is not there", "CreateCart", "", R"({"currency":null,"items":null})", "{}");
    row("proto names", "PlaceOrder", "", R"({"shipping_address":{"postal_code":"E1"}})",
        R"({"shippingAddress":{"postalCode":"E1"}})");
    row("escapes and emoji", "CreateCart", "", R"({"currency":"\u00a3\ud83c\udf75"})",
        "{\"currency\":\"\xC2\xA3\xF0\x9F\x8D\xB5\"}");
    row("a map", "CreateProduct", "", R"({"product":{"attributes":{"a_b":"1","aB":"2"}}})",
        R"({"product":{"attributes":{"a_b":"1","aB":"2"}}})");
    row("a field mask", "AnnotateOrder", "", R"({"updateMask":"note,tags"})",
        R"({"updateMask":"note,tags"})");
}

void TestGatewayTranscoder::reads()
{
    QFETCH(QByteArray, rpc);
    QFETCH(QByteArray, query);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, expected);

    const std::string text = body.toStdString();
    const auto message
        = toMessage(route(rpc.toStdString()), {{}, *parseQuery(query.toStdString()), text});

    QVERIFY2(message.ok(), message.status().ToString().c_str());
    const std::unique_ptr<google::protobuf::Message> wanted((*message)->New());
    QVERIFY(google::protobuf::util::JsonStringToMessage(expected.toStdString(), wanted.get()).ok());
    QVERIFY2(
        MessageDifferencer::Equals(*wanted, **message), (*message)->ShortDebugString().c_str());
}

void TestGatewayTranscoder::refuses_data()
{
    QTest::addColumn<QByteArray>("rpc");
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("error");

    const auto row = [](const char* name, const char* rpc, const char* query, const char* body,
                         QString error) {
        QTest::newRow(name) << QByteArray(rpc) << QByteArray(query) << QByteArray(body)
                            << std::move(error);
    };
    row("an unknown parameter", "ListProducts", "color=red", "", u"color: is not a known field"_s);
    row("a parameter twice", "ListProducts", "pageSize=1&page_size=2", "",
        u"page_size: is there twice"_s);
    row("a text for a number", "ListProducts", "pageSize=ten", "",
        u"pageSize: must be a 32-bit integer"_s);
    row("a number too large", "ListProducts", "pageSize=2147483648", "",
        u"pageSize: must be a 32-bit integer"_s);
    row("a space before a number", "ListProducts", "skip=+1", "",
        u"skip: must be a 64-bit integer"_s);
    row("an unknown enum", "ListOrders", "view=HUGE", "", u"view: must be a value of OrderView"_s);
    row("a bad time", "GetOrderStats", "from=yesterday", "", u"from: is not a valid Timestamp"_s);
    row("below a scalar", "ListProducts", "filter.x=1", "", u"filter.x: is not a known field"_s);
    row("a message in the address", "PlaceOrder", "shippingAddress=x", "",
        u"shippingAddress: belongs into the body"_s);
    row("a body for a read", "ListProducts", "", "{}", u"this method takes no body"_s);
    row("a parameter beside a body", "CreateCart", "currency=GBP", "{}",
        u"currency: belongs into the body"_s);
    row("an unknown field", "CreateCart", "", R"({"colour":1})", u"colour: is not a known field"_s);
    row("an unknown field within", "CreateCart", "", R"({"items":[{},{"price":1}]})",
        u"items[1].price: is not a known field"_s);
    row("a field by both names", "PlaceOrder", "", R"({"cartId":"1","cart_id":"2"})",
        u"cart_id: is there twice"_s);
    row("a key twice", "CreateCart", "", R"({"currency":"GBP","currency":"EUR"})",
        u"currency: is there twice"_s);
    row("a list", "CreateCart", "", "[]", u"the body must be a JSON object"_s);
    row("a text", "CreateCart", "", "\"x\"", u"the body must be a JSON object"_s);
    row("an object for a list", "CreateCart", "", R"({"items":{}})", u"items: must be a list"_s);
    row("a number for an object", "CreateCart", "", R"({"items":[1]})",
        u"items[0]: must be an object"_s);
    row("null in a list", "CreateCart", "", R"({"items":[null]})", u"items[0]: must not be null"_s);
    row("a number for a text", "CreateCart", "", R"({"currency":1})", u"currency: must be text"_s);
    row("a fraction", "CreateCart", "", R"({"items":[{"quantity":1.5}]})",
        u"items[0].quantity: must be a 64-bit integer"_s);
    row("one too large", "CreateCart", "", R"({"items":[{"quantity":9223372036854775808}]})",
        u"items[0].quantity: must be a 64-bit integer"_s);
    row("one too large as text", "CreateCart", "",
        R"({"items":[{"quantity":"9223372036854775808"}]})",
        u"items[0].quantity: must be a 64-bit integer"_s);
    row("NaN as text", "CreateCart", "", R"({"items":[{"quantity":"NaN"}]})",
        u"items[0].quantity: must be a 64-bit integer"_s);
    row("an empty number", "CreateCart", "", R"({"items":[{"quantity":""}]})",
        u"items[0].quantity: must be a 64-bit integer"_s);
    row("true for a number", "CreateCart", "", R"({"items":[{"quantity":true}]})",
        u"items[0].quantity: must be a 64-bit integer"_s);
    row("text for a truth", "CancelOrder", "", R"({"validateOnly":"true"})",
        u"validateOnly: must be true or false"_s);
    row("a bad field mask", "AnnotateOrder", "", R"({"updateMask":7})",
        u"updateMask: is not a valid FieldMask"_s);
}

void TestGatewayTranscoder::refuses()
{
    QFETCH(QByteArray, rpc);
    QFETCH(QByteArray, query);
    QFETCH(QByteArray, body);

    const std::string text = body.toStdString();
    auto parameters = parseQuery(query.toStdString());
    if (query == "skip=+1")
        parameters = Parameters{{"skip", " 1"}};
    const auto message = toMessage(route(rpc.toStdString()), {{}, *parameters, text});

    QVERIFY(!message.ok());
    QTEST(describe(message.status()), "error");
}

void TestGatewayTranscoder::refusesText_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("error");

    const auto malformed = [](int line, int column) {
        return u"the body is not valid JSON: line %1, column %2"_s.arg(line).arg(column);
    };
    QTest::newRow("nothing") << QByteArray(" ") << malformed(1, 2);
    QTest::newRow("cut off") << QByteArray("{\"a\":\n {\"b\": 1") << malformed(2, 9);
    QTest::newRow("a comma at the end") << QByteArray("{\"a\":1,}") << malformed(1, 8);
    QTest::newRow("trailing garbage") << QByteArray("{} x") << malformed(1, 4);
    QTest::newRow("single quotes") << QByteArray("{'a':1}") << malformed(1, 2);
    QTest::newRow("a comment") << QByteArray("{/**/}") << malformed(1, 2);
    QTest::newRow("NaN") << QByteArray("{\"a\":NaN}") << malformed(1, 6);
    QTest::newRow("Infinity") << QByteArray("{\"a\":-Infinity}") << malformed(1, 7);
    QTest::newRow("broken UTF-8") << QByteArray("{\"a\":\"\xC3\x28\"}") << malformed(1, 8);
    QTest::newRow("half a surrogate") << QByteArray("{\"a\":\"\\ud83c\"}") << malformed(1, 13);
    QTest::newRow("a number beyond all")
        << QByteArray("{\"a\":1e999}") << u"the body holds a number that is too large"_s;
    QTest::newRow("a byte order mark")
        << QByteArray("\xEF\xBB\xBF{}") << u"the body starts with a byte order mark"_s;
    QTest::newRow("NUL") << QByteArray("{\"a\":\"\\u0000\"}")
                         << u"the body holds a NUL character"_s;
    QTest::newRow("200 levels") << QByteArray("[").repeated(200) + QByteArray("]").repeated(200)
                                << u"the body is nested deeper than 32 levels"_s;
    QTest::newRow("a million levels")
        << QByteArray("[").repeated(1'000'000) << u"the body is nested deeper than 32 levels"_s;
}

void TestGatewayTranscoder::refusesText()
{
    QFETCH(QByteArray, text);
    const auto document = parseJson(text.toStdString());
    QVERIFY(!document.ok());
    QTEST(describe(document.status()), "error");
}

void TestGatewayTranscoder::writesLikeProtobuf_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("json");

    QTest::newRow("an empty product")
        << QByteArray("shopfleet.inventory.v1.Product") << QByteArray("{}");
    QTest::newRow("a product") << QByteArray("shopfleet.inventory.v1.Product")
                               << QByteArray(R"({"id":"85123A","state":"PRODUCT_STATE_ACTIVE",
        "title":"T-light \"white\" \\ \u0001\n\u007f","categories":["a","b"],"attributes":{"colour":"white","":""},
        "variants":[{"sku":"1","price":{"currency":"GBP","minor":"-255"},"options":{"size":"L"},"stock":{}},{}],
        "createdAt":"2010-12-01T08:26:00.000001Z","updatedAt":"1969-12-31T23:59:59.5Z"})");
    QTest::newRow("an unknown enum")
        << QByteArray("shopfleet.inventory.v1.Product") << QByteArray(R"({"state":99})");
    QTest::newRow("an order") << QByteArray("shopfleet.orders.v1.Order")
                              << QByteArray(R"({"lines":[{"quantity":
        "9223372036854775807","kind":"LINE_KIND_FEE"}],"waiting":{"since":"9999-12-31T23:59:59Z","needsPerson":true},
        "timeline":[{"facts":{"b":"1","a":"\u20ac"},"actor":{"id":"x"}}],"tags":["ü","🍵"]})");
    QTest::newRow("keys") << QByteArray("shopfleet.accounts.v1.ListSigningKeysResponse")
                          << QByteArray(R"({"keys":[{"keyId":"k","publicKey":"AP/+"}]})");
    QTest::newRow("a field mask") << QByteArray("shopfleet.orders.v1.UpdateOrderRequest")
                                  << QByteArray(R"({"updateMask":"shippingAddress,email"})");
}

void TestGatewayTranscoder::writesLikeProtobuf()
{
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, json);
    const auto* descriptor
        = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(
            type.toStdString());
    QVERIFY(descriptor);
    const std::unique_ptr<google::protobuf::Message> message(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(descriptor)->New());
    const auto read
        = google::protobuf::util::JsonStringToMessage(json.toStdString(), message.get());
    QVERIFY2(read.ok(), read.ToString().c_str());

    std::string written;
    appendJson(*message, written);

    const auto ours = nlohmann::json::parse(written, nullptr, false);
    QVERIFY2(!ours.is_discarded(), written.c_str());
    QVERIFY2(ours == nlohmann::json::parse(fromProtobuf(*message)), written.c_str());

    // And what we write, we read.
    const std::unique_ptr<google::protobuf::Message> again(message->New());
    const auto document = parseJson(written);
    QVERIFY(document.ok());
    QVERIFY(readJson(*document, *again).ok());
    QVERIFY(MessageDifferencer::Equals(*message, *again));
}

void TestGatewayTranscoder::callerIsTheTokens()
{
    const Route& place = route("PlaceOrder");
    orders::v1::PlaceOrderRequest request;
    QVERIFY(setCaller(place, "c1", request).ok());
    QCOMPARE(request.customer_id(), "c1");

    const auto status = setCaller(place, "c1", request); // As if the client had said it.
    QCOMPARE(describe(status), u"customerId: is set from your token and may not be given"_s);
}

void TestGatewayTranscoder::requestId_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("result");
    QTest::newRow("the header's") << QByteArray("h-1") << QByteArray() << u"h-1"_s;
    QTest::newRow("the body's") << QByteArray() << QByteArray("b-1") << u"b-1"_s;
    QTest::newRow("both the same") << QByteArray("x") << QByteArray("x") << u"x"_s;
    QTest::newRow("they differ") << QByteArray("x") << QByteArray("y")
                                 << u"requestId: differs from Idempotency-Key"_s;
    QTest::newRow("64 characters") << QByteArray(64, 'k') << QByteArray() << QString(64, u'k');
    QTest::newRow("65 characters") << QByteArray(
        65, 'k') << QByteArray() << u"Idempotency-Key: must be 1 to 64 visible ASCII characters"_s;
    QTest::newRow("a space") << QByteArray("a b") << QByteArray()
                             << u"Idempotency-Key: must be 1 to 64 visible ASCII characters"_s;
    QTest::newRow("65 in the body") << QByteArray() << QByteArray(65, 'k')
                                    << u"requestId: must be 1 to 64 visible ASCII characters"_s;
}

void TestGatewayTranscoder::requestId()
{
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, body);
    cart::v1::AddItemRequest request;
    request.set_request_id(body.toStdString());
    const auto id = setRequestId(route("AddItem"), header.toStdString(), request);
    QTEST(id.ok() ? QString::fromStdString(*id) : describe(id.status()), "result");
    QVERIFY(!id.ok() || request.request_id() == *id);

    cart::v1::AddItemRequest first;
    cart::v1::AddItemRequest second;
    QCOMPARE(setRequestId(route("AddItem"), "", first)->size(), 32U);
    QVERIFY(*setRequestId(route("AddItem"), "", second) != first.request_id());
}

void TestGatewayTranscoder::refusesReplyOfAnotherType()
{
    QVERIFY(!toJson(route("GetProduct"), "\x0a\xff").ok());
    QVERIFY(toJson(route("GetProduct"), "").ok());
}

void TestGatewayTranscoder::describesItself()
{
    const auto document = nlohmann::json::parse(openApi(m_routes), nullptr, false);
    QVERIFY(!document.is_discarded());
    QCOMPARE(document["openapi"].get<std::string>(), "3.1.0");
    QVERIFY(document["paths"].contains("/v1/products/{id}"));
    QVERIFY(!document["paths"].contains("/v1/customers")); // Staff only.
    QVERIFY(!document["paths"]["/v1/products"].contains("post"));
    const auto& checkout = document["paths"]["/v1/checkout"]["post"];
    QVERIFY(checkout.contains("security"));
    const auto& fields
        = checkout["requestBody"]["content"]["application/json"]["schema"]["properties"];
    QVERIFY(fields.contains("cartId"));
    QVERIFY(!fields.contains("customerId"));

    // Every reference leads somewhere.
    const auto flat = document.flatten();
    for (const auto& [pointer, value] : flat.items()) {
        if (!QString::fromStdString(pointer).endsWith(u"/$ref"))
            continue;
        const std::string target = value.get<std::string>().substr(1);
        QVERIFY2(document.contains(nlohmann::json::json_pointer(target)), target.c_str());
    }
}

QTEST_GUILESS_MAIN(TestGatewayTranscoder)
#include "tst_gatewaytranscoder.moc"
