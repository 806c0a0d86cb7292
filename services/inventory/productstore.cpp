// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/inventory/productstore.h"

#include "services/inventory/cataloguestore.h"
#include "services/inventory/productrules.h"
#include "services/inventory/stockrules.h"
#include "services/inventory/textrules.h"
#include "services/runtime/changes.h"
#include "services/runtime/clock.h"

#include <unordered_map>
#include <unordered_set>

namespace shopfleet::inventory {
namespace {

/// What the full-text search knows of a product besides title and description.
struct SearchText {
    std::string skus, categories;

    explicit SearchText(const v1::Product& product)
    {
        for (const auto& variant : product.variants())
            skus += variant.sku() + ' ' + variant.title() + ' ';
        for (const auto& path : product.categories())
            categories += path + ' ';
    }
};

bool samePrice(const common::v1::Money& a, const common::v1::Money& b)
{
    return a.minor() == b.minor() && a.currency() == b.currency();
}

} // namespace

absl::StatusOr<v1::Product> ProductStore::create(const v1::CreateProductRequest& request)
{
    v1::Product product = request.product();
    if (product.id().empty())
        product.set_id(newName());
    const auto old = find(product.id());
    if (!old.ok())
        return old.status();
    if (*old)
        return runtime::alreadyExists("product", product.id(), "product.id");
    if (auto status = insert(product, runtime::nowUs()); !status.ok())
        return status;
    return CatalogueStore(m_connection).get(product.id());
}

absl::StatusOr<v1::Product> ProductStore::update(const v1::UpdateProductRequest& request)
{
    const auto& id = request.product().id();
    const auto old = find(id);
    if (!old.ok())
        return old.status();
    if (!*old)
        return runtime::notFound("product", id);
    // What the request itself has wrong comes first: no newer version would mend it.
    const auto product = updated((*old)->product, request);
    if (!product.ok())
        return product.status();
    if (request.product().etag() != std::to_string((*old)->version)) {
        const auto current = CatalogueStore(m_connection).get(id);
        return current.ok() ? runtime::staleEtag(*current) : current.status();
    }
    if (document(*product) != (*old)->body) {
        if (auto status = replace(**old, *product, runtime::nowUs()); !status.ok())
            return status;
    }
    return CatalogueStore(m_connection).get(id);
}

absl::StatusOr<v1::ImportProductsResponse> ProductStore::import(
    const v1::ImportProductsRequest& request)
{
    v1::ImportProductsResponse response;
    const auto now = runtime::nowUs();
    for (const auto& product : request.products()) {
        const auto old = find(product.id());
        if (!old.ok())
            return old.status();
        absl::Status status;
        if (!*old) {
            status = insert(
                product, product.has_created_at() ? runtime::toUs(product.created_at()) : now);
            response.set_created(response.created() + 1);
        } else if (document(product) != (*old)->body) {
            status = replace(**old, product, now);
            response.set_updated(response.updated() + 1);
        } else {
            response.set_unchanged(response.unchanged() + 1);
        }
        if (!status.ok())
            return status;
    }
    return response;
}

absl::StatusOr<std::optional<ProductStore::Stored>> ProductStore::find(const std::string& id)
{
    auto stored = m_connection.selectOne(
        "SELECT seq, version, body FROM product WHERE id = :1",
        [](std::int64_t seq, std::int64_t version, std::string body) {
            return Stored{seq, version, std::move(body), {}};
        },
        id);
    if (stored.ok() && *stored && !(*stored)->product.ParseFromString((*stored)->body))
        return runtime::internal("the body of product " + id + " is damaged");
    return stored;
}

absl::Status ProductStore::insert(const v1::Product& product, std::int64_t now)
{
    const auto seq = m_connection.selectOne(
        R"sql(INSERT INTO product
                  (id, state, title, price, origin, version, created_at, updated_at, body)
              VALUES (:1, :2, :3, :4, :5, 1, :6, :6, :7) RETURNING seq)sql",
        [](std::int64_t number) { return number; }, product.id(), product.state(), product.title(),
        lowestPrice(product), product.origin(), now, document(product));
    if (!seq.ok())
        return seq.status();
    if (auto status = writeParts(**seq, product); !status.ok())
        return status;
    if (auto status = writePrices(**seq, {}, product, now); !status.ok())
        return status;
    return runtime::recordChange(m_connection, "product", product.id());
}

