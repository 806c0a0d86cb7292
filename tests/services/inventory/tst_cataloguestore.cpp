// SPDX-License-Identifier: GPL-3.0-or-later
#include "inventory_schema.h"
#include "services/inventory/cataloguestore.h"
#include "services/inventory/productstore.h"
#include "services/inventory/stockstore.h"
#include "services/runtime/testing.h"
#include "tests/services/inventory/products.h"

#include <QTest>

#include <optional>

using namespace Qt::StringLiterals;
using namespace shopfleet;
using namespace shopfleet::inventory;

/// Three products: a red teapot with 5 of 7 free, a lantern with none, an archived mug.
class TestCatalogueStore : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void filters_data();
    void filters();
    void refusesBadLists_data();
    void refusesBadLists();
    void pages();
    void importsAgainWithoutChange();
    void importReplaces();
    void batchLeavesOutUnknown();
    void categories();
    void priceHistory();
    void updateNeedsTheCurrentEtag();
    void variantWithStockStays();
    void skuBelongsToOneProduct();

private:
    absl::Status import(const std::vector<v1::Product>& products);
    absl::StatusOr<v1::Product> update(const v1::Product& product);
    CatalogueStore catalogue() { return CatalogueStore(m_database->reader()); }

    std::optional<runtime::TestDatabase> m_database;
    v1::ImportProductsResponse m_imported;
    bool m_changed = false; ///< Since init(): the next test needs a fresh one.
};

void TestCatalogueStore::init()
{
    if (m_database && !m_changed)
        return;
    m_database.emplace(kSchema);
    QVERIFY2(m_database->status().ok(), m_database->status().ToString().c_str());

    auto lantern = goodProduct("lantern", "71053");
    lantern.set_title("White metal lantern 100%");
    lantern.set_origin("import:test");
    lantern.clear_categories();
    lantern.add_categories("Garden");
    lantern.mutable_variants(0)->mutable_price()->set_minor(339);
    auto mug = goodProduct("mug", "MUG-S");
    mug.set_title("Mug");
    mug.set_state(v1::PRODUCT_STATE_ARCHIVED);
    mug.add_categories("Kitchen/Cups");
    *mug.add_variants() = mug.variants(0);
    mug.mutable_variants(1)->set_sku("MUG-L");
    mug.mutable_variants(1)->mutable_price()->set_minor(300);
    QVERIFY(import({goodProduct(), lantern, mug}).ok());
    QCOMPARE(m_imported.created(), 3);

    const auto status = m_database->write([](runtime::Connection& connection) {
        v1::ReceiveStockRequest request;
        auto* line = request.add_lines();
        line->set_sku("85123a");
        line->set_quantity(7);
        return StockStore(connection).receive(request).status();
    });
    QVERIFY2(status.ok(), status.ToString().c_str());
    m_changed = false;
}

absl::Status TestCatalogueStore::import(const std::vector<v1::Product>& products)
{
    m_changed = true;
    return m_database->write([&](runtime::Connection& connection) {
        v1::ImportProductsRequest request;
        for (const auto& product : products)
            *request.add_products() = product;
        auto imported = ProductStore(connection).import(request);
        if (imported.ok())
            m_imported = *imported;
        return imported.status();
    });
}

absl::StatusOr<v1::Product> TestCatalogueStore::update(const v1::Product& product)
{
    m_changed = true;
    absl::StatusOr<v1::Product> updated;
    const auto status = m_database->write([&](runtime::Connection& connection) {
        v1::UpdateProductRequest request;
        *request.mutable_product() = product;
        updated = ProductStore(connection).update(request);
        return updated.status();
    });
    if (!status.ok())
        return status;
    return updated;
}

void TestCatalogueStore::filters_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QString>("order");
    QTest::addColumn<QString>("ids");

    const auto row = [](const char* name, const char* filter, const char* order, const char* ids) {
        QTest::newRow(name) << QString::fromUtf8(filter) << QString::fromUtf8(order)
                            << QString::fromUtf8(ids);
    };
    row("everything by title", "", "", "mug teapot lantern");
    row("title, downwards", "", "title desc", "lantern teapot mug");
    row("by price", "", "price", "mug lantern teapot");
    row("by what is available", "", "available desc,title", "teapot mug lantern");
    row("words", "metal lantern", "", "lantern");
    row("beginning of a word", "lant", "", "lantern");
    row("without its accents", "rod", "", "teapot");
    row("words of the description", "six cups", "id", "lantern mug teapot");
    row("SKU in small letters", "85123a", "", "teapot");
    row("SKU of the second variant", "MUG-L", "", "mug");
    row("percent is no wildcard", "title : \"0%\"", "", "lantern");
    row("per cent alone finds nothing else", "title : \"7%\"", "", "");
    row("category", "category = \"Garden\"", "", "lantern");
    row("category contains its children", "category = Kitchen", "", "mug teapot");
    row("one of many categories", "category = \"Kitchen/Cups\"", "", "mug");
    row("none of its categories", "category != \"Kitchen/Cups\"", "", "teapot lantern");
    row("category by part", "category : teapots AND state = ACTIVE", "", "teapot");
    row("two categories", "category = Garden OR category = \"Kitchen/Cups\"", "", "mug lantern");
    row("SKU without case", "sku = mug-l", "", "mug");
    row("state", "state = ARCHIVED", "", "mug");
    row("price of the cheapest variant", "price < 339", "", "mug");
    row("on hand", "on_hand >= 7", "", "teapot");
    row("nothing there", "available = 0", "", "mug lantern");
    row("origin", "origin = \"import:test\"", "", "lantern");
    row("quote is harmless", "\"'; DROP TABLE product; --\"", "", "");
}

