// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/answers.h"
#include "services/control/desired.h"
#include "services/control/eventlog.h"
#include "services/control/listing.h"
#include "services/control/logfiles.h"

#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>
#include <fstream>

using namespace shopfleet::control;

class TestLogs : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void parses();
    void textThatIsNotJson();
    void filters_data();
    void filters();
    void levelIsTheField();
    void badExpressionIsRefused();
    void newestLinesOfALongFile();
    void followsAndSurvivesRotation();
    void hugeFileBeginsAnew();
    void lineThatIsStillWritten();
    void merges();
    void eventsAreKept();
    void cutOffEventIsLeftOut();
    void damagedStateIsLeftOut();
    void listsEvents_data();
    void listsEvents();

private:
    void append(const std::string& text);
    LogTail tail() const { return {m_file, "orders", "orders-1"}; }
    static LogFilter everything() { return *LogFilter::of({}); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::string m_file;
};

void TestLogs::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_file = m_folder->filePath(QStringLiteral("orders-1.log")).toStdString();
}

void TestLogs::append(const std::string& text)
{
    std::ofstream(m_file, std::ios::app) << text;
}

void TestLogs::parses()
{
    const auto line = parseLogLine(
        R"({"ts":"2026-11-24T02:00:00.250Z","level":"warning","service":"orders","replica":"orders-1","msg":"slow","trace_id":"ab","order_id":"7","ms":12})",
        "orders", "orders-1");
    QCOMPARE(line.at().seconds(), 1'795'485'600);
    QCOMPARE(line.at().nanos(), 250'000'000);
    QCOMPARE(line.level(), "warning");
    QCOMPARE(line.message(), "slow");
    QCOMPARE(line.trace_id(), "ab");
    QCOMPARE(line.order_id(), "7");
    QCOMPARE(line.fields().size(), 1U);
    QCOMPARE(line.fields().at("ms"), "12");
}

void TestLogs::textThatIsNotJson()
{
    const auto line = parseLogLine("Assertion \xff failed", "orders", "orders-1");
    QCOMPARE(
        line.message(), "Assertion \xEF\xBF\xBD failed"); // What is not UTF-8 could not be sent.
    QVERIFY(!line.has_at());
    QVERIFY(!line.SerializeAsString().empty());
}

void TestLogs::filters_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("regex");
    QTest::addColumn<QByteArray>("level");
    QTest::addColumn<QByteArray>("order");
    QTest::addColumn<int>("lines");

    QTest::newRow("everything") << QByteArray() << QByteArray() << QByteArray() << QByteArray()
                                << 3;
    QTest::newRow("whatever the case")
        << QByteArray("PAYMENT") << QByteArray() << QByteArray() << QByteArray() << 2;
    QTest::newRow("expression") << QByteArray() << QByteArray("Pay\\w+ (lost|gone)") << QByteArray()
                                << QByteArray() << 1;
    QTest::newRow("at least warning")
        << QByteArray() << QByteArray() << QByteArray("warning") << QByteArray() << 1;
    QTest::newRow("an order") << QByteArray() << QByteArray() << QByteArray() << QByteArray("7")
                              << 1;
    QTest::newRow("nothing") << QByteArray("refund") << QByteArray() << QByteArray() << QByteArray()
                             << 0;
}

void TestLogs::filters()
{
    append("{\"level\":\"info\",\"msg\":\"payment "
           "taken\",\"order_id\":\"7\"}\n{\"level\":\"error\",\"msg\":\"Payment "
           "lost\",\"order_id\":\"77\"}\nready\n");
    v1::GetLogsRequest request;
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, regex);
    QFETCH(QByteArray, level);
    QFETCH(QByteArray, order);
    request.set_text(text.toStdString());
    request.set_regex(regex.toStdString());
    request.set_min_level(level.toStdString());
    request.set_order_id(order.toStdString());
    QTEST(static_cast<int>(tail().readLast(*LogFilter::of(request), 10).size()), "lines");
}

