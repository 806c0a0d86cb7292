// SPDX-License-Identifier: GPL-3.0-or-later
// The whole control plane over real gRPC, with toyd as its services.
#include "services/control/handler.h"
#include "tests/services/control/loopthread.h"

#include <QTemporaryDir>
#include <QtTest>

#include <grpcpp/grpcpp.h>

#include <cmath>
#include <csignal>

using namespace shopfleet::control;
using namespace std::chrono_literals;

class TestControlPlane : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void becomesHealthy();
    void saysWhyAServiceIsDown();
    void lists();
    void refuses_data();
    void refuses();
    void sameRequestIdActsOnce();
    void otherRequestUnderTheSameIdIsRefused();
    void watchTellsAtOnceWhoDied();
    void figuresComeEachSecond();
    void metricsHaveTheDeadTimeAsAGap();
    void logsCanBeReadAndFollowed();
    void eventsSayWhoAndWhy();
    void desiredNumberIsKept();
    void figuresOutliveTheControlPlane();
    void rulesAreChangedOverTheWire();

private:
    void start();
    void stop(bool leaveRunning);
    v1::Service service(const std::string& name = "control");
    grpc::Status scale(const std::string& requestId, int replicas, v1::Service* response,
        const std::string& name = "control");
    static std::unique_ptr<grpc::ClientContext> context(std::chrono::milliseconds deadline = 5s);

    QTemporaryDir m_folder;
    std::unique_ptr<LoopThread> m_thread;
    std::unique_ptr<ControlPlane> m_plane;
    std::unique_ptr<Handler> m_handler;
    std::unique_ptr<grpc::Server> m_server;
    std::unique_ptr<v1::Control::Stub> m_stub;
};

void TestControlPlane::initTestCase()
{
    start();
}

void TestControlPlane::cleanupTestCase()
{
    stop(false);
}

void TestControlPlane::start()
{
    auto fleet = parseFleetFile(R"(
environment: test
services:
  - {name: control, program: toyd, max: 4, database: yes}
  - {name: absent, program: no-such-program}
)",
        "fleet.yaml");
    QVERIFY(fleet.ok());
    m_thread = std::make_unique<LoopThread>();
    m_thread->on([&] {
        m_plane = std::make_unique<ControlPlane>(m_thread->loop,
            ControlPlane::Options{
                *std::move(fleet), m_folder.path().toStdString(), PROGRAMS, "127.0.0.1:0"});
    });
    m_handler = std::make_unique<Handler>(*m_plane);
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(m_handler.get());
    builder.RegisterService(&m_plane->discovery());
    m_server = builder.BuildAndStart();
    const auto address = "127.0.0.1:" + std::to_string(port);
    m_thread->on([&] { m_plane->begin(address); });
    m_stub = v1::Control::NewStub(
        grpc::CreateChannel("ipv4:" + address, grpc::InsecureChannelCredentials()));
}

void TestControlPlane::stop(bool leaveRunning)
{
    std::promise<void> ended;
    m_thread->loop.post([&] { m_plane->end(leaveRunning, [&] { ended.set_value(); }); });
    ended.get_future().wait();
    m_server->Shutdown(std::chrono::system_clock::now() + 1s);
    m_thread->on([&] { m_plane.reset(); });
    m_thread.reset();
    m_server.reset();
}

std::unique_ptr<grpc::ClientContext> TestControlPlane::context(std::chrono::milliseconds deadline)
{
    auto result = std::make_unique<grpc::ClientContext>();
    result->set_deadline(std::chrono::system_clock::now() + deadline);
    return result;
}

v1::Service TestControlPlane::service(const std::string& name)
{
    v1::GetServiceRequest request;
    request.set_name(name);
    v1::Service response;
    m_stub->GetService(context().get(), request, &response);
    return response;
}

grpc::Status TestControlPlane::scale(
    const std::string& requestId, int replicas, v1::Service* response, const std::string& name)
{
    v1::ScaleServiceRequest request;
    request.set_request_id(requestId);
    request.set_service(name);
    request.set_replicas(replicas);
    request.set_reason("a test");
    return m_stub->ScaleService(context().get(), request, response);
}

void TestControlPlane::becomesHealthy()
{
    QTRY_COMPARE(service().state(), v1::STATE_HEALTHY);
    const auto toy = service();
    QCOMPARE(toy.replicas_size(), 1);
    const auto& replica = toy.replicas(0);
    QCOMPARE(replica.id(), "control-1");
    QVERIFY(replica.pid() > 0 && replica.port() > 0 && replica.is_writer());
    QCOMPARE(replica.version(), SHOPFLEET_VERSION);
    QVERIFY(replica.metrics_address().starts_with("127.0.0.1:"));
}

