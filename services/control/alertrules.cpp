// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/alertrules.h"

#include "services/control/history.h"
#include "services/runtime/status.h"

#include <absl/strings/ascii.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace shopfleet::control {

using shopfleet::common::v1::Severity;

namespace {

constexpr std::int64_t kLongestFor = 86'400; // Seconds.
constexpr std::size_t kLongestText = 200;

const std::vector<std::string>& serviceMetrics()
{
    static const auto kNames = [] {
        auto names = metricNames();
        for (const auto* more :
            {"missing_replicas", "crashes", "waiting_orders", "waiting_seconds", "needs_person"})
            names.emplace_back(more);
        return names;
    }();
    return kNames;
}

const std::vector<std::string>& storeMetrics()
{
    static const std::vector<std::string> kNames{
        "checkouts_per_second", "checkout_failures", "violations"};
    return kNames;
}

const std::vector<std::string>& methodMetrics()
{
    static const std::vector<std::string> kNames{
        "requests_per_second", "error_ratio", "p50_ms", "p95_ms", "p99_ms"};
    return kNames;
}

bool isIn(const std::vector<std::string>& names, const std::string& name)
{
    return std::ranges::find(names, name) != names.end();
}

absl::Status refuse(std::size_t column, const std::string& why)
{
    return runtime::invalidField("rule.expression", absl::StrCat("column ", column + 1, ": ", why));
}

bool compare(double value, const std::string& op, double limit)
{
    if (op == ">")
        return value > limit;
    if (op == ">=")
        return value >= limit;
    if (op == "<")
        return value < limit;
    return value <= limit;
}

v1::AlertRule rule(
    const char* id, const char* title, const char* expression, int seconds, Severity severity)
{
    v1::AlertRule rule;
    rule.set_id(id);
    rule.set_title(title);
    rule.set_expression(expression);
    rule.mutable_for_duration()->set_seconds(seconds);
    rule.set_severity(severity);
    rule.set_enabled(true);
    return rule;
}

} // namespace

absl::StatusOr<AlertExpression> AlertExpression::parse(const std::string& text)
{
    AlertExpression expression;
    std::size_t at = 0;
    const auto skip = [&] {
        while (at < text.size() && absl::ascii_isspace(static_cast<unsigned char>(text[at])))
            ++at;
    };
    const auto word = [&](absl::string_view within) {
        skip();
        const auto begin = at;
        while (at < text.size()
            && (within.empty() ? !absl::ascii_isspace(static_cast<unsigned char>(text[at]))
                        && text[at] != '<' && text[at] != '>' && text[at] != '=' && text[at] != '!'
                               : absl::StrContains(within, text[at])))
            ++at;
        return std::pair(text.substr(begin, at - begin), begin);
    };
    int ofStore = 0;
    do {
        const auto [metric, column] = word({});
        const bool store = isIn(storeMetrics(), metric);
        if (!store && !isIn(serviceMetrics(), metric))
            return refuse(column,
                metric.empty() ? "a metric is missing"
                               : absl::StrCat("there is no metric \"", metric, "\"; there are ",
                                   absl::StrJoin(serviceMetrics(), ", "), ", ",
                                   absl::StrJoin(storeMetrics(), ", ")));
        const auto [op, opColumn] = word("<>=!");
        if (op != ">" && op != ">=" && op != "<" && op != "<=")
            return refuse(opColumn, "one of > >= < <= is to follow");
        const auto [number, numberColumn] = word({});
        Term term{metric, op, 0};
        if (!absl::SimpleAtod(number, &term.limit) || !std::isfinite(term.limit))
            return refuse(numberColumn, "a number is to follow");
        expression.m_terms.push_back(term);
        ofStore += store ? 1 : 0;
        const auto [joint, jointColumn] = word({});
        if (joint.empty() && at >= text.size())
            break;
        if (joint != "AND")
            return refuse(jointColumn, "only AND can follow");
    } while (true);
    if (ofStore > 0 && ofStore < static_cast<int>(expression.m_terms.size()))
        return refuse(0, "metrics of a service and of the store cannot be joined");
    expression.m_ofStore = ofStore > 0;
    return expression;
}

