// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ctl/batches.h"
#include "services/ctl/call.h"
#include "services/ctl/importcounts.h"

#include <fmt/format.h>
#include <vector>

namespace shopfleet::ctl {

/// From item `begin` to before item `end`.
struct Batch {
    size_t begin = 0;
    size_t end = 0;
};

/// At most 1,000 items and about `kMostWeight` of weight in each, as the contracts ask: big orders
/// make small batches.
template <class Items, class Weight>
std::vector<Batch> cutBatches(const Items& items, Weight weight)
{
    constexpr size_t kMostItems = 1000;
    constexpr size_t kMostWeight = 6000;
    std::vector<Batch> batches;
    size_t sum = 0;
    for (size_t i = 0; i < items.size(); ++i) {
        sum += weight(items[i]);
        if (batches.empty() || sum > kMostWeight || i - batches.back().begin == kMostItems) {
            batches.push_back({.begin = i, .end = i});
            sum = weight(items[i]);
        }
        batches.back().end = i + 1;
    }
    return batches;
}

/// Sends batches through one of the services' Import methods.
struct BatchSender {
    Fleet& fleet;
    Patience patience;
    const char* service;
    std::string requestPrefix; ///< With the batch's number it is the request_id.
    int parallel = 1;
    ImportCounts* counts = nullptr;

    /// `fill` puts a batch into a request.
    template <class Api, class Request, class Response, class Fill>
    absl::Status send(
        grpc::Status (Api::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
        const std::vector<Batch>& batches, Fill fill) const
    {
        const auto stub = Api::NewStub(fleet.channel(service));
        const auto sendOne = [&](size_t index, const Patience& limits) {
            Request request;
            request.set_request_id(fmt::format("{}-{}", requestPrefix, index));
            fill(batches[index], &request);
            const auto response = callPatiently(limits, service, *stub, method, request);
            if (response.ok())
                counts->add(*response);
            return response.status();
        };
        if (batches.empty())
            return absl::OkStatus();
        // A service that was never there is not worth waiting for as long as one that went away.
        constexpr std::chrono::seconds kFirstPatience{5};
        Patience first = patience;
        first.total = std::min(first.total, kFirstPatience);
        if (absl::Status status = sendOne(0, first); !status.ok())
            return status;
        return runBatches(static_cast<int64_t>(batches.size()) - 1, parallel, *patience.stop,
            [&](int64_t index) { return sendOne(static_cast<size_t>(index) + 1, patience); });
    }
};

} // namespace shopfleet::ctl
