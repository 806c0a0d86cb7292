// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/services/accounts/accountsfixture.h"

/// Customers' records over real gRPC.
class TestAccounts : public QObject, private AccountsFixture {
    Q_OBJECT
private Q_SLOTS:
    void init() { setUp(); }
    void cleanup() { tearDown(); }
    void importTwiceChangesNothing();
    void importLeavesPasswordsAlone();
    void importRefuses_data();
    void importRefuses();
    void lists_data();
    void lists();
    void listRefuses_data();
    void listRefuses();
    void pagesDoNotOverlap();
    void updateKnowsTheEtag();
    void requestIdGuardsWrites();
    void getsManyInTheOrderAsked();
    void watchTellsWhatChanged();
    void erasedLeavesNothingThatIdentifies();
};

void TestAccounts::importTwiceChangesNothing()
{
    std::vector<v1::Customer> customers(3);
    for (std::size_t i = 0; i < customers.size(); ++i) {
        customers[i].set_id(std::to_string(17850 + i)); // As the file has them: no name, no e-mail.
        customers[i].set_country("United Kingdom");
        customers[i].set_origin("import:online-retail");
        customers[i].mutable_created_at()->set_seconds(1'291'000'000);
    }
    const auto first = import(customers);
    VERIFY_OK(first);
    QCOMPARE(first.value.created(), 3);
    const auto second = import(customers);
    QCOMPARE(second.value.unchanged(), 3);
    QCOMPARE(second.value.created() + second.value.updated(), 0);

    customers[1].set_country("France");
    const auto third = import(customers);
    QCOMPARE(third.value.updated(), 1);
    QCOMPARE(third.value.unchanged(), 2);
    v1::GetCustomerRequest get;
    get.set_id("17851");
    const auto got = call(*m_stub, &Stub::GetCustomer, get);
    QCOMPARE(got.value.country(), std::string("France"));
    QCOMPARE(got.value.created_at().seconds(), 1'291'000'000);
    QCOMPARE(got.value.state(), v1::CUSTOMER_STATE_ACTIVE);
}

void TestAccounts::importLeavesPasswordsAlone()
{
    const auto session = signUp("ann@example.com");
    v1::Customer taken;
    taken.set_id(session.value.customer().id());
    taken.set_name("Mallory");
    const auto answer = import({taken});
    VERIFY_OK(answer);
    QCOMPARE(answer.value.unchanged(), 1);
    VERIFY_OK(signIn("ann@example.com", "correct horse"));
}

void TestAccounts::importRefuses_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<QString>("id");
    QTest::addColumn<QString>("email");
    QTest::addColumn<QString>("names");

    QTest::newRow("too many") << 1001 << u""_s << u""_s << u"customers"_s;
    QTest::newRow("nothing") << 0 << u""_s << u""_s << u"customers"_s;
    QTest::newRow("no id") << 1 << u""_s << u""_s << u"customers[0].id"_s;
    QTest::newRow("long id") << 1 << QString(65, u'1') << u""_s << u"customers[0].id"_s;
    QTest::newRow("bad e-mail") << 1 << u"1"_s << u"x"_s << u"customers[0].email"_s;
    QTest::newRow("twice in one") << 2 << u"1"_s << u""_s << u"customers[1].id"_s;
}

void TestAccounts::importRefuses()
{
    QFETCH(int, count);
    QFETCH(QString, id);
    QFETCH(QString, email);
    QFETCH(QString, names);
    std::vector<v1::Customer> customers(static_cast<std::size_t>(count));
    for (v1::Customer& customer : customers) {
        customer.set_id(id.toStdString());
        customer.set_email(email.toStdString());
    }
    const auto answer = import(customers);
    REFUSED(answer, INVALID_ARGUMENT);
    QVERIFY2(answer.status.error_message().find(names.toStdString()) != std::string::npos,
        answer.status.error_message().c_str());
}

void TestAccounts::lists_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QString>("orderBy");
    QTest::addColumn<int>("total");
    QTest::addColumn<QString>("first");

    QTest::newRow("all, newest first") << u""_s << u""_s << 20 << u"C119"_s;
    QTest::newRow("oldest first") << u""_s << u"created_at"_s << 20 << u"C100"_s;
    QTest::newRow("by name") << u""_s << u"name"_s << 20 << u"C101"_s;
    QTest::newRow("by country, then newest")
        << u""_s << u"country, created_at desc"_s << 20 << u"C104"_s;
    QTest::newRow("country") << u"country = \"France\""_s << u""_s << 5 << u"C104"_s;
    QTest::newRow("not") << u"NOT country = \"France\""_s << u""_s << 15 << u"C119"_s;
    QTest::newRow("state") << u"state = BLOCKED"_s << u""_s << 1 << u"C103"_s;
    QTest::newRow("since") << u"created_at >= \"2010-11-29T21:06:40Z\""_s << u""_s << 2
                           << u"C119"_s;
    QTest::newRow("origin") << u"origin = \"load\""_s << u""_s << 0 << u""_s;
    QTest::newRow("word of the name") << u"stone"_s << u""_s << 10 << u"C118"_s;
    QTest::newRow("beginning of a word") << u"sto"_s << u""_s << 10 << u"C118"_s;
    QTest::newRow("two words") << u"ann lee"_s << u""_s << 10 << u"C119"_s;
    QTest::newRow("word and field")
        << u"stone AND country = \"France\""_s << u""_s << 3 << u"C104"_s;
    QTest::newRow("id") << u"C107"_s << u""_s << 1 << u"C107"_s;
    QTest::newRow("e-mail") << u"\"person7@example.com\""_s << u""_s << 1 << u"C107"_s;
    QTest::newRow("phone as typed") << u"\"+44 (0)20 7946-0957\""_s << u""_s << 1 << u"C107"_s;
    QTest::newRow("phone, digits") << u"4402079460957"_s << u""_s << 1 << u"C107"_s;
    QTest::newRow("place") << u"llanfair"_s << u""_s << 1 << u"C107"_s;
    QTest::newRow("nothing like it") << u"zebra"_s << u""_s << 0 << u""_s;
}

