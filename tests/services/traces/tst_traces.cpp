// SPDX-License-Identifier: GPL-3.0-or-later
// Spans that anybody sends by OTLP become traces: whole, found again, and never more than there is
// room for.
#include "services/runtime/clock.h"
#include "services/runtime/testing.h"
#include "services/traces/handler.h"
#include "services/traces/store.h"
#include "tests/slowness.h"
#include "traces_schema.h"

#include <QTest>

#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <future>

using namespace shopfleet;
using namespace shopfleet::traces;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t kNow = 1'790'000'000'000'000; // Microseconds.

v1::Span span(const std::string& id, const std::string& parent, std::int64_t fromMs,
    std::int64_t untilMs, const std::string& service = "orders")
{
    v1::Span span;
    span.set_span_id(id);
    span.set_parent_span_id(parent);
    span.set_service(service);
    span.set_name(id);
    *span.mutable_start() = runtime::toTimestamp(kNow + fromMs * 1'000);
    *span.mutable_duration() = toDuration((untilMs - fromMs) * 1'000);
    return span;
}

v1::Trace traceOf(std::initializer_list<v1::Span> spans)
{
    v1::Trace trace;
    for (const auto& one : spans)
        *trace.add_spans() = one;
    arrange(trace);
    return trace;
}

const v1::Span& find(const v1::Trace& trace, const std::string& id)
{
    for (const auto& one : trace.spans())
        if (one.span_id() == id)
            return one;
    static const v1::Span none;
    return none;
}

std::int64_t ownMs(const v1::Trace& trace, const std::string& id)
{
    std::int64_t sum = 0;
    for (const auto& stretch : find(trace, id).waited_for())
        sum += toUs(stretch.duration());
    return sum / 1'000;
}

std::string traceId(int number)
{
    return absl::StrCat(absl::Hex(number, absl::kZeroPad16), "00000000000000ab");
}

/// As an exporter sends it.
struct Sent {
    int trace = 1;
    int span = 1;
    int parent = 0;
    std::string service = "orders";
    std::string method = "PlaceOrder";
    std::int64_t ms = 5;
    bool failed = false;
    std::string order = {};
    std::int64_t atUs = kNow;
};

otlp::ExportTraceServiceRequest requestOf(const std::vector<Sent>& sent)
{
    otlp::ExportTraceServiceRequest request;
    const auto id = [](int number) {
        return absl::HexStringToBytes(absl::StrCat(absl::Hex(number, absl::kZeroPad16)));
    };
    for (const Sent& one : sent) {
        auto& group = *request.add_resource_spans();
        const auto attribute = [](auto& holder, const char* key, const std::string& value) {
            auto& added = *holder.add_attributes();
            added.set_key(key);
            added.mutable_value()->set_string_value(value);
        };
        attribute(*group.mutable_resource(), "service.name", one.service);
        attribute(*group.mutable_resource(), "service.instance.id", one.service + "-1");
        auto& span = *group.add_scope_spans()->add_spans();
        span.set_trace_id(absl::HexStringToBytes(traceId(one.trace)));
        span.set_span_id(id(one.span));
        if (one.parent != 0)
            span.set_parent_span_id(id(one.parent));
        span.set_name("shopfleet.x.v1.X/" + one.method);
        span.set_kind(otlp::Span::SPAN_KIND_SERVER);
        attribute(span, "rpc.method", one.method);
        if (!one.order.empty())
            attribute(span, "order.id", one.order);
        const auto start = static_cast<std::uint64_t>(one.atUs + one.trace * 1'000) * 1'000;
        span.set_start_time_unix_nano(start);
        span.set_end_time_unix_nano(start + static_cast<std::uint64_t>(one.ms) * 1'000'000);
        if (one.failed) {
            span.mutable_status()->set_code(otlp::Status::STATUS_CODE_ERROR);
            span.mutable_status()->set_message("the bank is closed");
        }
    }
    return request;
}

Collector::Pace fast()
{
    return {.look = 20ms, .quiet = 60ms, .longest = 2'000ms};
}

/// The service as it runs, on a database of its own.
class Service {
public:
    explicit Service(Collector::Pace pace = fast(), const std::string& folder = {},
        const std::string& onward = {})
        : m_folder(folder.empty() ? m_own.path() : folder)
        , m_database(*runtime::Database::open({m_folder, "traces", kSchema}))
        , m_handler(*m_database, pace, onward)
    {
        m_server = *runtime::Server::start(
            {.services = {&m_handler, &m_handler.receiver()}, .database = m_database.get()});
        m_channel = grpc::CreateChannel(m_server->address(), grpc::InsecureChannelCredentials());
        m_stub = v1::Traces::NewStub(m_channel);
        m_exporter = otlp::TraceService::NewStub(m_channel);
    }

    grpc::Status send(
        const std::vector<Sent>& sent, otlp::ExportTraceServiceResponse* response = nullptr)
    {
        otlp::ExportTraceServiceResponse own;
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + 30s);
        return m_exporter->Export(&context, requestOf(sent), response ? response : &own);
    }

    v1::SearchTracesResponse search(const std::string& filter, grpc::Status* status = nullptr)
    {
        v1::SearchTracesRequest request;
        request.set_filter(filter);
        request.set_page_size(1'000);
        v1::SearchTracesResponse response;
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + 30s);
        const auto ended = m_stub->SearchTraces(&context, request, &response);
        if (status)
            *status = ended;
        return response;
    }

    v1::CallGraph callGraph(
        const v1::GetCallGraphRequest& request = {}, grpc::Status* status = nullptr)
    {
        v1::CallGraph graph;
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + 30s);
        const auto ended = m_stub->GetCallGraph(&context, request, &graph);
        if (status)
            *status = ended;
        return graph;
    }

    std::int64_t count(const std::string& filter) { return search(filter).total_size(); }

    v1::Trace get(const std::string& id, grpc::Status* status = nullptr)
    {
        v1::GetTraceRequest request;
        request.set_id(id);
        v1::Trace trace;
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + 30s);
        const auto ended = m_stub->GetTrace(&context, request, &trace);
        if (status)
            *status = ended;
        return trace;
    }

    const std::string& folder() const { return m_folder; }
    std::shared_ptr<grpc::Channel> channel() const { return m_channel; }
    runtime::Database& database() { return *m_database; }

private:
    runtime::TestFolder m_own;
    std::string m_folder;
    std::unique_ptr<runtime::Database> m_database;
    Handler m_handler;
    std::unique_ptr<runtime::Server> m_server;
    std::shared_ptr<grpc::Channel> m_channel;
    std::unique_ptr<v1::Traces::Stub> m_stub;
    std::unique_ptr<otlp::TraceService::Stub> m_exporter;
};

} // namespace

