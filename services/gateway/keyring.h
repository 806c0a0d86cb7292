// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/gateway/token.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace shopfleet::gateway {

/// Accounts' public keys, fetched when first needed, again when a token names a key that is not
/// there, and every few minutes. Keys that are here go on verifying while accounts is away. Called
/// from many threads; several waiting tokens share one fetch.
class KeyRing {
public:
    using Keys = absl::StatusOr<VerifyingKeys>;
    /// Asks accounts, and calls back once, on any thread.
    using Fetch = std::function<void(std::function<void(Keys)>)>;
    using Verified = std::function<void(absl::StatusOr<std::string> subject)>;

    explicit KeyRing(Fetch fetch);

    /// Answers with the token's subject: at once if its key is here, after a fetch otherwise.
    /// UNAUTHENTICATED: the token is no good. UNAVAILABLE: nobody can tell now.
    void verify(std::string_view token, Verified done);

private:
    struct State;

    static void refresh(
        const std::shared_ptr<State>& state, std::function<void(absl::Status)> then);

    std::shared_ptr<State> m_state; ///< Outlives this in a fetch that is under way.
};

} // namespace shopfleet::gateway
