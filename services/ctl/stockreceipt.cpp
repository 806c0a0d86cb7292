// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/stockreceipt.h"

#include "services/ctl/sendbatches.h"
#include "services/ctl/text.h"
#include "shopfleet/inventory/v1/inventory.grpc.pb.h"

#include <unordered_map>

namespace shopfleet::ctl {
namespace {

using inventory::v1::Inventory;
using Received = std::unordered_map<std::string, int64_t>;

constexpr int kPage = 1000;
constexpr int kParallel = 2;

absl::StatusOr<Received> readReceipts(
    const Patience& patience, Inventory::Stub& stub, const std::string& reason)
{
    Received received;
    inventory::v1::ListStockMovesRequest request;
    request.set_page_size(kPage);
    request.set_filter(fmt::format("kind = RECEIPT AND reason = \"{}\"", reason));
    do {
        const auto page
            = callPatiently(patience, "inventory", stub, &Inventory::Stub::ListStockMoves, request);
        if (!page.ok())
            return page.status();
        for (const auto& move : page->moves())
            if (move.kind() == inventory::v1::STOCK_MOVE_KIND_RECEIPT && move.reason() == reason)
                received[move.sku()] += move.quantity();
        request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return received;
}

/// The same lines have the same id: a receipt that was answered to nobody is not received again.
std::string requestIdOf(const inventory::v1::ReceiveStockRequest& request)
{
    std::string text = request.reason();
    for (const auto& line : request.lines())
        text += fmt::format("\n{} {}", line.sku(), line.quantity());
    return fmt::format("stock-{:016x}{:016x}", stableHash(text), stableHash(text, 1));
}

} // namespace

absl::Status receiveStock(Fleet& fleet, const Patience& patience, const std::string& reason,
    const std::vector<StockNeed>& needs, ImportCounts* counts)
{
    const auto stub = Inventory::NewStub(fleet.channel("inventory"));
    const auto received = readReceipts(patience, *stub, reason);
    if (!received.ok())
        return received.status();
    // Cut before it is known what is missing: the same needs give the same batches, hence the same
    // request_ids.
    const auto batches = cutBatches(needs, [](const StockNeed&) { return size_t(1); });
    return runBatches(
        static_cast<int64_t>(batches.size()), kParallel, *patience.stop, [&](int64_t index) {
            const Batch& batch = batches[static_cast<size_t>(index)];
            inventory::v1::ReceiveStockRequest request;
            request.set_reason(reason);
            request.mutable_actor()->set_id(reason);
            for (size_t i = batch.begin; i < batch.end; ++i) {
                const auto there = received->find(needs[i].sku);
                const int64_t missing
                    = needs[i].units - (there == received->end() ? 0 : there->second);
                if (missing <= 0)
                    continue;
                auto* line = request.add_lines();
                line->set_sku(needs[i].sku);
                line->set_quantity(missing);
            }
            const auto size = static_cast<int64_t>(batch.end - batch.begin);
            if (request.lines_size() > 0) {
                request.set_request_id(requestIdOf(request));
                const auto answer = callPatiently(
                    patience, "inventory", *stub, &Inventory::Stub::ReceiveStock, request);
                if (!answer.ok())
                    return answer.status();
            }
            counts->created += request.lines_size();
            counts->unchanged += size - request.lines_size();
            return absl::OkStatus();
        });
}

} // namespace shopfleet::ctl
