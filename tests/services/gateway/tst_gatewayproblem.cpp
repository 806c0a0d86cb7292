// SPDX-License-Identifier: GPL-3.0-or-later
#include "google/rpc/error_details.pb.h"
#include "services/gateway/fault.h"
#include "services/gateway/problem.h"
#include "shopfleet/orders/v1/orders.pb.h"

#include <QTest>

#include <grpcpp/support/status.h>

#include <nlohmann/json.hpp>

using namespace Qt::StringLiterals;
using namespace shopfleet::gateway;
using nlohmann::json;

class TestGatewayProblem : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void codes_data();
    void codes();
    void namesFields();
    void namesReasons();
    void saysWhenToRetry();
    void showsTheCurrentResource();
    void survivesUnreadableDetails();
};

namespace {

const std::string kSecret = "SELECT password FROM customer at 10.0.0.7";

HttpReply of(const google::rpc::Status& status)
{
    return problem(status, "0af7651916cd43dd8448eb211c80319c", "shopfleet.orders.v1.Order");
}

std::string header(const HttpReply& reply, const std::string& name)
{
    for (const auto& [each, value] : reply.headers) {
        if (each == name)
            return value;
    }
    return {};
}

} // namespace

void TestGatewayProblem::codes_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("isShown");
    const auto row = [](const char* name, int code, int status, bool isShown) {
        QTest::newRow(name) << code << status << isShown;
    };
    row("CANCELLED", grpc::CANCELLED, 499, false);
    row("UNKNOWN", grpc::UNKNOWN, 500, false);
    row("INVALID_ARGUMENT", grpc::INVALID_ARGUMENT, 400, true);
    row("DEADLINE_EXCEEDED", grpc::DEADLINE_EXCEEDED, 504, false);
    row("NOT_FOUND", grpc::NOT_FOUND, 404, true);
    row("ALREADY_EXISTS", grpc::ALREADY_EXISTS, 409, true);
    row("PERMISSION_DENIED", grpc::PERMISSION_DENIED, 403, true);
    row("UNAUTHENTICATED", grpc::UNAUTHENTICATED, 401, true);
    row("RESOURCE_EXHAUSTED", grpc::RESOURCE_EXHAUSTED, 429, true);
    row("FAILED_PRECONDITION", grpc::FAILED_PRECONDITION, 400, true);
    row("ABORTED", grpc::ABORTED, 409, true);
    row("OUT_OF_RANGE", grpc::OUT_OF_RANGE, 400, true);
    row("UNIMPLEMENTED", grpc::UNIMPLEMENTED, 501, false);
    row("INTERNAL", grpc::INTERNAL, 500, false);
    row("UNAVAILABLE", grpc::UNAVAILABLE, 503, false);
    row("DATA_LOSS", grpc::DATA_LOSS, 500, false);
    row("a code that nobody knows", 23, 500, false);
}

void TestGatewayProblem::codes()
{
    QFETCH(int, code);
    QFETCH(int, status);
    QFETCH(bool, isShown);
    const auto name = std::string(QTest::currentDataTag());

    const auto reply = of(toRpcStatus(grpc::Status(static_cast<grpc::StatusCode>(code), kSecret)));

    QCOMPARE(reply.status, status);
    QCOMPARE(reply.contentType, "application/problem+json");
    const json body = json::parse(reply.body);
    QCOMPARE(body["status"].get<int>(), status);
    QCOMPARE(body["title"].get<std::string>(), std::string(reasonPhrase(status)));
    QCOMPARE(body["traceId"].get<std::string>(), "0af7651916cd43dd8448eb211c80319c");
    QCOMPARE(body["code"].get<std::string>(), code == 23 ? "UNKNOWN" : name);
    QCOMPARE(reply.body.find(kSecret) != std::string::npos, isShown);
    QCOMPARE(header(reply, "WWW-Authenticate").empty(), status != 401);
    QCOMPARE(header(reply, "Retry-After").empty(), status != 503);
}

void TestGatewayProblem::namesFields()
{
    google::rpc::BadRequest details;
    auto* violation = details.add_field_violations();
    violation->set_field("shipping_address.postal_code");
    violation->set_description("must not be empty");
    violation = details.add_field_violations();
    violation->set_field("items[0].unit_price.minor");
    violation->set_description("is negative");
    google::rpc::Status status;
    status.set_code(grpc::INVALID_ARGUMENT);
    status.add_details()->PackFrom(details);

    const json body = json::parse(of(status).body);

    QCOMPARE(body["errors"].size(), 2U);
    QCOMPARE(body["errors"][0]["field"].get<std::string>(), "shippingAddress.postalCode");
    QCOMPARE(body["errors"][0]["description"].get<std::string>(), "must not be empty");
    QCOMPARE(body["errors"][1]["field"].get<std::string>(), "items[0].unitPrice.minor");

    // What the gateway finds itself reads the same.
    const json own = json::parse(of(toRpcStatus(badField("page_size", "is odd"))).body);
    QCOMPARE(own["errors"][0]["field"].get<std::string>(), "pageSize");
}

void TestGatewayProblem::namesReasons()
{
    google::rpc::ErrorInfo info;
    info.set_reason("PRICE_CHANGED");
    info.set_domain("orders.shopfleet");
    (*info.mutable_metadata())["total"] = "1240";
    google::rpc::PreconditionFailure failure;
    auto* violation = failure.add_violations();
    violation->set_type("PRICE");
    violation->set_subject("cart");
    violation->set_description("show the \"new\" total");
    google::rpc::Status status;
    status.set_code(grpc::FAILED_PRECONDITION);
    status.add_details()->PackFrom(info);
    status.add_details()->PackFrom(failure);

    const json body = json::parse(of(status).body);

    QCOMPARE(body["reason"].get<std::string>(), "PRICE_CHANGED");
    QCOMPARE(body["metadata"]["total"].get<std::string>(), "1240");
    QCOMPARE(body["violations"][0]["description"].get<std::string>(), "show the \"new\" total");

    status.set_code(grpc::INTERNAL); // Our own trouble has no reasons to show.
    QVERIFY(!json::parse(of(status).body).contains("reason"));
}

void TestGatewayProblem::saysWhenToRetry()
{
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(2);
    retry.mutable_retry_delay()->set_nanos(1);
    google::rpc::Status status;
    status.set_code(grpc::UNAVAILABLE);
    status.add_details()->PackFrom(retry);
    const auto reply = of(status);
    QCOMPARE(header(reply, "Retry-After"), "3");
    QCOMPARE(std::count_if(reply.headers.begin(), reply.headers.end(),
                 [](const auto& each) { return each.first == "Retry-After"; }),
        1);
}

void TestGatewayProblem::showsTheCurrentResource()
{
    shopfleet::orders::v1::Order order;
    order.set_id("7");
    shopfleet::orders::v1::OrderLine other;
    other.set_id("secret");
    google::rpc::Status status;
    status.set_code(grpc::ABORTED);
    status.add_details()->PackFrom(order);
    status.add_details()->PackFrom(other); // Not what the method answers with.

    const json body = json::parse(of(status).body);
    QCOMPARE(body["current"]["id"].get<std::string>(), "7");
}

void TestGatewayProblem::survivesUnreadableDetails()
{
    const auto reply = of(toRpcStatus(grpc::Status(grpc::NOT_FOUND, "no such order", "\xff\xff")));
    QCOMPARE(reply.status, 404);
    QCOMPARE(json::parse(reply.body)["detail"].get<std::string>(), "no such order");
}

QTEST_GUILESS_MAIN(TestGatewayProblem)
#include "tst_gatewayproblem.moc"
