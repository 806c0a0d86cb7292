// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/orders/v1/orders.pb.h"

#include <string>
#include <string_view>
#include <vector>

// What the full text holds and how words that people type become a query of it. Pure.
//
// The rules, as a support person meets them:
// - Text is cut into words at everything that is no letter or digit; case and accents do not matter
// ("Müller" = "muller").
// - Each typed word is the beginning of a word: "retro" finds "retrospot". One character alone and
// quoted words match whole.
// - All words must be there, in any order. Found are the latest orders first, by the time they were
// placed.
// - An e-mail address is found by its part before the @; the domain is common to too many to tell
// orders apart.
namespace shopfleet::orders {

/// Folded words of a text, in its order.
std::vector<std::string> wordsOf(std::string_view text);

/// The document of an order: its distinct words of two characters or more, sorted, with one space
/// between.
std::string documentOf(const v1::Order& order);

/// The document's words that consist of letters alone: people search by their beginnings, and there
/// are few of them.
bool isPlainWord(std::string_view word);

/// One typed word: its beginning parts match whole, the last as a prefix unless quoted.
struct SearchWord {
    std::string text;
    bool prefix = false;
};

std::vector<SearchWord> searchWords(std::string_view typed, bool quoted);

} // namespace shopfleet::orders
