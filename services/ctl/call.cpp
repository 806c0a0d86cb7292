// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/call.h"

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

#include <algorithm>
#include <fmt/format.h>
#include <thread>

namespace shopfleet::ctl {
namespace {

using namespace std::chrono_literals;

/// "name: is missing; email: is taken" of the BadRequest among the details, without what the
/// message says already.
std::string violations(const grpc::Status& status)
{
    google::rpc::Status details;
    if (!details.ParseFromString(status.error_details()))
        return {};
    const std::string message = status.error_message();
    const auto said
        = [&message](const std::string& part) { return message.find(part) != std::string::npos; };
    std::string text;
    for (const auto& detail : details.details()) {
        google::rpc::BadRequest bad;
        if (!detail.Is<google::rpc::BadRequest>() || !detail.UnpackTo(&bad))
            continue;
        for (const auto& violation : bad.field_violations())
            if (!said(violation.field()) || !said(violation.description()))
                text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", violation.field(),
                    violation.description());
    }
    return text;
}

} // namespace

absl::Status fromWire(std::string_view service, const grpc::Status& status)
{
    if (status.ok())
        return absl::OkStatus();
    const bool away = status.error_code() == grpc::StatusCode::UNAVAILABLE;
    std::string text = fmt::format(
        "{}: {}{}", service, away ? "cannot be reached: " : "", status.error_message());
    const std::string fields = violations(status);
    if (!fields.empty())
        text += fmt::format(" ({})", fields);
    return {static_cast<absl::StatusCode>(status.error_code()), text};
}

bool isPassing(const grpc::Status& status)
{
    switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
        return true;
    default:
        return false;
    }
}

grpc::Status withPatience(
    const Patience& patience, const std::function<grpc::Status(grpc::ClientContext&)>& attempt)
{
    const auto until = std::chrono::steady_clock::now() + patience.total;
    for (std::chrono::milliseconds pause = 50ms;; pause = std::min(pause * 2, 2000ms)) {
        grpc::ClientContext context;
        grpc::Status status = attempt(context);
        const bool stopped = patience.stop != nullptr && patience.stop->load();
        if (status.ok() || !isPassing(status) || stopped
            || std::chrono::steady_clock::now() + pause > until)
            return status;
        if (patience.onRetry)
            patience.onRetry(status.error_message());
        std::this_thread::sleep_for(pause);
    }
}

} // namespace shopfleet::ctl
