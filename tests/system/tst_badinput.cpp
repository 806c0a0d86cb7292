// SPDX-License-Identifier: GPL-3.0-or-later
// Every method of the six services against every bad value of every field: the right code, the
// field by its name, no effect, nothing of the inside, and a process that goes on.
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tests/slowness.h"
#include "tests/system/badrequests.h"
#include "tests/system/realfleet.h"

#include <grpcpp/impl/codegen/client_unary_call.h>
#include <grpcpp/impl/codegen/sync_stream.h>
#include <sqlite3.h>

#include <algorithm>

using badrequests::Case;
using badrequests::Expect;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

namespace {

constexpr int kDeadlineMs = 5'000;

/// What a service's database holds.
class Witness {
public:
    explicit Witness(const std::string& file)
    {
        sqlite3_open_v2(file.c_str(), &m_db, SQLITE_OPEN_READONLY, nullptr);
        rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'",
            [this](sqlite3_stmt* row) { m_tables.push_back(textOf(row, 0)); });
    }
    ~Witness() { sqlite3_close(m_db); }
    Witness(const Witness&) = delete;
    Witness& operator=(const Witness&) = delete;

    /// Changes with each commit, of whatever content.
    std::int64_t version()
    {
        std::int64_t version = 0;
        rows("PRAGMA data_version",
            [&](sqlite3_stmt* row) { version = sqlite3_column_int64(row, 0); });
        return version;
    }

    /// Of every row of every table, once nothing is written any more.
    std::size_t content()
    {
        for (auto before = version();; before = version()) {
            QTest::qSleep(15);
            if (version() == before)
                break;
        }
        std::size_t sum = 0;
        for (const auto& table : m_tables)
            rows("SELECT * FROM \"" + table + "\"", [&](sqlite3_stmt* row) {
                for (int i = 0; i < sqlite3_column_count(row); ++i)
                    sum = sum * 31 + std::hash<std::string>()(textOf(row, i));
            });
        return sum;
    }

private:
    static std::string textOf(sqlite3_stmt* row, int column)
    {
        const auto* bytes = static_cast<const char*>(sqlite3_column_blob(row, column));
        return {bytes ? bytes : "", static_cast<std::size_t>(sqlite3_column_bytes(row, column))};
    }

    void rows(const std::string& sql, const std::function<void(sqlite3_stmt*)>& use)
    {
        sqlite3_stmt* query = nullptr;
        sqlite3_prepare_v2(m_db, sql.c_str(), -1, &query, nullptr);
        while (sqlite3_step(query) == SQLITE_ROW)
            use(query);
        sqlite3_finalize(query);
    }

    sqlite3* m_db = nullptr;
    std::vector<std::string> m_tables;
};

/// A wrong password is counted, so that guessing gets slower: a refusal with an effect on purpose.
bool countsFailures(const MethodDescriptor& method)
{
    return method.name() == "SignIn" || method.name() == "ChangePassword";
}

grpc::ByteBuffer bufferOf(const std::string& bytes)
{
    const grpc::Slice slice(bytes);
    return {&slice, 1};
}

grpc::Status send(grpc::Channel& channel, const MethodDescriptor& method, const std::string& bytes)
{
    using grpc::internal::RpcMethod;
    const std::string name = "/" + method.service()->full_name() + "/" + method.name();
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(kDeadlineMs));
    const auto request = bufferOf(bytes);
    grpc::ByteBuffer response;
    if (!method.server_streaming())
        return grpc::internal::BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer>(
            &channel, RpcMethod(name.c_str(), RpcMethod::NORMAL_RPC), &context, request, &response);
    // Of a stream the first message says that it was taken.
    const std::unique_ptr<grpc::ClientReader<grpc::ByteBuffer>> reader(
        grpc::internal::ClientReaderFactory<grpc::ByteBuffer>::Create(
            &channel, RpcMethod(name.c_str(), RpcMethod::SERVER_STREAMING), &context, request));
    const bool taken = reader->Read(&response);
    if (taken)
        context.TryCancel();
    const auto status = reader->Finish();
    return taken ? grpc::Status::OK : status;
}

std::vector<std::string> namedFields(const grpc::Status& status)
{
    google::rpc::Status details;
    details.ParseFromString(status.error_details());
    std::vector<std::string> fields;
    for (const auto& any : details.details())
        if (google::rpc::BadRequest bad; any.UnpackTo(&bad))
            for (const auto& violation : bad.field_violations())
                fields.push_back(violation.field());
    return fields;
}

