// SPDX-License-Identifier: GPL-3.0-or-later
// The sandbox carrier takes a parcel over once for each key, and tells of each station until it is
// heard.
#include "carrier_schema.h"
#include "services/carrier/handler.h"
#include "services/carrier/journey.h"
#include "services/carrier/rules.h"
#include "services/runtime/testing.h"

#include <QTest>

#include <grpcpp/grpcpp.h>

#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

using namespace shopfleet;
using namespace shopfleet::carrier;
using namespace std::chrono_literals;

/// Hears what the carrier reports, and may not want to yet.
class Listener final : public deliveries::v1::Deliveries::CallbackService {
public:
    grpc::ServerUnaryReactor* RecordTrackingEvent(grpc::CallbackServerContext* context,
        const deliveries::v1::RecordTrackingEventRequest* request,
        deliveries::v1::Shipment*) override
    {
        auto* reactor = context->DefaultReactor();
        const std::lock_guard lock(m_mutex);
        if (refusals > 0 && refusals-- > 0) {
            ++refused;
            reactor->Finish({grpc::StatusCode::FAILED_PRECONDITION, "not dispatched yet"});
        } else {
            m_heard[request->shipment_id()].push_back(*request);
            reactor->Finish(grpc::Status::OK);
        }
        return reactor;
    }

    std::vector<deliveries::v1::RecordTrackingEventRequest> heard(const std::string& parcel)
    {
        const std::lock_guard lock(m_mutex);
        return m_heard[parcel];
    }

    std::atomic<int> refusals = 0, refused = 0;

private:
    std::mutex m_mutex;
    std::map<std::string, std::vector<deliveries::v1::RecordTrackingEventRequest>> m_heard;
};

class TestCarrier : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void takesOverOnceForAKey();
    void aKeyIsForOneParcel();
    void manyAtOnceGetTheirOwnNumber();
    void refuses_data();
    void refuses();
    void goesWhereItGoes();
    void goesWrongAfterItHasActed_data();
    void goesWrongAfterItHasActed();
    void reports();
    void ordinaryOnesTakeTwoMinutes();
    void isPatientWithWhoeverIsNotReady();
    void reportsAfterARestart();
    void trackingNumbers();

private:
    using Stub = v1::Carrier::Stub;
    void open();
    grpc::Status handOver(const std::string& key, const std::string& postalCode,
        v1::Parcel* parcel = nullptr, bool fetched = false);
    grpc::Status get(const std::string& key, v1::Parcel& parcel);

    Listener m_listener;
    std::unique_ptr<runtime::TestServer> m_deliveries;
    std::unique_ptr<runtime::TestDatabase> m_database;
    std::unique_ptr<Handler> m_handler;
    std::unique_ptr<runtime::TestServer> m_server;
    std::unique_ptr<Stub> m_stub;
};

void TestCarrier::init()
{
    m_deliveries = std::make_unique<runtime::TestServer>(std::vector<grpc::Service*>{&m_listener});
    QVERIFY2(m_deliveries->status().ok(), m_deliveries->status().ToString().c_str());
    m_database = std::make_unique<runtime::TestDatabase>(kSchema);
    QVERIFY2(m_database->status().ok(), m_database->status().ToString().c_str());
    open();
}

/// A process of the carrier, on the books as they are.
void TestCarrier::open()
{
    m_stub.reset();
    m_server.reset();
    m_handler.reset();
    m_handler = std::make_unique<Handler>(**m_database, m_deliveries->channel());
    m_server = std::make_unique<runtime::TestServer>(
        std::vector<grpc::Service*>{m_handler.get()}, &**m_database);
    QVERIFY2(m_server->status().ok(), m_server->status().ToString().c_str());
    m_stub = v1::Carrier::NewStub(m_server->channel());
}

void TestCarrier::cleanup()
{
    m_stub.reset();
    m_server.reset();
    m_handler.reset();
    m_database.reset();
    m_deliveries.reset();
}

grpc::Status TestCarrier::handOver(
    const std::string& key, const std::string& postalCode, v1::Parcel* parcel, bool fetched)
{
    v1::HandOverRequest request;
    request.set_key(key);
    request.mutable_address()->set_city("Testham");
    request.mutable_address()->set_postal_code(postalCode);
    request.set_fetched(fetched);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + 700ms);
    v1::Parcel unused;
    return m_stub->HandOver(&context, request, parcel ? parcel : &unused);
}

