// SPDX-License-Identifier: GPL-3.0-or-later
// What a process says to bad flags, and its whole life from start to SIGTERM: on toyd, a real one.
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QtTest>

#include <csignal>

using namespace Qt::StringLiterals;

class TestConfiguration : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void refuses_data();
    void refuses();
    void environmentCounts();
    void livesAndDrains();

private:
    const QString m_program = QStringLiteral(PROGRAMS "/runtime_toyd");
};

void TestConfiguration::refuses_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("says");

    QTest::newRow("unknown flag") << QStringList{u"--lisen"_qs, u"127.0.0.1:0"_qs} << 2
                                  << "--lisen";
    QTest::newRow("half a flag") << QStringList{u"--lis"_qs, u"127.0.0.1:0"_qs} << 2 << "--lis";
    QTest::newRow("no port") << QStringList{u"--listen"_qs, u"127.0.0.1"_qs} << 2 << "--listen";
    QTest::newRow("second place without a port")
        << QStringList{u"--also-listen"_qs, u"127.0.0.1"_qs} << 2 << "--also-listen";
    QTest::newRow("port too large")
        << QStringList{u"--metrics"_qs, u"127.0.0.1:70000"_qs} << 2 << "--metrics";
    QTest::newRow("unknown level")
        << QStringList{u"--log-level"_qs, u"loud"_qs} << 2 << "--log-level";
    QTest::newRow("no value") << QStringList{u"--data"_qs} << 2 << "--data";
    QTest::newRow("twice") << QStringList{u"--data"_qs, u"a"_qs, u"--data"_qs, u"b"_qs} << 2
                           << "data";
    QTest::newRow("a word") << QStringList{u"serve"_qs} << 2 << "serve";
    QTest::newRow("target without a place")
        << QStringList{u"--target"_qs, u"xds:///"_qs} << 2 << "--target";
    QTest::newRow("peer without a target")
        << QStringList{u"--peer"_qs, u"payments="_qs} << 2 << "--peer";
    QTest::newRow("longer than a minute")
        << QStringList{u"--delay"_qs, u"GetToy=61"_qs} << 2 << "--delay";
    QTest::newRow("more than all") << QStringList{u"--fail"_qs, u"GetToy=1.5"_qs} << 2 << "--fail";
    QTest::newRow("help") << QStringList{u"--help"_qs} << 0 << "--announce";
    QTest::newRow("version") << QStringList{u"--version"_qs} << 0 << "0.";
    QTest::newRow("folder that cannot be")
        << QStringList{u"--data"_qs, u"/dev/null/x"_qs} << 1 << "/dev/null/x";
}

void TestConfiguration::refuses()
{
    QFETCH(QStringList, arguments);
    QFETCH(int, code);
    QFETCH(QString, says);
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(m_program, arguments);
    QVERIFY(process.waitForFinished(5'000));
    const QString output = QString::fromUtf8(process.readAll());
    QVERIFY2(output.contains(says), qPrintable(output));
    QCOMPARE(process.exitCode(), code);
}

void TestConfiguration::environmentCounts()
{
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"SHOPFLEET_LISTEN"_qs, u"nowhere"_qs);
    process.setProcessEnvironment(environment);
    process.start(m_program, {});
    QVERIFY(process.waitForFinished(5'000));
    QCOMPARE(process.exitCode(), 2);
    QVERIFY(process.readAllStandardError().contains("nowhere"));
}

void TestConfiguration::livesAndDrains()
{
    QTemporaryDir folder;
    const QString file = folder.filePath(u"announce.json"_qs);
    QProcess process;
    process.start(m_program,
        {u"--data"_qs, folder.path(), u"--announce"_qs, file, u"--replica"_qs, u"toy-1"_qs});
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(file), 5'000);
    QFile announced(file);
    QVERIFY(announced.open(QIODevice::ReadOnly));
    const auto facts = QJsonDocument::fromJson(announced.readAll()).object();
    QCOMPARE(facts[u"pid"_qs].toInteger(), process.processId());
    QCOMPARE(facts[u"replica"_qs].toString(), u"toy-1"_qs);
    QVERIFY(facts[u"address"_qs].toString().startsWith(u"127.0.0.1:"_qs));
    QVERIFY(!facts[u"address"_qs].toString().endsWith(u":0"_qs));
    QVERIFY(facts[u"metrics"_qs].toString().startsWith(u"127.0.0.1:"_qs));

    ::kill(static_cast<pid_t>(process.processId()), SIGTERM);
    QVERIFY(process.waitForFinished(5'000));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 0);
    for (const QByteArray& line : process.readAllStandardOutput().trimmed().split('\n')) {
        const auto parsed = QJsonDocument::fromJson(line).object();
        QVERIFY2(
            parsed.contains(u"ts"_qs) && parsed[u"replica"_qs] == u"toy-1"_qs, line.constData());
    }
    // The log of writes is folded in, so that a copy of the file is whole.
    QVERIFY(QFileInfo(folder.filePath(u"toy.db-wal"_qs)).size() == 0);
}

QTEST_GUILESS_MAIN(TestConfiguration)
#include "tst_configuration.moc"