/// "order.lines[0].sku" is named by "order.lines[0].sku", "lines[0].sku", "OrderLine.sku" or, of a
/// whole that does not add up, "order.lines".
bool names(const std::vector<std::string>& fields, const std::string& path)
{
    QString plain = QString::fromStdString(path);
    const auto parts = plain.remove(QStringLiteral("[0]")).split(QLatin1Char('.'));
    return std::ranges::any_of(fields, [&](const std::string& field) {
        return std::ranges::any_of(parts,
            [&](const QString& part) { return field.find(part.toStdString()) != field.npos; });
    });
}

/// What no caller should ever see.
QString insideIn(const std::string& message)
{
    const auto low = QString::fromStdString(message).toLower();
    for (const auto* inside : {"sqlite", "soci", "select ", "insert into", "update set", "std::",
             "exception", "errno", "segment", "assert", ".cpp", ".db", "/tmp/", "shopfleet::"})
        if (low.contains(QLatin1String(inside)))
            return QLatin1String(inside);
    return {};
}

bool isRefusal(grpc::StatusCode code)
{
    for (const auto right : {grpc::INVALID_ARGUMENT, grpc::NOT_FOUND, grpc::ALREADY_EXISTS,
             grpc::FAILED_PRECONDITION, grpc::ABORTED, grpc::OUT_OF_RANGE, grpc::RESOURCE_EXHAUSTED,
             grpc::UNAUTHENTICATED, grpc::PERMISSION_DENIED, grpc::UNIMPLEMENTED})
        if (code == right)
            return true;
    return false;
}

qint64 residentKb(qint64 pid)
{
    std::ifstream file("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("VmRSS:"))
            return std::stoll(line.substr(6));
    return 0;
}

} // namespace

class TestBadInput : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyField_data();
    void everyField();
    void cleanupTestCase();

private:
    StoreWorld newWorld() { return StoreWorld::make(m_channels, ++m_worlds); }
    /// What is wrong with the answer; empty: nothing.
    QString judge(const Case& one, const grpc::Status& status);

    RealFleet m_fleet;
    StoreWorld::Channels m_channels;
    std::map<std::string, std::int64_t> m_pids;
    std::map<std::string, qint64> m_resident;
    std::map<std::string, std::map<int, int>> m_answers; ///< By service and code.
    std::map<std::string, int> m_fields;
    int m_worlds = 0;
};

