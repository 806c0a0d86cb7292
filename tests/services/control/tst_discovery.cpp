// SPDX-License-Identifier: GPL-3.0-or-later
// The discovery server against gRPC's own client on xds:///, with backends in this process.
#include "services/control/xdsserver.h"
#include "shopfleet/control/v1/control.grpc.pb.h"
#include "tests/services/control/loopthread.h"

#include <QtTest>

#include <grpcpp/grpcpp.h>

#include <atomic>

using namespace shopfleet::control;

namespace {

// Answers reads with its name, and writes if it is the writer.
struct Backend final : v1::Control::Service {
    explicit Backend(const std::string& backendName, bool writes)
        : name(backendName)
        , writer(writes)
    {
        int port = 0;
        grpc::ServerBuilder builder;
        builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
        builder.RegisterService(this);
        server = builder.BuildAndStart();
        address = "127.0.0.1:" + std::to_string(port);
    }

    ~Backend() override { die(); }

    void die() { server->Shutdown(std::chrono::system_clock::now()); }

    grpc::Status GetFleet(
        grpc::ServerContext*, const v1::GetFleetRequest*, v1::Fleet* response) override
    {
        ++calls;
        while (slow)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        if (broken)
            return {grpc::StatusCode::INTERNAL, "broken"};
        response->set_environment(name);
        return grpc::Status::OK;
    }

    grpc::Status ScaleService(
        grpc::ServerContext*, const v1::ScaleServiceRequest*, v1::Service* response) override
    {
        ++calls;
        if (!writer)
            return {grpc::StatusCode::UNAVAILABLE, "not the writer"};
        response->set_name(name);
        return grpc::Status::OK;
    }

    Endpoint endpoint() const { return {address, writer, false}; }

    const std::string name;
    std::atomic<bool> writer;
    std::atomic<bool> broken = false;
    std::atomic<bool> slow = false;
    std::atomic<int> calls = 0;
    std::unique_ptr<grpc::Server> server;
    std::string address;
};

} // namespace

class TestDiscovery : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void knowsReads();
    void readsGoToAll();
    void writesGoToTheWriter();
    void writerMoves();
    void wrongWriterIsRetried();
    void backendThatDied();
    void failingBackendIsLeftOut();
    void tooManyUnderWayAreRefused();
    void leavingWriterTakesNoReads();
    void unknownServiceFailsAtOnce();
    void clientKeepsWhatItKnows();
    void cleanupTestCase();

private:
    void publish(const std::vector<const Backend*>& backends);
    std::string write(int timeoutMs = 5'000);
    std::string read(int timeoutMs = 5'000);

    LoopThread m_thread;
    std::unique_ptr<XdsServer> m_xds;
    std::unique_ptr<grpc::Server> m_server;
    std::unique_ptr<Backend> m_a, m_b, m_c;
    std::unique_ptr<v1::Control::Stub> m_stub;
};

void TestDiscovery::initTestCase()
{
    m_xds = std::make_unique<XdsServer>(m_thread.loop);
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(m_xds.get());
    m_server = builder.BuildAndStart();
    // Read once, when the process makes its first xds channel.
    const auto bootstrap = R"({"xds_servers":[{"server_uri":"127.0.0.1:)" + std::to_string(port)
        + R"(","channel_creds":[{"type":"insecure"}],"server_features":["xds_v3"]}],"node":{"id":"test"}})";
    qputenv("GRPC_XDS_BOOTSTRAP_CONFIG", QByteArray(bootstrap.c_str()));
}

// The server lives on its loop, and ends there.
void TestDiscovery::cleanupTestCase()
{
    m_server.reset();
    m_thread.on([this] { m_xds.reset(); });
}

void TestDiscovery::init()
{
    m_a = std::make_unique<Backend>("a", true);
    m_b = std::make_unique<Backend>("b", false);
    m_c = std::make_unique<Backend>("c", false);
    if (!m_server)
        return;
    publish({m_a.get(), m_b.get(), m_c.get()});
    m_stub = v1::Control::NewStub(
        grpc::CreateChannel("xds:///control", grpc::InsecureChannelCredentials()));
}

void TestDiscovery::cleanup()
{
    m_stub.reset();
}

void TestDiscovery::publish(const std::vector<const Backend*>& backends)
{
    ServiceEndpoints endpoints{"control", true, {}};
    for (const auto* backend : backends)
        endpoints.endpoints.push_back(backend->endpoint());
    m_thread.on([&] { m_xds->update({endpoints}); });
}

std::string TestDiscovery::write(int timeoutMs)
{
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(timeoutMs));
    v1::Service response;
    const auto status = m_stub->ScaleService(&context, {}, &response);
    return status.ok() ? response.name() : "failed: " + status.error_message();
}

std::string TestDiscovery::read(int timeoutMs)
{
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(timeoutMs));
    v1::Fleet response;
    const auto status = m_stub->GetFleet(&context, {}, &response);
    return status.ok() ? response.environment() : "failed: " + status.error_message();
}

void TestDiscovery::knowsReads()
{
    const auto paths = readPaths("control");
    QVERIFY(std::ranges::find(paths, "/shopfleet.control.v1.Control/GetFleet") != paths.end());
    QVERIFY(std::ranges::find(paths, "/shopfleet.control.v1.Control/ScaleService") == paths.end());
    // The contracts of the store are linked in as well, though nothing here names them.
    for (const auto* service :
        {"accounts", "inventory", "cart", "orders", "payments", "deliveries"})
        QVERIFY2(!readPaths(service).empty(), service);
    QVERIFY(readPaths("recommendations").empty());
}