grpc::Status TestCarrier::get(const std::string& key, v1::Parcel& parcel)
{
    v1::GetParcelRequest request;
    request.set_key(key);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + 5s);
    return m_stub->GetParcel(&context, request, &parcel);
}

void TestCarrier::takesOverOnceForAKey()
{
    v1::Parcel first, again, other;
    QVERIFY(handOver("S-1", "TE5 7AA", &first).ok());
    QVERIFY(isTrackingNumber(first.tracking_number()));
    QCOMPARE(first.stations_size(), 0); // Nobody has come for it yet.
    QVERIFY(handOver("S-1", "TE5 7AA", &again).ok());
    QCOMPARE(again.SerializeAsString(), first.SerializeAsString());
    QVERIFY(handOver("S-2", "TE5 7AA", &other).ok());
    QVERIFY(other.tracking_number() != first.tracking_number());
}

void TestCarrier::aKeyIsForOneParcel()
{
    QVERIFY(handOver("S-1", "TE5 7AA").ok());
    QCOMPARE(handOver("S-1", "TE5 7AB").error_code(), grpc::StatusCode::ABORTED);
    QCOMPARE(handOver("S-1", "TE5 7AA", nullptr, true).error_code(), grpc::StatusCode::ABORTED);
}

void TestCarrier::manyAtOnceGetTheirOwnNumber()
{
    std::mutex mutex;
    std::set<std::string> numbers;
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 20; ++i) {
                v1::Parcel parcel;
                // Two of them hand each parcel over.
                if (!handOver("S-" + std::to_string(t / 2 * 20 + i), "TE5 7AA", &parcel).ok())
                    continue;
                const std::lock_guard lock(mutex);
                numbers.insert(parcel.tracking_number());
            }
        });
    for (auto& thread : threads)
        thread.join();
    QCOMPARE(numbers.size(), 80U);
}

void TestCarrier::refuses_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("postalCode");
    QTest::addColumn<QByteArray>("field");
    QTest::newRow("no key") << QByteArray() << QByteArray("1") << QByteArray("key");
    QTest::newRow("a long key") << QByteArray(129, 'k') << QByteArray("1") << QByteArray("key");
    QTest::newRow("a control character")
        << QByteArray("a\nb") << QByteArray("1") << QByteArray("key");
    QTest::newRow("a long address")
        << QByteArray("S-1") << QByteArray(1001, '1') << QByteArray("address");
}

void TestCarrier::refuses()
{
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, postalCode);
    QFETCH(QByteArray, field);
    const auto status = handOver(key.toStdString(), postalCode.toStdString());
    QCOMPARE(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    QVERIFY(status.error_message().starts_with(field.toStdString()));
}

/// A refusal keeps nothing: the corrected address goes by the same key.
void TestCarrier::goesWhereItGoes()
{
    v1::Parcel parcel;
    QCOMPARE(handOver("S-1", "SBX REFUSED").error_code(), grpc::StatusCode::FAILED_PRECONDITION);
    QCOMPARE(get("S-1", parcel).error_code(), grpc::StatusCode::NOT_FOUND);
    QVERIFY(handOver("S-1", "TE5 7AA", &parcel).ok());
}

void TestCarrier::goesWrongAfterItHasActed_data()
{
    QTest::addColumn<QByteArray>("postalCode");
    QTest::addColumn<int>("code");
    QTest::newRow("no answer") << QByteArray("SBX TIMEOUT") << int(grpc::DEADLINE_EXCEEDED);
    QTest::newRow("an error") << QByteArray("SBX ERROR") << int(grpc::INTERNAL);
}

void TestCarrier::goesWrongAfterItHasActed()
{
    QFETCH(QByteArray, postalCode);
    QFETCH(int, code);
    v1::Parcel kept, told;
    QCOMPARE(int(handOver("S-1", postalCode.toStdString()).error_code()), code);
    QVERIFY(get("S-1", kept).ok());
    QVERIFY(handOver("S-1", postalCode.toStdString(), &told).ok());
    QCOMPARE(told.tracking_number(), kept.tracking_number());
}

