// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/api/reply.h"
#include "shopfleet/traces/v1/traces.pb.h"

#include <memory>

namespace api {

class Channels;

/// What the services did, span by span.
class TracesClient {
public:
    virtual ~TracesClient() = default;

    virtual Reply<shopfleet::traces::v1::SearchTracesResponse> searchTraces(
        shopfleet::traces::v1::SearchTracesRequest request)
        = 0;
    virtual Reply<shopfleet::traces::v1::Trace> getTrace(
        shopfleet::traces::v1::GetTraceRequest request)
        = 0;
};

std::unique_ptr<TracesClient> makeTracesClient(const Channels& channels);

} // namespace api
