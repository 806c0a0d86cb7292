// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace shopfleet::ctl {

bool isUtf8(std::string_view text);

/// Any byte below space, or DEL.
bool hasControls(std::string_view text);

/// Without white space around it, and with single spaces inside.
std::string simplified(std::string_view text);

/// A name that shouts ("WHITE METAL LANTERN") in sentence case; a name that has small letters is
/// kept.
std::string calm(std::string_view name);

/// 64 bits that are the same for the same text on every machine and in every release (FNV-1a).
uint64_t stableHash(std::string_view text, uint64_t seed = 0xcbf29ce484222325u);

} // namespace shopfleet::ctl
