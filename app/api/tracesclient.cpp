// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/api/tracesclient.h"

#include "app/api/call.h"
#include "app/api/channels.h"
#include "shopfleet/traces/v1/traces.grpc.pb.h"

#include <grpcpp/channel.h>

namespace api {
namespace {

using namespace shopfleet::traces::v1;
using Stub = shopfleet::traces::v1::Traces::Stub;
using Async = shopfleet::traces::v1::Traces::StubInterface::async_interface;

class GrpcTracesClient final : public TracesClient {
public:
    explicit GrpcTracesClient(const Channels& channels)
        : m_stub(shopfleet::traces::v1::Traces::NewStub(channels.service("traces")))
    {
    }

    Reply<SearchTracesResponse> searchTraces(SearchTracesRequest request) override
    {
        return call<Async>(m_stub->async(), &Async::SearchTraces, std::move(request));
    }
    Reply<Trace> getTrace(GetTraceRequest request) override
    {
        return call<Async>(m_stub->async(), &Async::GetTrace, std::move(request));
    }

private:
    std::unique_ptr<Stub> m_stub;
};

} // namespace

std::unique_ptr<TracesClient> makeTracesClient(const Channels& channels)
{
    return std::make_unique<GrpcTracesClient>(channels);
}

} // namespace api
