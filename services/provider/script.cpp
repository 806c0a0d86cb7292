// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/provider/script.h"

#include <algorithm>
#include <array>
#include <sodium.h>

namespace shopfleet::provider {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLate{2'000};
/// Longer than a webhook that is due at once needs to arrive.
constexpr milliseconds kBehindWebhook{400};
constexpr int kRepeats = 3;

struct Entry {
    std::string_view token;
    const char* method;
    const char* declines = "";
    v1::Kind about = v1::KIND_UNSPECIFIED; ///< The request that the trouble is with.
    Trouble trouble = {};
};

constexpr Trouble kLost{.lost = true};
constexpr Trouble kFails{.fails = true};
constexpr Trouble kLateWebhook{.lost = true, .webhooks = 1, .webhookAfter = kLate};
constexpr Trouble kEarlyWebhook{.answerAfter = kBehindWebhook, .webhooks = 1};
constexpr Trouble kRepeatedWebhook{.webhooks = kRepeats};

constexpr std::array kEntries
    = {Entry{"tok_visa", "Visa •••• 4242"}, Entry{"tok_mastercard", "Mastercard •••• 4444"},
        Entry{"tok_declined", "Visa •••• 0002", "card_declined"},
        Entry{"tok_insufficient_funds", "Visa •••• 9995", "insufficient_funds"},
        Entry{"tok_timeout", "Visa •••• 3220", "", v1::KIND_AUTHORISE, kLost},
        Entry{"tok_timeout_capture", "Visa •••• 3238", "", v1::KIND_CAPTURE, kLost},
        Entry{"tok_timeout_refund", "Visa •••• 3246", "", v1::KIND_REFUND, kLost},
        Entry{"tok_error", "Visa •••• 0119", "", v1::KIND_AUTHORISE, kFails},
        Entry{"tok_error_capture", "Visa •••• 0127", "", v1::KIND_CAPTURE, kFails},
        Entry{"tok_error_refund", "Visa •••• 0135", "", v1::KIND_REFUND, kFails},
        Entry{"tok_webhook_late", "Visa •••• 5126", "", v1::KIND_AUTHORISE, kLateWebhook},
        Entry{"tok_webhook_early", "Visa •••• 5134", "", v1::KIND_AUTHORISE, kEarlyWebhook},
        Entry{"tok_webhook_twice", "Visa •••• 5142", "", v1::KIND_AUTHORISE, kRepeatedWebhook}};

const Entry* entryOf(std::string_view token)
{
    const auto* found = std::ranges::find(kEntries, token, &Entry::token);
    return found == kEntries.end() ? nullptr : found;
}

} // namespace

std::optional<Card> cardOf(std::string_view token)
{
    const Entry* entry = entryOf(token);
    if (!entry)
        return std::nullopt;
    return Card{entry->method, entry->declines};
}

Trouble troubleOf(std::string_view token, v1::Kind kind)
{
    const Entry* entry = entryOf(token);
    return entry && entry->about == kind ? entry->trouble : Trouble();
}

std::string referenceFor(const std::string& key)
{
    std::array<unsigned char, crypto_generichash_BYTES_MIN> digest;
    crypto_generichash(digest.data(), digest.size(),
        reinterpret_cast<const unsigned char*>(key.data()), key.size(), nullptr, 0);
    std::array<char, 2 * digest.size() + 1> hex;
    sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
    return std::string("sbx_") + hex.data();
}

} // namespace shopfleet::provider