void TestCatalogueStore::filters()
{
    QFETCH(QString, filter);
    QFETCH(QString, order);
    v1::ListProductsRequest request;
    request.set_filter(filter.toStdString());
    request.set_order_by(order.toStdString());

    const auto found = catalogue().list(request);

    QVERIFY2(found.ok(), found.status().ToString().c_str());
    QStringList ids;
    for (const auto& product : found->products())
        ids << QString::fromStdString(product.id());
    QTEST(ids.join(u' '), "ids");
    QCOMPARE(found->total_size(), int64_t(ids.size()));
}

void TestCatalogueStore::refusesBadLists_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QString>("order");
    QTest::addColumn<QString>("token");
    QTest::addColumn<QString>("says");

    QTest::newRow("syntax") << "price >"
                            << ""
                            << ""
                            << "filter";
    QTest::newRow("open bracket") << "(price > 1"
                                  << ""
                                  << ""
                                  << "filter";
    QTest::newRow("unknown field") << "colour = red"
                                   << ""
                                   << ""
                                   << "filter";
    QTest::newRow("unknown state") << "state = SOLD"
                                   << ""
                                   << ""
                                   << "filter";
    QTest::newRow("no order by many values") << ""
                                             << "category"
                                             << ""
                                             << "order_by";
    QTest::newRow("unknown order") << ""
                                   << "colour"
                                   << ""
                                   << "order_by";
    QTest::newRow("broken token") << ""
                                  << ""
                                  << "garbage"
                                  << "page_token";
}

void TestCatalogueStore::refusesBadLists()
{
    QFETCH(QString, filter);
    QFETCH(QString, order);
    QFETCH(QString, token);
    QFETCH(QString, says);
    v1::ListProductsRequest request;
    request.set_filter(filter.toStdString());
    request.set_order_by(order.toStdString());
    request.set_page_token(token.toStdString());

    const auto status = catalogue().list(request).status();

    QCOMPARE(status.code(), absl::StatusCode::kInvalidArgument);
    QVERIFY2(status.message().find(says.toStdString()) == 0, status.ToString().c_str());
}

void TestCatalogueStore::pages()
{
    v1::ListProductsRequest request;
    request.set_page_size(2);
    const auto first = catalogue().list(request);
    QVERIFY(first.ok());
    QCOMPARE(first->products_size(), 2);
    QCOMPARE(first->total_size(), int64_t(3));
    request.set_page_token(first->next_page_token());
    const auto second = catalogue().list(request);
    QVERIFY(second.ok());
    QCOMPARE(second->products_size(), 1);
    QCOMPARE(second->products(0).id(), std::string("lantern"));
    QVERIFY(second->next_page_token().empty());

    request.clear_page_token();
    request.set_skip(1);
    const auto skipped = catalogue().list(request);
    QVERIFY(skipped.ok());
    QCOMPARE(skipped->products(0).id(), std::string("teapot"));
}

void TestCatalogueStore::importsAgainWithoutChange()
{
    const auto before = catalogue().get("teapot");
    QVERIFY(import({goodProduct()}).ok());
    QCOMPARE(m_imported.unchanged(), 1);
    QCOMPARE(m_imported.created() + m_imported.updated(), 0);
    QCOMPARE(catalogue().get("teapot")->SerializeAsString(), before->SerializeAsString());
}

void TestCatalogueStore::importReplaces()
{
    auto changed = goodProduct();
    changed.set_title("Green kettle");
    changed.clear_categories();
    QVERIFY(import({changed}).ok());
    QCOMPARE(m_imported.updated(), 1);

    const auto teapot = catalogue().get("teapot");
    QCOMPARE(teapot->title(), std::string("Green kettle"));
    QCOMPARE(teapot->etag(), std::string("2"));
    QCOMPARE(teapot->variants(0).stock().on_hand(), int64_t(7)); // Stock is not the importer's.
    v1::ListProductsRequest request;
    request.set_filter("tekanna");
    QCOMPARE(catalogue().list(request)->total_size(), int64_t(0));
    request.set_filter("kettle");
    QCOMPARE(catalogue().list(request)->total_size(), int64_t(1));
}

