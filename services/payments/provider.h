// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

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
        /// No answer came: it may have acted or not. Ask with settle(), never act again.
        Unknown = 3,
        Missing = 4, ///< Nothing has arrived with this key, so far; find() only.
    };

    Outcome outcome = Outcome::Unknown;
    std::string reference; ///< The provider's name for it.
    std::string reason; ///< Why it declined: "insufficient_funds".
    std::string method; ///< What a person may read of the card.
    std::string currency = {}; ///< What it was asked to move, as it understood that.
    std::int64_t minor = 0;
};

/// A line of the provider's statement: a request that it acted on.
struct StatementLine {
    std::string key;
    std::string reference;
    std::string currency;
    std::int64_t minor = 0;
    bool done = false; ///< Else it declined.
};
struct StatementPage {
    std::vector<StatementLine> lines; ///< By key.
    std::string next; ///< Empty: that was all.
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
    /// The same without closing anything.
    virtual void find(const std::string& key, Answered answered) = 0;
    /// A page of all that it has acted on, from `token` on; blocks for at most a few seconds.
    virtual absl::StatusOr<StatementPage> statement(const std::string& token) = 0;
};

} // namespace shopfleet::payments
