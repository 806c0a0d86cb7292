// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/listing.h"

#include "services/runtime/status.h"

#include <absl/status/statusor.h>
#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <functional>
#include <vector>

namespace shopfleet::control {

namespace {

struct Term {
    std::string field; // Empty: any of the texts.
    char op = ':'; // '=', '!' or ':'.
    std::string value; // In lower case.
};

struct Token {
    std::string text;
    std::size_t column = 0;
    bool quoted = false;
};

std::vector<Token> tokensOf(const std::string& text)
{
    std::vector<Token> tokens;
    for (std::size_t i = 0; i < text.size();) {
        const auto begin = i;
        if (absl::ascii_isspace(static_cast<unsigned char>(text[i]))) {
            ++i;
        } else if (text[i] == '"') {
            const auto end = std::min(text.find('"', i + 1), text.size());
            tokens.push_back({text.substr(i + 1, end - i - 1), begin + 1, true});
            i = end + 1;
        } else if (text[i] == '=' || text[i] == ':' || text.compare(i, 2, "!=") == 0) {
            i += text[i] == '!' ? 2 : 1;
            tokens.push_back({text.substr(begin, i - begin), begin + 1, false});
        } else {
            i = std::min(text.find_first_of(" \t=:\"!", i + 1), text.size());
            tokens.push_back({text.substr(begin, i - begin), begin + 1, false});
        }
    }
    return tokens;
}

bool isOperator(const Token& token)
{
    return !token.quoted && (token.text == "=" || token.text == ":" || token.text == "!=");
}

absl::StatusOr<std::vector<Term>> parse(
    const std::string& filter, const std::vector<std::string>& fields)
{
    const auto refuse = [](std::size_t column, const std::string& why) {
        return runtime::invalidField("filter", absl::StrCat("column ", column, ": ", why));
    };
    std::vector<Term> terms;
    const auto tokens = tokensOf(filter);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const auto& token = tokens[i];
        if (!token.quoted && token.text == "AND")
            continue;
        if (isOperator(token))
            return refuse(
                token.column, absl::StrCat("\"", token.text, "\" needs a field before it"));
        if (!token.quoted
            && (token.text == "OR" || token.text == "NOT"
                || token.text.find_first_of("()<>") != std::string::npos))
            return refuse(token.column, "only terms joined by AND are understood here");
        if (i + 1 >= tokens.size() || !isOperator(tokens[i + 1])) {
            terms.push_back({"", ':', absl::AsciiStrToLower(token.text)});
            continue;
        }
        if (std::ranges::find(fields, token.text) == fields.end())
            return refuse(token.column,
                absl::StrCat("there is no field \"", token.text, "\"; there are ",
                    absl::StrJoin(fields, ", ")));
        if (i + 2 >= tokens.size() || isOperator(tokens[i + 2]))
            return refuse(tokens[i + 1].column, "a value is missing");
        terms.push_back(
            {token.text, tokens[i + 1].text.front(), absl::AsciiStrToLower(tokens[i + 2].text)});
        i += 2;
    }
    return terms;
}

// Enum names are understood without their prefix: `state = down` as well as `state = STATE_DOWN`.
bool holds(const Term& term, const std::string& value)
{
    const auto lower = absl::AsciiStrToLower(value);
    const bool equal = lower == term.value || absl::EndsWith(lower, "_" + term.value);
    return term.op == ':' ? absl::StrContains(lower, term.value) : equal == (term.op == '=');
}

using Reader = std::function<std::string(const std::string& field)>;

bool matches(const std::vector<Term>& terms, const Reader& read, const std::string& text)
{
    return std::ranges::all_of(terms, [&](const Term& term) {
        return holds(term, term.field.empty() ? text : read(term.field));
    });
}

struct Page {
    std::size_t begin = 0;
    std::size_t size = 0;
};

template <typename Request>
absl::StatusOr<Page> pageOf(const Request& request)
{
    if (request.page_size() < 0 || request.page_size() > 1'000)
        return runtime::invalidField("page_size", "must be from 0 to 1000");
    std::size_t skip = 0;
    if constexpr (requires { request.skip(); }) {
        if (request.skip() < 0)
            return runtime::invalidField("skip", "must not be negative");
        skip = static_cast<std::size_t>(request.skip());
    }
    Page page{skip, request.page_size() == 0 ? 50U : static_cast<std::size_t>(request.page_size())};
    if (!request.page_token().empty() && !absl::SimpleAtoi(request.page_token(), &page.begin))
        return runtime::invalidField("page_token", "is not one of ours");
    return page;
}

std::string fieldOf(const v1::Event& event, const std::string& field)
{
    if (field == "service")
        return event.service();
    if (field == "replica")
        return event.replica();
    if (field == "kind")
        return event.kind();
    if (field == "severity")
        return shopfleet::common::v1::Severity_Name(event.severity());
    if (field == "actor")
        return event.actor().id();
    return google::protobuf::util::TimeUtil::ToString(event.at());
}

std::string fieldOf(const v1::Service& service, const std::string& field)
{
    if (field == "name")
        return service.name();
    if (field == "state")
        return v1::State_Name(service.state());
    if (field == "version")
        return service.version();
    return service.database() ? "true" : "false";
}

std::string fieldOf(const v1::Rollout& rollout, const std::string& field)
{
    if (field == "state")
        return v1::RolloutState_Name(rollout.state());
    if (field == "actor")
        return rollout.actor().id();
    std::string values; // Of all its services: `service : cart` finds each that touches it.
    for (const auto& target : rollout.targets())
        absl::StrAppend(&values, values.empty() ? "" : " ",
            field == "service" ? target.service() : target.version());
    return values;
}

std::string textOf(const v1::Rollout& rollout)
{
    auto text = absl::StrCat(rollout.id(), " ", rollout.reason(), " ", rollout.outcome());
    for (const auto& target : rollout.targets())
        absl::StrAppend(&text, " ", target.service(), " ", target.version());
    return text;
}

std::string textOf(const v1::Event& event)
{
    auto text = absl::StrCat(
        event.kind(), " ", event.service(), " ", event.replica(), " ", event.reason());
    for (const auto& [name, value] : event.facts())
        absl::StrAppend(&text, " ", value);
    return text;
}

} // namespace

absl::Status listServices(const v1::ListServicesRequest& request, const v1::Fleet& fleet,
    v1::ListServicesResponse* response)
{
    const auto page = pageOf(request);
    const auto terms = parse(request.filter(), {"name", "state", "version", "database"});
    if (!page.ok() || !terms.ok())
        return page.ok() ? terms.status() : page.status();
    std::vector<const v1::Service*> found;
    for (const auto& service : fleet.services()) {
        if (matches(
                *terms, [&](const std::string& field) { return fieldOf(service, field); },
                service.name()))
            found.push_back(&service);
    }
    std::string field = request.order_by();
    const bool down = absl::EndsWith(field, " desc");
    if (down)
        field.resize(field.size() - 5);
    if (!field.empty()) {
        if (field != "name" && field != "state")
            return runtime::invalidField(
                "order_by", absl::StrCat("must be name or state, not \"", field, "\""));
        std::ranges::stable_sort(found, [&](const auto* a, const auto* b) {
            return down ? fieldOf(*b, field) < fieldOf(*a, field)
                        : fieldOf(*a, field) < fieldOf(*b, field);
        });
    }
    response->set_total_size(static_cast<std::int64_t>(found.size()));
    for (auto i = page->begin; i < std::min(found.size(), page->begin + page->size); ++i)
        *response->add_services() = *found[i];
    if (page->begin + page->size < found.size())
        response->set_next_page_token(absl::StrCat(page->begin + page->size));
    return absl::OkStatus();
}

absl::Status listReleases(const v1::ListReleasesRequest& request,
    const std::vector<v1::Release>& releases, v1::ListReleasesResponse* response)
{
    const auto page = pageOf(request);
    if (!page.ok())
        return page.status();
    response->set_total_size(static_cast<std::int64_t>(releases.size()));
    for (auto i = page->begin; i < std::min(releases.size(), page->begin + page->size); ++i)
        *response->add_releases() = releases[i];
    if (page->begin + page->size < releases.size())
        response->set_next_page_token(absl::StrCat(page->begin + page->size));
    return absl::OkStatus();
}

absl::Status listRollouts(const v1::ListRolloutsRequest& request,
    const std::vector<const v1::Rollout*>& rollouts, v1::ListRolloutsResponse* response)
{
    const auto page = pageOf(request);
    const auto terms = parse(request.filter(), {"service", "state", "version", "actor"});
    if (!page.ok() || !terms.ok())
        return page.ok() ? terms.status() : page.status();
    if (!request.order_by().empty() && request.order_by() != "started_at desc")
        return runtime::invalidField("order_by", "must be started_at desc");
    std::vector<const v1::Rollout*> found;
    for (const auto* rollout : rollouts) {
        if (matches(
                *terms, [&](const std::string& field) { return fieldOf(*rollout, field); },
                textOf(*rollout)))
            found.push_back(rollout);
    }
    response->set_total_size(static_cast<std::int64_t>(found.size()));
    for (auto i = page->begin; i < std::min(found.size(), page->begin + page->size); ++i)
        *response->add_rollouts() = *found[i];
    if (page->begin + page->size < found.size())
        response->set_next_page_token(absl::StrCat(page->begin + page->size));
    return absl::OkStatus();
}

absl::Status listEvents(
    const v1::ListEventsRequest& request, const EventLog& log, v1::ListEventsResponse* response)
{
    const auto page = pageOf(request);
    const auto terms
        = parse(request.filter(), {"service", "replica", "kind", "severity", "actor", "at"});
    if (!page.ok() || !terms.ok())
        return page.ok() ? terms.status() : page.status();
    if (!request.order_by().empty() && request.order_by() != "at"
        && request.order_by() != "at desc")
        return runtime::invalidField("order_by", "must be at or at desc");
    std::vector<const v1::Event*> found;
    for (const auto& event : log.events()) {
        if (matches(
                *terms, [&](const std::string& field) { return fieldOf(event, field); },
                textOf(event)))
            found.push_back(&event);
    }
    if (request.order_by() != "at")
        std::ranges::reverse(found);
    response->set_total_size(static_cast<std::int64_t>(found.size()));
    for (auto i = page->begin; i < std::min(found.size(), page->begin + page->size); ++i)
        *response->add_events() = *found[i];
    if (page->begin + page->size < found.size())
        response->set_next_page_token(absl::StrCat(page->begin + page->size));
    return absl::OkStatus();
}

} // namespace shopfleet::control
