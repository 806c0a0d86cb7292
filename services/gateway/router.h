// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/gateway/pathtemplate.h"

#include <absl/status/statusor.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shopfleet::gateway {

/// Field paths with what the request's path says for them, decoded.
using Bindings = std::vector<std::pair<std::string, std::string>>;

/// Finds the target of a method and path. A tree of segments: literals win over variables, a verb
/// over an id with a colon. Knows nothing of what a target is. Built once, then read by many
/// threads.
class Router {
public:
    struct Match {
        int target = -1; ///< -1: none.
        Bindings bindings;
        std::vector<std::string>
            allow; ///< If the path is known but not with this method: the methods that are.
    };

    Router();
    ~Router();
    Router(Router&&) noexcept;
    Router& operator=(Router&&) noexcept;

    /// Refuses a second target for the same method and shape of path.
    absl::Status add(std::string_view method, const PathTemplate& path, int target);

    /// The path is the raw one, without the query. An error is a path that cannot be decoded.
    absl::StatusOr<Match> match(std::string_view method, std::string_view path) const;

private:
    struct Node;
    struct Leaf;

    std::unique_ptr<Node> m_root;
};

} // namespace shopfleet::gateway
