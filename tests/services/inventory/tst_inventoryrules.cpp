// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/inventory/productrules.h"
#include "services/inventory/rules.h"
#include "services/inventory/stockrules.h"
#include "tests/badtimes.h"
#include "tests/services/inventory/products.h"

#include <QTest>

#include <functional>
#include <limits>

using namespace Qt::StringLiterals;
using namespace shopfleet::inventory;
using Spoil = std::function<void(v1::Product&)>;
Q_DECLARE_METATYPE(Spoil)

class TestInventoryRules : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void acceptsGoodProduct();
    void refusesBadProducts_data();
    void refusesBadProducts();
    void refusesBadQuantities_data();
    void refusesBadQuantities();
    void maskReplacesWhatItNames_data();
    void maskReplacesWhatItNames();
    void timesAreTimes();
    void documentKnowsOnlyWhatIsWritten();
    void categoriesContainTheirParents();
    void joinsLinesWithoutCase();
};

void TestInventoryRules::acceptsGoodProduct()
{
    const auto status = checkProduct("product", goodProduct());
    QVERIFY2(status.ok(), status.ToString().c_str());
}

void TestInventoryRules::refusesBadProducts_data()
{
    QTest::addColumn<Spoil>("spoil");
    QTest::addColumn<QByteArray>("field");
    const auto row = [](const char* name, const char* field, Spoil spoil) {
        QTest::newRow(name) << std::move(spoil) << QByteArray(field);
    };
    row("no state", "product.state", [](auto& p) { p.clear_state(); });
    row("unknown state", "product.state",
        [](auto& p) { p.set_state(static_cast<v1::ProductState>(77)); });
    row("no title", "product.title", [](auto& p) { p.clear_title(); });
    row("line break in the title", "product.title", [](auto& p) { p.set_title("a\nb"); });
    row("endless title", "product.title", [](auto& p) { p.set_title(std::string(501, 'x')); });
    row("NUL in the description", "product.description",
        [](auto& p) { p.set_description(std::string("a\0b", 3)); });
    row("empty category level", "product.categories[1]",
        [](auto& p) { p.add_categories("Kitchen//Teapots"); });
    row("too deep a category", "product.categories[1]",
        [](auto& p) { p.add_categories("1/2/3/4/5/6/7/8/9"); });
    row("attribute without a name", "product.attributes",
        [](auto& p) { (*p.mutable_attributes())[""] = "x"; });
    row("no variant", "product.variants", [](auto& p) { p.clear_variants(); });
    row("no SKU", "product.variants[0].sku", [](auto& p) { p.mutable_variants(0)->clear_sku(); });
    row("blank before the SKU", "product.variants[0].sku",
        [](auto& p) { p.mutable_variants(0)->set_sku(" 85123A"); });
    row("SKU that is not ASCII", "product.variants[0].sku",
        [](auto& p) { p.mutable_variants(0)->set_sku("8512\u0410"); });
    row("same SKU in another case", "product.variants[1].sku", [](auto& p) {
        *p.add_variants() = p.variants(0);
        p.mutable_variants(1)->set_sku("85123a");
    });
    row("no price", "product.variants[0].price",
        [](auto& p) { p.mutable_variants(0)->clear_price(); });
    row("negative price", "product.variants[0].price",
        [](auto& p) { p.mutable_variants(0)->mutable_price()->set_minor(-1); });
    row("price beyond all money", "product.variants[0].price", [](auto& p) {
        p.mutable_variants(0)->mutable_price()->set_minor(std::numeric_limits<int64_t>::max());
    });
    row("no such currency", "product.variants[0].price",
        [](auto& p) { p.mutable_variants(0)->mutable_price()->set_currency("XXX"); });
    row("currency in small letters", "product.variants[0].price",
        [](auto& p) { p.mutable_variants(0)->mutable_price()->set_currency("gbp"); });
    row("two currencies", "product.variants[1].price.currency", [](auto& p) {
        *p.add_variants() = p.variants(0);
        p.mutable_variants(1)->set_sku("other");
        p.mutable_variants(1)->mutable_price()->set_currency("EUR");
    });
}

void TestInventoryRules::refusesBadProducts()
{
    QFETCH(Spoil, spoil);
    QFETCH(QByteArray, field);
    auto product = goodProduct();
    spoil(product);

    const auto status = checkProduct("product", product);

    QCOMPARE(status.code(), absl::StatusCode::kInvalidArgument);
    QVERIFY2(status.message().find(field.toStdString()) != std::string_view::npos,
        status.ToString().c_str());
}