void TestCatalogueStore::batchLeavesOutUnknown()
{
    v1::BatchGetVariantsRequest request;
    for (const char* sku : {"mug-l", "nothing", "85123A"})
        request.add_skus(sku);
    const auto found = catalogue().variants(request);
    QVERIFY(found.ok());
    QCOMPARE(found->variants_size(), 2);
    QCOMPARE(found->variants(0).variant().sku(), std::string("MUG-L"));
    QCOMPARE(found->variants(0).product_state(), v1::PRODUCT_STATE_ARCHIVED);
    QCOMPARE(found->variants(1).product_title(), goodProduct().title());
    QCOMPARE(found->variants(1).variant().stock().available(), int64_t(7));
}

void TestCatalogueStore::categories()
{
    const auto found = catalogue().categories();
    QVERIFY(found.ok());
    QStringList listed;
    for (const auto& category : found->categories())
        listed << u"%1 %2"_s.arg(QString::fromStdString(category.path())).arg(category.products());
    QCOMPARE(listed,
        QStringList({u"Garden 1"_s, u"Kitchen 2"_s, u"Kitchen/Cups 1"_s, u"Kitchen/Teapots 2"_s}));
}

void TestCatalogueStore::priceHistory()
{
    auto product = goodProduct();
    for (const int64_t minor : {1300, 1300, 1350}) {
        product.mutable_variants(0)->mutable_price()->set_minor(minor);
        QVERIFY(import({product}).ok());
    }
    v1::ListPriceHistoryRequest request;
    request.set_product_id("teapot");
    request.set_page_size(2);
    const auto newest = catalogue().prices(request);
    QVERIFY2(newest.ok(), newest.status().ToString().c_str());
    QCOMPARE(newest->total_size(), int64_t(3)); // Setting the same price is no change.
    QCOMPARE(newest->prices(0).price().minor(), int64_t(1350));
    request.set_page_token(newest->next_page_token());
    const auto oldest = catalogue().prices(request);
    QCOMPARE(oldest->prices_size(), 1);
    QCOMPARE(oldest->prices(0).price().minor(), int64_t(1240));

    request.set_product_id("nothing");
    QCOMPARE(catalogue().prices(request).status().code(), absl::StatusCode::kNotFound);
}

void TestCatalogueStore::updateNeedsTheCurrentEtag()
{
    auto product = *catalogue().get("teapot");
    product.set_title("Blue teapot");
    const auto first = update(product);
    QVERIFY2(first.ok(), first.status().ToString().c_str());
    QCOMPARE(first->etag(), std::string("2"));

    product.set_title("Green teapot");
    const auto stale = update(product);
    QCOMPARE(stale.status().code(), absl::StatusCode::kAborted);
    v1::Product current;
    const auto detail = stale.status().GetPayload(
        "type.googleapis.com/" + v1::Product::descriptor()->full_name());
    QVERIFY(detail && current.ParseFromString(std::string(*detail)));
    QCOMPARE(current.title(), std::string("Blue teapot"));
    QCOMPARE(catalogue().get("teapot")->title(), std::string("Blue teapot"));
}

void TestCatalogueStore::variantWithStockStays()
{
    auto product = *catalogue().get("teapot");
    product.mutable_variants(0)->set_sku("OTHER");
    QCOMPARE(update(product).status().code(), absl::StatusCode::kFailedPrecondition);
    QCOMPARE(catalogue().get("teapot")->variants(0).sku(), std::string("85123A"));

    auto mug = *catalogue().get("mug");
    mug.mutable_variants()->RemoveLast();
    const auto smaller = update(mug);
    QVERIFY2(smaller.ok(), smaller.status().ToString().c_str());
    v1::ListProductsRequest request;
    request.set_filter("sku = \"MUG-L\"");
    QCOMPARE(catalogue().list(request)->total_size(), int64_t(0));
}

void TestCatalogueStore::skuBelongsToOneProduct()
{
    const auto status = import({goodProduct("kettle", "85123a")});
    QCOMPARE(status.code(), absl::StatusCode::kAlreadyExists);
    QCOMPARE(catalogue().get("kettle").status().code(), absl::StatusCode::kNotFound);
    QCOMPARE(catalogue().get("teapot")->variants(0).sku(), std::string("85123A"));
}

QTEST_GUILESS_MAIN(TestCatalogueStore)
#include "tst_cataloguestore.moc"
