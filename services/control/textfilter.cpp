// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/textfilter.h"

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

namespace shopfleet::control {

namespace {

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
            std::string inside;
            for (++i; i < text.size() && text[i] != '"'; ++i) {
                i += text[i] == '\\' && i + 1 < text.size() ? 1U : 0U;
                inside += text[i];
            }
            ++i;
            tokens.push_back({inside, begin + 1, true});
        } else if (text[i] == '(' || text[i] == ')') {
            tokens.push_back({text.substr(i++, 1), begin + 1, false});
        } else if (text[i] == '=' || text[i] == ':' || text.compare(i, 2, "!=") == 0) {
            i += text[i] == '!' ? 2 : 1;
            tokens.push_back({text.substr(begin, i - begin), begin + 1, false});
        } else {
            i = std::min(text.find_first_of(" \t=:\"!()", i + 1), text.size());
            tokens.push_back({text.substr(begin, i - begin), begin + 1, false});
        }
    }
    return tokens;
}

bool isOperator(const Token& token)
{
    return !token.quoted && (token.text == "=" || token.text == ":" || token.text == "!=");
}

bool isBracket(const Token& token)
{
    return !token.quoted && (token.text == "(" || token.text == ")");
}

} // namespace

absl::StatusOr<TextFilter> TextFilter::parse(
    const std::string& filter, const std::vector<std::string>& fields)
{
    const auto refuse = [](std::size_t column, const std::string& why) {
        return runtime::invalidField("filter", absl::StrCat("column ", column, ": ", why));
    };
    TextFilter result;
    const auto tokens = tokensOf(filter);
    std::vector<std::size_t> open; // Brackets: with AND alone they change nothing.
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const auto& token = tokens[i];
        if (!token.quoted && token.text == "AND")
            continue;
        if (!token.quoted && token.text == "(") {
            open.push_back(token.column);
            continue;
        }
        if (!token.quoted && token.text == ")") {
            if (open.empty())
                return refuse(token.column, "no bracket is open");
            open.pop_back();
            continue;
        }
        if (isOperator(token))
            return refuse(
                token.column, absl::StrCat("\"", token.text, "\" needs a field before it"));
        if (!token.quoted
            && (token.text == "OR" || token.text == "NOT"
                || token.text.find_first_of("<>") != std::string::npos))
            return refuse(token.column, "only terms joined by AND are understood here");
        if (i + 1 >= tokens.size() || !isOperator(tokens[i + 1])) {
            result.m_terms.push_back({"", ':', absl::AsciiStrToLower(token.text)});
            continue;
        }
        if (std::ranges::find(fields, token.text) == fields.end())
            return refuse(token.column,
                absl::StrCat("there is no field \"", token.text, "\"; there are ",
                    absl::StrJoin(fields, ", ")));
        if (i + 2 >= tokens.size() || isOperator(tokens[i + 2]) || isBracket(tokens[i + 2]))
            return refuse(tokens[i + 1].column, "a value is missing");
        result.m_terms.push_back(
            {token.text, tokens[i + 1].text.front(), absl::AsciiStrToLower(tokens[i + 2].text)});
        i += 2;
    }
    if (!open.empty())
        return refuse(open.back(), "this bracket is not closed");
    return result;
}

bool TextFilter::matches(const Reader& read, const std::string& text) const
{
    return std::ranges::all_of(m_terms, [&](const Term& term) {
        const auto value = absl::AsciiStrToLower(term.field.empty() ? text : read(term.field));
        if (term.op == ':')
            return absl::StrContains(value, term.value);
        // `state = down` as well as `state = STATE_DOWN`.
        const bool equal = value == term.value || absl::EndsWith(value, "_" + term.value);
        return equal == (term.op == '=');
    });
}

} // namespace shopfleet::control