/// Each by its postal code, all under way at once.
void TestCarrier::reports()
{
    using namespace deliveries::v1;
    constexpr int kCollected = SHIPMENT_STATE_PICKED_UP;
    constexpr int kMoving = SHIPMENT_STATE_IN_TRANSIT;
    constexpr int kThere = SHIPMENT_STATE_DELIVERED;
    struct Way {
        std::string key, postalCode;
        bool fetched;
        QList<int> states;
        std::string ends; ///< Where the last report is from.
    };
    const Way ways[] = {{"fast", "SBX FAST", false, {kCollected, kMoving, kThere}, "Testham"},
        {"fetched", "SBX FAST", true, {kCollected, kMoving, kThere}, "Daventry"},
        {"back", "SBX BACK", false, {kCollected, kMoving, SHIPMENT_STATE_RETURNED}, "Daventry"},
        {"back, fetched", "SBX BACK", true, {kCollected, kMoving, kThere}, "Daventry"},
        {"lost", "SBX LOST", false, {kCollected, kMoving, SHIPMENT_STATE_LOST}, ""},
        {"twice", "SBX TWICE", false,
            {kCollected, kCollected, kCollected, kMoving, kMoving, kMoving, kThere, kThere, kThere},
            "Testham"},
        {"reordered", "SBX REORDER", false, {kThere, kCollected, kMoving}, "Coventry"}};
    std::map<std::string, v1::Parcel> parcels;
    for (const Way& way : ways)
        QVERIFY(handOver(way.key, way.postalCode, &parcels[way.key], way.fetched).ok());
    for (const Way& way : ways) {
        QTRY_COMPARE_WITH_TIMEOUT(
            qsizetype(m_listener.heard(way.key).size()), way.states.size(), 20'000);
        const auto heard = m_listener.heard(way.key);
        QList<int> told;
        std::map<int, std::string> ids; // The same station has the same name whenever it is told.
        for (const auto& request : heard) {
            told << request.event().state();
            QVERIFY(request.event().id().starts_with(parcels[way.key].tracking_number()));
            const auto [known, isNew] = ids.emplace(request.event().state(), request.event().id());
            QVERIFY(isNew || known->second == request.event().id());
        }
        QCOMPARE(told, way.states);
        QCOMPARE(heard.back().event().place(), way.ends);
        v1::Parcel now;
        QVERIFY(get(way.key, now).ok());
        QCOMPARE(now.stations_size(), 3);
    }
}

void TestCarrier::ordinaryOnesTakeTwoMinutes()
{
    common::v1::Address address;
    address.set_city("London");
    address.set_postal_code("TE5 7AA");
    const Journey journey = journeyOf(address, false);
    QCOMPARE(journey.stops.size(), std::size_t(3));
    QCOMPARE(journey.stops[0].after, 30s);
    QCOMPARE(journey.stops[1].after, 60s);
    QCOMPARE(journey.stops[2].after, 120s);
    QCOMPARE(journey.stops[2].kind, v1::STATION_KIND_DELIVERED);
    QCOMPARE(journey.stops[2].place, std::string("London"));
    QCOMPARE(journey.reports, 1);
    QVERIFY(!journey.refused && !journey.lost && !journey.fails);
}

/// Deliveries may not have heard yet that the carrier has it.
void TestCarrier::isPatientWithWhoeverIsNotReady()
{
    m_listener.refused = 0;
    m_listener.refusals = 3;
    QVERIFY(handOver("S-patient", "SBX FAST").ok());
    QTRY_COMPARE_WITH_TIMEOUT(m_listener.heard("S-patient").size(), 3U, 20'000);
    QCOMPARE(m_listener.refused.load(), 3);
}

void TestCarrier::reportsAfterARestart()
{
    QVERIFY(handOver("S-restart", "SBX FAST").ok());
    open();
    QTRY_COMPARE_WITH_TIMEOUT(m_listener.heard("S-restart").size(), 3U, 20'000);
}

void TestCarrier::trackingNumbers()
{
    // The example of the standard: serial 47312482, check digit 9.
    QCOMPARE(trackingNumber(47312482), std::string("SB473124829GB"));
    std::set<std::string> numbers;
    for (int serial = 1; serial <= 1000; ++serial) {
        const std::string number = trackingNumber(serial);
        QVERIFY(isTrackingNumber(number));
        numbers.insert(number);
        std::string wrong = number;
        wrong[5] = wrong[5] == '9' ? '0' : static_cast<char>(wrong[5] + 1);
        QVERIFY(!isTrackingNumber(wrong));
    }
    QCOMPARE(numbers.size(), std::size_t(1000));
    QVERIFY(!isTrackingNumber(""));
    QVERIFY(!isTrackingNumber("SB47312482GB"));
    QVERIFY(!isTrackingNumber("SBABCDEFGH1GB"));
}

QTEST_GUILESS_MAIN(TestCarrier)
#include "tst_carrier.moc"
