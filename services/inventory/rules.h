// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/inventory/v1/inventory.pb.h"

#include <absl/status/status.h>

/// What a request to inventory must look like. Pure functions: they know no rows and no RPCs, and
/// every refusal names the field and the rule. Paging, filters and request ids are the runtime's.
namespace shopfleet::inventory {

absl::Status check(const v1::GetProductRequest& request);
absl::Status check(const v1::BatchGetVariantsRequest& request);
absl::Status check(const v1::CreateProductRequest& request);
absl::Status check(const v1::UpdateProductRequest& request);
absl::Status check(const v1::ImportProductsRequest& request);
absl::Status check(const v1::ListPriceHistoryRequest& request);
absl::Status check(const v1::ReceiveStockRequest& request);
absl::Status check(const v1::AdjustStockRequest& request);
absl::Status check(const v1::ReserveStockRequest& request);
absl::Status check(const v1::CommitReservationRequest& request);
absl::Status check(const v1::ReleaseReservationRequest& request);

} // namespace shopfleet::inventory
