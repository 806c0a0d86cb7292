// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/command.h"
#include "services/ctl/jsontext.h"

#include <fmt/format.h>
#include <ostream>

namespace shopfleet::ctl {

ExitCode Invocation::fail(const absl::Status& status) const
{
    const std::string code = absl::StatusCodeToString(status.code());
    const std::string message(status.message());
    err << fmt::format("shopfleetctl: {}: {}\n", code, message);
    if (json) {
        const Json answer = {{"error", {{"code", code}, {"message", message}}}};
        out << toText(answer) << '\n';
    }
    const bool unreachable = absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status);
    return unreachable ? kUnreachable : kFailed;
}

ExitCode Invocation::refuse(const std::string& why) const
{
    err << fmt::format("shopfleetctl: {}\n", why);
    return kUsage;
}

} // namespace shopfleet::ctl
