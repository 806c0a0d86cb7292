// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/inventory/productrules.h"

#include "services/inventory/stockrules.h"
#include "services/inventory/textrules.h"
#include "services/runtime/fields.h"
#include "services/runtime/money.h"
#include "services/runtime/status.h"
#include "services/runtime/text.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/util/field_mask_util.h>

#include <algorithm>
#include <set>
#include <unordered_set>

namespace shopfleet::inventory {
namespace {

using runtime::invalidField;

constexpr int kMostVariants = 200;
constexpr int kMostCategories = 50;
constexpr int kMostCategoryLevels = 8;
constexpr int kMostImages = 100;
constexpr std::size_t kMostAttributes = 100;
constexpr std::size_t kLongestTitle = 500;
constexpr std::size_t kLongestName = 200;
constexpr std::size_t kLongestUri = 2'000;

template <class Map>
absl::Status checkMap(const std::string& field, const Map& map)
{
    if (map.size() > kMostAttributes)
        return invalidField(field, "must have at most 100 entries");
    for (const auto& [key, value] : map) {
        if (key.empty())
            return invalidField(field, "must not have an empty key");
        if (auto status = checkLine(runtime::text(field, ".key"), key, kLongestName); !status.ok())
            return status;
        if (auto status = checkText(runtime::text(field, ".", key), value); !status.ok())
            return status;
    }
    return absl::OkStatus();
}

absl::Status checkCategory(const std::string& field, const std::string& path)
{
    if (auto status = checkLine(field, path, kLongestName); !status.ok())
        return status;
    if (path.empty() || path.front() == '/' || path.back() == '/'
        || path.find("//") != std::string::npos)
        return invalidField(field, "must be names with / between them");
    const auto levels = std::count(path.begin(), path.end(), '/') + 1;
    if (levels > kMostCategoryLevels)
        return invalidField(field, "must have at most 8 levels");
    return absl::OkStatus();
}

absl::Status checkVariant(const std::string& field, const v1::Variant& variant)
{
    if (auto status = checkName(field + ".sku", variant.sku()); !status.ok())
        return status;
    if (auto status = checkLine(field + ".title", variant.title(), kLongestTitle); !status.ok())
        return status;
    if (!variant.has_price())
        return invalidField(field + ".price", "is required");
    if (auto status = runtime::checkAmount(field + ".price", variant.price().currency(),
            variant.price().minor(), runtime::Amount::NotNegative);
        !status.ok())
        return status;
    return checkMap(field + ".options", variant.options());
}

absl::Status checkVariants(const std::string& field, const v1::Product& product)
{
    if (product.variants().empty())
        return invalidField(field, "must have at least one");
    if (product.variants_size() > kMostVariants)
        return invalidField(field, "must have at most 200");
    std::unordered_set<std::string> skus;
    for (int i = 0; i < product.variants_size(); ++i) {
        const std::string at = field + "[" + std::to_string(i) + "]";
        const auto& variant = product.variants(i);
        if (auto status = checkVariant(at, variant); !status.ok())
            return status;
        if (!skus.insert(skuKey(variant.sku())).second)
            return invalidField(at + ".sku", "stands twice in this product");
        if (variant.price().currency() != product.variants(0).price().currency())
            return invalidField(at + ".price.currency", "must be the same for all variants");
    }
    return absl::OkStatus();
}

absl::Status checkLists(const std::string& field, const v1::Product& product)
{
    if (product.categories_size() > kMostCategories)
        return invalidField(field + ".categories", "must have at most 50");
    for (int i = 0; i < product.categories_size(); ++i) {
        const std::string at = field + ".categories[" + std::to_string(i) + "]";
        if (auto status = checkCategory(at, product.categories(i)); !status.ok())
            return status;
    }
    if (product.image_uris_size() > kMostImages)
        return invalidField(field + ".image_uris", "must have at most 100");
    for (int i = 0; i < product.image_uris_size(); ++i) {
        const std::string at = field + ".image_uris[" + std::to_string(i) + "]";
        if (auto status = checkLine(at, product.image_uris(i), kLongestUri); !status.ok())
            return status;
    }
    return checkMap(field + ".attributes", product.attributes());
}

} // namespace

absl::Status checkProduct(const std::string& field, const v1::Product& product)
{
    if (product.state() < v1::PRODUCT_STATE_ACTIVE || product.state() > v1::PRODUCT_STATE_ARCHIVED)
        return invalidField(field + ".state", "must be ACTIVE, DRAFT or ARCHIVED");
    if (product.title().empty())
        return invalidField(field + ".title", "is required");
    if (auto status = checkLine(field + ".title", product.title(), kLongestTitle); !status.ok())
        return status;
    if (auto status = checkText(field + ".description", product.description()); !status.ok())
        return status;
    if (auto status = checkLine(field + ".origin", product.origin(), kLongestName); !status.ok())
        return status;
    if (auto status = runtime::checkTime(field + ".created_at", product.created_at()); !status.ok())
        return status;
    if (auto status = checkLists(field, product); !status.ok())
        return status;
    return checkVariants(field + ".variants", product);
}

absl::StatusOr<v1::Product> updated(v1::Product current, const v1::UpdateProductRequest& request)
{
    using google::protobuf::util::FieldMaskUtil;
    static const std::set<std::string> kEditable{"state", "title", "description", "categories",
        "variants", "image_uris", "attributes", "origin"};

    google::protobuf::FieldMask mask = request.update_mask();
    if (mask.paths().empty()) {
        std::vector<const google::protobuf::FieldDescriptor*> filled;
        request.product().GetReflection()->ListFields(request.product(), &filled);
        for (const auto* field : filled) {
            if (kEditable.contains(field->name()))
                mask.add_paths(field->name());
        }
    }
    if (mask.paths_size() == 1 && mask.paths(0) == "*") {
        mask.Clear();
        for (const auto& name : kEditable)
            mask.add_paths(name);
    }
    for (const auto& path : mask.paths()) {
        if (!kEditable.contains(path))
            return invalidField("update_mask", "names " + path + ", which nobody can set");
    }
    FieldMaskUtil::MergeOptions replace;
    replace.set_replace_message_fields(true);
    replace.set_replace_repeated_fields(true);
    FieldMaskUtil::MergeMessageTo(request.product(), mask, replace, &current);
    if (auto status = checkProduct("product", current); !status.ok())
        return status;
    return current;
}

std::string document(const v1::Product& product)
{
    v1::Product written = product;
    written.clear_created_at();
    written.clear_updated_at();
    written.clear_etag();
    for (auto& variant : *written.mutable_variants())
        variant.clear_stock();

    std::string bytes;
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream out(&stream);
    out.SetSerializationDeterministic(true); // Maps in the order of their keys.
    written.SerializeToCodedStream(&out);
    out.Trim();
    return bytes;
}

std::vector<std::string> categoryPaths(const v1::Product& product)
{
    std::set<std::string> paths;
    for (const auto& path : product.categories()) {
        for (auto end = path.find('/'); end != std::string::npos; end = path.find('/', end + 1))
            paths.insert(path.substr(0, end));
        paths.insert(path);
    }
    return {paths.begin(), paths.end()};
}

std::int64_t lowestPrice(const v1::Product& product)
{
    std::int64_t lowest = product.variants(0).price().minor();
    for (const auto& variant : product.variants())
        lowest = std::min<std::int64_t>(lowest, variant.price().minor());
    return lowest;
}

} // namespace shopfleet::inventory
