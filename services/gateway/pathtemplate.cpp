// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/gateway/pathtemplate.h"

#include "services/gateway/text.h"

#include <algorithm>

namespace shopfleet::gateway {
namespace {

absl::Status addSegments(std::string_view text, PathTemplate& result)
{
    for (const std::string_view segment : split(text, '/')) {
        if (segment.empty() || segment == "**"
            || (segment != "*" && segment.find_first_of("{}*=:") != std::string_view::npos))
            return absl::InvalidArgumentError(concat("bad segment '", segment, "'"));
        result.segments.emplace_back(segment);
    }
    return absl::OkStatus();
}

/// Takes `{field}` or `{field=pattern}` from the front of the text.
absl::Status takeVariable(std::string_view& text, PathTemplate& result)
{
    const std::size_t end = text.find('}');
    if (end == std::string_view::npos)
        return absl::InvalidArgumentError("a bracket is not closed");
    const std::string_view inner = text.substr(1, end - 1);
    text.remove_prefix(end + 1);

    const std::size_t equals = inner.find('=');
    const std::string_view field = inner.substr(0, equals);
    if (field.empty())
        return absl::InvalidArgumentError("a variable has no name");
    const std::size_t first = result.segments.size();
    const bool plain = equals == std::string_view::npos;
    if (auto status = addSegments(plain ? "*" : inner.substr(equals + 1), result); !status.ok())
        return status;
    result.variables.push_back({std::string(field), first, result.segments.size() - first});
    return absl::OkStatus();
}

} // namespace

absl::StatusOr<PathTemplate> PathTemplate::parse(std::string_view text)
{
    const auto refuse = [whole = std::string(text)](const auto& why) {
        return absl::InvalidArgumentError(concat("path '", whole, "': ", why));
    };
    PathTemplate result;
    while (!text.empty() && text.front() == '/') {
        text.remove_prefix(1);
        if (!text.empty() && text.front() == '{') {
            if (auto status = takeVariable(text, result); !status.ok())
                return refuse(status.message());
        } else {
            const std::size_t end = std::min(text.find_first_of("/:"), text.size());
            if (auto status = addSegments(text.substr(0, end), result); !status.ok())
                return refuse(status.message());
            text.remove_prefix(end);
        }
    }
    if (!text.empty() && text.front() == ':') {
        result.verb = text.substr(1);
        if (result.verb.empty() || result.verb.find_first_of("/:{}*") != std::string::npos)
            return refuse("the verb is malformed");
        text = {};
    }
    if (!text.empty() || result.segments.empty())
        return refuse("does not consist of /segments");
    return result;
}

} // namespace shopfleet::gateway
