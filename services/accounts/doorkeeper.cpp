// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/accounts/doorkeeper.h"

#include "services/accounts/people.h"
#include "services/accounts/rules.h"
#include "services/accounts/sessionstore.h"
#include "services/accounts/store.h"
#include "services/runtime/clock.h"
#include "services/runtime/text.h"

#include <memory>
#include <utility>

namespace shopfleet::accounts {
namespace {

using runtime::Connection;
using runtime::toTimestamp;

constexpr std::int64_t kAccessUs = std::chrono::microseconds(kAccessLife).count();
constexpr std::int64_t kRefreshUs = std::chrono::microseconds(kRefreshLife).count();

// One answer for a wrong password and for an unknown e-mail: nobody learns who is a customer.
absl::Status wrong()
{
    return absl::UnauthenticatedError("the e-mail or the password is wrong");
}
absl::Status ended()
{
    return absl::UnauthenticatedError("the session has ended; sign in again");
}
absl::Status busy()
{
    return runtime::exhausted(
        "TOO_BUSY", "sign-in", "too many people are signing in; try again shortly");
}

} // namespace

Doorkeeper::Doorkeeper(runtime::Database& database, Signer signer, Options options)
    : m_database(database)
    , m_signer(std::move(signer))
    , m_nowUs(options.nowUs ? std::move(options.nowUs) : &runtime::nowUs)
    , m_workers(options.workers, options.queueLimit, options.cost)
{
}

void Doorkeeper::write(Work work, Done done)
{
    auto outcome = std::make_shared<Outcome>(absl::UnknownError("no answer"));
    m_database.write(
        [work = std::move(work), outcome](Connection& db) { return work(db, *outcome); },
        [outcome, done = std::move(done)](
            const absl::Status& status) { done(status.ok() ? std::move(*outcome) : status); });
}

Doorkeeper::Outcome Doorkeeper::open(Connection& db, const std::string& customerId,
    const std::string& family, std::string* refreshHash) const
{
    auto customer = store::get(db, customerId);
    if (!customer.ok())
        return customer.status();
    if (customer->state() != v1::CUSTOMER_STATE_ACTIVE)
        return absl::PermissionDeniedError("this account is blocked; ask the store's support");
    const std::int64_t now = m_nowUs();
    const RefreshToken token = makeRefreshToken();
    sessions::Refresh refresh;
    refresh.hash = token.hash;
    refresh.family = family;
    refresh.customerId = customerId;
    refresh.expiresAt = now + kRefreshUs;
    if (auto status = sessions::addRefresh(db, refresh); !status.ok())
        return status;
    if (refreshHash)
        *refreshHash = token.hash;
    v1::Session session;
    session.set_access_token(m_signer.accessToken(customerId, now));
    session.set_refresh_token(token.token);
    // Whole seconds, as in the token.
    *session.mutable_access_expires_at() = toTimestamp((now / 1'000'000) * 1'000'000 + kAccessUs);
    *session.mutable_refresh_expires_at() = toTimestamp(refresh.expiresAt);
    *session.mutable_customer() = *std::move(customer);
    return session;
}

absl::Status Doorkeeper::checkFailures(Connection& db, const std::string& emailKey) const
{
    const auto failures = sessions::failuresOf(db, emailKey);
    if (!failures.ok())
        return failures.status();
    const std::int64_t waitUs = failures->lastUs + refusalUs(failures->count) - m_nowUs();
    if (failures->count == 0 || refusalUs(failures->count) == 0 || waitUs <= 0)
        return absl::OkStatus();
    return runtime::exhausted("TOO_MANY_FAILURES", "sign-in",
        runtime::text("too many wrong passwords; try again in ", waitUs / 1'000'000 + 1, " s"));
}

void Doorkeeper::signUp(const v1::SignUpRequest& request, const Done& done)
{
    const bool taken = m_workers.hash(
        request.password(), [this, request, done](absl::StatusOr<std::string> hash) {
            if (!hash.ok())
                return done(hash.status());
            auto repeatOf = std::make_shared<std::string>();
            write(
                [this, request, repeatOf, hash = *std::move(hash)](
                    Connection& db, Outcome& outcome) {
                    const auto earlier = sessions::customerOfSignUp(db, request.request_id());
                    if (!earlier.ok())
                        return earlier.status();
                    if (earlier->has_value()) {
                        *repeatOf = **earlier;
                        return absl::OkStatus();
                    }
                    v1::Customer customer;
                    customer.set_name(request.name());
                    customer.set_email(request.email());
                    customer.set_country(request.country());
                    customer.set_origin("web");
                    customer.set_has_password(true);
                    const auto added = people::added(db, std::move(customer));
                    if (!added.ok())
                        return added.status();
                    for (const auto& status :
                        {sessions::setCredential(db, {added->id(), hash, request.request_id()}),
                            sessions::addSignUp(
                                db, request.request_id(), added->id(), m_nowUs())}) {
                        if (!status.ok())
                            return status;
                    }
                    outcome = open(db, added->id(), randomId());
                    return outcome.status();
                },
                [this, request, repeatOf, done](Outcome outcome) {
                    if (repeatOf->empty())
                        return done(std::move(outcome));
                    repeatSignUp(*repeatOf, request, done);
                });
        });
    if (!taken)
        done(busy());
}

// The body of a request that was answered is not kept: e-mail and password tell whether this is it
// again.
void Doorkeeper::repeatSignUp(
    const std::string& customerId, const v1::SignUpRequest& request, const Done& done)
{
    const auto reused = [] {
        return runtime::aborted("REQUEST_ID_REUSED",
            "request_id: it was used for another request; a new request needs a new id");
    };
    const auto db = m_database.reader();
    const auto customer = db.ok() ? store::get(**db, customerId) : db.status();
    const auto credential = db.ok() ? sessions::credentialOf(**db, customerId) : db.status();
    if (!customer.ok() || !credential.ok() || !credential->has_value()
        || emailKey(customer->email()) != emailKey(request.email()))
        return done(reused());
    const bool taken = m_workers.verify(
        request.password(), (*credential)->hash, [this, customerId, done, reused](bool right) {
            if (!right)
                return done(reused());
            write(
                [this, customerId](Connection& writer, Outcome& outcome) {
                    outcome = open(writer, customerId, randomId());
                    return outcome.status();
                },
                done);
        });
    if (!taken)
        done(busy());
}

void Doorkeeper::signIn(const v1::SignInRequest& request, const Done& done)
{
    const std::string key = emailKey(request.email());
    const auto db = m_database.reader();
    if (!db.ok())
        return done(db.status());
    if (auto status = checkFailures(**db, key); !status.ok())
        return done(status);
    const auto credential = sessions::credentialByEmail(**db, key);
    if (!credential.ok())
        return done(credential.status());
    const auto known = credential->value_or(sessions::Credential());
    const bool taken
        = m_workers.verify(request.password(), known.hash, [this, key, known, done](bool right) {
              settleFailure(
                  key, right,
                  [this, key, known](Connection& writer, Outcome& outcome) {
                      const auto now = sessions::credentialOf(writer, known.customerId);
                      if (!now.ok() || !now->has_value() || (*now)->hash != known.hash)
                          return wrong(); // It changed while this was being verified.
                      for (const auto& status : {sessions::clearFailures(writer, key),
                               sessions::prune(writer, m_nowUs())}) {
                          if (!status.ok())
                              return status;
                      }
                      outcome = open(writer, known.customerId, randomId());
                      return outcome.status();
                  },
                  done);
          });
    if (!taken)
        done(busy());
}

// A wrong password is counted, whoever it was for, and the count is kept although the answer is an
// error.
void Doorkeeper::settleFailure(const std::string& emailKey, bool right, Work work, Done done)
{
    if (right)
        return write(std::move(work), std::move(done));
    write(
        [this, emailKey](Connection& db, Outcome& outcome) {
            outcome = wrong();
            return sessions::addFailure(db, emailKey, m_nowUs());
        },
        std::move(done));
}

void Doorkeeper::refresh(const v1::RefreshSessionRequest& request, Done done)
{
    write(
        [this, hash = hashOf(request.refresh_token()), id = request.request_id()](
            Connection& db, Outcome& outcome) {
            const auto found = sessions::refreshByHash(db, hash);
            if (!found.ok())
                return found.status();
            if (!found->has_value() || (*found)->expiresAt <= m_nowUs())
                return ended();
            const sessions::Refresh& token = **found;
            if (!token.usedBy.empty()) {
                const auto next = sessions::refreshByHash(db, token.next);
                if (!next.ok())
                    return next.status();
                const bool repeated
                    = token.usedBy == id && next->has_value() && (*next)->usedBy.empty();
                if (!repeated) {
                    // Two hold this token, and one of them stole it: neither goes on.
                    outcome = ended();
                    return sessions::endFamily(db, token.family);
                }
                if (auto status = sessions::removeRefresh(db, token.next); !status.ok())
                    return status;
            }
            std::string next;
            outcome = open(db, token.customerId, token.family, &next);
            return outcome.ok() ? sessions::markUsed(db, hash, id, next) : outcome.status();
        },
        std::move(done));
}

void Doorkeeper::signOut(
    const v1::SignOutRequest& request, std::function<void(const absl::Status&)> done)
{
    m_database.write(
        [hash = hashOf(request.refresh_token())](Connection& db) {
            const auto found = sessions::refreshByHash(db, hash);
            if (!found.ok() || !found->has_value())
                return found.status();
            return sessions::endFamily(db, (*found)->family);
        },
        std::move(done));
}

void Doorkeeper::changePassword(const v1::ChangePasswordRequest& request, const Done& done)
{
    const auto db = m_database.reader();
    if (!db.ok())
        return done(db.status());
    const auto customer = store::get(**db, request.customer_id());
    const auto credential = sessions::credentialOf(**db, request.customer_id());
    if (!customer.ok() || !credential.ok() || !credential->has_value())
        return done(wrong());
    const std::string key = emailKey(customer->email());
    if (auto status = checkFailures(**db, key); !status.ok())
        return done(status);
    // The repeat of a change that was done: the old password is the new one now.
    const bool repeated = (*credential)->changedBy == request.request_id();
    const std::string& proof = repeated ? request.new_password() : request.old_password();
    const bool taken
        = m_workers.verify(proof, (*credential)->hash, [this, request, key, done](bool right) {
              if (!right)
                  return settleFailure(key, false, {}, done);
              const bool hashing = m_workers.hash(
                  request.new_password(), [this, request, done](absl::StatusOr<std::string> hash) {
                      if (!hash.ok())
                          return done(hash.status());
                      write(
                          [this, id = request.customer_id(), by = request.request_id(),
                              hash = *std::move(hash)](Connection& writer, Outcome& outcome) {
                              for (const auto& status :
                                  {sessions::setCredential(writer, {id, hash, by}),
                                      sessions::endAllOf(writer, id)}) {
                                  if (!status.ok())
                                      return status;
                              }
                              outcome = open(writer, id, randomId());
                              return outcome.status();
                          },
                          done);
                  });
              if (!hashing)
                  done(busy());
          });
    if (!taken)
        done(busy());
}

} // namespace shopfleet::accounts
