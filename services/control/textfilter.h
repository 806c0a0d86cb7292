// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/status.h"

#include <absl/status/statusor.h>
#include <absl/strings/numbers.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace shopfleet::control {

/// What a List method's filter asks of things that are kept in memory: `field = value`, `!=`, `:`
/// (contains) and bare words, joined by AND. Enum names are understood without their prefix.
class TextFilter {
public:
    /// Reads one field of a thing.
    using Reader = std::function<std::string(const std::string& field)>;

    static absl::StatusOr<TextFilter> parse(
        const std::string& filter, const std::vector<std::string>& fields);
    /// `text` is what bare words search.
    bool matches(const Reader& read, const std::string& text) const;

private:
    struct Term {
        std::string field; // Empty: the text.
        char op = ':'; // '=', '!' or ':'.
        std::string value; // In lower case.
    };
    std::vector<Term> m_terms;
};

struct Page {
    std::size_t begin = 0;
    std::size_t size = 0;
};

template <typename Request>
absl::StatusOr<Page> pageOf(const Request& request)
{
    if (request.page_size() < 0 || request.page_size() > 1'000)
        return runtime::invalidField("page_size", "must be from 0 to 1000");
    std::size_t skip = 0;
    if constexpr (requires { request.skip(); }) {
        if (request.skip() < 0)
            return runtime::invalidField("skip", "must not be negative");
        skip = static_cast<std::size_t>(request.skip());
    }
    Page page{skip, request.page_size() == 0 ? 50U : static_cast<std::size_t>(request.page_size())};
    if (!request.page_token().empty() && !absl::SimpleAtoi(request.page_token(), &page.begin))
        return runtime::invalidField("page_token", "is not one of ours");
    return page;
}

/// Puts the page's part of `found` into a response.
template <typename Item, typename Response, typename Add>
void answer(
    const std::vector<const Item*>& found, const Page& page, Response* response, const Add& add)
{
    const auto end = std::min(found.size(), page.begin + page.size);
    for (auto i = page.begin; i < end; ++i)
        *add(response) = *found[i];
    response->set_total_size(static_cast<std::int64_t>(found.size()));
    if (page.begin < found.size() && end < found.size())
        response->set_next_page_token(std::to_string(end));
}

} // namespace shopfleet::control