void TestInventoryRules::refusesBadQuantities_data()
{
    QTest::addColumn<qint64>("quantity");
    QTest::addColumn<bool>("receive");
    QTest::addColumn<bool>("adjust");

    QTest::newRow("one") << qint64(1) << true << true;
    QTest::newRow("most") << qint64(1'000'000'000) << true << true;
    QTest::newRow("zero") << qint64(0) << false << false;
    QTest::newRow("negative") << qint64(-1) << false << true;
    QTest::newRow("too many") << qint64(1'000'000'001) << false << false;
    QTest::newRow("too few") << qint64(-1'000'000'001) << false << false;
    QTest::newRow("overflow") << std::numeric_limits<qint64>::max() << false << false;
    QTest::newRow("underflow") << std::numeric_limits<qint64>::min() << false << false;
}

void TestInventoryRules::refusesBadQuantities()
{
    QFETCH(qint64, quantity);
    v1::ReceiveStockRequest receive;
    v1::AdjustStockRequest adjust;
    v1::ReserveStockRequest reserve;
    adjust.set_reason("count");
    reserve.set_holder("order-1");
    for (auto* line : {receive.add_lines(), adjust.add_lines(), reserve.add_lines()}) {
        line->set_sku("85123A");
        line->set_quantity(quantity);
    }

    QTEST(check(receive).ok(), "receive");
    QTEST(check(reserve).ok(), "receive");
    QTEST(check(adjust).ok(), "adjust");
}

void TestInventoryRules::maskReplacesWhatItNames_data()
{
    QTest::addColumn<QStringList>("paths");
    QTest::addColumn<QString>("title");
    QTest::addColumn<QString>("description");
    QTest::addColumn<bool>("good");

    const QString old = QStringLiteral("Holds six cups.");
    const QString title = QStringLiteral("Röd tekanna teapot");
    QTest::newRow("title") << QStringList{u"title"_s} << "New" << old << true;
    QTest::newRow("a named empty field is emptied")
        << QStringList{u"title"_s, u"description"_s} << "New" << QString() << true;
    QTest::newRow("no mask: what is filled") << QStringList{} << "New" << old << true;
    QTest::newRow("unnamed stays") << QStringList{u"state"_s} << title << old << true;
    QTest::newRow("stock is not set this way") << QStringList{u"stock"_s} << title << old << false;
    QTest::newRow("the id is for ever") << QStringList{u"id"_s} << title << old << false;
    QTest::newRow("the result is checked") << QStringList{u"variants"_s} << title << old << false;
    QTest::newRow("a part of a list") << QStringList{u"variants.sku"_s} << title << old << false;
}

void TestInventoryRules::maskReplacesWhatItNames()
{
    QFETCH(QStringList, paths);
    QFETCH(bool, good);
    v1::UpdateProductRequest request;
    request.mutable_product()->set_title("New");
    request.mutable_product()->set_state(v1::PRODUCT_STATE_DRAFT);
    for (const auto& path : paths)
        request.mutable_update_mask()->add_paths(path.toStdString());

    const auto product = updated(goodProduct(), request);

    QCOMPARE(product.ok(), good);
    if (!good)
        return;
    QTEST(QString::fromStdString(product->title()), "title");
    QTEST(QString::fromStdString(product->description()), "description");
    QCOMPARE(product->variants_size(), 1);
}

void TestInventoryRules::timesAreTimes()
{
    for (const auto& time : badTimes()) {
        auto product = goodProduct();
        *product.mutable_created_at() = time;
        QVERIFY(checkProduct("product", product).message().find("product.created_at") == 0);
    }
}

void TestInventoryRules::documentKnowsOnlyWhatIsWritten()
{
    auto product = goodProduct();
    const auto before = document(product);
    product.set_etag("7");
    product.mutable_created_at()->set_seconds(1);
    product.mutable_updated_at()->set_seconds(2);
    product.mutable_variants(0)->mutable_stock()->set_on_hand(3);
    QVERIFY(document(product) == before);

    (*product.mutable_attributes())["size"] = "six cups";
    QVERIFY(document(product) != before);
}

void TestInventoryRules::categoriesContainTheirParents()
{
    auto product = goodProduct();
    product.add_categories("Kitchen/Cups/Small");
    const std::vector<std::string> expected{
        "Kitchen", "Kitchen/Cups", "Kitchen/Cups/Small", "Kitchen/Teapots"};
    QCOMPARE(categoryPaths(product), expected);
}

void TestInventoryRules::joinsLinesWithoutCase()
{
    v1::ReserveStockRequest request;
    for (const char* sku : {"85123A", "71053", "85123a"}) {
        auto* line = request.add_lines();
        line->set_sku(sku);
        line->set_quantity(2);
    }
    const auto lines = joined(request.lines());
    QCOMPARE(lines.size(), std::size_t(2));
    QCOMPARE(lines[0].quantity(), int64_t(4));
    QCOMPARE(lines[1].sku(), std::string("71053"));
}

QTEST_GUILESS_MAIN(TestInventoryRules)
#include "tst_inventoryrules.moc"