void TestAccounts::lists()
{
    QFETCH(QString, filter);
    QFETCH(QString, orderBy);
    seed();
    v1::ListCustomersRequest request;
    request.set_filter(filter.toStdString());
    request.set_order_by(orderBy.toStdString());

    const auto answer = call(*m_stub, &Stub::ListCustomers, request);

    VERIFY_OK(answer);
    QTEST(static_cast<int>(answer.value.total_size()), "total");
    QTEST(answer.value.customers().empty() ? QString()
                                           : QString::fromStdString(answer.value.customers(0).id()),
        "first");
}

void TestAccounts::listRefuses_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QString>("orderBy");
    QTest::addColumn<int>("pageSize");
    QTest::addColumn<QString>("pageToken");
    QTest::addColumn<QString>("names");

    QTest::newRow("unknown field") << u"colour = 1"_s << u""_s << 0 << u""_s << u"filter"_s;
    QTest::newRow("open bracket") << u"(country = \"France\""_s << u""_s << 0 << u""_s
                                  << u"filter"_s;
    QTest::newRow("no value") << u"country ="_s << u""_s << 0 << u""_s << u"filter"_s;
    QTest::newRow("unknown state") << u"state = SLEEPY"_s << u""_s << 0 << u""_s << u"filter"_s;
    QTest::newRow("unknown order") << u""_s << u"colour"_s << 0 << u""_s << u"order_by"_s;
    QTest::newRow("negative page") << u""_s << u""_s << -1 << u""_s << u"page_size"_s;
    QTest::newRow("nonsense token") << u""_s << u""_s << 0 << u"nonsense"_s << u"page_token"_s;
}

void TestAccounts::listRefuses()
{
    QFETCH(QString, filter);
    QFETCH(QString, orderBy);
    QFETCH(int, pageSize);
    QFETCH(QString, pageToken);
    QFETCH(QString, names);
    v1::ListCustomersRequest request;
    request.set_filter(filter.toStdString());
    request.set_order_by(orderBy.toStdString());
    request.set_page_size(pageSize);
    request.set_page_token(pageToken.toStdString());

    const auto answer = call(*m_stub, &Stub::ListCustomers, request);

    REFUSED(answer, INVALID_ARGUMENT);
    QVERIFY2(answer.status.error_message().find(names.toStdString()) != std::string::npos,
        answer.status.error_message().c_str());
}

void TestAccounts::pagesDoNotOverlap()
{
    seed();
    v1::ListCustomersRequest request;
    request.set_page_size(6);
    std::set<std::string> seen;
    int pages = 0;
    do {
        const auto page = call(*m_stub, &Stub::ListCustomers, request);
        VERIFY_OK(page);
        QCOMPARE(page.value.total_size(), 20);
        for (const auto& customer : page.value.customers())
            seen.insert(customer.id());
        request.set_page_token(page.value.next_page_token());
        ++pages;
    } while (!request.page_token().empty() && pages < 10);
    QCOMPARE(pages, 4);
    QCOMPARE(seen.size(), std::size_t(20));

    request.set_skip(18);
    request.clear_page_token();
    const auto tail = call(*m_stub, &Stub::ListCustomers, request);
    QCOMPARE(tail.value.customers_size(), 2);
    QCOMPARE(tail.value.customers(1).id(), std::string("C100"));

    request.set_skip(0);
    const auto first = call(*m_stub, &Stub::ListCustomers, request);
    request.set_page_token(first.value.next_page_token());
    request.set_filter("country = \"France\""); // The token belongs to another question.
    REFUSED(call(*m_stub, &Stub::ListCustomers, request), INVALID_ARGUMENT);
}

