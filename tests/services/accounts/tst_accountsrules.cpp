// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/accounts/rules.h"
#include "tests/badtimes.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace shopfleet::accounts;

/// What a customer's record may hold, one sentence per row.
class TestAccountsRules : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void email_data();
    void email();
    void password_data();
    void password();
    void customer_data();
    void customer();
    void mask_data();
    void mask();
    void refusal_data();
    void refusal();
    void digits();
    void timesAreTimes();
};

void TestAccountsRules::timesAreTimes()
{
    for (const auto& time : badTimes()) {
        v1::ImportCustomersRequest request;
        auto& customer = *request.add_customers();
        customer.set_id("1");
        QVERIFY(checkImport(request).ok());
        *customer.mutable_created_at() = time;
        QVERIFY(checkImport(request).message().find("customers[0].created_at") == 0);
    }
}

void TestAccountsRules::email_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("good");

    QTest::newRow("plain") << u"ann@example.com"_s << true;
    QTest::newRow("plus and dots") << u"ann.b+shop@mail.example.co.uk"_s << true;
    QTest::newRow("empty") << u""_s << false;
    QTest::newRow("no at") << u"ann.example.com"_s << false;
    QTest::newRow("two ats") << u"ann@b@example.com"_s << false;
    QTest::newRow("nothing before at") << u"@example.com"_s << false;
    QTest::newRow("nothing after at") << u"ann@"_s << false;
    QTest::newRow("no dot in domain") << u"ann@localhost"_s << false;
    QTest::newRow("empty label") << u"ann@example..com"_s << false;
    QTest::newRow("ends in a dot") << u"ann@example.com."_s << false;
    QTest::newRow("label ends in a hyphen") << u"ann@example-.com"_s << false;
    QTest::newRow("space") << u"ann lee@example.com"_s << false;
    QTest::newRow("line break") << u"ann@example.com\nBcc: all"_s << false;
    QTest::newRow("Cyrillic that looks Latin") << u"\u0430nn@example.com"_s << false;
    QTest::newRow("too long") << QString(250, u'a') + u"@example.com"_s << false;
}

void TestAccountsRules::email()
{
    QFETCH(QString, text);

    const auto status = checkEmail("email", text.toStdString());

    QTEST(status.ok(), "good");
    if (!status.ok())
        QVERIFY(status.message().find("email") != absl::string_view::npos);
    QCOMPARE(emailKey("Ann@Example.COM"), std::string("ann@example.com"));
}

void TestAccountsRules::password_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("good");

    QTest::newRow("eight") << u"12345678"_s << true;
    QTest::newRow("seven") << u"1234567"_s << false;
    QTest::newRow("eight characters of two bytes") << QString(8, u'ж') << true;
    QTest::newRow("seven characters of two bytes") << QString(7, u'ж') << false;
    QTest::newRow("the longest") << QString(128, u'x') << true;
    QTest::newRow("one too long") << QString(129, u'x') << false;
}

void TestAccountsRules::password()
{
    QFETCH(QString, text);
    const auto status = checkPassword("password", text.toStdString());
    QTEST(status.ok(), "good");
    // The rule is named, the secret never.
    QVERIFY(status.ok() || status.message().find(text.toStdString()) == absl::string_view::npos);
}

void TestAccountsRules::customer_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("email");
    QTest::addColumn<int>("state");
    QTest::addColumn<int>("addresses");
    QTest::addColumn<bool>("good");

    QTest::newRow("nothing but a country: imports") << u""_s << u""_s << 1 << 0 << true;
    QTest::newRow("all there") << u"Ann"_s << u"ann@example.com"_s << 1 << 2 << true;
    QTest::newRow("bad e-mail") << u"Ann"_s << u"ann"_s << 1 << 0 << false;
    QTest::newRow("name with NUL") << QString(u"A"_s + QChar(0)) << u""_s << 1 << 0 << false;
    QTest::newRow("name with a line break") << u"A\nB"_s << u""_s << 1 << 0 << false;
    QTest::newRow("name too long") << QString(201, u'A') << u""_s << 1 << 0 << false;
    QTest::newRow("long name of two-byte characters")
        << QString(200, u'Ж') << u""_s << 1 << 0 << true;
    QTest::newRow("erased") << u"Ann"_s << u""_s << 3 << 0 << false;
    QTest::newRow("unknown state") << u"Ann"_s << u""_s << 77 << 0 << false;
    QTest::newRow("too many addresses") << u"Ann"_s << u""_s << 1 << 21 << false;
}

void TestAccountsRules::customer()
{
    QFETCH(QString, name);
    QFETCH(QString, email);
    QFETCH(int, state);
    QFETCH(int, addresses);
    v1::Customer customer;
    customer.set_name(name.toStdString());
    customer.set_email(email.toStdString());
    customer.set_state(static_cast<v1::CustomerState>(state));
    for (int i = 0; i < addresses; ++i)
        customer.add_addresses()->set_city("London");

    QTEST(checkCustomer("customer", customer).ok(), "good");
}

void TestAccountsRules::mask_data()
{
    QTest::addColumn<QStringList>("paths");
    QTest::addColumn<QString>("result"); // name/country/id, or "refused".

    QTest::newRow("only what is named") << QStringList{u"name"_s} << u"New/Old land/1"_s;
    QTest::newRow("two") << QStringList{u"name"_s, u"country"_s} << u"New/New land/1"_s;
    QTest::newRow("none") << QStringList{} << u"refused"_s;
    QTest::newRow("unknown field") << QStringList{u"colour"_s} << u"refused"_s;
    QTest::newRow("id is not to change") << QStringList{u"id"_s} << u"refused"_s;
    QTest::newRow("has_password is not to change")
        << QStringList{u"has_password"_s} << u"refused"_s;
    QTest::newRow("e-mail of one who signs in stays") << QStringList{u"email"_s} << u"refused"_s;
}

void TestAccountsRules::mask()
{
    QFETCH(QStringList, paths);
    v1::Customer current;
    current.set_id("1");
    current.set_name("Old");
    current.set_country("Old land");
    current.set_email("ann@example.com");
    current.set_has_password(true);
    current.set_state(v1::CUSTOMER_STATE_ACTIVE);
    v1::Customer changes;
    changes.set_id("2");
    changes.set_name("New");
    changes.set_country("New land");
    google::protobuf::FieldMask mask;
    for (const QString& path : paths)
        mask.add_paths(path.toStdString());

    const auto result = updated(current, changes, mask);

    QTEST(result.ok()
            ? QString::fromStdString(result->name() + "/" + result->country() + "/" + result->id())
            : u"refused"_s,
        "result");
}

void TestAccountsRules::refusal_data()
{
    QTest::addColumn<int>("failures");
    QTest::addColumn<qint64>("seconds");

    QTest::newRow("none") << 0 << qint64(0);
    QTest::newRow("four") << 4 << qint64(0);
    QTest::newRow("five") << 5 << qint64(1);
    QTest::newRow("eight") << 8 << qint64(8);
    QTest::newRow("many") << 1'000'000 << qint64(900);
}

void TestAccountsRules::refusal()
{
    QFETCH(int, failures);
    QTEST(static_cast<qint64>(refusalUs(failures) / 1'000'000), "seconds");
}

void TestAccountsRules::digits()
{
    QCOMPARE(digitsOf("+44 (0)20 7946-0958"), std::string("4402079460958"));
}

QTEST_GUILESS_MAIN(TestAccountsRules)
#include "tst_accountsrules.moc"
