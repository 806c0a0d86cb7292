// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/fault.h"

#include <absl/strings/numbers.h>

#include <random>

namespace shopfleet::runtime {
namespace {

struct Fault {
    std::string method; // "*": each.
    double size = 0;

    bool take(const std::string& text, double most)
    {
        const auto equals = text.find('=');
        double given = 0;
        if (equals == 0 || equals == std::string::npos
            || !absl::SimpleAtod(text.substr(equals + 1), &given) || !(given >= 0 && given <= most))
            return false;
        method = text.substr(0, equals);
        size = given;
        return true;
    }
    bool isFor(std::string_view called) const
    {
        return size > 0 && (method == called || method == "*");
    }
};

constexpr double kLongestDelay = 60;

// Set before the server is there, read afterwards.
Fault failure; // NOLINT(bugprone-dynamic-static-initializers)
Fault delay; // NOLINT(bugprone-dynamic-static-initializers)

} // namespace

bool injectFault(const std::string& text)
{
    return failure.take(text, 1);
}

bool failsOnPurpose(std::string_view method)
{
    if (!failure.isFor(method))
        return false;
    thread_local std::mt19937_64 random(std::random_device{}());
    return std::uniform_real_distribution<>(0, 1)(random) < failure.size;
}

bool injectDelay(const std::string& text)
{
    return delay.take(text, kLongestDelay);
}

std::chrono::microseconds delayOnPurpose(std::string_view method)
{
    return std::chrono::microseconds(
        delay.isFor(method) ? static_cast<std::int64_t>(delay.size * 1e6) : 0);
}

} // namespace shopfleet::runtime