absl::Status ProductStore::replace(const Stored& old, const v1::Product& product, std::int64_t now)
{
    const auto changed = m_connection.execute(
        R"sql(UPDATE product SET state = :1, title = :2, price = :3, origin = :4,
                  version = version + 1, updated_at = :5, body = :6
              WHERE seq = :7)sql",
        product.state(), product.title(), lowestPrice(product), product.origin(), now,
        document(product), old.seq);
    if (!changed.ok())
        return changed.status();
    if (auto status = dropParts(old, product); !status.ok())
        return status;
    if (auto status = writeParts(old.seq, product); !status.ok())
        return status;
    if (auto status = writePrices(old.seq, old.product, product, now); !status.ok())
        return status;
    return runtime::recordChange(m_connection, "product", product.id());
}

absl::Status ProductStore::dropParts(const Stored& old, const v1::Product& product)
{
    for (const char* sql : {"DELETE FROM product_category WHERE product = :1",
             "DELETE FROM product_fts WHERE rowid = :1"}) {
        if (const auto dropped = m_connection.execute(sql, old.seq); !dropped.ok())
            return dropped.status();
    }
    std::unordered_set<std::string> kept;
    for (const auto& variant : product.variants())
        kept.insert(skuKey(variant.sku()));
    // A variant can go only when its shelf is empty; its moves stay in the ledger.
    for (const auto& variant : old.product.variants()) {
        if (kept.contains(skuKey(variant.sku())))
            continue;
        const auto dropped = m_connection.execute(
            "DELETE FROM stock WHERE sku = :1 AND on_hand = 0", variant.sku());
        if (!dropped.ok())
            return dropped.status();
        if (*dropped == 0)
            return runtime::failedPrecondition("VARIANT_HAS_STOCK", variant.sku(),
                "it still has units on hand; adjust them to 0 before the variant goes");
    }
    return absl::OkStatus();
}

absl::Status ProductStore::writeParts(std::int64_t seq, const v1::Product& product)
{
    for (const auto& path : categoryPaths(product)) {
        const auto written = m_connection.execute(
            "INSERT INTO product_category (path, product) VALUES (:1, :2)", path, seq);
        if (!written.ok())
            return written.status();
    }
    const SearchText search(product);
    const auto written = m_connection.execute(
        R"sql(INSERT INTO product_fts (rowid, title, skus, categories, description)
              VALUES (:1, :2, :3, :4, :5))sql",
        seq, product.title(), search.skus, search.categories, product.description());
    if (!written.ok())
        return written.status();
    for (int i = 0; i < product.variants_size(); ++i) {
        const auto& sku = product.variants(i).sku();
        const auto shelf = m_connection.execute(
            R"sql(INSERT INTO stock (sku, product, position) VALUES (:1, :2, :3)
                  ON CONFLICT (sku) DO UPDATE SET sku = excluded.sku, position = excluded.position
                  WHERE product = excluded.product)sql",
            sku, seq, i);
        if (!shelf.ok())
            return shelf.status();
        if (*shelf == 0)
            return runtime::alreadyExists("variant of another product", sku,
                "product.variants[" + std::to_string(i) + "].sku");
    }
    return absl::OkStatus();
}

absl::Status ProductStore::writePrices(
    std::int64_t seq, const v1::Product& old, const v1::Product& product, std::int64_t now)
{
    std::unordered_map<std::string, common::v1::Money> before;
    for (const auto& variant : old.variants())
        before[skuKey(variant.sku())] = variant.price();
    for (const auto& variant : product.variants()) {
        const auto known = before.find(skuKey(variant.sku()));
        if (known != before.end() && samePrice(known->second, variant.price()))
            continue;
        // Who it was is known for imports alone: a request says nothing of its caller yet.
        const auto written = m_connection.execute(
            R"sql(INSERT INTO price_change (product, sku, currency, price, actor, at)
                  VALUES (:1, :2, :3, :4, :5, :6))sql",
            seq, variant.sku(), variant.price().currency(), variant.price().minor(),
            product.origin(), now);
        if (!written.ok())
            return written.status();
    }
    return absl::OkStatus();
}

} // namespace shopfleet::inventory
