// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/exposition.h"

#include <absl/strings/ascii.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_split.h>

#include <limits>
#include <optional>

namespace shopfleet::control {

namespace {

void skipSpace(absl::string_view& text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
}

absl::string_view takeName(absl::string_view& text)
{
    std::size_t size = 0;
    while (size < text.size()
        && (absl::ascii_isalnum(static_cast<unsigned char>(text[size])) || text[size] == '_'
            || text[size] == ':'))
        ++size;
    const auto name = text.substr(0, size);
    text.remove_prefix(size);
    return name;
}

bool take(absl::string_view& text, char expected)
{
    if (text.empty() || text.front() != expected)
        return false;
    text.remove_prefix(1);
    return true;
}

// After the opening quote, up to and with the closing one.
std::optional<std::string> takeQuoted(absl::string_view& text)
{
    std::string value;
    while (!text.empty()) {
        const char c = text.front();
        text.remove_prefix(1);
        if (c == '"')
            return value;
        if (c == '\\' && !text.empty()) {
            value += text.front() == 'n' ? '\n' : text.front();
            text.remove_prefix(1);
        } else {
            value += c;
        }
    }
    return std::nullopt;
}

bool takeLabels(absl::string_view& text, Sample* sample)
{
    for (;;) {
        skipSpace(text);
        if (take(text, '}'))
            return true;
        const auto name = takeName(text);
        skipSpace(text);
        if (name.empty() || !take(text, '='))
            return false;
        skipSpace(text);
        if (!take(text, '"'))
            return false;
        auto value = takeQuoted(text);
        if (!value)
            return false;
        sample->labels.emplace_back(name, *std::move(value));
        skipSpace(text);
        if (!take(text, ',') && (text.empty() || text.front() != '}'))
            return false;
    }
}

bool takeValue(absl::string_view& text, double* value)
{
    skipSpace(text);
    const auto size = text.find_first_of(" \t");
    const auto number = text.substr(0, size);
    text.remove_prefix(number.size());
    // The format's words for these are not all known to the library.
    if (number == "+Inf" || number == "Inf") {
        *value = std::numeric_limits<double>::infinity();
        return true;
    }
    return absl::SimpleAtod(number, value);
}

bool parseLine(absl::string_view text, Sample* sample)
{
    sample->name = takeName(text);
    if (sample->name.empty())
        return false;
    skipSpace(text);
    if (take(text, '{') && !takeLabels(text, sample))
        return false;
    return takeValue(
        text, &sample->value); // A time stamp may follow; ours is the time of the scrape.
}

} // namespace

absl::string_view Sample::label(absl::string_view wanted) const
{
    for (const auto& [labelName, labelValue] : labels) {
        if (labelName == wanted)
            return labelValue;
    }
    return {};
}

int parseExposition(absl::string_view text, const std::function<void(const Sample&)>& take)
{
    int bad = 0;
    for (absl::string_view line : absl::StrSplit(text, '\n')) {
        line = absl::StripAsciiWhitespace(line);
        if (line.empty() || line.front() == '#')
            continue;
        Sample sample;
        if (parseLine(line, &sample))
            take(sample);
        else
            ++bad;
    }
    return bad;
}

} // namespace shopfleet::control
