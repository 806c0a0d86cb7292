// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/provider/rules.h"

#include "services/runtime/cardnumber.h"
#include "services/runtime/fields.h"
#include "services/runtime/money.h"
#include "services/runtime/status.h"

namespace shopfleet::provider {
namespace {

using runtime::checkText;
using runtime::invalidField;
using runtime::Text;

constexpr std::size_t kMost = 128;

} // namespace

absl::Status checkKey(const std::string& key)
{
    return checkText("key", key, kMost, Text::Required);
}

absl::Status checkAct(const v1::ActRequest& request)
{
    const bool authorises = request.kind() == v1::KIND_AUTHORISE;
    if (!v1::Kind_IsValid(request.kind()) || request.kind() == v1::KIND_UNSPECIFIED)
        return invalidField("kind", "must be one of the known kinds");
    for (const auto& status : {checkKey(request.key()),
             runtime::checkAmount("amount", request.amount().currency(), request.amount().minor(),
                 runtime::Amount::Positive),
             checkText(
                 "about", request.about(), kMost, authorises ? Text::Optional : Text::Required),
             checkText(
                 "token", request.token(), kMost, authorises ? Text::Required : Text::Optional)}) {
        if (!status.ok())
            return status;
    }
    if (authorises && !request.about().empty())
        return invalidField("about", "must be empty for an authorisation");
    if (runtime::holdsCardNumber(request.token()))
        return invalidField("token", "must be a token of ours, never a card's number");
    if (!authorises && !request.token().empty())
        return invalidField("token", "is the authorisation's: must be empty");
    return absl::OkStatus();
}

} // namespace shopfleet::provider
