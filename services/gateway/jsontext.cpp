// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/gateway/jsontext.h"

#include "services/gateway/fault.h"
#include "services/gateway/text.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace shopfleet::gateway {
namespace {

using Json = nlohmann::json;

absl::Status malformed(std::string_view text, std::size_t position)
{
    const std::string_view before = text.substr(0, position > 0 ? position - 1 : 0);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const std::size_t lineStart = before.rfind('\n');
    const std::size_t column
        = before.size() - (lineStart == std::string_view::npos ? 0 : lineStart + 1) + 1;
    return absl::InvalidArgumentError(
        concat("the body is not valid JSON: line ", line, ", column ", column));
}

/// Sees every element while the parser builds the document and keeps the first thing that is wrong
/// with it.
class Inspector {
public:
    bool operator()(int depth, Json::parse_event_t event, const Json& value)
    {
        switch (event) {
        case Json::parse_event_t::object_start:
        case Json::parse_event_t::array_start:
            if (depth >= kMaxJsonDepth)
                fail(absl::InvalidArgumentError(
                    concat("the body is nested deeper than ", kMaxJsonDepth, " levels")));
            if (event == Json::parse_event_t::object_start && m_status.ok())
                m_keys.emplace_back();
            break;
        case Json::parse_event_t::object_end:
            if (m_status.ok())
                m_keys.pop_back();
            break;
        case Json::parse_event_t::key:
            if (m_status.ok() && !m_keys.back().insert(value.get_ref<const std::string&>()).second)
                fail(badField(value.get_ref<const std::string&>(), "is there twice"));
            checkText(value);
            break;
        case Json::parse_event_t::value:
            checkText(value);
            break;
        case Json::parse_event_t::array_end:
            break;
        }
        return m_status.ok(); // False drops the value: a hostile document is not kept.
    }

    const absl::Status& status() const { return m_status; }

private:
    void checkText(const Json& value)
    {
        if (value.is_string()
            && value.get_ref<const std::string&>().find('\0') != std::string::npos)
            fail(absl::InvalidArgumentError("the body holds a NUL character"));
    }

    void fail(absl::Status status)
    {
        if (m_status.ok())
            m_status = std::move(status);
    }

    absl::Status m_status;
    std::vector<std::set<std::string>> m_keys;
};

} // namespace

absl::StatusOr<nlohmann::json> parseJson(std::string_view text)
{
    if (text.starts_with("\xEF\xBB\xBF"))
        return absl::InvalidArgumentError("the body starts with a byte order mark");
    Inspector inspector;
    try {
        auto document = Json::parse(text, std::ref(inspector));
        if (!inspector.status().ok())
            return inspector.status();
        return document;
    } catch (const Json::parse_error& error) {
        if (!inspector.status().ok())
            return inspector.status();
        return malformed(text, error.byte);
    } catch (const Json::out_of_range&) {
        return absl::InvalidArgumentError("the body holds a number that is too large");
    }
}

} // namespace shopfleet::gateway
