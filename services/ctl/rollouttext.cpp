// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/rollouttext.h"

#include "services/ctl/call.h"
#include "services/ctl/jsontext.h"
#include "services/ctl/table.h"
#include "services/ctl/timetext.h"

#include <fmt/format.h>
#include <ostream>
#include <thread>

namespace shopfleet::ctl {
namespace {

using control::v1::Control;
using namespace std::chrono_literals;

constexpr auto kLook = 250ms;

std::string timeText(const google::protobuf::Timestamp& at)
{
    return formatTime(at.seconds(), at.nanos() / 1'000'000);
}

std::string argumentsText(const google::protobuf::Map<std::string, std::string>& arguments)
{
    std::string text;
    for (const auto& [name, value] : arguments)
        text += fmt::format(" --{}={}", name, value);
    return text;
}

std::string targetsText(const control::v1::Rollout& rollout)
{
    std::string text;
    for (const auto& target : rollout.targets())
        text
            += fmt::format("{}{} {}", text.empty() ? "" : ", ", target.service(), target.version());
    return text;
}

std::string phaseText(const control::v1::Rollout& rollout, const control::v1::RolloutTarget& target)
{
    if (target.phase() == control::v1::ROLLOUT_PHASE_CANARY && target.step() < rollout.steps_size())
        return fmt::format("CANARY {}%", rollout.steps(target.step()).weight());
    if (target.phase() == control::v1::ROLLOUT_PHASE_UNSPECIFIED)
        return "";
    return enumText(control::v1::RolloutPhase_Name(target.phase()), "ROLLOUT_PHASE_");
}

std::string sideText(const control::v1::Figures& figures, std::int64_t requests)
{
    return requests == 0 ? "no requests"
                         : fmt::format("{} requests, {:.2f}% failed, p95 {:.1f} ms", requests,
                             figures.error_ratio() * 100, figures.p95_ms());
}

void writeGate(const control::v1::GateResult& gate, std::ostream& out)
{
    out << fmt::format("  new      {}\n  {} {}\n", sideText(gate.canary(), gate.canary_requests()),
        gate.from_before() ? "before  " : "stable  ",
        sideText(gate.stable(), gate.stable_requests()));
    if (gate.has_checkouts())
        out << fmt::format(
            "  checkouts that ended well: {:.1f}% now, {:.1f}% with the stable one\n",
            gate.canary_checkout_success() * 100, gate.stable_checkout_success() * 100);
    if (!gate.passed())
        out << "  " << gate.reason() << '\n';
}

void writeEvent(const control::v1::Event& event, std::ostream& out)
{
    out << fmt::format("{}  {}{}{}\n", timeText(event.at()), event.kind(),
        event.service().empty() ? "" : " " + event.service(),
        event.reason().empty() ? "" : ": " + event.reason());
}

} // namespace

std::string rolloutStateText(control::v1::RolloutState state)
{
    return enumText(control::v1::RolloutState_Name(state), "ROLLOUT_STATE_");
}

void writeRollouts(
    const google::protobuf::RepeatedPtrField<control::v1::Rollout>& rollouts, std::ostream& out)
{
    Table table({">ID", "STARTED", "STATE", "WHAT", "BY", "OUTCOME"});
    for (const auto& rollout : rollouts)
        table.add({rollout.id(), timeText(rollout.started_at()), rolloutStateText(rollout.state()),
            shortened((rollout.is_rollback() ? "back: " : "") + targetsText(rollout), 50),
            rollout.actor().id(),
            shortened(rollout.outcome().empty() ? rollout.reason() : rollout.outcome(), 70)});
    table.write(out);
}

void writeRollout(const control::v1::Rollout& rollout, bool json, std::ostream& out)
{
    if (json) {
        out << toText(Json{{"rollout", toJson(rollout)}}) << '\n';
        return;
    }
    out << fmt::format("rollout {} {}{}\n", rollout.id(), rolloutStateText(rollout.state()),
        rollout.outcome().empty() ? "" : ": " + rollout.outcome());
    Table table({"SERVICE", "FROM", "TO", "STATE", "PHASE", ">NEW", ">OLD"});
    for (const auto& target : rollout.targets()) {
        const auto state = target.state() == control::v1::ROLLOUT_STATE_UNSPECIFIED
            ? std::string("WAITING")
            : rolloutStateText(target.state());
        table.add({target.service(), target.from_version() + argumentsText(target.from_arguments()),
            target.version() + argumentsText(target.arguments()), state, phaseText(rollout, target),
            std::to_string(target.fresh_replicas()), std::to_string(target.stable_replicas())});
    }
    table.write(out);
    for (const auto& target : rollout.targets()) {
        if (!target.has_now())
            continue;
        out << target.service() << '\n';
        writeGate(target.now(), out);
    }
    for (const auto& event : rollout.events())
        writeEvent(event, out);
}

ExitCode followRollout(const Invocation& invocation, const std::string& id)
{
    const auto stub = Control::NewStub(invocation.fleet.channel("control"));
    control::v1::GetRolloutRequest request;
    request.set_id(id);
    int said = 0;
    for (;;) {
        const auto rollout
            = call(invocation.fleet, "control", *stub, &Control::Stub::GetRollout, request);
        if (!rollout.ok())
            return invocation.fail(rollout.status());
        for (; !invocation.json && said < rollout->events_size(); ++said)
            writeEvent(rollout->events(said), invocation.out);
        invocation.out.flush();
        if (rollout->has_ended_at()) {
            auto quiet = *rollout;
            if (!invocation.json)
                quiet.clear_events(); // They were said.
            writeRollout(quiet, invocation.json, invocation.out);
            return rollout->state() == control::v1::ROLLOUT_STATE_SUCCEEDED ? kDone : kFailed;
        }
        std::this_thread::sleep_for(kLook);
    }
}

} // namespace shopfleet::ctl
