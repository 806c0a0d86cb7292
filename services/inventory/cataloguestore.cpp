// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/inventory/cataloguestore.h"

#include "services/inventory/manyvalued.h"
#include "services/runtime/clock.h"
#include "services/runtime/listing.h"
#include "services/runtime/text.h"

#include <unordered_map>

namespace shopfleet::inventory {
namespace {

using Kind = runtime::ListField::Kind;

const runtime::ListSpec& productList()
{
    static const runtime::ListSpec spec{
        .fields = {{"id", "id"}, {"state", "state", Kind::Enum, v1::ProductState_descriptor()},
            {"title", "title COLLATE NOCASE"}, {"category", "@category"}, {"sku", "@sku"},
            {"price", "price", Kind::Money},
            {"available",
                "(SELECT sum(on_hand - reserved) FROM stock WHERE stock.product = product.seq)",
                Kind::Integer},
            {"on_hand", "(SELECT sum(on_hand) FROM stock WHERE stock.product = product.seq)",
                Kind::Integer},
            {"reserved", "(SELECT sum(reserved) FROM stock WHERE stock.product = product.seq)",
                Kind::Integer},
            {"created_at", "created_at", Kind::Time}, {"updated_at", "updated_at", Kind::Time},
            {"origin", "origin"}},
        .key = "seq",
        .defaultOrder = "title",
        .search = "seq IN (SELECT rowid FROM product_fts WHERE product_fts MATCH :match)"};
    return spec;
}

const std::vector<ManyValued>& manyValued()
{
    static const std::vector<ManyValued> fields{
        {"category", "@category", "seq IN (SELECT product FROM product_category WHERE path"},
        {"sku", "@sku", "seq IN (SELECT product FROM stock WHERE sku"}};
    return fields;
}

v1::Stock stockOf(std::int64_t onHand, std::int64_t reserved)
{
    v1::Stock stock;
    stock.set_on_hand(onHand);
    stock.set_reserved(reserved);
    stock.set_available(onHand - reserved);
    return stock;
}

} // namespace

struct CatalogueStore::Row {
    std::int64_t seq = 0;
    v1::Product product;
    bool readable = false;
};

CatalogueStore::Row CatalogueStore::readRow(std::int64_t seq, std::int64_t version,
    std::int64_t createdAt, std::int64_t updatedAt, const std::string& body)
{
    Row row;
    row.seq = seq;
    row.readable = row.product.ParseFromString(body);
    *row.product.mutable_created_at() = runtime::toTimestamp(createdAt);
    *row.product.mutable_updated_at() = runtime::toTimestamp(updatedAt);
    row.product.set_etag(std::to_string(version));
    return row;
}

absl::StatusOr<v1::Product> CatalogueStore::joined(Row row, const std::vector<v1::Stock>& shelves)
{
    const auto variants = static_cast<std::size_t>(row.product.variants_size());
    if (!row.readable || variants != shelves.size())
        return runtime::internal(runtime::text("product ", row.seq, " is damaged"));
    for (std::size_t i = 0; i < variants; ++i)
        *row.product.mutable_variants(static_cast<int>(i))->mutable_stock() = shelves[i];
    return std::move(row.product);
}

absl::StatusOr<v1::Product> CatalogueStore::withStock(Row row)
{
    const auto shelves = m_connection.select(
        "SELECT on_hand, reserved FROM stock WHERE product = :1 ORDER BY position", stockOf,
        row.seq);
    return shelves.ok() ? joined(std::move(row), *shelves) : shelves.status();
}

absl::StatusOr<v1::Product> CatalogueStore::get(const std::string& id)
{
    // One statement, so that product and stock are of the same moment. The first row has the body.
    Row row;
    const auto shelves = m_connection.select(
        R"sql(SELECT product.seq, version, created_at, updated_at,
                  CASE position WHEN 0 THEN body END, on_hand, reserved
              FROM product JOIN stock ON stock.product = product.seq
              WHERE product.id = :1 ORDER BY position)sql",
        [&row](std::int64_t seq, std::int64_t version, std::int64_t createdAt,
            std::int64_t updatedAt, const std::string& body, std::int64_t onHand,
            std::int64_t reserved) {
            if (row.seq == 0)
                row = readRow(seq, version, createdAt, updatedAt, body);
            return stockOf(onHand, reserved);
        },
        id);
    if (!shelves.ok())
        return shelves.status();
    if (shelves->empty())
        return runtime::notFound("product", id);
    return joined(std::move(row), *shelves);
}

