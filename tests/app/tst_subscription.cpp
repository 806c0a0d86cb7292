// SPDX-License-Identifier: GPL-3.0-or-later
// A real client against a server in this process, which is taken away and comes back.
#include "app/api/channels.h"
#include "app/api/controlclient.h"
#include "shopfleet/control/v1/control.grpc.pb.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <thread>

using namespace shopfleet::control::v1;
using Link = api::Freshness::State;

/// Sends a word each 200 ms while it is allowed to.
class Speaker final : public Control::Service {
public:
    grpc::Status WatchFleet(grpc::ServerContext* context, const WatchFleetRequest*,
        grpc::ServerWriter<WatchFleetResponse>* writer) override
    {
        ++streams;
        while (!context->IsCancelled() && !stopped) {
            WatchFleetResponse word;
            word.mutable_at()->set_seconds(1);
            if (!silent && !writer->Write(word))
                break;
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
        }
        return grpc::Status::OK;
    }
    std::atomic<bool> silent = false;
    std::atomic<bool> stopped = false;
    std::atomic<int> streams = 0;
};

struct Server {
    explicit Server(int wantedPort = 0)
    {
        grpc::ServerBuilder builder;
        builder.AddListeningPort(
            "127.0.0.1:" + std::to_string(wantedPort), grpc::InsecureServerCredentials(), &port);
        builder.RegisterService(&speaker);
        server = builder.BuildAndStart();
    }
    ~Server() { stop(); }
    void stop()
    {
        if (!server)
            return;
        speaker.stopped = true;
        server->Shutdown(std::chrono::system_clock::now());
        server.reset();
    }
    std::string address() const { return "127.0.0.1:" + std::to_string(port); }

    Speaker speaker;
    int port = 0;
    std::unique_ptr<grpc::Server> server;
};

class TestSubscription : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void isNeverFreshWithoutAServer();
    void goesStaleAndHeals();
    void silenceIsStaleToo();
    void endsWithItsReader();
};

void TestSubscription::isNeverFreshWithoutAServer()
{
    api::Channels channels("127.0.0.1:1");
    const auto client = api::makeControlClient(channels);
    const auto feed = client->watchFleet([](const WatchFleetResponse&) {});
    QTest::qWait(300);
    QCOMPARE(feed->freshness().state, Link::Never);
}

void TestSubscription::goesStaleAndHeals()
{
    auto server = std::make_unique<Server>();
    const int port = server->port;
    api::Channels channels(server->address());
    const auto client = api::makeControlClient(channels);
    int words = 0;
    const auto feed = client->watchFleet([&](const WatchFleetResponse&) {
        QCOMPARE(QThread::currentThread(), thread());
        ++words;
    });
    QTRY_VERIFY(words > 1);
    QCOMPARE(feed->freshness().state, Link::Live);

    server->stop();
    QElapsedTimer lost;
    lost.start();
    QTRY_COMPARE_WITH_TIMEOUT(feed->freshness().state, Link::Stale, 3000);
    QVERIFY2(lost.elapsed() <= 2200, qPrintable(QString::number(lost.elapsed())));
    QVERIFY(feed->freshness().since.isValid());

    server = std::make_unique<Server>(port);
    if (!server->server)
        QSKIP("somebody else took the port meanwhile");
    QTRY_COMPARE_WITH_TIMEOUT(feed->freshness().state, Link::Live, 5000);
}

void TestSubscription::silenceIsStaleToo()
{
    Server server;
    api::Channels channels(server.address());
    const auto client = api::makeControlClient(channels);
    const auto feed = client->watchFleet([](const WatchFleetResponse&) {});
    QTRY_COMPARE(feed->freshness().state, Link::Live);
    server.speaker.silent = true;
    QTRY_COMPARE_WITH_TIMEOUT(feed->freshness().state, Link::Stale, 2400);
    server.speaker.silent = false;
    QTRY_COMPARE(feed->freshness().state, Link::Live);
}

void TestSubscription::endsWithItsReader()
{
    Server server;
    api::Channels channels(server.address());
    const auto client = api::makeControlClient(channels);
    int words = 0;
    auto feed = client->watchFleet([&](const WatchFleetResponse&) { ++words; });
    QTRY_VERIFY(words > 0);
    feed.reset();
    const int heard = words;
    QTest::qWait(300);
    QCOMPARE(words, heard);
    QCOMPARE(server.speaker.streams.load(), 1);
}

QTEST_GUILESS_MAIN(TestSubscription)
#include "tst_subscription.moc"
