// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "opentelemetry/proto/collector/trace/v1/trace_service.grpc.pb.h"
#include "services/runtime/rpc.h"
#include "services/traces/collector.h"
#include "services/traces/onward.h"
#include "shopfleet/traces/v1/traces.grpc.pb.h"

namespace shopfleet::traces {

/// Takes spans in, by the OpenTelemetry protocol.
class Receiver final : public otlp::TraceService::CallbackService {
public:
    /// `onward`: another collector's address; empty: there is none.
    Receiver(runtime::Database& database, Collector& collector, const std::string& onward)
        : m_database(database)
        , m_collector(collector)
        , m_onward(onward.empty() ? nullptr : std::make_unique<Onward>(onward))
    {
    }

    runtime::Unary* Export(runtime::Context* context,
        const otlp::ExportTraceServiceRequest* request,
        otlp::ExportTraceServiceResponse* response) override;

private:
    runtime::Database& m_database;
    Collector& m_collector;
    std::unique_ptr<Onward> m_onward;
};

class Handler final : public v1::Traces::CallbackService {
public:
    Handler(runtime::Database& database, Collector::Pace pace, const std::string& onward = {})
        : m_database(database)
        , m_collector(database, pace)
        , m_receiver(database, m_collector, onward)
    {
    }

    grpc::Service& receiver() { return m_receiver; }

    runtime::Unary* SearchTraces(runtime::Context* context, const v1::SearchTracesRequest* request,
        v1::SearchTracesResponse* response) override;
    runtime::Unary* GetTrace(runtime::Context* context, const v1::GetTraceRequest* request,
        v1::Trace* response) override;
    runtime::Unary* GetCallGraph(runtime::Context* context, const v1::GetCallGraphRequest* request,
        v1::CallGraph* response) override;

private:
    runtime::Database& m_database;
    Collector m_collector;
    Receiver m_receiver;
};

} // namespace shopfleet::traces
