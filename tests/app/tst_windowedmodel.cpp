// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/windowedmodel.h"
#include "shopfleet/orders/v1/orders.pb.h"

#include <QAbstractItemModelTester>
#include <QPromise>
#include <QSignalSpy>
#include <QTest>

#include <deque>

using namespace Qt::StringLiterals;
using namespace shopfleet::orders::v1;

/// A service that answers when the test says so, from the rows that it has at that moment.
struct FakeService {
    struct Call {
        ListQuery query;
        QPromise<absl::StatusOr<ListOrdersResponse>> promise;
        bool answered = false;
    };

    explicit FakeService(int count)
    {
        for (int i = 0; i < count; ++i)
            rows.push_back("o" + std::to_string(i));
    }

    void answer(std::size_t call)
    {
        ListOrdersResponse response;
        response.set_total_size(static_cast<int>(rows.size()));
        const ListQuery& query = calls[call].query;
        for (int i = query.skip; i < query.skip + query.size && i < static_cast<int>(rows.size());
             ++i) {
            Order* order = response.add_orders();
            order->set_id(rows[static_cast<std::size_t>(i)]);
            order->set_etag(etag);
        }
        finish(call, std::move(response));
    }

    void finish(std::size_t call, absl::StatusOr<ListOrdersResponse> result)
    {
        calls[call].answered = true;
        calls[call].promise.addResult(std::move(result));
        calls[call].promise.finish();
    }

    /// Answers until nothing more is asked for.
    void answerAll()
    {
        for (std::size_t i = 0; i < calls.size(); ++i)
            if (!calls[i].answered)
                answer(i);
    }

    std::deque<std::string> rows;
    std::string etag = "1";
    std::deque<Call> calls; // An answer may lead to a call.
};

class OrderList final : public WindowedModel<Order, ListOrdersResponse> {
    Q_OBJECT
public:
    explicit OrderList(FakeService& service)
        : m_service(service)
    {
    }

private:
    api::Reply<ListOrdersResponse> list(const ListQuery& query) override
    {
        auto& call = m_service.calls.emplace_back();
        call.query = query;
        call.promise.start();
        return call.promise.future();
    }
    const google::protobuf::RepeatedPtrField<Order>& itemsOf(
        const ListOrdersResponse& page) const override
    {
        return page.orders();
    }
    std::span<const Column> columns() const override
    {
        static const Column kColumns[] = {{"Order", "order", table::Kind::Strong, 104, "id", 0,
            [](const Order& order) -> QVariant { return QString::fromStdString(order.id()); }}};
        return kColumns;
    }

    FakeService& m_service;
};

class TestWindowedModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void fetchesWhatIsSeen();
    void aDragToTheMiddleShowsTheMiddle();
    void keepsOldRowsUntilTheNewAreThere();
    void dropsAnswersToAnOldFilter();
    void updatesInPlace();
    void newRowsDoNotMoveWhatIsSeen();
    void followsAtTheTop();
    void rowsThatWentLeave();
    void firstFailureIsAStateAndHeals();
    void laterFailureKeepsTheRows();
    void remembersOnlySoMuch();
    void survivesItsService();

private:
    static QString at(const OrderList& model, int row)
    {
        return model.index(row, 0).data().toString();
    }
    /// Looks at a row as a view would, until it is there.
    static void see(FakeService& service, OrderList& model, int row)
    {
        QTRY_VERIFY_WITH_TIMEOUT(
            (at(model, row), service.answerAll(), !at(model, row).isEmpty()), 2000);
    }
    static void load(FakeService& service, OrderList& model)
    {
        QTRY_VERIFY(!service.calls.empty());
        service.answerAll();
        QTRY_COMPARE(model.rowCount(), static_cast<int>(service.rows.size()));
    }
};

void TestWindowedModel::fetchesWhatIsSeen()
{
    FakeService service(1000);
    OrderList model(service);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(model.state(), WindowedModelBase::State::Loading);
    QVERIFY(!model.isReady());
    load(service, model);
    QCOMPARE(model.state(), WindowedModelBase::State::Ready);
    QCOMPARE(service.calls.size(), std::size_t(1));
    QCOMPARE(service.calls[0].query.size, WindowedModelBase::kWindow);
    QCOMPARE(at(model, 7), u"o7"_s);
}

