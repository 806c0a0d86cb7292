// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/fleetfile.h"

#include <QtTest>

using namespace Qt::StringLiterals;
using namespace shopfleet::control;

class TestFleetFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void reads();
    void shippedOne();
    void refuses_data();
    void refuses();
    void missing();
};

void TestFleetFile::reads()
{
    const auto fleet = parseFleetFile(R"(
environment: staging
services:
  - name: orders
    program: ordersd
    arguments: [--log-level, debug]
    replicas: 2
    max: 3
    database: yes
  - {name: gateway, program: /opt/gatewayd, http: yes}
)",
        "fleet.yaml");
    QVERIFY2(fleet.ok(), fleet.status().ToString().c_str());
    QCOMPARE(fleet->environment, "staging");
    QCOMPARE(fleet->services.size(), 2U);
    QCOMPARE(fleet->services[0].arguments, (std::vector<std::string>{"--log-level", "debug"}));
    QCOMPARE(fleet->services[0].replicas, 2);
    QCOMPARE(fleet->services[0].max, 3);
    QVERIFY(fleet->services[0].database);
    QVERIFY(fleet->services[1].http);
    QCOMPARE(fleet->services[1].replicas, 1);
}

void TestFleetFile::shippedOne()
{
    const auto fleet = readFleetFile(SOURCE_ROOT "/resources/fleet.yaml");
    QVERIFY2(fleet.ok(), fleet.status().ToString().c_str());
    QCOMPARE(fleet->services.size(), 11U);
}

void TestFleetFile::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("why");

    QTest::newRow("not yaml") << "a: [1"_ba
                              << "f:1"_ba;
    QTest::newRow("empty") << ""_ba
                           << "f:1: : must be a mapping of fields"_ba;
    QTest::newRow("a list at the top") << "- 1"_ba
                                       << "must be a mapping"_ba;
    QTest::newRow("no environment") << "services: [{name: a, program: b}]"_ba
                                    << "f:1: environment: is missing"_ba;
    QTest::newRow("no services") << "environment: x"_ba
                                 << "services: is missing"_ba;
    QTest::newRow("services empty") << "environment: x\nservices: []"_ba
                                    << "f:2: services: must be a list"_ba;
    QTest::newRow("services not a list") << "environment: x\nservices: 5"_ba
                                         << "f:2: services: must be a list"_ba;
    QTest::newRow("unknown field at the top") << "environment: x\nservice: []"_ba
                                              << "f:2: service: is not a field"_ba;
    const QByteArray head = "environment: x\nservices:\n  - {name: a, program: b}\n";
    QTest::newRow("unknown field") << head + "  - {name: c, programm: d}"
                                   << "f:4: services[1].programm: is not a field"_ba;
    QTest::newRow("field twice") << head + "  - {name: c, program: d, max: 1, max: 2}"
                                 << "max: is given twice"_ba;
    QTest::newRow("no name") << head + "  - {program: d}"
                             << "f:4: services[1].name: is missing"_ba;
    QTest::newRow("no program") << head + "  - {name: d}"
                                << "f:4: services[1].program: is missing"_ba;
    QTest::newRow("name with a slash") << head + "  - {name: ../x, program: d}"
                                       << "services[1].name: must be lower-case"_ba;
    QTest::newRow("name twice") << head + "  - {name: a, program: d}"
                                << "f:4: services[1].name: \"a\" is there twice"_ba;
    QTest::newRow("replicas a word") << head + "  - {name: c, program: d, replicas: many}"
                                     << "f:4: services[1].replicas: must be a whole number"_ba;
    QTest::newRow("replicas a fraction") << head + "  - {name: c, program: d, replicas: 1.5}"
                                         << "services[1].replicas: must be a whole"_ba;
    QTest::newRow("replicas negative") << head + "  - {name: c, program: d, replicas: -1}"
                                       << "services[1].replicas: must be a whole number from 0"_ba;
    QTest::newRow("replicas beyond an int")
        << head + "  - {name: c, program: d, replicas: 99999999999}"
        << "services[1].replicas: must"_ba;
    QTest::newRow("replicas above max") << head + "  - {name: c, program: d, replicas: 5, max: 4}"
                                        << "services[1].replicas: is 5, but must be from"_ba;
    QTest::newRow("min above max") << head + "  - {name: c, program: d, min: 5, max: 4}"
                                   << "services[1].min: is 5, more than max"_ba;
    QTest::newRow("database maybe") << head + "  - {name: c, program: d, database: maybe}"
                                    << "services[1].database: must be yes or no"_ba;
    QTest::newRow("arguments a text") << head + "  - {name: c, program: d, arguments: x}"
                                      << "services[1].arguments: must be a list"_ba;
    QTest::newRow("arguments of lists") << head + "  - {name: c, program: d, arguments: [[x]]}"
                                        << "services[1].arguments: must be a list"_ba;
    QTest::newRow("a service that is a text") << head + "  - c"
                                              << "f:4: services[1]: must be a mapping"_ba;
}

void TestFleetFile::refuses()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, why);
    const auto fleet = parseFleetFile(text.toStdString(), "f");
    QVERIFY(!fleet.ok());
    const QByteArray said(std::string(fleet.status().message()).c_str());
    QVERIFY2(said.startsWith("f:") && said.contains(why), said.constData());
}

void TestFleetFile::missing()
{
    const auto fleet = readFleetFile("/nowhere/fleet.yaml");
    QVERIFY(absl::IsNotFound(fleet.status()));
}

QTEST_GUILESS_MAIN(TestFleetFile)
#include "tst_fleetfile.moc"
