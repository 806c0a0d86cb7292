// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/filter.h"

#include "services/runtime/clock.h"
#include "services/runtime/text.h"

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_replace.h>
#include <absl/time/time.h>
#include <google/protobuf/descriptor.h>

#include <algorithm>

namespace shopfleet::runtime {
namespace {

constexpr std::size_t kMaxLength = 2'000;
constexpr int kMaxDepth = 32;

struct Token {
    enum class Kind { Word, Quoted, Operator, Open, Close, End } kind = Kind::End;
    std::string text;
    std::size_t column = 1;
};

absl::Status wrong(std::size_t column, std::string_view what)
{
    return invalidField("filter", text("column ", column, ": ", what));
}

absl::StatusOr<std::vector<Token>> tokenize(std::string_view text)
{
    std::vector<Token> tokens;
    std::size_t at = 0;
    while (at < text.size()) {
        const char c = text[at];
        const std::size_t column = at + 1;
        if (absl::ascii_isspace(static_cast<unsigned char>(c))) {
            ++at;
        } else if (c == '(' || c == ')') {
            tokens.push_back(
                {c == '(' ? Token::Kind::Open : Token::Kind::Close, std::string(1, c), column});
            ++at;
        } else if (c == '"') {
            std::string value;
            for (++at; at < text.size() && text[at] != '"'; ++at) {
                if (text[at] == '\\' && at + 1 < text.size())
                    ++at;
                value.push_back(text[at]);
            }
            if (at == text.size())
                return wrong(column, "the quotation mark is not closed");
            ++at;
            tokens.push_back({Token::Kind::Quoted, value, column});
        } else if (std::string_view("=!<>:").find(c) != std::string_view::npos) {
            std::size_t length = 1;
            if (c != '=' && c != ':' && at + 1 < text.size() && text[at + 1] == '=')
                length = 2;
            tokens.push_back({Token::Kind::Operator, std::string(text.substr(at, length)), column});
            at += length;
        } else {
            const auto end = std::min(text.find_first_of(" \t\r\n()\"=!<>:", at), text.size());
            tokens.push_back({Token::Kind::Word, std::string(text.substr(at, end - at)), column});
            at = end;
        }
    }
    tokens.push_back({Token::Kind::End, "", text.size() + 1});
    return tokens;
}

class Parser {
public:
    Parser(const ListSpec& spec, std::vector<Token> tokens)
        : m_spec(spec)
        , m_tokens(std::move(tokens))
    {
    }

    absl::StatusOr<Filter> parse()
    {
        auto where = either(0);
        if (!where.ok())
            return where.status();
        if (now().kind != Token::Kind::End)
            return wrong(now().column, text("unexpected \"", now().text, "\""));
        m_filter.where = where->empty() ? "1" : *std::move(where);
        if (!m_words.empty()) {
            for (std::size_t i = 0; i < m_words.size(); ++i)
                m_filter.match += text(i == 0 ? "" : " ", "\"",
                    absl::StrReplaceAll(m_words[i].text, {{"\"", "\"\""}}), "\"",
                    i + 1 == m_words.size() && m_words[i].kind == Token::Kind::Word ? "*" : "");
        }
        return std::move(m_filter);
    }

private:
    const Token& now() const { return m_tokens[m_at]; }
    const Token& next() const { return m_tokens[std::min(m_at + 1, m_tokens.size() - 1)]; }
    bool isWord(std::string_view word) const
    {
        return now().kind == Token::Kind::Word && now().text == word;
    }

    absl::StatusOr<std::string> either(int depth)
    {
        auto left = both(depth);
        while (left.ok() && isWord("OR")) {
            const std::size_t column = now().column;
            ++m_at;
            auto right = both(depth);
            if (!right.ok())
                return right;
            if (left->empty() || right->empty())
                return wrong(column, "OR joins conditions, not words to search for");
            left = text("(", *left, " OR ", *right, ")");
        }
        return left;
    }

    absl::StatusOr<std::string> both(int depth)
    {
        auto left = one(depth);
        while (left.ok() && now().kind != Token::Kind::End && now().kind != Token::Kind::Close
            && !isWord("OR")) {
            if (isWord("AND"))
                ++m_at;
            auto right = one(depth);
            if (!right.ok())
                return right;
            if (left->empty())
                left = std::move(right);
            else if (!right->empty())
                left = text(*left, " AND ", *right);
        }
        return left;
    }

