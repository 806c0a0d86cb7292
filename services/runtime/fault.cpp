// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/fault.h"

#include <absl/strings/numbers.h>

#include <random>

namespace shopfleet::runtime {
namespace {

// Set before the server is there, read afterwards.
std::string failing; // NOLINT(bugprone-dynamic-static-initializers)
double share = 0;

} // namespace

bool injectFault(const std::string& text)
{
    const auto equals = text.find('=');
    double given = 0;
    if (equals == 0 || equals == std::string::npos
        || !absl::SimpleAtod(text.substr(equals + 1), &given) || !(given >= 0 && given <= 1))
        return false;
    failing = text.substr(0, equals);
    share = given;
    return true;
}

bool failsOnPurpose(std::string_view method)
{
    if (share == 0 || method != failing)
        return false;
    thread_local std::mt19937_64 random(std::random_device{}());
    return std::uniform_real_distribution<>(0, 1)(random) < share;
}

} // namespace shopfleet::runtime
