// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/provider/v1/provider.pb.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

// The sandbox's cards: what each pays, and what goes wrong with the answer. Pure.
namespace shopfleet::provider {

struct Card {
    std::string method; ///< What a person may read of it.
    std::string declines; ///< Why it does not pay; empty: it does.
};
/// None where no card has this token.
std::optional<Card> cardOf(std::string_view token);

/// What goes wrong with the answer to a request, and which webhooks tell of it.
struct Trouble {
    bool lost = false; ///< The answer never comes.
    bool fails = false; ///< The answer is INTERNAL, though it was done.
    std::chrono::milliseconds answerAfter{0};
    int webhooks = 0;
    std::chrono::milliseconds webhookAfter{0};
};
Trouble troubleOf(std::string_view token, v1::Kind kind);

/// The provider's name for the operation: the same for the same key, in any run.
std::string referenceFor(const std::string& key);

} // namespace shopfleet::provider
