// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/gateway/signingkeys.h"

#include "services/gateway/caller.h"
#include "services/gateway/wire.h"
#include "shopfleet/accounts/v1/accounts.pb.h"

#include <algorithm>

namespace shopfleet::gateway {
namespace {

absl::StatusOr<VerifyingKeys> readKeys(const Caller::Reply& reply)
{
    if (!reply.status.ok())
        return absl::UnavailableError(reply.status.error_message());
    accounts::v1::ListSigningKeysResponse response;
    if (!response.ParseFromString(toBytes(reply.body)))
        return absl::InternalError("the signing keys cannot be read");
    VerifyingKeys keys;
    for (const auto& key : response.keys()) {
        VerifyingKey& made = keys[key.key_id()];
        if (key.public_key().size() != made.bytes.size())
            return absl::InternalError("a signing key has the wrong size");
        std::copy(key.public_key().begin(), key.public_key().end(), made.bytes.begin());
        made.notAfter = key.has_not_after()
            ? std::chrono::system_clock::time_point(std::chrono::seconds(key.not_after().seconds()))
            : std::chrono::system_clock::time_point::max();
    }
    return keys;
}

} // namespace

KeyRing::Fetch fetchSigningKeys(Caller& caller)
{
    return [&caller](std::function<void(KeyRing::Keys)> then) {
        Caller::Call call;
        call.area = "accounts";
        call.rpc = "/shopfleet.accounts.v1.Accounts/ListSigningKeys";
        call.timeout = std::chrono::milliseconds(3000);
        call.request = toByteBuffer(accounts::v1::ListSigningKeysRequest());
        caller.call(std::move(call),
            [then = std::move(then)](const Caller::Reply& reply) { then(readKeys(reply)); });
    };
}

} // namespace shopfleet::gateway
