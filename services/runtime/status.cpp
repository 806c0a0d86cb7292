// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/status.h"

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "services/runtime/log.h"
#include "services/runtime/telemetry.h"
#include "services/runtime/text.h"

namespace shopfleet::runtime {
namespace {

constexpr std::string_view kPrefix = "type.googleapis.com/";

absl::Status attach(absl::Status status, const google::protobuf::Message& detail)
{
    status.SetPayload(
        text(kPrefix, detail.GetDescriptor()->full_name()), absl::Cord(detail.SerializeAsString()));
    return status;
}

google::rpc::ErrorInfo info(std::string_view reason)
{
    google::rpc::ErrorInfo result;
    result.set_reason(std::string(reason));
    result.set_domain("shopfleet");
    return result;
}

absl::Status refused(absl::StatusCode code, std::string_view reason, std::string_view subject,
    std::string_view description)
{
    google::rpc::PreconditionFailure failure;
    auto* violation = failure.add_violations();
    violation->set_type(std::string(reason));
    violation->set_subject(std::string(subject));
    violation->set_description(std::string(description));
    const std::string message
        = subject.empty() ? std::string(description) : text(subject, ": ", description);
    return attach(attach(absl::Status(code, message), info(reason)), failure);
}

} // namespace

absl::Status invalidField(std::string_view field, std::string_view rule)
{
    return invalidFields({{std::string(field), std::string(rule)}});
}

absl::Status invalidFields(const std::vector<FieldViolation>& violations)
{
    google::rpc::BadRequest detail;
    std::string message;
    for (const auto& violation : violations) {
        auto* added = detail.add_field_violations();
        added->set_field(violation.field);
        added->set_description(violation.rule);
        message += text(message.empty() ? "" : "; ", violation.field, " ", violation.rule);
    }
    return attach(absl::InvalidArgumentError(message), detail);
}

absl::Status notFound(std::string_view type, std::string_view name)
{
    google::rpc::ResourceInfo detail;
    detail.set_resource_type(std::string(type));
    detail.set_resource_name(std::string(name));
    return attach(absl::NotFoundError(text(type, " \"", name, "\" is not there")), detail);
}

absl::Status alreadyExists(std::string_view type, std::string_view name, std::string_view field)
{
    google::rpc::ResourceInfo detail;
    detail.set_resource_type(std::string(type));
    detail.set_resource_name(std::string(name));
    return attach(
        absl::AlreadyExistsError(text(field, ": there is a ", type, " \"", name, "\" already")),
        detail);
}

absl::Status failedPrecondition(
    std::string_view reason, std::string_view subject, std::string_view description)
{
    return refused(absl::StatusCode::kFailedPrecondition, reason, subject, description);
}

absl::Status exhausted(
    std::string_view reason, std::string_view subject, std::string_view description)
{
    return refused(absl::StatusCode::kResourceExhausted, reason, subject, description);
}

absl::Status overloaded(std::string_view description, std::int64_t retryAfterMs)
{
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(retryAfterMs / 1'000);
    retry.mutable_retry_delay()->set_nanos(
        static_cast<std::int32_t>(retryAfterMs % 1'000 * 1'000'000));
    return attach(exhausted("OVERLOADED", "", description), retry);
}

absl::Status staleEtag(const google::protobuf::Message& current)
{
    return attach(attach(absl::AbortedError("etag: somebody changed this meanwhile; the current "
                                            "values are in the details"),
                      info("STALE_ETAG")),
        current);
}

absl::Status aborted(std::string_view reason, std::string_view description)
{
    return attach(absl::AbortedError(std::string(description)), info(reason));
}

absl::Status unavailable(std::string_view description)
{
    return absl::UnavailableError(std::string(description));
}

absl::Status internal(std::string_view cause)
{
    const std::string& trace = currentTrace().traceId;
    logLine(spdlog::level::err, text("internal error: ", cause), trace);
    return absl::InternalError(text("something went wrong in this service; its log says what",
        trace.empty() ? "" : ", trace ", trace));
}

std::string reason(const absl::Status& status)
{
    const auto payload
        = status.GetPayload(text(kPrefix, google::rpc::ErrorInfo::descriptor()->full_name()));
    google::rpc::ErrorInfo detail;
    if (payload && detail.ParseFromString(std::string(*payload)))
        return detail.reason();
    return {};
}

grpc::Status toWire(const absl::Status& status)
{
    if (status.ok())
        return grpc::Status::OK;
    google::rpc::Status wire;
    wire.set_code(static_cast<int>(status.code()));
    wire.set_message(std::string(status.message()));
    status.ForEachPayload([&wire](absl::string_view type, const absl::Cord& payload) {
        auto* any = wire.add_details();
        any->set_type_url(std::string(type));
        any->set_value(std::string(payload));
    });
    return {static_cast<grpc::StatusCode>(status.code()), wire.message(),
        wire.details_size() > 0 ? wire.SerializeAsString() : std::string()};
}

absl::Status fromWire(const grpc::Status& status)
{
    absl::Status result(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
    google::rpc::Status wire;
    if (!status.ok() && wire.ParseFromString(status.error_details()))
        for (const auto& any : wire.details())
            result.SetPayload(any.type_url(), absl::Cord(any.value()));
    return result;
}

} // namespace shopfleet::runtime
