// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/orders/searchtext.h"

#include <algorithm>

namespace shopfleet::orders {
namespace {

// U+00C0 to U+00FF, and U+0100 to U+017F, by what people type instead; '*' is no letter.
constexpr std::string_view kLatin1
    = "aaaaaaaceeeeiiiidnooooo*ouuuuytsaaaaaaaceeeeiiiidnooooo*ouuuuyty";
constexpr std::string_view kLatinA = "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllll"
                                     "llllllnnnnnnnnnoooooooorrrrrrsss"
                                     "sssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

bool isAsciiWord(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Appends the folded form of the two-byte letter; false if it ends a word.
bool foldTwo(unsigned char first, unsigned char second, std::string& word)
{
    const unsigned code = ((first & 0x1fU) << 6) | (second & 0x3fU);
    if (code < 0xc0)
        return false; // Signs: §, ©, no-break space.
    if (code < 0x180) {
        const char base = code < 0x100 ? kLatin1[code - 0xc0] : kLatinA[code - 0x100];
        if (base == '*')
            return false;
        word.push_back(base);
        return true;
    }
    unsigned lower = code;
    if ((code >= 0x410 && code <= 0x42f) || (code >= 0x391 && code <= 0x3a9)) // Cyrillic, Greek.
        lower = code + 0x20;
    else if (code >= 0x400 && code <= 0x40f)
        lower = code + 0x50;
    if (lower == 0x451)
        lower = 0x435; // ё is typed as е.
    word.push_back(static_cast<char>(0xc0 | (lower >> 6)));
    word.push_back(static_cast<char>(0x80 | (lower & 0x3f)));
    return true;
}

void append(std::vector<std::string>& words, std::string_view text)
{
    for (std::string& word : wordsOf(text))
        words.push_back(std::move(word));
}

} // namespace

std::vector<std::string> wordsOf(std::string_view text)
{
    std::vector<std::string> words;
    std::string word;
    const auto finish = [&] {
        if (!word.empty())
            words.push_back(std::move(word));
        word.clear();
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (isAsciiWord(c)) {
            word.push_back(static_cast<char>(c >= 'A' && c <= 'Z' ? c | 0x20 : c));
        } else if (c < 0x80) {
            finish();
        } else if ((c & 0xe0) == 0xc0 && i + 1 < text.size()) {
            if (!foldTwo(c, static_cast<unsigned char>(text[i + 1]), word))
                finish();
            ++i;
        } else if (c == 0xe2 && i + 2 < text.size()) {
            finish(); // General punctuation, arrows, currency signs.
            i += 2;
        } else {
            word.push_back(static_cast<char>(c));
        }
    }
    finish();
    return words;
}

std::string documentOf(const v1::Order& order)
{
    std::vector<std::string> words;
    append(words, order.id());
    append(words, order.customer_id());
    append(words, order.customer_name());
    append(words, std::string_view(order.email()).substr(0, order.email().find('@')));
    append(words, order.trace_id());
    for (const std::string& id : order.payment_ids())
        append(words, id);
    for (const std::string& id : order.shipment_ids())
        append(words, id);
    for (const v1::OrderLine& line : order.lines()) {
        append(words, line.sku());
        append(words, line.title());
    }
    std::erase_if(words, [](const std::string& word) { return word.size() == 1; });
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());

    std::string document;
    for (const std::string& word : words) {
        if (!document.empty())
            document.push_back(' ');
        document += word;
    }
    return document;
}

bool isPlainWord(std::string_view word)
{
    return std::none_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<SearchWord> searchWords(std::string_view typed, bool quoted)
{
    const auto at = typed.find('@');
    if (at != std::string_view::npos && at > 0)
        typed = typed.substr(0, at);
    std::vector<SearchWord> result;
    for (std::string& word : wordsOf(typed))
        if (word.size() > 1)
            result.push_back({std::move(word), false});
    if (!result.empty() && !quoted && at == std::string_view::npos)
        result.back().prefix = true;
    return result;
}

} // namespace shopfleet::orders