    absl::StatusOr<std::string> one(int depth)
    {
        if (depth > kMaxDepth)
            return wrong(now().column, "too many brackets");
        if (isWord("AND") || isWord("OR"))
            return wrong(now().column, text("a condition is missing before ", now().text));
        if (isWord("NOT")) {
            const std::size_t column = now().column;
            ++m_at;
            auto inner = one(depth + 1);
            if (inner.ok() && inner->empty())
                return wrong(column, "NOT goes before a condition");
            return inner.ok() ? absl::StatusOr<std::string>(text("NOT (", *inner, ")")) : inner;
        }
        if (now().kind == Token::Kind::Open) {
            const std::size_t column = now().column;
            ++m_at;
            auto inner = either(depth + 1);
            if (!inner.ok())
                return inner;
            if (now().kind != Token::Kind::Close)
                return wrong(column, "the bracket is not closed");
            ++m_at;
            return inner->empty() ? *inner : text("(", *inner, ")");
        }
        if (now().kind == Token::Kind::Word && next().kind == Token::Kind::Operator)
            return comparison();
        if (now().kind == Token::Kind::Word || now().kind == Token::Kind::Quoted)
            return word();
        if (now().kind == Token::Kind::End)
            return m_tokens.size() == 1 ? absl::StatusOr<std::string>("")
                                        : wrong(now().column, "something is missing here");
        return wrong(now().column, text("unexpected \"", now().text, "\""));
    }

    absl::StatusOr<std::string> word()
    {
        if (m_spec.search.empty())
            return wrong(now().column, "this list has no text search; write FIELD = VALUE");
        if (std::none_of(now().text.begin(), now().text.end(),
                [](unsigned char c) { return absl::ascii_isalnum(c) || c >= 0x80; })) {
            ++m_at; // Punctuation alone finds nothing and forbids nothing.
            return std::string();
        }
        m_words.push_back(now());
        ++m_at;
        return std::string();
    }

    absl::StatusOr<std::string> comparison()
    {
        const Token name = now();
        ++m_at;
        const Token op = now();
        ++m_at;
        const Token value = now();
        if (value.kind != Token::Kind::Word && value.kind != Token::Kind::Quoted)
            return wrong(value.column, text("a value is missing after \"", op.text, "\""));
        ++m_at;
        // Times and e-mail addresses without quotation marks hold colons: 2011-01-01T00:00:00Z.
        Token whole = value;
        while (value.kind == Token::Kind::Word && now().kind == Token::Kind::Operator
            && now().text == ":" && next().kind == Token::Kind::Word
            && now().column == whole.column + whole.text.size()) {
            whole.text += text(":", next().text);
            m_at += 2;
        }
        const auto field = std::find_if(m_spec.fields.begin(), m_spec.fields.end(),
            [&](const ListField& known) { return isNamed(known, name.text); });
        if (field == m_spec.fields.end())
            return wrong(
                name.column, text("unknown field \"", name.text, "\"; known: ", knownFields()));
        if (op.text == "!")
            return wrong(op.column, "unexpected \"!\"; \"!=\" means not equal");
        auto bound = convert(*field, whole);
        if (!bound.ok())
            return bound.status();
        if (op.text == ":") {
            if (field->kind != ListField::Kind::Text)
                return wrong(op.column, text("\":\" is for text; ", field->name, " is none"));
            const std::string pattern = absl::StrReplaceAll(
                std::get<std::string>(*bound), {{"\\", "\\\\"}, {"%", "\\%"}, {"_", "\\_"}});
            return condition(
                *field, name.text, text("LIKE ", bind(text("%", pattern, "%")), " ESCAPE '\\'"));
        }
        const bool ordered = op.text.front() == '<' || op.text.front() == '>';
        if (ordered
            && (field->kind == ListField::Kind::Bool || field->kind == ListField::Kind::Enum))
            return wrong(op.column, text(field->name, " has no order; use = or !="));
        return condition(
            *field, name.text, text(op.text == "!=" ? "<>" : op.text, " ", bind(*bound)));
    }

