// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/gateway/router.h"

#include "services/gateway/text.h"
#include "services/gateway/uri.h"

#include <absl/strings/str_join.h>

#include <functional>
#include <span>

namespace shopfleet::gateway {

/// What is at the end of a path with one verb: for each method the target and the fields that the
/// path names.
struct Router::Leaf {
    struct Entry {
        int target = -1;
        std::vector<PathTemplate::Variable> variables;
    };
    std::map<std::string, Entry, std::less<>> methods;
};

struct Router::Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
    std::unique_ptr<Node> any;
    std::map<std::string, Leaf, std::less<>> verbs;

    const Leaf* find(std::span<const std::string> segments, std::string_view verb) const
    {
        if (segments.empty()) {
            const auto leaf = verbs.find(verb);
            return leaf == verbs.end() ? nullptr : &leaf->second;
        }
        const auto rest = segments.subspan(1);
        if (const auto next = literals.find(segments.front()); next != literals.end()) {
            if (const Leaf* leaf = next->second->find(rest, verb))
                return leaf;
        }
        return any && !segments.front().empty() ? any->find(rest, verb) : nullptr;
    }
};

Router::Router()
    : m_root(std::make_unique<Node>())
{
}

Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

absl::Status Router::add(std::string_view method, const PathTemplate& path, int target)
{
    Node* node = m_root.get();
    for (const std::string& segment : path.segments) {
        auto& next = segment == "*" ? node->any : node->literals[segment];
        if (!next)
            next = std::make_unique<Node>();
        node = next.get();
    }
    const auto [entry, isNew] = node->verbs[path.verb].methods.try_emplace(std::string(method));
    if (!isNew)
        return absl::AlreadyExistsError(
            concat(method, " ", absl::StrJoin(path.segments, "/"), " leads to two places"));
    entry->second = {target, path.variables};
    return absl::OkStatus();
}

absl::StatusOr<Router::Match> Router::match(std::string_view method, std::string_view path) const
{
    Match result;
    if (path.empty() || path.front() != '/')
        return result;
    path.remove_prefix(1);

    // The verb is split off before decoding: an escaped colon belongs to the id.
    const std::vector<std::string_view> raw = split(path, '/');
    const std::size_t colon = raw.back().rfind(':');
    const bool hasVerb = colon != std::string_view::npos;
    const std::string_view verb = hasVerb ? raw.back().substr(colon + 1) : std::string_view();

    std::vector<std::string> segments;
    for (const std::string_view segment : raw) {
        auto decoded = decodePercent(segment);
        if (!decoded.ok())
            return decoded.status();
        segments.push_back(*std::move(decoded));
    }

    const Leaf* leaf = nullptr;
    if (hasVerb) {
        auto shortened = segments;
        shortened.back() = *decodePercent(raw.back().substr(0, colon));
        leaf = m_root->find(shortened, verb);
        if (leaf)
            segments = std::move(shortened);
    }
    if (!leaf)
        leaf = m_root->find(segments, {});
    if (!leaf)
        return result;

    const auto entry = leaf->methods.find(method);
    if (entry == leaf->methods.end()) {
        for (const auto& [known, unused] : leaf->methods)
            result.allow.push_back(known);
        return result;
    }
    result.target = entry->second.target;
    for (const auto& variable : entry->second.variables) {
        const std::span taken(segments.data() + variable.first, variable.count);
        result.bindings.emplace_back(variable.field, absl::StrJoin(taken, "/"));
    }
    return result;
}

} // namespace shopfleet::gateway
