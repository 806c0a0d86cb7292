// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/gateway/problem.h"

#include "google/rpc/error_details.pb.h"
#include "services/gateway/jsonwriter.h"
#include "services/gateway/text.h"

#include <google/protobuf/descriptor.h>
#include <grpcpp/support/status.h>

#include <algorithm>
#include <memory>

namespace shopfleet::gateway {
namespace {

struct Mapping {
    int code;
    const char* name;
    int status;
    bool isOurs; ///< Not the caller's doing: the message stays inside.
    const char* detail;
};

// The published mapping of google.rpc.Code to HTTP.
constexpr Mapping kMappings[] = {
    {grpc::CANCELLED, "CANCELLED", 499, true, "The request was given up."},
    {grpc::UNKNOWN, "UNKNOWN", 500, true, "Something went wrong on our side."},
    {grpc::INVALID_ARGUMENT, "INVALID_ARGUMENT", 400, false, ""},
    {grpc::DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED", 504, true, "The store took too long to answer."},
    {grpc::NOT_FOUND, "NOT_FOUND", 404, false, ""},
    {grpc::ALREADY_EXISTS, "ALREADY_EXISTS", 409, false, ""},
    {grpc::PERMISSION_DENIED, "PERMISSION_DENIED", 403, false, ""},
    {grpc::RESOURCE_EXHAUSTED, "RESOURCE_EXHAUSTED", 429, false, ""},
    {grpc::FAILED_PRECONDITION, "FAILED_PRECONDITION", 400, false, ""},
    {grpc::ABORTED, "ABORTED", 409, false, ""},
    {grpc::OUT_OF_RANGE, "OUT_OF_RANGE", 400, false, ""},
    {grpc::UNIMPLEMENTED, "UNIMPLEMENTED", 501, true, "This is not built yet."},
    {grpc::INTERNAL, "INTERNAL", 500, true, "Something went wrong on our side."},
    {grpc::UNAVAILABLE, "UNAVAILABLE", 503, true, "This part of the store is away for a moment."},
    {grpc::DATA_LOSS, "DATA_LOSS", 500, true, "Something went wrong on our side."},
    {grpc::UNAUTHENTICATED, "UNAUTHENTICATED", 401, false, ""},
};

const Mapping& mappingOf(int code)
{
    const auto found
        = std::ranges::find_if(kMappings, [&](const Mapping& each) { return each.code == code; });
    return found == std::end(kMappings) ? kMappings[1] : *found;
}

/// "shipping_address.postal_code" as JSON says it.
std::string toJsonName(std::string_view path)
{
    std::string name;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const bool hump = path[i] == '_' && i + 1 < path.size() && path[i + 1] >= 'a'
            && path[i + 1] <= 'z' && !name.empty();
        name += hump ? static_cast<char>(path[++i] - 'a' + 'A') : path[i];
    }
    return name;
}

/// Writes one flat JSON object with a few lists in it.
class Writer {
public:
    void member(std::string_view name, std::string_view text)
    {
        key(name);
        appendQuoted(text, m_out);
    }
    void raw(std::string_view name, std::string_view json)
    {
        key(name);
        m_out += json;
    }
    std::string take() { return m_out.empty() ? "{}" : std::move(m_out) + "}"; }

private:
    void key(std::string_view name)
    {
        m_out += m_out.empty() ? '{' : ',';
        appendQuoted(name, m_out);
        m_out += ':';
    }
    std::string m_out;
};

std::string listOf(const std::vector<std::string>& objects)
{
    std::string list = "[";
    for (const auto& object : objects)
        append(list, list.size() > 1 ? "," : "", object);
    return list + "]";
}

void writeBadRequest(const google::rpc::BadRequest& details, Writer& writer)
{
    std::vector<std::string> errors;
    for (const auto& violation : details.field_violations()) {
        Writer each;
        each.member("field", toJsonName(violation.field()));
        each.member("description", violation.description());
        errors.push_back(each.take());
    }
    writer.raw("errors", listOf(errors));
}

void writePrecondition(const google::rpc::PreconditionFailure& details, Writer& writer)
{
    std::vector<std::string> violations;
    for (const auto& violation : details.violations()) {
        Writer each;
        each.member("type", violation.type());
        each.member("subject", violation.subject());
        each.member("description", violation.description());
        violations.push_back(each.take());
    }
    writer.raw("violations", listOf(violations));
}

void writeErrorInfo(const google::rpc::ErrorInfo& info, Writer& writer)
{
    writer.member("reason", info.reason());
    writer.member("domain", info.domain());
    if (info.metadata().empty())
        return;
    Writer facts;
    for (const auto& [name, value] : info.metadata())
        facts.member(name, value);
    writer.raw("metadata", facts.take());
}

/// The resource as it is now, which a stale update is answered with; only of the type that the
/// caller may see anyway.
void writeCurrent(const google::protobuf::Any& detail, std::string_view resource, Writer& writer)
{
    const std::string& url = detail.type_url();
    if (resource.empty() || url.substr(url.rfind('/') + 1) != resource)
        return;
    const auto* type = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(
        std::string(resource));
    if (!type)
        return;
    const std::unique_ptr<google::protobuf::Message> message(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
    if (!message->ParseFromString(detail.value()))
        return;
    std::string json;
    appendJson(*message, json);
    writer.raw("current", json);
}

HttpReply start(int status)
{
    HttpReply reply;
    reply.status = status;
    reply.contentType = "application/problem+json";
    return reply;
}

void writeHead(int status, std::string_view detail, std::string_view traceId, Writer& writer)
{
    writer.member("type", "about:blank");
    writer.member("title", reasonPhrase(status));
    writer.raw("status", std::to_string(status));
    if (!detail.empty())
        writer.member("detail", detail);
    if (!traceId.empty())
        writer.member("traceId", traceId);
}

} // namespace

std::string_view reasonPhrase(int status)
{
    switch (status) {
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 409:
        return "Conflict";
    case 413:
        return "Content Too Large";
    case 415:
        return "Unsupported Media Type";
    case 417:
        return "Expectation Failed";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 499:
        return "Client Closed Request";
    case 500:
        return "Internal Server Error";
    case 501:
        return "Not Implemented";
    case 502:
        return "Bad Gateway";
    case 503:
        return "Service Unavailable";
    case 504:
        return "Gateway Timeout";
    default:
        return "OK";
    }
}

google::rpc::Status toRpcStatus(const grpc::Status& status)
{
    google::rpc::Status result;
    // A code without readable details is still an error with a code.
    if (!result.ParseFromString(status.error_details()))
        result.Clear();
    result.set_code(status.error_code());
    result.set_message(status.error_message());
    return result;
}

google::rpc::Status toRpcStatus(const absl::Status& status)
{
    google::rpc::Status result;
    result.set_code(static_cast<int>(status.code()));
    result.set_message(std::string(status.message()));
    status.ForEachPayload([&](const auto& url, const auto& bytes) {
        auto* detail = result.add_details();
        detail->set_type_url(std::string(url));
        detail->set_value(std::string(bytes));
    });
    return result;
}

HttpReply problem(
    const google::rpc::Status& error, std::string_view traceId, std::string_view resource)
{
    const Mapping& mapping = mappingOf(error.code());
    HttpReply reply = start(mapping.status);
    Writer writer;
    writeHead(mapping.status, mapping.isOurs ? mapping.detail : error.message(), traceId, writer);
    writer.member("code", mapping.name);
    bool saysWhenToRetry = false;
    for (const auto& detail : error.details()) {
        google::rpc::RetryInfo retry;
        if (detail.UnpackTo(&retry)) {
            const auto seconds = retry.retry_delay().seconds() + (retry.retry_delay().nanos() > 0);
            reply.headers.emplace_back(
                "Retry-After", std::to_string(std::max<std::int64_t>(seconds, 1)));
            saysWhenToRetry = true;
        }
        if (mapping.isOurs)
            continue;
        google::rpc::BadRequest fields;
        google::rpc::PreconditionFailure precondition;
        google::rpc::ErrorInfo info;
        if (detail.UnpackTo(&fields))
            writeBadRequest(fields, writer);
        else if (detail.UnpackTo(&precondition))
            writePrecondition(precondition, writer);
        else if (detail.UnpackTo(&info))
            writeErrorInfo(info, writer);
        else
            writeCurrent(detail, resource, writer);
    }
    if (mapping.status == 503 && !saysWhenToRetry)
        reply.headers.emplace_back("Retry-After", "1");
    if (mapping.status == 401)
        reply.headers.emplace_back(
            "WWW-Authenticate", R"(Bearer realm="shopfleet", error="invalid_token")");
    reply.body = writer.take();
    return reply;
}

HttpReply problem(int status, std::string_view detail, std::string_view traceId)
{
    HttpReply reply = start(status);
    Writer writer;
    writeHead(status, detail, traceId, writer);
    reply.body = writer.take();
    return reply;
}

} // namespace shopfleet::gateway
