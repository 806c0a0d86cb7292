// SPDX-License-Identifier: GPL-3.0-or-later
// What may be asked of a rollout: each refusal names the field.
#include "services/control/rollouts.h"
#include "services/runtime/status.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <set>

namespace shopfleet::control {

namespace {

constexpr int kMostSteps = 20;
constexpr int kMostSurge = 16;
constexpr std::int64_t kLongest = 86'400; // Seconds.
constexpr std::size_t kMostArguments = 50;
constexpr std::size_t kLongestValue = 1'000;

bool isDuration(const google::protobuf::Duration& duration)
{
    return duration.seconds() >= 0 && duration.nanos() >= 0 && duration.seconds() <= kLongest;
}

bool isFlag(const std::string& name)
{
    const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
    return !name.empty() && name.size() <= 40 && letter(name.front())
        && std::ranges::all_of(
            name, [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '-'; });
}

absl::Status checkArguments(
    const google::protobuf::Map<std::string, std::string>& arguments, const std::string& field)
{
    // These are how a replica is found and told apart.
    static const std::set<std::string> kOurs{
        "listen", "metrics", "data", "announce", "replica", "http"};
    if (arguments.size() > kMostArguments)
        return runtime::invalidField(field, absl::StrCat("are more than ", kMostArguments));
    for (const auto& [name, value] : arguments) {
        const auto at = absl::StrCat(field, "[\"", name, "\"]");
        if (!isFlag(name))
            return runtime::invalidField(
                at, "is no flag: lower-case letters, digits and hyphens, without the two in front");
        if (kOurs.contains(name))
            return runtime::invalidField(at, "is set by the control plane");
        if (value.size() > kLongestValue
            || std::ranges::any_of(value, [](unsigned char c) { return c < ' ' || c == 0x7F; }))
            return runtime::invalidField(
                at, absl::StrCat("must be at most ", kLongestValue, " bytes on one line"));
    }
    return absl::OkStatus();
}

absl::Status checkSteps(const v1::StartRolloutRequest& request)
{
    if (request.steps_size() > kMostSteps)
        return runtime::invalidField("steps", absl::StrCat("are more than ", kMostSteps));
    int before = 0;
    for (int i = 0; i < request.steps_size(); ++i) {
        const auto& step = request.steps(i);
        const auto field = absl::StrCat("steps[", i, "]");
        if (step.weight() < 1 || step.weight() > 100)
            return runtime::invalidField(field + ".weight", "must be from 1 to 100");
        if (step.weight() < before)
            return runtime::invalidField(field + ".weight", "is less than that of the step before");
        if (!isDuration(step.hold()))
            return runtime::invalidField(field + ".hold", "must be from 0 s to one day");
        before = step.weight();
    }
    return absl::OkStatus();
}

absl::Status checkGate(const v1::RolloutGate& gate)
{
    const auto isRatio = [](double value) { return value >= 0 && value <= 1; };
    if (!isRatio(gate.max_error_ratio()))
        return runtime::invalidField("gate.max_error_ratio", "must be from 0 to 1");
    if (!isRatio(gate.min_checkout_success()))
        return runtime::invalidField("gate.min_checkout_success", "must be from 0 to 1");
    const double factor = gate.max_p95_factor();
    if (!(factor == 0 || (factor >= 1 && factor <= 1'000)))
        return runtime::invalidField("gate.max_p95_factor", "must be from 1 to 1000");
    if (gate.min_requests() < 0 || gate.min_requests() > 1'000'000'000)
        return runtime::invalidField("gate.min_requests", "must be from 0 to 1000000000");
    return absl::OkStatus();
}

} // namespace

absl::Status Rollouts::checkTarget(const v1::StartRolloutRequest& request, int index) const
{
    const auto& target = request.targets(index);
    const auto field = absl::StrCat("targets[", index, "]");
    const auto service = m_fleet.service(target.service());
    if (!service)
        return runtime::invalidField(field + ".service",
            absl::StrCat("\"", target.service(), "\" is none of the fleet's services"));
    for (int i = 0; i < index; ++i) {
        if (request.targets(i).service() == target.service())
            return runtime::invalidField(
                field + ".service", absl::StrCat("\"", target.service(), "\" is there twice"));
    }
    if (!target.version().empty()) {
        const auto* release = m_releases.find(target.version());
        if (release == nullptr)
            return runtime::invalidField(
                field + ".version", absl::StrCat("there is no release \"", target.version(), "\""));
        const bool holds = std::ranges::find(release->programs(), service->program())
                != release->programs().end()
            || absl::StartsWith(service->program(), "/");
        if (!holds)
            return runtime::invalidField(field + ".version",
                absl::StrCat(
                    "the release ", target.version(), " does not hold ", service->program()));
    } else if (target.arguments().empty()) {
        return runtime::invalidField(
            field + ".version", "is missing, and no arguments are there that would change");
    }
    return checkArguments(target.arguments(), field + ".arguments");
}

absl::Status Rollouts::check(const v1::StartRolloutRequest& request) const
{
    if (request.targets().empty())
        return runtime::invalidField("targets", "at least one is needed");
    for (int i = 0; i < request.targets_size(); ++i) {
        if (auto status = checkTarget(request, i); !status.ok())
            return status;
    }
    if (auto status = checkSteps(request); !status.ok())
        return status;
    if (auto status = checkGate(request.gate()); !status.ok())
        return status;
    if (request.surge() < 0 || request.surge() > kMostSurge)
        return runtime::invalidField("surge", absl::StrCat("must be from 0 to ", kMostSurge));
    if (!isDuration(request.watch_for()))
        return runtime::invalidField("watch_for", "must be from 0 s to one day");
    return absl::OkStatus();
}

} // namespace shopfleet::control
