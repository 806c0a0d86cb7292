// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/suspects.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>

namespace shopfleet::control {

using google::protobuf::util::TimeUtil;
using traces::v1::CallGraph;

namespace {

// How far each kind of evidence alone can convince.
constexpr double kMissingWeight = 0.9;
constexpr double kBeganWeight = 0.85;
constexpr double kSlowWeight = 0.8;
constexpr double kSymptomWeight = 0.3; // Of its callees' making as well as of its own.
constexpr double kFirstWeight = 0.15;
constexpr double kChangeWeight = 0.15; // Most incidents are changes.
constexpr double kExcused = 0.8; // So much of a symptom goes where a callee explains it.
constexpr double kLeast = 0.05;
constexpr std::int64_t kFewTraces = 5;
constexpr std::int64_t kTogetherUs = 1'500'000; // Figures come by the second.
constexpr double kSlowerMs = 20; // Less than that is noise.

/// Of two reasons that do not depend on each other.
double either(double a, double b)
{
    return 1 - (1 - a) * (1 - b);
}

const CallGraph::Node* nodeOf(const std::optional<CallGraph>& graph, const std::string& service)
{
    if (!graph)
        return nullptr;
    const auto found = std::ranges::find(graph->nodes(), service, &CallGraph::Node::service);
    return found == graph->nodes().end() ? nullptr : &*found;
}

/// How long a trace waited for this service itself, in the mean.
double ownMs(const CallGraph::Node* node)
{
    return node == nullptr || node->traces() < kFewTraces
        ? 0
        : static_cast<double>(TimeUtil::DurationToMicroseconds(node->waited_for())) / 1e3
            / static_cast<double>(node->traces());
}

/// How much of the time that is waited longer than usual, over all traces, is waited for each.
std::map<std::string, double> slowerMs(const Hearing& hearing)
{
    std::map<std::string, double> slower;
    if (!hearing.lately)
        return slower;
    for (const auto& node : hearing.lately->nodes()) {
        // Without a "before" there is nothing to compare with, and a service that is slow by nature
        // is not to blame.
        const auto* usual = nodeOf(hearing.before, node.service());
        const double more = ownMs(&node) - ownMs(usual);
        if (usual != nullptr && ownMs(&node) > 0 && more >= kSlowerMs && more >= ownMs(usual))
            slower[node.service()] = more * static_cast<double>(node.traces());
    }
    return slower;
}

/// Whoever a service calls, and whoever those call.
std::map<std::string, std::set<std::string>> calleesOf(const Hearing& hearing)
{
    std::map<std::string, std::set<std::string>> callees;
    for (const auto& graph : {hearing.before, hearing.lately}) {
        if (!graph)
            continue;
        for (const auto& edge : graph->edges())
            callees[edge.from()].insert(edge.to());
    }
    for (bool grown = true; grown;) {
        grown = false;
        for (auto& [caller, all] : callees) {
            const auto direct = all;
            for (const auto& callee : direct) {
                if (const auto further = callees.find(callee); further != callees.end())
                    all.insert(further->second.begin(), further->second.end());
            }
            all.erase(caller); // A ring explains nothing.
            grown = grown || all.size() > direct.size();
        }
    }
    return callees;
}

struct Case {
    double own = 0; ///< What it does by itself.
    double symptoms = 0;
    v1::Suspect suspect;
};

void say(Case& one, const char* kind, const std::string& words, double value = 0, double usual = 0)
{
    one.suspect.add_evidence(words);
    auto& fact = *one.suspect.add_facts();
    fact.set_kind(kind);
    fact.set_value(value);
    fact.set_usual(usual);
}

v1::Evidence& last(Case& one)
{
    return *one.suspect.mutable_facts()->rbegin();
}

void weighMissing(const Signs& signs, Case& one)
{
    if (signs.missing <= 0)
        return;
    one.own = either(one.own, kMissingWeight * std::min(1.0, signs.missing));
    say(one, "missing", signs.missingWhy, signs.missing);
    last(one).set_subject(signs.missingReason);
}

void weighFailures(const Signs& signs, const Hearing& hearing, Case& one)
{
    const auto* node = nodeOf(hearing.lately, signs.service);
    if (node == nullptr || node->began_failures() == 0
        || hearing.lately->failed_traces() < kFewTraces)
        return;
    const auto share = static_cast<double>(node->began_failures())
        / static_cast<double>(hearing.lately->failed_traces());
    one.suspect.set_failed_trace_share(share);
    one.own = either(one.own, kBeganWeight * share);
    say(one, "began",
        absl::StrFormat("%.0f %% of %d failed traces began to fail here", share * 100,
            hearing.lately->failed_traces()),
        share);
    last(one).set_count(hearing.lately->failed_traces());
}

void weighSlowness(const Signs& signs, const Hearing& hearing,
    const std::map<std::string, double>& slower, Case& one)
{
    const auto found = slower.find(signs.service);
    if (found == slower.end())
        return;
    double all = 0;
    for (const auto& [service, ms] : slower)
        all += ms;
    // Twice as long as usual says little, four times says all that it can.
    const double now = ownMs(nodeOf(hearing.lately, signs.service));
    const double usual = ownMs(nodeOf(hearing.before, signs.service));
    const double weight = kSlowWeight * std::min(1.0, (now - usual) / (3 * std::max(usual, 1.0)));
    one.own = either(one.own, weight * found->second / all);
    say(one, "waited",
        absl::StrFormat("a trace waits %.0f ms for it alone, usually %.0f ms", now, usual), now,
        usual);
}

void weighSymptoms(const Signs& signs, Case& one)
{
    const double more = signs.errorRatio - signs.usualErrorRatio;
    if (more >= 0.02) {
        one.symptoms = either(one.symptoms, kSymptomWeight * std::min(1.0, more * 5));
        say(one, "errors",
            absl::StrFormat("%.1f %% of its calls fail, usually %.1f %%", signs.errorRatio * 100,
                signs.usualErrorRatio * 100),
            signs.errorRatio, signs.usualErrorRatio);
    }
    if (signs.usualP95Ms > 0 && signs.p95Ms >= 2 * signs.usualP95Ms
        && signs.p95Ms >= signs.usualP95Ms + kSlowerMs) {
        one.symptoms = either(
            one.symptoms, kSymptomWeight * std::min(1.0, signs.p95Ms / signs.usualP95Ms / 10));
        say(one, "slow",
            absl::StrFormat("95 %% of its calls take up to %.0f ms, usually %.0f ms", signs.p95Ms,
                signs.usualP95Ms),
            signs.p95Ms, signs.usualP95Ms);
    }
}

} // namespace

std::vector<v1::Suspect> rankSuspects(const std::vector<Signs>& signs, const Hearing& hearing)
{
    const auto slower = slowerMs(hearing);
    const auto callees = calleesOf(hearing);
    std::map<std::string, Case> cases;
    auto first = std::numeric_limits<std::int64_t>::max();
    for (const auto& one : signs) {
        auto& weighed = cases[one.service];
        weighed.suspect.set_service(one.service);
        weighed.suspect.set_replica(one.replica);
        weighMissing(one, weighed);
        weighFailures(one, hearing, weighed);
        weighSlowness(one, hearing, slower, weighed);
        weighSymptoms(one, weighed);
        if (one.firstDeviationUs > 0) {
            *weighed.suspect.mutable_first_deviation()
                = TimeUtil::MicrosecondsToTimestamp(one.firstDeviationUs);
            first = std::min(first, one.firstDeviationUs);
        }
    }
    std::vector<v1::Suspect> suspects;
    for (const auto& one : signs) {
        auto& weighed = cases.at(one.service);
        double explained = 0;
        std::string by;
        if (const auto below = callees.find(one.service); below != callees.end()) {
            for (const auto& callee : below->second) {
                const auto found = cases.find(callee);
                if (found != cases.end() && found->second.own > explained) {
                    explained = found->second.own;
                    by = callee;
                }
            }
        }
        double score = either(weighed.own, weighed.symptoms * (1 - kExcused * explained));
        if (score < kLeast)
            continue;
        if (weighed.symptoms > 0 && explained > weighed.own) {
            say(weighed, "calls", absl::StrCat("it calls ", by));
            last(weighed).set_subject(by);
        }
        if (one.firstDeviationUs > 0 && one.firstDeviationUs <= first + kTogetherUs) {
            score = either(score, kFirstWeight);
            say(weighed, "first", "was among the first to change");
        }
        if (!one.change.empty()) {
            score = either(score, kChangeWeight);
            say(weighed, "change", one.change, one.changeSeconds);
            last(weighed).set_subject(one.changeKind);
        }
        weighed.suspect.set_score(score);
        suspects.push_back(weighed.suspect);
    }
    std::ranges::stable_sort(
        suspects, std::ranges::greater(), [](const v1::Suspect& one) { return one.score(); });
    return suspects;
}

} // namespace shopfleet::control