    /// "attributes.*" is every name that begins so.
    static bool isNamed(const ListField& field, std::string_view name)
    {
        if (!field.name.ends_with(".*"))
            return field.name == name;
        const auto prefix = field.name.substr(0, field.name.size() - 1);
        return name.starts_with(prefix) && name.size() > prefix.size();
    }

    std::string condition(
        const ListField& field, std::string_view name, const std::string& comparison)
    {
        const auto place = field.column.find('?');
        if (place == std::string_view::npos)
            return text(field.column, " ", comparison);
        std::string whole
            = text(field.column.substr(0, place), comparison, field.column.substr(place + 1));
        if (field.name.ends_with(".*"))
            whole = absl::StrReplaceAll(
                whole, {{":key", bind(std::string(name.substr(field.name.size() - 1)))}});
        return whole;
    }

    std::string knownFields() const
    {
        std::string names;
        for (const ListField& field : m_spec.fields)
            names += text(names.empty() ? "" : ", ", field.name);
        return names;
    }

    template <class T>
    std::string bind(T value)
    {
        m_filter.values.emplace_back(std::move(value));
        return text(":", m_filter.values.size());
    }

    static absl::StatusOr<Value> convert(const ListField& field, const Token& value)
    {
        const auto bad = [&](std::string_view wanted) {
            return wrong(value.column, text(field.name, ": \"", value.text, "\" is not ", wanted));
        };
        switch (field.kind) {
        case ListField::Kind::Text:
            return Value(value.text);
        case ListField::Kind::Integer:
        case ListField::Kind::Money: {
            std::int64_t number = 0;
            if (!absl::SimpleAtoi(value.text, &number))
                return bad(field.kind == ListField::Kind::Money ? "a whole number of minor units"
                                                                : "a whole number");
            return Value(number);
        }
        case ListField::Kind::Time: {
            absl::Time time;
            std::string error;
            if (!absl::ParseTime(absl::RFC3339_full, value.text, &time, &error)
                && !absl::ParseTime("%Y-%m-%d", value.text, &time, &error))
                return bad("a time like 2011-01-31T12:00:00Z");
            return Value(absl::ToUnixMicros(time));
        }
        case ListField::Kind::Bool:
            if (value.text == "true" || value.text == "false")
                return Value(std::int64_t{value.text == "true"});
            return bad("true or false");
        case ListField::Kind::Enum:
            return convertEnum(field, value);
        }
        return bad("known");
    }

    static absl::StatusOr<Value> convertEnum(const ListField& field, const Token& value)
    {
        std::vector<std::string> known;
        for (int i = 1; i < field.values->value_count(); ++i) {
            const std::string full = field.values->value(i)->name();
            // ORDER_STATE_SHIPPED: what all names begin with is ORDER_STATE_.
            const std::string zero = field.values->value(0)->name();
            const std::string brief
                = full.substr(zero.size() - std::string_view("UNSPECIFIED").size());
            if (value.text == full || value.text == brief)
                return Value(std::int64_t{field.values->value(i)->number()});
            known.push_back(brief);
        }
        return wrong(value.column,
            text(field.name, ": \"", value.text, "\" is not one of ", absl::StrJoin(known, ", ")));
    }

    const ListSpec& m_spec;
    std::vector<Token> m_tokens;
    std::size_t m_at = 0;
    std::vector<Token> m_words;
    Filter m_filter;
};

} // namespace

absl::StatusOr<Filter> parseFilter(const ListSpec& spec, std::string_view written)
{
    if (written.size() > kMaxLength)
        return invalidField("filter", text("has more than ", kMaxLength, " characters"));
    if (written.find('\0') != std::string_view::npos)
        return wrong(written.find('\0') + 1, "a NUL character");
    auto tokens = tokenize(written);
    if (!tokens.ok())
        return tokens.status();
    auto filter = Parser(spec, *std::move(tokens)).parse();
    if (filter.ok() && !filter->match.empty()) {
        filter->values.push_back(filter->match);
        const std::string condition = absl::StrReplaceAll(
            std::string(spec.search), {{":match", text(":", filter->values.size())}});
        filter->where
            = filter->where == "1" ? condition : text("(", filter->where, ") AND ", condition);
    }
    return filter;
}

} // namespace shopfleet::runtime