void TestAccounts::updateKnowsTheEtag()
{
    v1::CreateCustomerRequest create;
    create.set_request_id(freshId());
    create.mutable_customer()->set_name("Ann");
    create.mutable_customer()->set_email("ann@example.com");
    const auto created = call(*m_stub, &Stub::CreateCustomer, create);
    VERIFY_OK(created);
    QVERIFY(!created.value.id().empty());
    QVERIFY(!created.value.etag().empty());

    v1::UpdateCustomerRequest update;
    update.set_request_id(freshId());
    *update.mutable_customer() = created.value;
    update.mutable_customer()->set_phone("020 7946 0958");
    update.mutable_update_mask()->add_paths("phone");
    const auto updated = call(*m_stub, &Stub::UpdateCustomer, update);
    VERIFY_OK(updated);
    QCOMPARE(updated.value.phone(), std::string("020 7946 0958"));
    QVERIFY(updated.value.etag() != created.value.etag());

    update.set_request_id(freshId());
    update.mutable_customer()->set_phone("1");
    REFUSED(call(*m_stub, &Stub::UpdateCustomer, update), ABORTED); // The etag is stale.
    update.set_request_id(freshId());
    update.mutable_customer()->clear_etag();
    REFUSED(call(*m_stub, &Stub::UpdateCustomer, update), INVALID_ARGUMENT);
    update.set_request_id(freshId());
    update.mutable_customer()->set_etag("1");
    update.mutable_customer()->set_id("nobody");
    REFUSED(call(*m_stub, &Stub::UpdateCustomer, update), NOT_FOUND);

    v1::ListCustomersRequest search; // The search follows.
    search.set_filter("02079460958");
    QCOMPARE(call(*m_stub, &Stub::ListCustomers, search).value.total_size(), 1);
}

void TestAccounts::requestIdGuardsWrites()
{
    v1::CreateCustomerRequest request;
    request.mutable_customer()->set_name("Ann");
    REFUSED(call(*m_stub, &Stub::CreateCustomer, request), INVALID_ARGUMENT);
    request.set_request_id("create-1");
    const auto first = call(*m_stub, &Stub::CreateCustomer, request);
    const auto again = call(*m_stub, &Stub::CreateCustomer, request);
    VERIFY_OK(first);
    QCOMPARE(again.value.SerializeAsString(), first.value.SerializeAsString());
    request.mutable_customer()->set_name("Bob");
    REFUSED(call(*m_stub, &Stub::CreateCustomer, request), ABORTED);
}

void TestAccounts::getsManyInTheOrderAsked()
{
    seed();
    v1::BatchGetCustomersRequest request;
    for (const char* id : {"C105", "nobody", "C101", "C119"})
        request.add_ids(id);
    const auto answer = call(*m_stub, &Stub::BatchGetCustomers, request);
    VERIFY_OK(answer);
    QCOMPARE(answer.value.customers_size(), 3);
    QCOMPARE(answer.value.customers(0).id(), std::string("C105"));
    QCOMPARE(answer.value.customers(2).id(), std::string("C119"));
    for (int i = 0; i < 1001; ++i)
        request.add_ids("x");
    REFUSED(call(*m_stub, &Stub::BatchGetCustomers, request), INVALID_ARGUMENT);
    v1::GetCustomerRequest unknown;
    unknown.set_id("nobody");
    REFUSED(call(*m_stub, &Stub::GetCustomer, unknown), NOT_FOUND);
}

void TestAccounts::watchTellsWhatChanged()
{
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    const auto stream = m_stub->WatchCustomers(&context, v1::WatchCustomersRequest());
    v1::WatchCustomersResponse message;
    QVERIFY(stream->Read(&message)); // Where it starts.
    const auto session = signUp("ann@example.com");
    VERIFY_OK(session);
    while (message.customers().empty())
        QVERIFY(stream->Read(&message));
    QCOMPARE(message.customers(0).id(), session.value.customer().id());
    QCOMPARE(message.changes(0).kind(), std::string("customer"));
    QVERIFY(!message.resume_token().empty());
    context.TryCancel();
    stream->Finish();
}

void TestAccounts::erasedLeavesNothingThatIdentifies()
{
    const auto session = signUp("ann@example.com");
    v1::EraseCustomerRequest request;
    request.set_request_id(freshId());
    request.set_id(session.value.customer().id());
    request.set_etag("stale");
    REFUSED(call(*m_stub, &Stub::EraseCustomer, request), ABORTED);
    request.set_request_id(freshId());
    request.set_etag(session.value.customer().etag());

    const auto erased = call(*m_stub, &Stub::EraseCustomer, request);

    VERIFY_OK(erased);
    QCOMPARE(erased.value.state(), v1::CUSTOMER_STATE_ERASED);
    QVERIFY(erased.value.email().empty() && erased.value.name().find("Ann") == std::string::npos);
    REFUSED(signIn("ann@example.com", "correct horse"), UNAUTHENTICATED);
    REFUSED(refresh(session.value.refresh_token()), UNAUTHENTICATED);
    v1::ListCustomersRequest search;
    search.set_filter("ann");
    QCOMPARE(call(*m_stub, &Stub::ListCustomers, search).value.total_size(), 0);
    VERIFY_OK(signUp("ann@example.com")); // The address is free again.
}

QTEST_GUILESS_MAIN(TestAccounts)
#include "tst_accounts.moc"
