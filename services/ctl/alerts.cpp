// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/call.h"
#include "services/ctl/command.h"
#include "services/ctl/jsontext.h"
#include "services/ctl/requestid.h"
#include "services/ctl/table.h"
#include "services/ctl/timetext.h"
#include "shopfleet/control/v1/control.grpc.pb.h"

#include <absl/strings/ascii.h>

#include <fmt/format.h>
#include <ostream>

namespace shopfleet::ctl {
namespace {

namespace po = boost::program_options;
using common::v1::Severity;
using control::v1::Control;

constexpr std::string_view kListDetails
    = "The newest first. A filter: state = firing AND severity = FAILURE; fields service, rule, "
      "severity, state\n(firing, acknowledged, muted, ended); words search titles. JSON: alerts[] "
      "(fields of shopfleet.control.v1.Alert), total_size.\n";
constexpr std::string_view kOneDetails
    = "acknowledge ID [--note TEXT]      says that somebody is on it\n"
      "mute ID --for SECONDS             no word of this rule and service for so long\n"
      "unmute ID\n"
      "rules                             what is watched\n"
      "save RULE --if EXPRESSION …       a new rule, or another wording of one\n"
      "remove RULE\n"
      "An expression: error_ratio > 0.05 AND requests_per_second > 1; a wrong one says\n"
      "which metrics there are.\n"
      "JSON: alert, rule, or rules[].\n";

std::string severityText(Severity severity)
{
    return enumText(common::v1::Severity_Name(severity), "SEVERITY_");
}

std::string stateText(const control::v1::Alert& alert)
{
    return alert.has_ended_at()       ? "ended"
        : alert.has_muted_until()     ? "muted"
        : alert.has_acknowledged_by() ? "acknowledged"
                                      : "firing";
}

void describeList(po::options_description& flags)
{
    flags.add_options()("lines,n", po::value<int>()->default_value(20), "how many, at most 1000");
}

ExitCode list(const Invocation& invocation)
{
    const int lines = invocation.value<int>("lines");
    if (lines < 1 || lines > 1'000)
        return invocation.refuse("alerts: --lines is not between 1 and 1000");
    control::v1::ListAlertsRequest request;
    request.set_page_size(lines);
    if (invocation.has("FILTER"))
        request.set_filter(invocation.value<std::string>("FILTER"));
    const auto stub = Control::NewStub(invocation.fleet.channel("control"));
    const auto found
        = call(invocation.fleet, "control", *stub, &Control::Stub::ListAlerts, request);
    if (!found.ok())
        return invocation.fail(found.status());
    if (invocation.json) {
        invocation.out << toText(toJson(*found)) << '\n';
        return kDone;
    }
    Table table({"ALERT", "STATE", "SEVERITY", "SINCE", "SERVICE", "WHAT", "FIGURES"});
    for (const auto& alert : found->alerts())
        table.add({alert.id(), stateText(alert), severityText(alert.severity()),
            formatTime(alert.since().seconds()),
            alert.service().empty() ? "the store" : alert.service(), alert.title(),
            alert.reason()});
    if (table.empty())
        invocation.out << "no alert\n";
    else
        table.write(invocation.out);
    return kDone;
}

void describeOne(po::options_description& flags)
{
    const auto text = [] { return po::value<std::string>()->default_value(""); };
    flags.add_options()("note", text(), "of acknowledge")(
        "for", po::value<int>(), "seconds: of mute, or how long a rule's condition has to last")(
        "if", text(), "of save: the condition")("title", text(), "of save")(
        "service", text(), "of save: this one alone")("method", text(),
        "of save: of the service's methods this one alone, or a step of the orders, as top says")(
        "severity", text(), "of save: warning or failure")("off", "of save: it is not watched");
}

template <class Message>
ExitCode say(const Invocation& invocation, const absl::StatusOr<Message>& answer, const char* name,
    const std::string& words)
{
    if (!answer.ok())
        return invocation.fail(answer.status());
    if (invocation.json)
        invocation.out << toText(Json{{name, toJson(*answer)}}) << '\n';
    else
        invocation.out << words << '\n';
    return kDone;
}

ExitCode acknowledge(const Invocation& invocation, Control::Stub& stub, const std::string& id)
{
    control::v1::AcknowledgeAlertRequest request;
    request.set_request_id(newRequestId());
    request.set_id(id);
    request.set_note(invocation.value<std::string>("note"));
    return say(invocation,
        call(invocation.fleet, "control", stub, &Control::Stub::AcknowledgeAlert, request), "alert",
        id + " is acknowledged");
}

ExitCode mute(const Invocation& invocation, Control::Stub& stub, const std::string& id, int seconds)
{
    control::v1::MuteAlertRequest request;
    request.set_request_id(newRequestId());
    request.set_id(id);
    request.mutable_mute_for()->set_seconds(seconds);
    return say(invocation,
        call(invocation.fleet, "control", stub, &Control::Stub::MuteAlert, request), "alert",
        seconds > 0 ? fmt::format("{} is muted for {} s", id, seconds) : id + " is not muted");
}

absl::StatusOr<control::v1::ListAlertRulesResponse> rules(
    const Invocation& invocation, Control::Stub& stub)
{
    control::v1::ListAlertRulesRequest request;
    request.set_page_size(1'000);
    return call(invocation.fleet, "control", stub, &Control::Stub::ListAlertRules, request);
}

ExitCode showRules(const Invocation& invocation, Control::Stub& stub)
{
    const auto found = rules(invocation, stub);
    if (!found.ok())
        return invocation.fail(found.status());
    if (invocation.json) {
        invocation.out << toText(Json{{"rules", toJson(*found)["alert_rules"]}}) << '\n';
        return kDone;
    }
    Table table({"RULE", "SEVERITY", ">FOR", "SERVICE", "IF", "TITLE"});
    for (const auto& rule : found->alert_rules())
        table.add({rule.id(), rule.enabled() ? severityText(rule.severity()) : "off",
            fmt::format("{} s", rule.for_duration().seconds()),
            rule.service().empty()      ? "each"
                : rule.method().empty() ? rule.service()
                                        : rule.service() + ' ' + rule.method(),
            rule.expression(), rule.title()});
    table.write(invocation.out);
    return kDone;
}

/// What is not given stays as it is, if there is such a rule.
ExitCode save(const Invocation& invocation, Control::Stub& stub, const std::string& id)
{
    const auto known = rules(invocation, stub);
    if (!known.ok())
        return invocation.fail(known.status());
    control::v1::AlertRule rule;
    rule.set_id(id);
    rule.set_title(id);
    rule.set_severity(Severity::SEVERITY_WARNING);
    for (const auto& one : known->alert_rules())
        if (one.id() == id)
            rule = one;
    const auto given = [&](const char* option, auto set) {
        if (auto text = invocation.value<std::string>(option); !text.empty())
            set(std::move(text));
    };
    given("if", [&](std::string text) { rule.set_expression(std::move(text)); });
    given("title", [&](std::string text) { rule.set_title(std::move(text)); });
    given("service", [&](std::string text) { rule.set_service(std::move(text)); });
    given("method", [&](std::string text) { rule.set_method(std::move(text)); });
    bool understood = true;
    given("severity", [&](const std::string& text) {
        Severity severity{};
        understood
            = common::v1::Severity_Parse("SEVERITY_" + absl::AsciiStrToUpper(text), &severity);
        rule.set_severity(severity);
    });
    if (!understood)
        return invocation.refuse("alert: --severity is not warning or failure");
    if (invocation.has("for"))
        rule.mutable_for_duration()->set_seconds(invocation.value<int>("for"));
    rule.set_enabled(!invocation.has("off"));
    control::v1::SaveAlertRuleRequest request;
    request.set_request_id(newRequestId());
    *request.mutable_rule() = rule;
    return say(invocation,
        call(invocation.fleet, "control", stub, &Control::Stub::SaveAlertRule, request), "rule",
        fmt::format("{}: {} for {} s", id, rule.expression(), rule.for_duration().seconds()));
}

ExitCode remove(const Invocation& invocation, Control::Stub& stub, const std::string& id)
{
    control::v1::DeleteAlertRuleRequest request;
    request.set_request_id(newRequestId());
    request.set_id(id);
    return say(invocation,
        call(invocation.fleet, "control", stub, &Control::Stub::DeleteAlertRule, request), "rule",
        id + " is removed");
}

ExitCode act(const Invocation& invocation)
{
    const auto action = invocation.value<std::string>("ACTION");
    const auto id = invocation.has("ID") ? invocation.value<std::string>("ID") : std::string();
    const auto stub = Control::NewStub(invocation.fleet.channel("control"));
    if (action == "rules")
        return showRules(invocation, *stub);
    if (id.empty())
        return invocation.refuse("alert: " + action + " needs an ID");
    if (action == "acknowledge" || action == "ack")
        return acknowledge(invocation, *stub, id);
    if (action == "mute") {
        if (!invocation.has("for") || invocation.value<int>("for") < 1)
            return invocation.refuse("alert: mute needs --for SECONDS");
        return mute(invocation, *stub, id, invocation.value<int>("for"));
    }
    if (action == "unmute")
        return mute(invocation, *stub, id, 0);
    if (action == "save")
        return save(invocation, *stub, id);
    if (action == "remove")
        return remove(invocation, *stub, id);
    return invocation.refuse(
        "alert: \"" + action + "\" is not acknowledge, mute, unmute, rules, save or remove");
}

} // namespace

const Command kAlertsCommand = {.name = "alerts",
    .usage = "[FILTER]",
    .summary = "Shows what fires, and what did",
    .details = kListDetails,
    .arguments = {{"FILTER", false, true}},
    .describe = describeList,
    .run = list};

const Command kAlertCommand = {.name = "alert",
    .usage = "acknowledge|mute|unmute|rules|save|remove [ID]",
    .summary = "Acknowledges or mutes an alert; shows and changes the rules",
    .details = kOneDetails,
    .arguments = {{"ACTION"}, {"ID", false, true}},
    .describe = describeOne,
    .run = act};

} // namespace shopfleet::ctl