void TestWindowedModel::aDragToTheMiddleShowsTheMiddle()
{
    FakeService service(1'000'000);
    OrderList model(service);
    load(service, model);
    for (int row = 100'000; row < 700'000; row += 10'000)
        QVERIFY(model.index(row, 0).data(table::SkeletonRole).toBool());
    at(model, 700'000);
    QTRY_VERIFY(service.calls.size() > 1);
    // Only the last windows are asked for, not every one that was passed.
    QVERIFY(service.calls.size() <= 1 + WindowedModelBase::kParallel);
    QCOMPARE(service.calls[1].query.skip, 700'000);
    see(service, model, 700'000);
    QCOMPARE(at(model, 700'000), u"o700000"_s);
    QVERIFY(!model.index(700'000, 0).data(table::SkeletonRole).toBool());
}

void TestWindowedModel::keepsOldRowsUntilTheNewAreThere()
{
    FakeService service(500);
    OrderList model(service);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    load(service, model);
    QSignalSpy shown(&model, &WindowedModelBase::shown);
    model.sort(0, Qt::DescendingOrder);
    QTRY_COMPARE(service.calls.size(), std::size_t(2));
    QCOMPARE(service.calls[1].query.orderBy, u"id desc"_s);
    QCOMPARE(at(model, 3), u"o3"_s);
    std::reverse(service.rows.begin(), service.rows.end());
    service.answerAll();
    QTRY_COMPARE(shown.count(), 1);
    QCOMPARE(at(model, 3), u"o496"_s);
    QCOMPARE(model.headerData(0, Qt::Horizontal, table::ColumnSortedRole).toInt(), -1);
}

void TestWindowedModel::dropsAnswersToAnOldFilter()
{
    FakeService service(300);
    OrderList model(service);
    load(service, model);
    model.setFilter(u"tea"_s);
    QTRY_COMPARE(service.calls.size(), std::size_t(2));
    model.setFilter(u"teapot"_s);
    QTRY_COMPARE(service.calls.size(), std::size_t(3));
    service.rows.resize(2);
    service.answer(2);
    QTRY_COMPARE(model.rowCount(), 2);
    service.rows.resize(1);
    service.answer(1);
    QTest::qWait(20);
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(service.calls[2].query.filter, u"teapot"_s);
}

void TestWindowedModel::updatesInPlace()
{
    FakeService service(300);
    OrderList model(service);
    load(service, model);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    ListOrdersResponse news;
    news.add_orders()->set_id("o5");
    news.mutable_orders(0)->set_etag("2");
    model.update(news.orders());
    QCOMPARE(changed.count(), 1);
    QCOMPARE(changed.first().first().toModelIndex().row(), 5);
    QVERIFY(model.index(5, 0).data(table::ChangedRole).toLongLong() > 0);
    QCOMPARE(model.index(4, 0).data(table::ChangedRole).toLongLong(), 0);
    model.update(news.orders()); // The same again is no change.
    QCOMPARE(changed.count(), 1);
    QCOMPARE(reset.count(), 0);
}

void TestWindowedModel::newRowsDoNotMoveWhatIsSeen()
{
    FakeService service(1000);
    OrderList model(service);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    load(service, model);
    service.rows.push_front("n1");
    service.rows.push_front("n2");
    ListOrdersResponse news;
    news.add_orders()->set_id("n1");
    model.update(news.orders());
    QTRY_COMPARE_WITH_TIMEOUT(
        service.calls.size(), std::size_t(2), 2000); // Looks how many there are.
    service.answerAll();
    QTRY_COMPARE(model.newRows(), 2);
    QCOMPARE(model.rowCount(), 1000);
    QCOMPARE(at(model, 0), u"o0"_s);
    see(service, model, 500); // Further rows come from where they are now.
    QCOMPARE(at(model, 500), u"o500"_s);
    model.showNewRows();
    QCOMPARE(model.rowCount(), 1002);
    QCOMPARE(at(model, 2), u"o0"_s);
    see(service, model, 0);
    QCOMPARE(at(model, 0), u"n2"_s);
    QCOMPARE(at(model, 502), u"o500"_s);
}

void TestWindowedModel::followsAtTheTop()
{
    FakeService service(10);
    OrderList model(service);
    load(service, model);
    model.setFollowing(true);
    service.rows.push_front("n1");
    model.refresh();
    at(model, 0);
    QTRY_VERIFY((service.answerAll(), model.rowCount() == 11));
    see(service, model, 0);
    QCOMPARE(at(model, 0), u"n1"_s);
    QCOMPARE(at(model, 1), u"o0"_s);
}

void TestWindowedModel::rowsThatWentLeave()
{
    FakeService service(500);
    OrderList model(service);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    load(service, model);
    service.rows.erase(service.rows.begin() + 3);
    model.refresh();
    at(model, 0);
    QTRY_VERIFY((at(model, 0), service.answerAll(), model.rowCount() == 499));
    QTRY_VERIFY((at(model, 3), service.answerAll(), at(model, 3) == u"o4"_s));
}

void TestWindowedModel::firstFailureIsAStateAndHeals()
{
    FakeService service(20);
    OrderList model(service);
    QTRY_VERIFY(!service.calls.empty());
    service.finish(0, absl::UnavailableError("down"));
    QTRY_COMPARE(model.state(), WindowedModelBase::State::Failed);
    QCOMPARE(model.error().code(), absl::StatusCode::kUnavailable);
    QVERIFY(model.failedSince().isValid());
    QVERIFY(model.isReady()); // An error stands there: nothing more to wait for.
    QTRY_COMPARE_WITH_TIMEOUT(service.calls.size(), std::size_t(2), 3000); // Asks again by itself.
    service.answerAll();
    QTRY_COMPARE(model.state(), WindowedModelBase::State::Ready);
    QVERIFY(model.error().ok());
}

void TestWindowedModel::laterFailureKeepsTheRows()
{
    FakeService service(1000);
    OrderList model(service);
    load(service, model);
    at(model, 900);
    QTRY_COMPARE(service.calls.size(), std::size_t(2));
    service.finish(1, absl::UnavailableError("down"));
    QTRY_VERIFY(!model.error().ok());
    QCOMPARE(model.state(), WindowedModelBase::State::Ready);
    QCOMPARE(at(model, 3), u"o3"_s);
    QTRY_VERIFY_WITH_TIMEOUT((service.answerAll(), !at(model, 900).isEmpty()), 3000);
    QVERIFY(model.error().ok());
}

void TestWindowedModel::remembersOnlySoMuch()
{
    FakeService service(100'000);
    OrderList model(service);
    load(service, model);
    for (int window = 1; window <= WindowedModelBase::kKept + 5; ++window)
        see(service, model, window * WindowedModelBase::kWindow);
    QVERIFY(model.index(0, 0).data(table::SkeletonRole).toBool());
    see(service, model, 0);
}

void TestWindowedModel::survivesItsService()
{
    FakeService service(10);
    {
        OrderList model(service);
        QTRY_VERIFY(!service.calls.empty());
    }
    service.answerAll();
    QTest::qWait(20);
}

QTEST_GUILESS_MAIN(TestWindowedModel)
#include "tst_windowedmodel.moc"
