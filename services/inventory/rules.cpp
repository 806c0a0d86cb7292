// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/inventory/rules.h"

#include "services/inventory/productrules.h"
#include "services/inventory/stockrules.h"
#include "services/inventory/textrules.h"
#include "services/runtime/status.h"

namespace shopfleet::inventory {
namespace {

using runtime::invalidField;

constexpr std::size_t kLongestReason = 500;
constexpr int kLongestHoldSeconds = 366 * 24 * 3600;

} // namespace

absl::Status check(const v1::GetProductRequest& request)
{
    return checkName("id", request.id());
}

absl::Status check(const v1::BatchGetVariantsRequest& request)
{
    if (request.skus_size() > kMostLines)
        return invalidField("skus", "must have at most 1000");
    return absl::OkStatus();
}

absl::Status check(const v1::CreateProductRequest& request)
{
    // Without an id the store makes one.
    if (!request.product().id().empty()) {
        if (auto status = checkName("product.id", request.product().id()); !status.ok())
            return status;
    }
    return checkProduct("product", request.product());
}

absl::Status check(const v1::UpdateProductRequest& request)
{
    if (auto status = checkName("product.id", request.product().id()); !status.ok())
        return status;
    if (request.product().etag().empty())
        return invalidField("product.etag", "is required");
    return absl::OkStatus();
}

absl::Status check(const v1::ImportProductsRequest& request)
{
    if (request.products_size() > kMostLines)
        return invalidField("products", "must have at most 1000");
    for (int i = 0; i < request.products_size(); ++i) {
        const std::string at = "products[" + std::to_string(i) + "]";
        if (auto status = checkName(at + ".id", request.products(i).id()); !status.ok())
            return status;
        if (auto status = checkProduct(at, request.products(i)); !status.ok())
            return status;
    }
    return absl::OkStatus();
}

absl::Status check(const v1::ListPriceHistoryRequest& request)
{
    return checkName("product_id", request.product_id());
}

absl::Status check(const v1::ReceiveStockRequest& request)
{
    if (auto status = checkLine("reason", request.reason(), kLongestReason); !status.ok())
        return status;
    return checkLines(request.lines(), Sign::Positive);
}

absl::Status check(const v1::AdjustStockRequest& request)
{
    if (request.reason().empty())
        return invalidField("reason", "is required");
    if (auto status = checkLine("reason", request.reason(), kLongestReason); !status.ok())
        return status;
    return checkLines(request.lines(), Sign::Any);
}

absl::Status check(const v1::ReserveStockRequest& request)
{
    if (auto status = checkName("holder", request.holder()); !status.ok())
        return status;
    if (request.ttl_seconds() < 0 || request.ttl_seconds() > kLongestHoldSeconds)
        return invalidField("ttl_seconds", "must be 0 (15 minutes) to 31622400");
    return checkLines(request.lines(), Sign::Positive);
}

absl::Status check(const v1::CommitReservationRequest& request)
{
    if (auto status = checkName("id", request.id()); !status.ok())
        return status;
    return checkLines(request.lines(), Sign::Positive, 0);
}

absl::Status check(const v1::ReleaseReservationRequest& request)
{
    if (auto status = checkLine("reason", request.reason(), kLongestReason); !status.ok())
        return status;
    if (auto status = checkName("id", request.id()); !status.ok())
        return status;
    return checkLines(request.lines(), Sign::Positive, 0);
}

} // namespace shopfleet::inventory
