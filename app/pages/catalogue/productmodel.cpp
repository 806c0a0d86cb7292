// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/catalogue/productmodel.h"

#include "app/models/format.h"
#include "app/models/status.h"

using shopfleet::inventory::v1::Product;
using shopfleet::inventory::v1::Stock;
using table::Kind;

namespace {

QVariant units(const Product& product, std::int64_t (Stock::*field)() const)
{
    std::int64_t sum = 0;
    for (const auto& variant : product.variants())
        sum += (variant.stock().*field)();
    return format::count(sum);
}

} // namespace

ProductModel::ProductModel(api::InventoryClient& inventory, QObject* parent)
    : WindowedModel(parent)
    , m_inventory(inventory)
{
}

api::Reply<shopfleet::inventory::v1::ListProductsResponse> ProductModel::list(
    const ListQuery& query)
{
    return m_inventory.listProducts(
        makeRequest<shopfleet::inventory::v1::ListProductsRequest>(query));
}

std::span<const ProductModel::Column> ProductModel::columns() const
{
    static constexpr Column kColumns[] = {
        {QT_TRANSLATE_NOOP("ProductModel", "Code"), "id", Kind::Strong, 108, "id", 0,
            [](const Product& p) -> QVariant { return format::text(p.id()); }},
        {QT_TRANSLATE_NOOP("ProductModel", "Product"), "title", Kind::Text, 0, "title", 0,
            [](const Product& p) -> QVariant { return format::text(p.title()); }, nullptr,
            [](const Product& p) -> QVariant {
                return p.variants_size() > 1 ? QVariant(QCoreApplication::translate(
                           "ProductModel", "%n variants", nullptr, p.variants_size()))
                                             : QVariant();
            }},
        {QT_TRANSLATE_NOOP("ProductModel", "Status"), "state", Kind::Badge, 116, "state", 640,
            [](const Product& p) -> QVariant {
                return QVariant::fromValue(status::of(p.state()));
            }},
        {QT_TRANSLATE_NOOP("ProductModel", "Price"), "price", Kind::Figure, 100, "price", 0,
            [](const Product& p) -> QVariant {
                return p.variants().empty() ? QVariant()
                                            : QVariant(format::money(p.variants(0).price()));
            }},
        {QT_TRANSLATE_NOOP("ProductModel", "Available"), "available", Kind::Figure, 104,
            "available", 0,
            [](const Product& p) -> QVariant { return units(p, &Stock::available); }},
        {QT_TRANSLATE_NOOP("ProductModel", "Reserved"), "reserved", Kind::Figure, 100, "reserved",
            600, [](const Product& p) -> QVariant { return units(p, &Stock::reserved); }},
        {QT_TRANSLATE_NOOP("ProductModel", "On hand"), "onhand", Kind::Figure, 100, "on_hand", 720,
            [](const Product& p) -> QVariant { return units(p, &Stock::on_hand); }},
    };
    return kColumns;
}