/// What a message says of levels is no level.
void TestLogs::levelIsTheField()
{
    append(R"({"msg":"\"level\":\"debug\"","level":"error"})"
           "\n"
           R"({"level":"debug","msg":"\"level\":\"error\""})"
           "\n");
    v1::GetLogsRequest request;
    request.set_min_level("error");
    const auto lines = tail().readLast(*LogFilter::of(request), 10);
    QCOMPARE(lines.size(), 1U);
    QCOMPARE(lines[0].level(), std::string("error"));
}

void TestLogs::badExpressionIsRefused()
{
    v1::GetLogsRequest request;
    request.set_regex("(");
    QVERIFY(absl::IsInvalidArgument(LogFilter::of(request).status()));
}

void TestLogs::newestLinesOfALongFile()
{
    std::string text;
    for (int i = 0; i < 50'000; ++i)
        text += "line " + std::to_string(i) + "\n"; // More than one part of the file.
    append(text);
    auto reader = tail();
    const auto lines = reader.readLast(everything(), 20'000);
    QCOMPARE(lines.size(), 20'000U);
    for (std::size_t i = 0; i < lines.size(); ++i)
        QCOMPARE(lines[i].message(), "line " + std::to_string(30'000 + i));
    QVERIFY(reader.readNew(everything()).empty());
    QCOMPARE(tail().readLast(everything(), 100'000).size(), 50'000U);
}

void TestLogs::followsAndSurvivesRotation()
{
    append("one\n");
    auto reader = tail();
    QCOMPARE(reader.readLast(everything(), 10).size(), 1U);
    append("two\nthree\n");
    QCOMPARE(reader.readNew(everything()).size(), 2U);
    std::filesystem::rename(m_file, m_file + ".1");
    append("four\n");
    const auto lines = reader.readNew(everything());
    QCOMPARE(lines.size(), 1U);
    QCOMPARE(lines[0].message(), "four");
}

void TestLogs::hugeFileBeginsAnew()
{
    append("one\n");
    std::ofstream writer(m_file, std::ios::app);
    boundLogs(m_folder->path().toStdString());
    QVERIFY(!std::filesystem::exists(m_file + ".1"));
    std::filesystem::resize_file(m_file, 60 << 20);
    boundLogs(m_folder->path().toStdString());
    QCOMPARE(std::filesystem::file_size(m_file), 0U);
    QCOMPARE(std::filesystem::file_size(m_file + ".1"), static_cast<std::uintmax_t>(60 << 20));
    writer << "two\n" << std::flush;
    QCOMPARE(std::filesystem::file_size(m_file), 4U);
}

void TestLogs::lineThatIsStillWritten()
{
    append("one\ntw");
    auto reader = tail();
    QCOMPARE(reader.readLast(everything(), 10).size(), 1U);
    QVERIFY(reader.readNew(everything()).empty());
    append("o\n");
    const auto lines = reader.readNew(everything());
    QCOMPARE(lines.size(), 1U);
    QCOMPARE(lines[0].message(), "two");
}

void TestLogs::merges()
{
    std::vector<v1::LogLine> lines(4);
    const int seconds[] = {1, 3, 2, 4};
    for (std::size_t i = 0; i < lines.size(); ++i)
        lines[i].mutable_at()->set_seconds(seconds[i]);
    mergeByTime(&lines, 3);
    QCOMPARE(lines.size(), 3U);
    QCOMPARE(lines[0].at().seconds(), 2);
    QCOMPARE(lines[2].at().seconds(), 4);
}

void TestLogs::eventsAreKept()
{
    const auto file = m_folder->filePath(QStringLiteral("events.jsonl")).toStdString();
    {
        EventLog log(file);
        for (int i = 0; i < 10'500; ++i) {
            v1::Event event;
            event.set_kind("k");
            event.set_reason(std::to_string(i));
            log.add(std::move(event));
        }
        QCOMPARE(log.events().size(), 5'000U);
    }
    EventLog log(file);
    QCOMPARE(log.newest(), 10'500);
    QCOMPARE(log.events().size(), 5'000U);
    QCOMPARE(log.events().back().reason(), "10499");
    QCOMPARE(log.events().back().id(), 10'500);
    QVERIFY2(std::filesystem::file_size(file) < 1'000'000, "the file is bounded too");
}

void TestLogs::cutOffEventIsLeftOut()
{
    append("{\"id\":\"1\",\"kind\":\"a\"}\n{\"id\":\"2\",\"ki");
    EventLog log(m_file);
    QCOMPARE(log.events().size(), 1U);
    log.add({});
    EventLog again(m_file);
    QCOMPARE(again.events().size(), 2U);
    QCOMPARE(again.newest(), 2);
}

void TestLogs::damagedStateIsLeftOut()
{
    append("{\"service\":\"cart\",\"replicas\":3,\"in_file\":1}\n{\"service\":7}\n{\"service\":"
           "\"orders\",\"replicas\":\"many\"}\nnot json\n[]\n");
    const Desired desired(m_file);
    QCOMPARE(desired.replicas("cart", 1), 3);
    QCOMPARE(desired.replicas("cart", 2), 2); // The fleet file was changed since.
    QCOMPARE(desired.replicas("orders", 1), 1);
    append("{\"id\":7,\"at\":\"x\"}\n{\"id\":\"a\",\"request\":\"b\",\"answer\":\"%%%\",\"at\":"
           "99999999999}\n");
    const Answers answers(m_file);
    QVERIFY(!answers.find("a", v1::ScaleServiceRequest())->has_value());
}

void TestLogs::listsEvents_data()
{
    QTest::addColumn<QByteArray>("filter");
    QTest::addColumn<QByteArray>("order");
    QTest::addColumn<QByteArray>("found"); // The reasons, or a minus for a refusal.

    const auto row = [](const char* filter, const char* order, const char* found) {
        QTest::newRow(filter) << QByteArray(filter) << QByteArray(order) << QByteArray(found);
    };
    row("", "", "cba");
    row("service = orders", "", "ca");
    row("service = orders", "at", "ac");
    row("service != orders", "", "b");
    row("kind : exit AND service = cart", "", "b");
    row("severity = failure", "", "b");
    row("\"b\"", "", "b");
    row("nothing", "", "");
    row("colour = red", "", "-");
    row("service =", "", "-");
    row("= orders", "", "-");
    row("a OR b", "", "-");
    row("(service = orders) \"healthy\"", "", "c"); // As the desktop joins a view and a search.
    row("((service = orders)", "", "-");
    row("service = orders)", "", "-");
    row("(service = )", "", "-");
    row("id = 2", "", "b");
    row("\"b\\\"\"", "", "");
    row("service = cart ", "name", "-");
}

void TestLogs::listsEvents()
{
    EventLog log(m_file);
    const auto add = [&](const char* service, const char* kind,
                         shopfleet::common::v1::Severity severity, const char* reason) {
        v1::Event event;
        event.set_service(service);
        event.set_kind(kind);
        event.set_severity(severity);
        event.set_reason(reason);
        log.add(std::move(event));
    };
    add("orders", "replica.started", shopfleet::common::v1::SEVERITY_PROGRESS, "a");
    add("cart", "replica.exited", shopfleet::common::v1::SEVERITY_FAILURE, "b");
    add("orders", "replica.healthy", shopfleet::common::v1::SEVERITY_SUCCESS, "c");
    QFETCH(QByteArray, filter);
    QFETCH(QByteArray, order);
    v1::ListEventsRequest request;
    request.set_filter(filter.toStdString());
    request.set_order_by(order.toStdString());
    v1::ListEventsResponse response;
    QByteArray found = listEvents(request, log, &response).ok() ? "" : "-";
    for (const auto& event : response.events())
        found += event.reason().c_str();
    QTEST(found, "found");
}

QTEST_GUILESS_MAIN(TestLogs)
#include "tst_logs.moc"