void TestControlPlane::saysWhyAServiceIsDown()
{
    const auto absent = service("absent");
    QCOMPARE(absent.state(), v1::STATE_DOWN);
    QVERIFY(absent.reason().find("no-such-program") != std::string::npos);
    v1::Fleet fleet;
    QVERIFY(m_stub->GetFleet(context().get(), {}, &fleet).ok());
    QCOMPARE(fleet.environment(), "test");
    QCOMPARE(fleet.services_size(), 2);
    QCOMPARE(fleet.state(), v1::STATE_DOWN);
}

void TestControlPlane::lists()
{
    v1::ListServicesRequest request;
    request.set_filter("state = down");
    v1::ListServicesResponse response;
    QVERIFY(m_stub->ListServices(context().get(), request, &response).ok());
    QCOMPARE(response.total_size(), 1);
    QCOMPARE(response.services(0).name(), "absent");
    request.clear_filter();
    request.set_page_size(1);
    QVERIFY(m_stub->ListServices(context().get(), request, &response).ok());
    QCOMPARE(response.services_size(), 1);
    request.set_page_token(response.next_page_token());
    QVERIFY(m_stub->ListServices(context().get(), request, &response).ok());
    QVERIFY(response.next_page_token().empty());
    request.set_page_token("x");
    QCOMPARE(m_stub->ListServices(context().get(), request, &response).error_code(),
        grpc::StatusCode::INVALID_ARGUMENT);
}

void TestControlPlane::refuses_data()
{
    QTest::addColumn<QByteArray>("requestId");
    QTest::addColumn<QByteArray>("service");
    QTest::addColumn<int>("replicas");
    QTest::addColumn<int>("code");

    QTest::newRow("no request_id")
        << QByteArray() << QByteArray("control") << 1 << int(grpc::StatusCode::INVALID_ARGUMENT);
    QTest::newRow("long request_id") << QByteArray(65, 'x') << QByteArray("control") << 1
                                     << int(grpc::StatusCode::INVALID_ARGUMENT);
    QTest::newRow("unknown service")
        << QByteArray("r1") << QByteArray("nothing") << 1 << int(grpc::StatusCode::NOT_FOUND);
    QTest::newRow("too many") << QByteArray("r2") << QByteArray("control") << 5
                              << int(grpc::StatusCode::INVALID_ARGUMENT);
    QTest::newRow("negative") << QByteArray("r3") << QByteArray("control") << -5
                              << int(grpc::StatusCode::INVALID_ARGUMENT);
}

void TestControlPlane::refuses()
{
    QFETCH(QByteArray, requestId);
    QFETCH(QByteArray, service);
    QFETCH(int, replicas);
    v1::Service response;
    const auto status = scale(requestId.toStdString(), replicas, &response, service.toStdString());
    QTEST(static_cast<int>(status.error_code()), "code");
    QVERIFY(!status.error_message().empty());
}

void TestControlPlane::sameRequestIdActsOnce()
{
    v1::Service first;
    QVERIFY(scale("up-1", 2, &first).ok());
    QCOMPARE(first.desired_replicas(), 2);
    v1::Service second;
    QVERIFY(scale("down-1", 1, &second).ok());
    v1::Service again;
    QVERIFY(scale("up-1", 2, &again).ok());
    QCOMPARE(again.SerializeAsString(), first.SerializeAsString());
    QCOMPARE(service().desired_replicas(), 1);
    QTRY_COMPARE(service().replicas_size(), 1);
}

void TestControlPlane::otherRequestUnderTheSameIdIsRefused()
{
    v1::Service response;
    QCOMPARE(scale("up-1", 3, &response).error_code(), grpc::StatusCode::ABORTED);
    QCOMPARE(service().desired_replicas(), 1);
}

