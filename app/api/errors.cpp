// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/api/errors.h"

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

#include <QCoreApplication>
#include <QStringList>

namespace api {
namespace {

constexpr const char* kPrefix = "type.googleapis.com/";

QString tr(const char* text)
{
    return QCoreApplication::translate("api", text);
}

template <class Detail>
bool find(const absl::Status& status, Detail* detail)
{
    const auto payload = status.GetPayload(kPrefix + Detail::descriptor()->full_name());
    return payload && detail->ParseFromString(std::string(*payload));
}

/// "price: must not be negative; title: must not be empty". Field and rule are the service's own
/// words: they are part of its contract, and looking them up there is what helps.
QString violations(const absl::Status& status)
{
    google::rpc::BadRequest detail;
    if (!find(status, &detail))
        return QString::fromStdString(std::string(status.message()));
    QStringList parts;
    for (const auto& violation : detail.field_violations())
        parts << QString::fromStdString(violation.field() + ": " + violation.description());
    return parts.join(QStringLiteral("; "));
}

} // namespace

absl::Status fromWire(int code, const std::string& message, const std::string& details)
{
    absl::Status status(static_cast<absl::StatusCode>(code), message);
    google::rpc::Status wire;
    if (wire.ParseFromString(details))
        for (const auto& any : wire.details())
            status.SetPayload(any.type_url(), absl::Cord(any.value()));
    return status;
}

QString describe(const absl::Status& status)
{
    switch (status.code()) {
    case absl::StatusCode::kUnavailable:
        return tr("The service does not answer.");
    case absl::StatusCode::kDeadlineExceeded:
        return tr("The service took too long to answer.");
    case absl::StatusCode::kPermissionDenied:
        return tr("You are not allowed to do this.");
    case absl::StatusCode::kUnauthenticated:
        return tr("Sign in again.");
    case absl::StatusCode::kNotFound:
        return tr("It is not there: %1").arg(QString::fromStdString(std::string(status.message())));
    case absl::StatusCode::kAborted:
        return tr("Somebody changed this meanwhile. Look at the current values and try again.");
    case absl::StatusCode::kUnimplemented:
        return tr("This version of the service cannot do that.");
    case absl::StatusCode::kInvalidArgument:
        return violations(status);
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kResourceExhausted:
        return QString::fromStdString(std::string(status.message()));
    default:
        return tr("Something went wrong in the service; its log says what.");
    }
}

} // namespace api
