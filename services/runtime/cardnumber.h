// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace shopfleet::runtime {

/// Does a card's number stand in this text, with or without blanks and hyphens in it? 13 to 19
/// digits that begin as a scheme's do and whose check digit is right. Such a text is refused where
/// a provider's token belongs, before anything keeps it.
bool holdsCardNumber(std::string_view text);

} // namespace shopfleet::runtime