void TestControlPlane::watchTellsAtOnceWhoDied()
{
    QTRY_COMPARE(service().state(), v1::STATE_HEALTHY);
    const auto pid = service().replicas(0).pid();
    const auto watching = context(10s);
    const auto stream = m_stub->WatchFleet(watching.get(), {});
    v1::WatchFleetResponse message;
    QVERIFY(stream->Read(&message));
    QCOMPARE(message.fleet().services_size(), 2); // Everything first.

    QElapsedTimer timer;
    timer.start();
    ::kill(static_cast<pid_t>(pid), SIGKILL);
    bool died = false;
    bool back = false;
    while (!back && stream->Read(&message)) {
        for (const auto& changed : message.services()) {
            if (changed.name() != "control" || changed.replicas_size() == 0)
                continue;
            died = died || changed.replicas(0).pid() != pid;
            back = died && changed.state() == v1::STATE_HEALTHY;
        }
    }
    QVERIFY(died && back);
    QVERIFY2(timer.elapsed() < 2'000, qPrintable(QString::number(timer.elapsed())));
    watching->TryCancel();
    QCOMPARE(service().replicas(0).restarts(), 1);
    QCOMPARE(service().replicas(0).last_exit(), "signal 9 (Killed)");
}

void TestControlPlane::figuresComeEachSecond()
{
    v1::WatchFleetRequest request;
    request.add_services("control");
    const auto watching = context(10s);
    const auto stream = m_stub->WatchFleet(watching.get(), request);
    v1::WatchFleetResponse message;
    QVERIFY(stream->Read(&message));
    QCOMPARE(message.fleet().services_size(), 1);
    QElapsedTimer timer;
    timer.start();
    bool figures = false;
    while (!figures && stream->Read(&message)) {
        QVERIFY2(timer.restart() < 1'500, "silence means that the link is lost");
        figures = message.services_size() == 1 && message.services(0).has_figures()
            && message.services(0).figures().in_flight() == 2;
    }
    QVERIFY(figures);
    QVERIFY(message.services(0).figures().resident_bytes() > 1'000'000);
    watching->TryCancel();
}

void TestControlPlane::metricsHaveTheDeadTimeAsAGap()
{
    v1::GetMetricsRequest request;
    request.set_service("control");
    request.add_metrics("in_flight");
    request.set_step_seconds(1);
    v1::GetMetricsResponse response;
    QVERIFY(m_stub->GetMetrics(context().get(), request, &response).ok());
    QCOMPARE(response.series_size(), 1);
    const auto& values = response.series(0).values();
    QCOMPARE(values.size(), 600);
    QVERIFY2(std::isnan(values[0]), "before the start nothing is known");
    QVERIFY(std::ranges::any_of(values, [](double value) { return value == 2; }));
    request.add_metrics("colour");
    QCOMPARE(m_stub->GetMetrics(context().get(), request, &response).error_code(),
        grpc::StatusCode::INVALID_ARGUMENT);
}

void TestControlPlane::logsCanBeReadAndFollowed()
{
    v1::GetLogsRequest request;
    request.set_service("control");
    request.set_text("BEGINS");
    v1::GetLogsResponse response;
    QVERIFY(m_stub->GetLogs(context().get(), request, &response).ok());
    QVERIFY(response.lines_size() >= 2);
    QCOMPARE(response.lines(0).message(), "begins");
    const auto before = response.lines_size();

    const auto tailing = context(10s);
    const auto stream = m_stub->TailLogs(tailing.get(), request);
    v1::GetLogsResponse message;
    QVERIFY(stream->Read(&message));
    QCOMPARE(message.lines_size(), before);
    ::kill(static_cast<pid_t>(service().replicas(0).pid()), SIGKILL);
    int lines = 0;
    while (lines == 0 && stream->Read(&message))
        lines = message.lines_size();
    QCOMPARE(lines, 1);
    tailing->TryCancel();
    request.set_regex("(");
    QCOMPARE(m_stub->GetLogs(context().get(), request, &response).error_code(),
        grpc::StatusCode::INVALID_ARGUMENT);
}

void TestControlPlane::eventsSayWhoAndWhy()
{
    v1::ListEventsRequest request;
    request.set_filter("kind = service.scaled");
    v1::ListEventsResponse response;
    QVERIFY(m_stub->ListEvents(context().get(), request, &response).ok());
    QCOMPARE(response.total_size(), 2);
    QCOMPARE(response.events(0).reason(), "a test");
    QCOMPARE(response.events(0).actor().id(), "staff:local");
    QCOMPARE(response.events(1).facts().at("to"), "2");

    // A watcher that comes back with its token gets what it missed.
    v1::WatchEventsRequest watch;
    watch.set_resume_token(std::to_string(response.events(1).id() - 1));
    const auto watching = context();
    const auto stream = m_stub->WatchEvents(watching.get(), watch);
    v1::WatchEventsResponse message;
    QVERIFY(stream->Read(&message));
    QCOMPARE(message.events(0).id(), response.events(1).id());
    watching->TryCancel();
}

void TestControlPlane::desiredNumberIsKept()
{
    v1::Service response;
    QVERIFY(scale("up-2", 2, &response).ok());
    QTRY_COMPARE(service().state(), v1::STATE_HEALTHY);
    QTRY_VERIFY(
        service().replicas_size() == 2 && service().replicas(1).state() == v1::STATE_HEALTHY);
    const auto before = service();
    stop(true);
    start();
    QTRY_COMPARE(service().state(), v1::STATE_HEALTHY);
    const auto after = service();
    QCOMPARE(after.desired_replicas(), 2);
    QCOMPARE(after.replicas_size(), 2);
    for (int i = 0; i < 2; ++i) {
        QCOMPARE(after.replicas(i).pid(), before.replicas(i).pid());
        QVERIFY(after.replicas(i).adopted());
    }
    v1::Service again;
    QVERIFY(scale("up-2", 2, &again).ok());
    QCOMPARE(again.SerializeAsString(), response.SerializeAsString());
}

/// The next one knows the hour before it came.
void TestControlPlane::figuresOutliveTheControlPlane()
{
    const auto kept = [this] {
        m_plane->archive().flush();
        return std::ranges::any_of(m_plane->archive().points(0, {"control", {}, {}}, 0,
                                       std::numeric_limits<std::int64_t>::max()),
            [](const store::Point& point) { return point.sum.gauges.residentBytes > 1'000'000; });
    };
    QTRY_VERIFY_WITH_TIMEOUT(kept(), 15'000);
    stop(true);
    const auto gone = std::chrono::duration_cast<std::chrono::seconds>(
        std::chrono::system_clock::now().time_since_epoch())
                          .count();
    start();
    v1::GetMetricsRequest request;
    request.set_service("control");
    request.add_metrics("resident_bytes");
    request.mutable_from()->set_seconds(gone - 60);
    request.mutable_to()->set_seconds(
        gone); // The next one knows nothing of its own from before that.
    request.set_step_seconds(1);
    v1::GetMetricsResponse response;
    QVERIFY(m_stub->GetMetrics(context().get(), request, &response).ok());
    QCOMPARE(response.series_size(), 1);
    QVERIFY(std::ranges::any_of(
        response.series(0).values(), [](double value) { return value > 1'000'000; }));
    QVERIFY(response.oldest().seconds() < gone);
}

void TestControlPlane::rulesAreChangedOverTheWire()
{
    v1::SaveAlertRuleRequest save;
    save.set_request_id("rule-1");
    auto& rule = *save.mutable_rule();
    rule.set_id("memory");
    rule.set_title("It is there");
    rule.set_expression("resident_bytes > 1000");
    rule.set_service("control");
    rule.set_severity(shopfleet::common::v1::SEVERITY_WARNING);
    rule.set_enabled(true);
    v1::AlertRule saved;
    QVERIFY(m_stub->SaveAlertRule(context().get(), save, &saved).ok());
    v1::ListAlertsRequest list;
    list.set_filter("rule = memory AND state = firing");
    v1::ListAlertsResponse alerts;
    QTRY_VERIFY_WITH_TIMEOUT(
        m_stub->ListAlerts(context().get(), list, &alerts).ok() && alerts.total_size() == 1,
        10'000);
    QCOMPARE(alerts.alerts(0).service(), std::string("control"));
    v1::AcknowledgeAlertRequest acknowledge;
    acknowledge.set_request_id("ack-1");
    acknowledge.set_id(alerts.alerts(0).id());
    acknowledge.set_note("seen");
    v1::Alert alert;
    QVERIFY(m_stub->AcknowledgeAlert(context().get(), acknowledge, &alert).ok());
    QCOMPARE(alert.note(), std::string("seen"));
    QVERIFY(m_stub->ListAlerts(context().get(), list, &alerts).ok());
    QCOMPARE(alerts.total_size(), 0);

    rule.set_service("nobody");
    save.set_request_id("rule-2");
    auto status = m_stub->SaveAlertRule(context().get(), save, &saved);
    QCOMPARE(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    QVERIFY(status.error_message().find("rule.service") != std::string::npos);
    v1::GetIncidentRequest incident;
    incident.set_id("i999");
    v1::Incident none;
    QCOMPARE(m_stub->GetIncident(context().get(), incident, &none).error_code(),
        grpc::StatusCode::NOT_FOUND);
    // Nobody here keeps traces.
    v1::Topology topology;
    QCOMPARE(m_stub->GetTopology(context().get(), {}, &topology).error_code(),
        grpc::StatusCode::UNAVAILABLE);
}

QTEST_GUILESS_MAIN(TestControlPlane)
#include "tst_controlplane.moc"