std::optional<bool> AlertExpression::holds(const Reader& read) const
{
    bool known = true;
    for (const auto& term : m_terms) {
        const double value = read(term.metric);
        if (std::isnan(value))
            known = false;
        else if (!compare(value, term.op, term.limit))
            return false;
    }
    return known ? std::optional(true) : std::nullopt;
}

std::string AlertExpression::explain(const Reader& read) const
{
    std::vector<std::string> parts;
    for (const auto& term : m_terms)
        parts.push_back(absl::StrCat(term.metric, " is ", read(term.metric)));
    return absl::StrJoin(parts, ", ");
}

double AlertExpression::value(const Reader& read) const
{
    return m_terms.empty() ? std::nan("") : read(m_terms.front().metric);
}

std::string AlertExpression::unknownOfMethods() const
{
    const auto found = std::ranges::find_if(
        m_terms, [](const Term& term) { return !isIn(methodMetrics(), term.metric); });
    return found == m_terms.end() ? std::string() : found->metric;
}

std::vector<v1::AlertRule> defaultAlertRules()
{
    return {
        rule("service-down", "No replica serves", "healthy_replicas < 1 AND missing_replicas > 0",
            3, Severity::SEVERITY_FAILURE),
        rule("replicas-missing", "Fewer replicas serve than there should be",
            "missing_replicas > 0", 15, Severity::SEVERITY_WARNING),
        rule("crashing", "Replicas end again and again", "crashes >= 4", 0,
            Severity::SEVERITY_WARNING),
        rule("calls-fail", "Many calls fail", "error_ratio > 0.05 AND requests_per_second > 1", 10,
            Severity::SEVERITY_FAILURE),
        rule("answers-slow", "Answers are slow", "p95_ms > 1000 AND requests_per_second > 1", 20,
            Severity::SEVERITY_WARNING),
        rule(
            "writes-queue", "Writes queue up", "queue_depth > 500", 15, Severity::SEVERITY_WARNING),
        rule("checkouts-fail", "Checkouts fail",
            "checkout_failures > 0.05 AND checkouts_per_second > 0.2", 10,
            Severity::SEVERITY_FAILURE),
        rule("orders-wait", "Orders wait", "waiting_orders >= 5 AND waiting_seconds > 60", 10,
            Severity::SEVERITY_WARNING),
        rule("person-needed", "Orders need a person", "needs_person > 0", 60,
            Severity::SEVERITY_WARNING),
        rule("books-disagree", "The services' books do not agree", "violations > 0", 0,
            Severity::SEVERITY_FAILURE),
    };
}

absl::Status check(const v1::AlertRule& rule)
{
    const auto isId = [](const std::string& id) {
        return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, [](char c) {
            return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_';
        });
    };
    if (!isId(rule.id()))
        return runtime::invalidField(
            "rule.id", "must have 1 to 64 letters, digits, \"-\" and \"_\"");
    if (rule.title().empty() || rule.title().size() > kLongestText)
        return runtime::invalidField("rule.title", "must have 1 to 200 characters");
    if (rule.for_duration().seconds() < 0 || rule.for_duration().nanos() < 0
        || rule.for_duration().seconds() > kLongestFor)
        return runtime::invalidField("rule.for_duration", "must be from 0 s to one day");
    if (rule.severity() != Severity::SEVERITY_WARNING
        && rule.severity() != Severity::SEVERITY_FAILURE)
        return runtime::invalidField("rule.severity", "must be a warning or a failure");
    if (rule.expression().size() > kLongestText)
        return runtime::invalidField("rule.expression", "must have at most 200 characters");
    const auto expression = AlertExpression::parse(rule.expression());
    if (!expression.ok())
        return expression.status();
    if (expression->isOfStore() && !rule.service().empty())
        return runtime::invalidField(
            "rule.service", "must be empty: the expression is about the whole store");
    if (rule.method().empty())
        return absl::OkStatus();
    if (rule.method().size() > kLongestText)
        return runtime::invalidField("rule.method", "must have at most 200 characters");
    if (rule.service().empty())
        return runtime::invalidField("rule.service", "is missing: whose method is it");
    if (const auto metric = expression->unknownOfMethods(); !metric.empty())
        return runtime::invalidField("rule.expression",
            absl::StrCat("\"", metric, "\" is not known of a method; there are ",
                absl::StrJoin(methodMetrics(), ", ")));
    return absl::OkStatus();
}

} // namespace shopfleet::control