void TestDiscovery::readsGoToAll()
{
    QTRY_VERIFY(!read().starts_with("failed"));
    // Connections come up one after the other; from then on everybody has a third.
    QTRY_VERIFY((read(), m_a->calls > 0 && m_b->calls > 0 && m_c->calls > 0));
    m_a->calls = m_b->calls = m_c->calls = 0;
    for (int i = 0; i < 30; ++i)
        QVERIFY(!read().starts_with("failed"));
    QCOMPARE(m_a->calls.load(), 10);
    QCOMPARE(m_b->calls.load(), 10);
    QCOMPARE(m_c->calls.load(), 10);
}

void TestDiscovery::writesGoToTheWriter()
{
    for (int i = 0; i < 20; ++i)
        QCOMPARE(write(), "a");
    QCOMPARE(m_b->calls + m_c->calls, 0);
}

void TestDiscovery::writerMoves()
{
    QCOMPARE(write(), "a");
    m_a->writer = false;
    m_c->writer = true;
    publish({m_a.get(), m_b.get(), m_c.get()});
    // Before the client has heard of it the retry policy finds the new one.
    for (int i = 0; i < 20; ++i)
        QCOMPARE(write(), "c");
    QTRY_VERIFY((m_a->calls = m_b->calls = 0, write() == "c" && m_a->calls + m_b->calls == 0));
}

void TestDiscovery::wrongWriterIsRetried()
{
    m_a->writer = false; // Nobody is told.
    QCOMPARE(write(), "failed: not the writer");
    QVERIFY2(m_a->calls >= 4, "it was tried several times before the caller heard of it");
}

void TestDiscovery::backendThatDied()
{
    QTRY_VERIFY((read(), m_a->calls > 0 && m_b->calls > 0 && m_c->calls > 0));
    m_b->die();
    for (int i = 0; i < 30; ++i)
        QVERIFY2(!read().starts_with("failed"), "a read must not fail while others serve");
}

// F5: with three calls in an interval it is noticed; a volume of ten, as many set it, never is by
// so few callers. Once it is well it is asked again.
void TestDiscovery::failingBackendIsLeftOut()
{
    QTRY_VERIFY((read(), m_a->calls > 0 && m_b->calls > 0 && m_c->calls > 0));
    m_b->broken = true;
    const auto failures = [&](int count) {
        int failed = 0;
        for (int i = 0; i < count; ++i) {
            failed += read().starts_with("failed");
            QTest::qWait(100);
        }
        return failed;
    };
    failures(20); // Two intervals: it is left out in one of them.
    m_b->calls = 0;
    QCOMPARE(failures(10), 0);
    QCOMPARE(m_b->calls.load(), 0);
    m_b->broken = false;
    QTRY_VERIFY_WITH_TIMEOUT((read(), m_b->calls > 0), 10'000);
}

void TestDiscovery::tooManyUnderWayAreRefused()
{
    constexpr int kMost = 1'024;
    QTRY_VERIFY(!read().starts_with("failed"));
    for (auto* backend : {m_a.get(), m_b.get(), m_c.get()})
        backend->slow = true;
    struct Call {
        grpc::ClientContext context;
        v1::GetFleetRequest request;
        v1::Fleet response;
    };
    std::atomic<int> refused = 0;
    std::atomic<int> ended = 0;
    std::vector<std::unique_ptr<Call>> calls;
    for (int i = 0; i < kMost + 50; ++i) {
        calls.push_back(std::make_unique<Call>());
        calls.back()->context.set_deadline(
            std::chrono::system_clock::now() + std::chrono::seconds(20));
        m_stub->async()->GetFleet(&calls.back()->context, &calls.back()->request,
            &calls.back()->response, [&](const grpc::Status& status) {
                refused += status.error_code() == grpc::StatusCode::UNAVAILABLE;
                ++ended;
            });
    }
    QTRY_COMPARE_WITH_TIMEOUT(refused.load(), 50, 10'000);
    for (auto* backend : {m_a.get(), m_b.get(), m_c.get()})
        backend->slow = false;
    for (const auto& call : calls)
        call->context.TryCancel();
    QTRY_COMPARE_WITH_TIMEOUT(ended.load(), kMost + 50, 60'000);
}

void TestDiscovery::leavingWriterTakesNoReads()
{
    ServiceEndpoints endpoints{"control", true, {m_a->endpoint(), m_b->endpoint()}};
    endpoints.endpoints[0].leaving = true;
    m_thread.on([&] { m_xds->update({endpoints}); });
    QCOMPARE(write(), "a");
    QTRY_COMPARE(read(), "b");
    m_a->calls = 0;
    for (int i = 0; i < 10; ++i)
        QCOMPARE(read(), "b");
    QCOMPARE(m_a->calls.load(), 0);
}

void TestDiscovery::unknownServiceFailsAtOnce()
{
    m_stub = v1::Control::NewStub(
        grpc::CreateChannel("xds:///nothing", grpc::InsecureChannelCredentials()));
    QElapsedTimer timer;
    timer.start();
    QVERIFY(read(10'000).starts_with("failed"));
    QVERIFY2(timer.elapsed() < 5'000, "a client must not wait for what will never come");
}

// Last: there is no discovery after it.
void TestDiscovery::clientKeepsWhatItKnows()
{
    QTRY_VERIFY(!read().starts_with("failed"));
    m_thread.on([&] { m_xds->close(); });
    m_server->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(1));
    m_server.reset();
    for (int i = 0; i < 20; ++i)
        QVERIFY(!read().starts_with("failed"));
    QCOMPARE(write(), "a");
}

QTEST_GUILESS_MAIN(TestDiscovery)
#include "tst_discovery.moc"
