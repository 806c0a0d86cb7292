// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/status.h>

#include <cstddef>
#include <string>
#include <string_view>

/// What any text in a request must look like. `field` is how the refusal names it.
namespace shopfleet::inventory {

/// One line: no control characters.
absl::Status checkLine(const std::string& field, std::string_view text, std::size_t longest);

/// Any text of any number of lines, within reason.
absl::Status checkText(const std::string& field, std::string_view text);

/// Ids and SKUs stand in addresses, on labels and in files: 1 to 64 characters of printable ASCII,
/// no blanks around them.
absl::Status checkName(const std::string& field, std::string_view name);

/// A new id that nobody can guess: 24 hexadecimal digits of the system's own randomness.
std::string newName();

} // namespace shopfleet::inventory