class TestTraces : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void parentsComeFirst();
    void saysWhoWasWaitedFor();
    void whatGoesOnAfterwardsIsNotWaitedFor();
    void looksAtAllWhereTheRootIsMissing();
    void ringsAndDoublesAreHarmless();
    void isFound_data();
    void isFound();
    void refusesABadFilter();
    void isThereBeforeItIsStored();
    void lateSpansJoin();
    void survivesARestart();
    void ordinaryOnesAreBounded();
    void aNoisyServiceTakesNoRoom();
    void badSpansAreNamed();
    void takesAForeignersBytes();
    void unknownTraces();
    void saysWhoFailedFirst_data();
    void saysWhoFailedFirst();
    void sumsUpWhoCallsWhom();
    void callGraphsSurviveARestart();
    void goesOnward();
    void cleanupTestCase() { m_service.reset(); }

private:
    std::unique_ptr<Service> m_service; ///< Filled once, for all filters.
};

void TestTraces::parentsComeFirst()
{
    const auto trace = traceOf({span("c", "b", 2, 3), span("b", "a", 1, 4, "payments"),
        span("a", "", 0, 10), span("d", "gone", 5, 6)});
    QStringList order;
    for (const auto& one : trace.spans())
        order << QString::fromStdString(one.span_id());
    QCOMPARE(order,
        QStringList(
            {QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c"), QStringLiteral("d")}));
    QVERIFY(find(trace, "d").parent_missing());
    QVERIFY(!find(trace, "b").parent_missing());
    QCOMPARE(trace.root(), std::string("orders: a"));
    QCOMPARE(trace.services_size(), 2);
    QCOMPARE(toUs(trace.duration()), 10'000);
}

void TestTraces::saysWhoWasWaitedFor()
{
    // Two are asked at once, then one more: the slower of the two, and the last.
    const auto trace = traceOf(
        {span("root", "", 0, 100), span("fast", "root", 10, 30), span("slow", "root", 10, 60),
            span("within", "slow", 20, 50), span("last", "root", 70, 90)});
    QCOMPARE(ownMs(trace, "fast"), 0);
    QCOMPARE(ownMs(trace, "root"), 10 + 10 + 10);
    const auto& stretches = find(trace, "root").waited_for();
    QCOMPARE(stretches.size(), 3);
    QCOMPARE(runtime::toUs(stretches[0].start()), kNow);
    QCOMPARE(runtime::toUs(stretches[1].start()), kNow + 60'000);
    QCOMPARE(ownMs(trace, "slow"), 20);
    QCOMPARE(ownMs(trace, "within"), 30);
    QCOMPARE(ownMs(trace, "last"), 20);
}

void TestTraces::whatGoesOnAfterwardsIsNotWaitedFor()
{
    const auto trace = traceOf({span("root", "", 0, 20), span("later", "root", 15, 500)});
    QCOMPARE(ownMs(trace, "later"), 0);
    QCOMPARE(ownMs(trace, "root"), 20);
    QCOMPARE(toUs(trace.duration()), 500'000);
}

/// The caller is not over, or was not kept: what it called is one story all the same.
void TestTraces::looksAtAllWhereTheRootIsMissing()
{
    const auto trace = traceOf({span("a", "gone", 0, 10), span("b", "gone", 20, 100),
        span("c", "b", 30, 90), span("other", "elsewhere", 5, 300)});
    QCOMPARE(ownMs(trace, "a"), 10);
    QCOMPARE(ownMs(trace, "b"), 20);
    QCOMPARE(ownMs(trace, "c"), 60);
    QCOMPARE(ownMs(trace, "other"), 0);
}

void TestTraces::ringsAndDoublesAreHarmless()
{
    const auto ring = traceOf({span("a", "b", 0, 5), span("b", "a", 0, 5)});
    QCOMPARE(ring.spans_size(), 1);
    const auto twice = traceOf({span("a", "", 0, 5), span("a", "", 0, 5)});
    QCOMPARE(twice.spans_size(), 1);
    const auto itself = traceOf({span("a", "a", 0, 5)});
    QCOMPARE(itself.spans_size(), 1);
}

void TestTraces::isFound_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<int>("traces");
    const auto row = [](const char* filter, int traces) {
        QTest::addRow("%s", filter) << QString::fromLatin1(filter) << traces;
    };
    row("", 3);
    row("order_id = \"4711\"", 1);
    row("order_id = 4712", 0);
    row("service = payments", 2);
    row("service = payments AND method = Capture", 1);
    row("method:aptur", 1);
    row("error = true", 1);
    row("error = false", 2);
    row("duration_ms > 600", 1);
    row("duration_ms >= 5 AND duration_ms < 600", 2);
    row("attributes.service.instance.id = payments-1", 2);
    row("attributes.service.instance.id = payments-2", 0);
    row("bank", 1);
    row("NOT service = payments", 1);
    row("root:\"orders: PlaceOrder\"", 3);
    row("id = 000000000000000200000000000000ab", 1);
    row("spans = 2", 2);
}

void TestTraces::isFound()
{
    if (!m_service) {
        m_service = std::make_unique<Service>();
        const std::vector<Sent> sent{{.trace = 1, .order = "4711"},
            {.trace = 1,
                .span = 2,
                .parent = 1,
                .service = "payments",
                .method = "Authorise",
                .failed = true},
            {.trace = 2, .ms = 700},
            {.trace = 2, .span = 2, .parent = 1, .service = "payments", .method = "Capture"},
            {.trace = 3}};
        QVERIFY(m_service->send(sent).ok());
        QTRY_COMPARE(m_service->count(""), 3);
    }
    QFETCH(QString, filter);
    QFETCH(int, traces);
    grpc::Status status;
    QCOMPARE(m_service->search(filter.toStdString(), &status).total_size(), traces);
    QVERIFY2(status.ok(), status.error_message().c_str());
}

void TestTraces::refusesABadFilter()
{
    Service service;
    for (const char* filter :
        {"nonsense = 1", "duration_ms = long", "attributes. = 1", "error > 1"}) {
        grpc::Status status;
        service.search(filter, &status);
        QCOMPARE(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
        QVERIFY(status.error_message().starts_with("filter column "));
    }
}

void TestTraces::isThereBeforeItIsStored()
{
    auto pace = fast();
    pace.quiet = 60s;
    pace.longest = 60s;
    Service service(pace);
    QVERIFY(service.send({{.order = "4711"}}).ok());
    const auto trace = service.get(traceId(1));
    QCOMPARE(trace.spans_size(), 1);
    QCOMPARE(trace.order_id(), std::string("4711"));
}

void TestTraces::lateSpansJoin()
{
    Service service;
    QVERIFY(service.send({{}}).ok());
    QTRY_COMPARE(service.count(""), 1);
    QVERIFY(service.send({{.span = 2, .parent = 1, .service = "payments", .failed = true}}).ok());
    QTRY_COMPARE(service.count("service = payments AND error = true"), 1);
    QCOMPARE(service.count(""), 1);
    QCOMPARE(service.get(traceId(1)).spans_size(), 2);
    // The same once more: its sender has not heard that it was taken.
    QVERIFY(service.send({{.span = 2, .parent = 1, .service = "payments", .failed = true}}).ok());
    QTest::qWait(200);
    QCOMPARE(service.get(traceId(1)).spans_size(), 2);
}

void TestTraces::survivesARestart()
{
    runtime::TestFolder folder;
    {
        Service service(fast(), folder.path());
        QVERIFY(service.send({{.order = "4711"}}).ok());
        QTRY_COMPARE(service.count(""), 1);
    }
    Service again(fast(), folder.path());
    QTRY_COMPARE(again.count("order_id = 4711"), 1);
    QCOMPARE(again.get(traceId(1)).spans_size(), 1);
}

void TestTraces::ordinaryOnesAreBounded()
{
    auto pace = fast();
    pace.ordinaryPerSecond = 1;
    pace.burstSeconds = 20;
    Service service(pace);
    std::vector<Sent> sent;
    for (int i = 1; i <= 300; ++i)
        sent.push_back({.trace = i, .failed = i % 10 == 0});
    QVERIFY(service.send(sent).ok());
    QTRY_COMPARE(service.count("error = true"), 30); // Each one.
    const auto ordinary = service.count("error = false");
    QVERIFY2(ordinary >= 20 && ordinary <= 30, qPrintable(QString::number(ordinary)));
}

void TestTraces::aNoisyServiceTakesNoRoom()
{
    auto pace = fast();
    pace.ordinaryPerSecond = 100'000;
    pace.mostBytes = 200'000; // About two hundred.
    Service service(pace);
    std::vector<Sent> quiet;
    for (int i = 1; i <= 20; ++i)
        quiet.push_back({.trace = i, .service = "accounts"});
    QVERIFY(service.send(quiet).ok());
    QTRY_COMPARE(service.count("service = accounts"), 20);
    for (int batch = 1; batch <= 5; ++batch) {
        std::vector<Sent> noise;
        for (int i = 0; i < 400; ++i)
            noise.push_back(
                {.trace = batch * 1'000 + i, .service = "noisy", .failed = i % 100 == 0});
        QVERIFY(service.send(noise).ok());
        QTest::qWait(50);
    }
    QTRY_COMPARE_WITH_TIMEOUT(
        service.count("service = noisy AND error = true"), 20, 10'000 * slowness());
    QTRY_VERIFY_WITH_TIMEOUT(service.count("") < 250, 10'000 * slowness());
    QVERIFY(service.count("service = noisy AND error = false") > 50);
    QCOMPARE(service.count("service = noisy AND error = true"), 20); // Ordinary ones went first.
    QCOMPARE(service.count("service = accounts"), 20);
}

void TestTraces::badSpansAreNamed()
{
    Service service;
    auto request = requestOf({{.trace = 1}, {.trace = 2}, {.trace = 3}});
    const auto at = [&](int i) {
        return request.mutable_resource_spans(i)->mutable_scope_spans(0)->mutable_spans(0);
    };
    at(0)->set_trace_id("short");
    at(1)->set_end_time_unix_nano(1);
    at(2)->set_name(std::string(10'000, 'x'));
    at(2)->clear_attributes();
    const auto read = readSpans(request);
    QCOMPARE(read.rejected, 2);
    QVERIFY(read.why.starts_with("trace_id:"));
    QCOMPARE(read.spans.size(), std::size_t{1});
    QVERIFY(read.spans[0].span.name().size() < 300);
}

void TestTraces::takesAForeignersBytes()
{
    // Written by hand after the published opentelemetry/proto/trace/v1/trace.proto, with fields
    // that we do not declare (trace_state, flags, a scope): nothing here was made by our own
    // contract.
    const auto bytes = [](const std::string& hex) { return absl::HexStringToBytes(hex); };
    const auto field = [](int number, const std::string& body) {
        return std::string(1, static_cast<char>(number << 3 | 2))
            + std::string(1, static_cast<char>(body.size())) + body;
    };
    const auto text = [&](const char* key, const std::string& value) {
        return field(1, key) + field(2, field(1, value));
    };
    const std::string span = field(1, bytes("0af7651916cd43dd8448eb211c80319c"))
        + field(2, bytes("b7ad6b7169203331")) + field(3, "rojo=1") + field(5, "checkout")
        + bytes("3002") // kind: SERVER
        + bytes("39") + std::string("\x00\x00\x91\x5b\x00\x9e\xd7\x18", 8) // start
        + bytes("41") + std::string("\x00\x80\xd2\x5d\x00\x9e\xd7\x18", 8) // end
        + field(9, text("order.id", "900"));
    const std::string failed = std::string("\x7a\x02\x18\x02", 4); // 15: {code: ERROR}
    const std::string scope = field(1, field(1, "hand")) + field(2, span + failed);
    const std::string request
        = field(1, field(1, field(1, text("service.name", "py"))) + field(2, scope));

    Service service;
    grpc::GenericStub stub(service.channel());
    grpc::ClientContext context;
    const grpc::Slice slice(request);
    const grpc::ByteBuffer sent(&slice, 1);
    grpc::ByteBuffer answer;
    std::promise<grpc::Status> ended;
    stub.UnaryCall(&context, "/opentelemetry.proto.collector.trace.v1.TraceService/Export", {},
        &sent, &answer, [&](const grpc::Status& status) { ended.set_value(status); });
    QVERIFY(ended.get_future().get().ok());
    QTRY_COMPARE(service.count("order_id = 900 AND service = py AND error = true"), 1);
    const auto trace = service.get("0af7651916cd43dd8448eb211c80319c");
    QCOMPARE(trace.spans(0).name(), std::string("checkout"));
    QCOMPARE(trace.spans(0).kind(), std::string("server"));
    QCOMPARE(trace.spans(0).span_id(), std::string("b7ad6b7169203331"));
}

void TestTraces::unknownTraces()
{
    Service service;
    grpc::Status status;
    service.get("00000000000000010000000000000001", &status);
    QCOMPARE(status.error_code(), grpc::StatusCode::NOT_FOUND);
    service.get("not one", &status);
    QCOMPARE(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    QVERIFY(status.error_message().starts_with("id must"));
}

namespace {

v1::Span failed(v1::Span span)
{
    span.set_error(true);
    return span;
}

v1::Span calling(v1::Span span, const std::string& method)
{
    span.set_kind("client");
    (*span.mutable_attributes())["rpc.service"] = method;
    return span;
}

const std::string kPayments = "shopfleet.payments.v1.Payments";

} // namespace

void TestTraces::saysWhoFailedFirst_data()
{
    QTest::addColumn<QList<v1::Span>>("spans");
    QTest::addColumn<QString>("first");
    const auto root = span("root", "", 0, 100, "gateway");
    QTest::newRow("nobody") << QList<v1::Span>{root} << "";
    QTest::newRow("the only one") << QList<v1::Span>{failed(root)} << "gateway";
    QTest::newRow("the deepest") << QList<v1::Span>{failed(root), failed(span("a", "root", 1, 90)),
        failed(calling(span("b", "a", 2, 80), kPayments)),
        failed(span("c", "b", 3, 70, "payments"))}
                                 << "payments";
    QTest::newRow("whoever does not answer") << QList<v1::Span>{failed(root),
        failed(span("a", "root", 1, 90)), failed(calling(span("b", "a", 2, 80), kPayments))}
                                             << "payments";
    QTest::newRow("whoever answers too late") << QList<v1::Span>{failed(root),
        failed(calling(span("b", "root", 2, 80), kPayments)), span("c", "b", 3, 200, "payments")}
                                              << "payments";
    QTest::newRow("the first of two") << QList<v1::Span>{failed(root),
        failed(span("a", "root", 50, 90, "cart")), failed(span("b", "root", 1, 40, "inventory"))}
                                      << "inventory";
    QTest::newRow("one that was asked again") // The second attempt did what the first did not.
        << QList<v1::Span>{root, failed(span("a", "root", 1, 10, "cart")),
               span("b", "root", 20, 30, "cart")}
        << "cart";
    QTest::newRow("a foreign client")
        << QList<v1::Span>{failed(calling(root, "com.example.Thing"))} << "gateway";
}

void TestTraces::saysWhoFailedFirst()
{
    QFETCH(QList<v1::Span>, spans);
    QFETCH(QString, first);
    v1::Trace trace;
    for (const auto& one : spans)
        *trace.add_spans() = one;
    arrange(trace);
    QCOMPARE(QString::fromStdString(firstToFail(trace)), first);
}

/// Also of traces that were not kept: of ordinary ones there is room for two here.
void TestTraces::sumsUpWhoCallsWhom()
{
    auto pace = fast();
    pace.ordinaryPerSecond = 0.1;
    Service service(pace);
    constexpr int kTraces = 50;
    const auto now = runtime::nowUs();
    std::vector<Sent> sent;
    for (int trace = 1; trace <= kTraces; ++trace) {
        sent.push_back({.trace = trace, .ms = 20, .atUs = now});
        sent.push_back({.trace = trace,
            .span = 2,
            .parent = 1,
            .service = "payments",
            .ms = 15,
            .failed = trace % 10 == 0,
            .atUs = now});
    }
    QVERIFY(service.send(sent).ok());
    QTRY_COMPARE(service.callGraph().traces(), kTraces);
    QVERIFY(service.count("") < kTraces);
    const auto graph = service.callGraph();
    QCOMPARE(graph.failed_traces(), kTraces / 10);
    QCOMPARE(graph.edges_size(), 1);
    QCOMPARE(graph.edges(0).from(), std::string("orders"));
    QCOMPARE(graph.edges(0).to(), std::string("payments"));
    QCOMPARE(graph.edges(0).calls(), kTraces);
    QCOMPARE(graph.edges(0).failed(), kTraces / 10);
    QCOMPARE(graph.nodes_size(), 2);
    const auto& orders = graph.nodes(0);
    const auto& payments = graph.nodes(1);
    QCOMPARE(orders.service(), std::string("orders"));
    QCOMPARE(orders.traces(), kTraces);
    QCOMPARE(orders.began_failures(), 0);
    QCOMPARE(toUs(orders.waited_for()), kTraces * 5'000);
    QCOMPARE(payments.began_failures(), kTraces / 10);
    QCOMPARE(payments.failed_traces(), kTraces / 10);
    QCOMPARE(toUs(payments.waited_for()), kTraces * 15'000);

    v1::GetCallGraphRequest before;
    *before.mutable_to() = runtime::toTimestamp(now - 60'000'000);
    QCOMPARE(service.callGraph(before).traces(), 0);
    grpc::Status status;
    *before.mutable_from() = runtime::toTimestamp(now);
    service.callGraph(before, &status);
    QCOMPARE(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    QVERIFY(status.error_message().find("from") != std::string::npos);
}

void TestTraces::callGraphsSurviveARestart()
{
    const runtime::TestFolder folder;
    {
        Service service(fast(), folder.path());
        QVERIFY(service.send({{.atUs = runtime::nowUs()}}).ok());
        QTRY_COMPARE(service.callGraph().traces(), 1);
    }
    QCOMPARE(Service(fast(), folder.path()).callGraph().traces(), 1);
}

namespace {

/// Another collector; `port` 0: any.
struct Collecting final : otlp::TraceService::Service {
    explicit Collecting(int wanted = 0)
    {
        grpc::ServerBuilder builder;
        builder.AddListeningPort(
            "127.0.0.1:" + std::to_string(wanted), grpc::InsecureServerCredentials(), &port);
        builder.RegisterService(this);
        server = builder.BuildAndStart();
    }
    ~Collecting() override { server->Shutdown(std::chrono::system_clock::now()); }

    grpc::Status Export(grpc::ServerContext*, const otlp::ExportTraceServiceRequest* request,
        otlp::ExportTraceServiceResponse*) override
    {
        spans += request->resource_spans_size();
        return refuses ? grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "not that")
                       : grpc::Status::OK;
    }

    std::atomic<int> spans = 0;
    std::atomic<bool> refuses = false;
    int port = 0;
    std::unique_ptr<grpc::Server> server;
};

} // namespace

/// Whoever keeps traces elsewhere gets each span once they are there again; here nobody waits.
void TestTraces::goesOnward()
{
    auto other = std::make_unique<Collecting>();
    const int port = other->port;
    Service service(fast(), {}, "127.0.0.1:" + std::to_string(port));
    QVERIFY(service.send({{.trace = 1}, {.trace = 2}}).ok());
    QTRY_COMPARE(other->spans.load(), 2);
    other->refuses = true; // What it never takes holds up nothing.
    QVERIFY(service.send({{.trace = 3}}).ok());
    QTRY_COMPARE(other->spans.load(), 3);
    other->refuses = false;
    QVERIFY(service.send({{.trace = 4}}).ok());
    QTRY_COMPARE(other->spans.load(), 4);
    other.reset();
    for (int trace = 10; trace < 20; ++trace)
        QVERIFY(service.send({{.trace = trace}}).ok());
    QTRY_COMPARE(service.count(""), 14);
    other = std::make_unique<Collecting>(port);
    QVERIFY(other->server);
    QTRY_COMPARE_WITH_TIMEOUT(other->spans.load(), 10, 30'000);
}

QTEST_GUILESS_MAIN(TestTraces)
#include "tst_traces.moc"
