// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/traces/spanreader.h"

#include "services/runtime/clock.h"
#include "services/runtime/spans.h"
#include "services/runtime/text.h"
#include "services/traces/shape.h"

#include <absl/strings/escaping.h>
#include <absl/strings/numbers.h>

#include <algorithm>

namespace shopfleet::traces {
namespace {

constexpr std::size_t kTraceIdBytes = 16;
constexpr std::size_t kSpanIdBytes = 8;
constexpr std::size_t kLongestName = 200;
constexpr std::size_t kLongestValue = 500;
constexpr int kMostAttributes = 32;
constexpr int kMostEvents = 32;
constexpr std::uint64_t kNsPerUs = 1'000;
constexpr std::uint64_t kLatestNs = 4'102'444'800'000'000'000; // The year 2100.
constexpr std::uint64_t kLongestNs = std::uint64_t{30} * 24 * 3600 * 1'000'000'000;

std::string cut(const std::string& text, std::size_t most)
{
    if (text.size() <= most)
        return text;
    std::size_t end = most;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
        --end; // Not in the middle of a character.
    return text.substr(0, end) + "…";
}

std::string shown(const otlp::AnyValue& value)
{
    switch (value.value_case()) {
    case otlp::AnyValue::kStringValue:
        return cut(value.string_value(), kLongestValue);
    case otlp::AnyValue::kBoolValue:
        return value.bool_value() ? "true" : "false";
    case otlp::AnyValue::kIntValue:
        return std::to_string(value.int_value());
    case otlp::AnyValue::kDoubleValue:
        return runtime::text(value.double_value());
    case otlp::AnyValue::kArrayValue:
        return cut(value.array_value().ShortDebugString(), kLongestValue);
    case otlp::AnyValue::kKvlistValue:
        return cut(value.kvlist_value().ShortDebugString(), kLongestValue);
    case otlp::AnyValue::kBytesValue:
        return runtime::text(value.bytes_value().size(), " bytes");
    case otlp::AnyValue::VALUE_NOT_SET:
        return {};
    }
    return {};
}

template <class Attributes>
void copy(const Attributes& from, google::protobuf::Map<std::string, std::string>& to)
{
    for (const otlp::KeyValue& one : from) {
        if (to.size() >= static_cast<std::size_t>(kMostAttributes))
            return;
        if (!one.key().empty())
            to[cut(one.key(), kLongestName)] = shown(one.value());
    }
}

std::string find(const otlp::Resource& resource, const char* key)
{
    for (const otlp::KeyValue& one : resource.attributes())
        if (one.key() == key)
            return cut(one.value().string_value(), kLongestName);
    return {};
}

const char* kindOf(const otlp::Span& span)
{
    switch (span.kind()) {
    case otlp::Span::SPAN_KIND_SERVER:
        return "server";
    case otlp::Span::SPAN_KIND_CLIENT:
        return "client";
    case otlp::Span::SPAN_KIND_PRODUCER:
        return "producer";
    case otlp::Span::SPAN_KIND_CONSUMER:
        return "consumer";
    default:
        return "internal";
    }
}

/// Null where the span can be kept.
const char* wrongWith(const otlp::Span& span)
{
    const auto isId = [](const std::string& id, std::size_t bytes) {
        return id.size() == bytes && id.find_first_not_of('\0') != std::string::npos;
    };
    if (!isId(span.trace_id(), kTraceIdBytes))
        return "trace_id: must be 16 bytes, not all of them 0";
    if (!isId(span.span_id(), kSpanIdBytes))
        return "span_id: must be 8 bytes, not all of them 0";
    if (!span.parent_span_id().empty() && span.parent_span_id().size() != kSpanIdBytes)
        return "parent_span_id: must be empty or 8 bytes";
    if (span.start_time_unix_nano() == 0 || span.start_time_unix_nano() > kLatestNs)
        return "start_time_unix_nano: must be a time since 1970";
    if (span.end_time_unix_nano() < span.start_time_unix_nano()
        || span.end_time_unix_nano() - span.start_time_unix_nano() > kLongestNs)
        return "end_time_unix_nano: must be at most 30 days after the start";
    return nullptr;
}

std::string statusOf(const otlp::Span& span, const v1::Span& kept)
{
    const auto code = kept.attributes().find("rpc.grpc.status_code");
    int number = 0;
    const bool known = code != kept.attributes().end() && absl::SimpleAtoi(code->second, &number);
    std::string message = cut(span.status().message(), kLongestValue);
    if (!known)
        return message.empty() && kept.error() ? "ERROR" : message;
    return message.empty() ? runtime::codeName(number)
                           : runtime::text(runtime::codeName(number), ": ", message);
}

/// "shopfleet.orders.v1.Orders/PlaceOrder" is PlaceOrder to those who look at it.
std::string nameOf(const otlp::Span& span, const v1::Span& kept)
{
    const auto method = kept.attributes().find("rpc.method");
    return method != kept.attributes().end() && !method->second.empty()
        ? method->second
        : cut(span.name(), kLongestName);
}

v1::Span read(const otlp::Span& span, const otlp::Resource& resource)
{
    const auto time = [](std::uint64_t ns) {
        return runtime::toTimestamp(static_cast<std::int64_t>(ns / kNsPerUs));
    };
    v1::Span kept;
    kept.set_span_id(absl::BytesToHexString(span.span_id()));
    kept.set_parent_span_id(absl::BytesToHexString(span.parent_span_id()));
    kept.set_service(find(resource, "service.name"));
    if (kept.service().empty())
        kept.set_service("unknown_service"); // As OpenTelemetry calls it.
    kept.set_replica(find(resource, "service.instance.id"));
    kept.set_version(find(resource, "service.version"));
    kept.set_kind(kindOf(span));
    *kept.mutable_start() = time(span.start_time_unix_nano());
    *kept.mutable_duration() = toDuration(static_cast<std::int64_t>(
        (span.end_time_unix_nano() - span.start_time_unix_nano()) / kNsPerUs));
    copy(span.attributes(), *kept.mutable_attributes());
    kept.set_error(span.status().code() == otlp::Status::STATUS_CODE_ERROR);
    kept.set_status(statusOf(span, kept));
    kept.set_name(nameOf(span, kept));
    for (const otlp::Span::Event& event : span.events()) {
        if (kept.events_size() >= kMostEvents)
            break;
        v1::SpanEvent& one = *kept.add_events();
        *one.mutable_at() = time(std::min(event.time_unix_nano(), kLatestNs));
        one.set_name(cut(event.name(), kLongestName));
        copy(event.attributes(), *one.mutable_attributes());
    }
    return kept;
}

} // namespace

Read readSpans(const otlp::ExportTraceServiceRequest& request)
{
    Read result;
    for (const auto& group : request.resource_spans())
        for (const auto& scope : group.scope_spans())
            for (const auto& span : scope.spans()) {
                const char* why = wrongWith(span);
                if (!why) {
                    result.spans.push_back(
                        {absl::BytesToHexString(span.trace_id()), read(span, group.resource())});
                    continue;
                }
                if (result.rejected++ == 0)
                    result.why = why;
            }
    return result;
}

} // namespace shopfleet::traces
