// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace shopfleet::payments {

/// What the provider is asked to do. The key makes a repeated question harmless: it acts once per
/// key and answers the same again.
struct ProviderRequest {
    enum class Kind { Authorise = 1, Capture = 2, Void = 3, Refund = 4 };

    std::string key;
    Kind kind = Kind::Authorise;
    std::string reference; ///< The authorisation that a later request is about; none for Authorise.
    std::string token; ///< The card, as the provider's token; Authorise only.
    std::string currency;
    std::int64_t minor = 0;
};

struct ProviderAnswer {
    enum class Outcome {
        Done = 1,
        Declined = 2,
        Unknown
        = 3, ///< No answer came: it may have acted or not. Ask with settle(), never act again.
    };

    Outcome outcome = Outcome::Unknown;
    std::string reference; ///< The provider's name for it.
    std::string reason; ///< Why it declined: "insufficient_funds".
    std::string method; ///< What a person may read of the card.
};

/// The payment provider, as Payments sees it. Every answer is given later, on any thread, and may
/// never come: the caller keeps the time.
class Provider {
public:
    using Answered = std::function<void(ProviderAnswer)>;

    virtual ~Provider() = default;

    virtual void act(const ProviderRequest& request, Answered answered) = 0;
    /// What became of the request with this key. One that never arrived is closed as declined, so
    /// that a straggler cannot act on it afterwards: the answer is final either way.
    virtual void settle(const std::string& key, Answered answered) = 0;
};

} // namespace shopfleet::payments
