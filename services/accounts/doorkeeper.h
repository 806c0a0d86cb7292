// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/accounts/password.h"
#include "services/accounts/tokens.h"
#include "services/runtime/database.h"
#include "shopfleet/accounts/v1/accounts.pb.h"

#include <absl/status/statusor.h>

#include <functional>
#include <string>

namespace shopfleet::accounts {

/// Signs people up, in and out. Passwords are hashed on workers of their own, never on gRPC's
/// threads or the writer's; `done` is called on one of those or on the writer's thread.
///
/// These answers hold tokens, so they are not kept with their request_id as other answers are: what
/// a request did is kept (sign_up, credential.changed_by, refresh_token.used_by), and its repeat
/// does nothing again and opens a fresh session.
class Doorkeeper {
public:
    struct Options {
        PasswordWorkers::Cost cost = {};
        int workers = 2;
        std::size_t queueLimit = 128;
        std::function<std::int64_t()> nowUs; ///< Tests bring their own clock.
    };

    Doorkeeper(runtime::Database& database, Signer signer, Options options);

    using Done = std::function<void(absl::StatusOr<v1::Session>)>;

    void signUp(const v1::SignUpRequest& request, const Done& done);
    void signIn(const v1::SignInRequest& request, const Done& done);
    void refresh(const v1::RefreshSessionRequest& request, Done done);
    void signOut(const v1::SignOutRequest& request, std::function<void(const absl::Status&)> done);
    void changePassword(const v1::ChangePasswordRequest& request, const Done& done);

    const Signer& signer() const { return m_signer; }

private:
    using Outcome = absl::StatusOr<v1::Session>;
    /// Runs in the writer's transaction. An error in the result is an answer that keeps what was
    /// written (a counted failure, an ended family); an error status undoes it.
    using Work = std::function<absl::Status(runtime::Connection&, Outcome&)>;

    void write(Work work, Done done);
    void settleFailure(const std::string& emailKey, bool right, Work work, Done done);
    void repeatSignUp(
        const std::string& customerId, const v1::SignUpRequest& request, const Done& done);
    absl::Status checkFailures(runtime::Connection& db, const std::string& emailKey) const;
    Outcome open(runtime::Connection& db, const std::string& customerId, const std::string& family,
        std::string* refreshHash = nullptr) const;

    runtime::Database& m_database;
    Signer m_signer;
    std::function<std::int64_t()> m_nowUs;
    PasswordWorkers m_workers; ///< Last: it ends first, while what its jobs use is still there.
};

} // namespace shopfleet::accounts