void TestBadInput::initTestCase()
{
    google::protobuf::SetLogHandler(nullptr); // It warns of what is sent here on purpose.
    QVERIFY(m_fleet.start());
    QVERIFY(QTest::qWaitFor([&] { return m_fleet.allServe(); }, 20'000));
    const auto fleet = m_fleet.fleet();
    for (const auto& service : fleet.services()) {
        m_channels[service.name()] = grpc::CreateChannel(
            "ipv4:" + service.replicas(0).address(), grpc::InsecureChannelCredentials());
        m_pids[service.name()] = service.replicas(0).pid();
    }
    newWorld();
    for (const auto& [service, pid] : m_pids)
        m_resident[service] = residentKb(pid);
}

void TestBadInput::everyField_data()
{
    QTest::addColumn<const void*>("descriptor");
    // Linked, or the pool does not know them.
    shopfleet::payments::v1::Payment::descriptor();
    shopfleet::deliveries::v1::Shipment::descriptor();
    const auto* pool = google::protobuf::DescriptorPool::generated_pool();
    for (const auto* name : {"accounts.v1.Accounts", "inventory.v1.Inventory", "cart.v1.Cart",
             "orders.v1.Orders", "payments.v1.Payments", "deliveries.v1.Deliveries"}) {
        const auto* service = pool->FindServiceByName(std::string("shopfleet.") + name);
        QVERIFY(service);
        for (int i = 0; i < service->method_count(); ++i)
            QTest::addRow("%s.%s", service->name().c_str(), service->method(i)->name().c_str())
                << static_cast<const void*>(service->method(i));
    }
}

QString TestBadInput::judge(const Case& one, const grpc::Status& status)
{
    const auto code = status.error_code();
    if (code == grpc::OK)
        return one.expect == Expect::Answer ? QString() : QStringLiteral("was taken");
    if (!isRefusal(code))
        return QStringLiteral("answered code %1").arg(code);
    if (const auto inside = insideIn(status.error_message()); !inside.isEmpty())
        return QStringLiteral("shows \"%1\"").arg(inside);
    if (code == grpc::UNIMPLEMENTED)
        return {};
    const auto fields = namedFields(status);
    if (one.expect == Expect::Naming && code != grpc::INVALID_ARGUMENT)
        return QStringLiteral("answered code %1 and not INVALID_ARGUMENT").arg(code);
    if (code == grpc::INVALID_ARGUMENT && fields.empty())
        return QStringLiteral("names no field");
    if (code == grpc::INVALID_ARGUMENT && !one.field.empty() && !names(fields, one.field))
        return QStringLiteral("names %1").arg(QString::fromStdString(fields.front()));
    return {};
}

void TestBadInput::everyField()
{
    QFETCH(const void*, descriptor);
    const auto& method = *static_cast<const MethodDescriptor*>(descriptor);
    std::string service = method.service()->name();
    std::ranges::transform(service, service.begin(), [](char c) { return std::tolower(c); });
    auto& channel = *m_channels.at(service);
    Witness witness(m_fleet.path().toStdString() + "/data/" + service + "/" + service + ".db");

    // The request that is spoilt is a good one: else its first fault would hide all others.
    auto world = newWorld();
    const auto good
        = send(channel, method, badrequests::validRequest(method, world)->SerializeAsString());
    QVERIFY2(
        good.ok() || (isRefusal(good.error_code()) && good.error_code() != grpc::INVALID_ARGUMENT),
        good.error_message().c_str());
    if (!good.ok())
        qInfo("the unspoilt request is refused: %s", good.error_message().c_str());

    world = newWorld();
    auto content = witness.content();
    auto version = witness.version();
    QStringList wrong;
    std::string lastField;
    const auto cases = badrequests::casesOf(method, world);
    for (const Case& one : cases) {
        m_fields[service] += one.field != lastField;
        lastField = one.field;
        auto status = send(channel, method, one.bytes);
        ++m_answers[service][status.error_code()];
        const QString name = QString::fromStdString(one.field + ": " + one.what);
        if (const auto fault = judge(one, status); !fault.isEmpty())
            wrong << name
                    + QStringLiteral(" %1: %2").arg(
                        fault, QString::fromStdString(status.error_message()).left(160));
        if (witness.version() == version)
            continue;
        // A refusal has no effect. What else writes at this moment does not do so three times.
        auto now = witness.content();
        for (int tries = 0; !status.ok() && now != content && !countsFailures(method); ++tries) {
            if (tries == 3 * slowness()) {
                wrong << name + QStringLiteral(" was refused and has an effect");
                break;
            }
            content = now;
            status = send(channel, method, one.bytes);
            now = witness.content();
        }
        content = now;
        version = witness.version();
    }
    QVERIFY2(wrong.isEmpty(),
        qPrintable(QString::number(wrong.size()) + QStringLiteral(" of %1:\n").arg(cases.size())
            + wrong.mid(0, 60).join(QLatin1Char('\n'))));
    QVERIFY(m_fleet.serves(service, 1));
    QCOMPARE(m_fleet.service(service).replicas(0).pid(), m_pids[service]);
}

void TestBadInput::cleanupTestCase()
{
#ifdef __SANITIZE_ADDRESS__
    constexpr qint64 kMostKb = 1'000'000; // It keeps what was freed for a while.
#else
    // Caches of readers and what malloc keeps of some thousand messages of up to 5 MB: some 100 MB.
    constexpr qint64 kMostKb = 400'000;
#endif
    for (const auto& [service, answers] : m_answers) {
        QStringList codes;
        int all = 0;
        for (const auto& [code, count] : answers) {
            codes << QStringLiteral("code %1: %2").arg(code).arg(count);
            all += count;
        }
        const auto grown = residentKb(m_pids[service]) - m_resident[service];
        qInfo("%s: %d fields, %d requests (%s), grown by %lld KB", service.c_str(),
            m_fields[service], all, qPrintable(codes.join(QStringLiteral(", "))), grown);
        QVERIFY(grown < kMostKb);
    }
}

QTEST_GUILESS_MAIN(TestBadInput)
#include "tst_badinput.moc"
