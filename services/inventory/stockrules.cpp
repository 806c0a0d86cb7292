// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/inventory/stockrules.h"

#include "google/rpc/error_details.pb.h"
#include "services/inventory/textrules.h"
#include "services/runtime/status.h"

#include <algorithm>
#include <unordered_map>

namespace shopfleet::inventory {

using runtime::invalidField;

absl::Status checkLines(const StockLines& lines, Sign sign, int fewest)
{
    if (lines.size() < fewest)
        return invalidField("lines", "must have at least one");
    if (lines.size() > kMostLines)
        return invalidField("lines", "must have at most 1000");
    for (int i = 0; i < lines.size(); ++i) {
        const std::string at = "lines[" + std::to_string(i) + "]";
        if (auto status = checkName(at + ".sku", lines[i].sku()); !status.ok())
            return status;
        const auto quantity = lines[i].quantity();
        if (sign == Sign::Positive && (quantity < 1 || quantity > kLargestQuantity))
            return invalidField(at + ".quantity", "must be 1 to 1000000000");
        if (quantity == 0 || quantity < -kLargestQuantity || quantity > kLargestQuantity)
            return invalidField(at + ".quantity", "must be -1000000000 to 1000000000 and not 0");
    }
    return absl::OkStatus();
}

std::vector<v1::StockLine> joined(const StockLines& lines)
{
    std::vector<v1::StockLine> result;
    std::unordered_map<std::string, std::size_t> known;
    for (const auto& line : lines) {
        const auto [it, fresh] = known.try_emplace(skuKey(line.sku()), result.size());
        if (fresh)
            result.push_back(line);
        else
            result[it->second].set_quantity(result[it->second].quantity() + line.quantity());
    }
    return result;
}

std::string skuKey(std::string_view sku)
{
    std::string key(sku);
    std::transform(key.begin(), key.end(), key.begin(),
        [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return key;
}

absl::Status outOfStock(const std::map<std::string, std::int64_t>& available)
{
    google::rpc::ErrorInfo info;
    info.set_reason("OUT_OF_STOCK");
    info.set_domain("shopfleet");
    google::rpc::PreconditionFailure failure;
    std::string message;
    for (const auto& [sku, units] : available) {
        const std::string text = std::to_string(units) + " available";
        (*info.mutable_metadata())[sku] = std::to_string(units);
        auto* violation = failure.add_violations();
        violation->set_type(info.reason());
        violation->set_subject(sku);
        violation->set_description(text);
        message.append(message.empty() ? "" : "; ").append(sku).append(": ").append(text);
    }
    absl::Status status = absl::ResourceExhaustedError(message);
    for (const google::protobuf::Message* detail :
        std::initializer_list<const google::protobuf::Message*>{&info, &failure})
        status.SetPayload("type.googleapis.com/" + detail->GetDescriptor()->full_name(),
            absl::Cord(detail->SerializeAsString()));
    return status;
}

} // namespace shopfleet::inventory