absl::StatusOr<v1::BatchGetVariantsResponse> CatalogueStore::variants(
    const v1::BatchGetVariantsRequest& request)
{
    struct Shelf {
        std::string product;
        int position = 0;
    };
    v1::BatchGetVariantsResponse response;
    std::unordered_map<std::string, v1::Product> products; // Many SKUs may share one.
    for (const auto& sku : request.skus()) {
        const auto shelf = m_connection.selectOne(
            R"sql(SELECT product.id, position FROM stock JOIN product ON product.seq = stock.product
                  WHERE sku = :1)sql",
            [](std::string product, int position) {
                return Shelf{std::move(product), position};
            },
            sku);
        if (!shelf.ok())
            return shelf.status();
        if (!*shelf)
            continue;
        auto known = products.find((*shelf)->product);
        if (known == products.end()) {
            auto product = get((*shelf)->product);
            if (!product.ok())
                return product.status();
            known = products.emplace((*shelf)->product, *std::move(product)).first;
        }
        const auto& product = known->second;
        auto* variant = response.add_variants();
        *variant->mutable_variant() = product.variants((*shelf)->position);
        variant->set_product_id(product.id());
        variant->set_product_title(product.title());
        variant->set_product_state(product.state());
    }
    return response;
}

absl::StatusOr<v1::ListProductsResponse> CatalogueStore::list(
    const v1::ListProductsRequest& request)
{
    auto listing = runtime::parseListing(productList(), runtime::listRequest(request));
    if (!listing.ok())
        return listing.status();
    if (auto status = resolve(manyValued(), *listing); !status.ok())
        return status;
    const auto total = runtime::countRows(m_connection, "product", *listing);
    if (!total.ok())
        return total.status();
    auto rows = m_connection.selectWith(
        runtime::text("SELECT seq, version, created_at, updated_at, body FROM product WHERE ",
            listing->where, " ORDER BY ", listing->orderBy, " LIMIT ", listing->limit, " OFFSET ",
            listing->offset),
        readRow, listing->values);
    if (!rows.ok())
        return rows.status();

    v1::ListProductsResponse response;
    response.set_total_size(*total);
    response.set_next_page_token(listing->nextPageToken(rows->size(), *total));
    for (Row& row : *rows) {
        auto product = withStock(std::move(row));
        if (!product.ok())
            return product.status();
        *response.add_products() = *std::move(product);
    }
    return response;
}

absl::StatusOr<v1::ListCategoriesResponse> CatalogueStore::categories()
{
    auto categories = m_connection.select(
        "SELECT path, count(*) FROM product_category GROUP BY path ORDER BY path",
        [](std::string path, std::int64_t products) {
            v1::Category category;
            category.set_path(std::move(path));
            category.set_products(products);
            return category;
        });
    if (!categories.ok())
        return categories.status();
    v1::ListCategoriesResponse response;
    for (auto& category : *categories)
        *response.add_categories() = std::move(category);
    return response;
}

absl::StatusOr<v1::ListPriceHistoryResponse> CatalogueStore::prices(
    const v1::ListPriceHistoryRequest& request)
{
    static const runtime::ListSpec kSpec{.fields = {{"at", "at", Kind::Time}},
        .key = "seq",
        .defaultOrder = "at desc",
        .search = {}};
    const auto listing = runtime::parseListing(kSpec,
        {.pageSize = request.page_size(),
            .pageToken = request.page_token(),
            .skip = 0,
            .filter = {},
            .orderBy = {}});
    if (!listing.ok())
        return listing.status();
    struct Counted {
        std::int64_t product, changes;
    };
    const auto counted = m_connection.selectOne(
        R"sql(SELECT seq, (SELECT count(*) FROM price_change WHERE product = product.seq)
              FROM product WHERE id = :1)sql",
        [](std::int64_t product, std::int64_t changes) {
            return Counted{product, changes};
        },
        request.product_id());
    if (!counted.ok())
        return counted.status();
    if (!*counted)
        return runtime::notFound("product", request.product_id());
    auto prices = m_connection.select(
        R"sql(SELECT sku, currency, price, actor, at FROM price_change WHERE product = :1
              ORDER BY seq DESC LIMIT :2 OFFSET :3)sql",
        [](std::string sku, std::string currency, std::int64_t minor, std::string actor,
            std::int64_t at) {
            v1::PriceChange change;
            change.set_sku(std::move(sku));
            change.mutable_price()->set_currency(std::move(currency));
            change.mutable_price()->set_minor(minor);
            if (!actor.empty())
                change.mutable_actor()->set_id(std::move(actor));
            *change.mutable_at() = runtime::toTimestamp(at);
            return change;
        },
        (*counted)->product, listing->limit, listing->offset);
    if (!prices.ok())
        return prices.status();

    v1::ListPriceHistoryResponse response;
    response.set_total_size((*counted)->changes);
    response.set_next_page_token(listing->nextPageToken(prices->size(), (*counted)->changes));
    for (auto& change : *prices)
        *response.add_prices() = std::move(change);
    return response;
}

} // namespace shopfleet::inventory
