// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/provider/handler.h"

#include "services/provider/rules.h"
#include "services/provider/script.h"
#include "services/provider/store.h"
#include "services/runtime/client.h"
#include "services/runtime/clock.h"
#include "services/runtime/failpoint.h"
#include "services/runtime/lateanswer.h"

#include <memory>
#include <utility>

namespace shopfleet::provider {
namespace {

constexpr std::chrono::seconds kAnswer{2};

using runtime::Connection;
using runtime::Context;
using runtime::finish;
using runtime::Unary;

bool isSame(const v1::ActRequest& request, const store::Entry& entry)
{
    const v1::Operation& known = entry.operation;
    return request.kind() == known.kind() && request.amount().minor() == known.amount().minor()
        && request.amount().currency() == known.amount().currency()
        && request.about() == known.about()
        && (request.token().empty() || request.token() == entry.token);
}

void decline(v1::Operation& operation, const char* reason)
{
    operation.set_outcome(v1::OUTCOME_DECLINED);
    operation.set_reason(reason);
}

void authorise(store::Entry& entry)
{
    const auto card = cardOf(entry.token);
    if (!card)
        return decline(entry.operation, "unknown_token");
    entry.operation.set_method(card->method);
    if (!card->declines.empty())
        decline(entry.operation, card->declines.c_str());
}

absl::Status use(Connection& db, store::Entry& entry)
{
    v1::Operation& operation = entry.operation;
    const auto found = store::accountOf(db, operation.about());
    if (!found.ok())
        return found.status();
    if (!found->has_value()) {
        decline(operation, "unknown_reference");
        return absl::OkStatus();
    }
    const store::Account& account = **found;
    entry.token = account.token;
    const std::int64_t left = operation.kind() == v1::KIND_REFUND
        ? account.captured - account.refunded
        : account.authorised - account.captured - account.voided;
    if (operation.amount().currency() != account.currency)
        decline(operation, "wrong_currency");
    else if (operation.amount().minor() > left)
        decline(operation, "amount_too_large");
    return absl::OkStatus();
}

/// The new operation, in the books, with its webhooks.
absl::Status act(Connection& db, const runtime::Relay& notices, const v1::ActRequest& request,
    store::Entry& entry)
{
    v1::Operation& operation = entry.operation;
    const std::int64_t now = runtime::nowUs();
    operation.set_key(request.key());
    operation.set_kind(request.kind());
    *operation.mutable_amount() = request.amount();
    operation.set_about(request.about());
    operation.set_outcome(v1::OUTCOME_DONE);
    *operation.mutable_at() = runtime::toTimestamp(now);
    entry.token = request.token();
    if (request.kind() == v1::KIND_AUTHORISE)
        authorise(entry);
    else if (auto status = use(db, entry); !status.ok())
        return status;
    if (operation.outcome() == v1::OUTCOME_DONE)
        operation.set_reference(referenceFor(request.key()));
    if (auto status = store::insert(db, entry); !status.ok())
        return status;
    const Trouble trouble = troubleOf(entry.token, request.kind());
    const std::int64_t due = now + std::chrono::microseconds(trouble.webhookAfter).count();
    for (int i = 0; i < trouble.webhooks; ++i) {
        if (auto status = notices.add(db, request.key(), due); !status.ok())
            return status;
    }
    return absl::OkStatus();
}

struct Acted {
    store::Entry entry;
    bool isNew = false;
};

} // namespace

Handler::Handler(runtime::Database& database, const std::shared_ptr<grpc::Channel>& payments)
    : m_database(database)
    , m_payments(payments::v1::Payments::NewStub(payments))
    , m_notices(database, "notice", [this](const std::string& key) { return notify(key); })
{
}

grpc::Status Handler::notify(const std::string& key)
{
    grpc::ClientContext context;
    runtime::prepare(context, kAnswer);
    payments::v1::NotifyPaymentRequest request;
    request.set_key(key);
    payments::v1::NotifyPaymentResponse response;
    return m_payments->NotifyPayment(&context, request, &response);
}

Unary* Handler::Act(Context* context, const v1::ActRequest* request, v1::Operation* response)
{
    if (auto status = checkAct(*request); !status.ok())
        return finish(context, status);
    auto* answer = new runtime::LateAnswer;
    auto acted = std::make_shared<Acted>();
    // The caller may be gone before it is written: what the write needs is its own.
    m_database.write(
        [this, acted, request = *request](Connection& db) {
            auto known = store::find(db, request.key());
            if (!known.ok())
                return known.status();
            if (known->has_value()) {
                acted->entry = **std::move(known);
                const bool isClosed = acted->entry.operation.kind() == v1::KIND_UNSPECIFIED;
                return isClosed || isSame(request, acted->entry)
                    ? absl::OkStatus()
                    : runtime::aborted(
                        "KEY_REUSED", "key: it was used for another request; use a new one");
            }
            acted->isNew = true;
            absl::Status status = act(db, m_notices, request, acted->entry);
            runtime::failpoint("ActRequest", "writing");
            return status;
        },
        [this, acted, answer, response](const absl::Status& status) {
            runtime::failpoint("ActRequest", "written");
            const v1::Operation& operation = acted->entry.operation;
            if (!status.ok())
                return answer->give(runtime::toWire(status), {});
            const Trouble trouble
                = acted->isNew ? troubleOf(acted->entry.token, operation.kind()) : Trouble();
            if (trouble.webhooks > 0)
                m_notices.poke();
            if (trouble.lost)
                return answer->keep();
            *response = operation;
            answer->give(trouble.fails
                    ? grpc::Status(grpc::StatusCode::INTERNAL, "something went wrong here")
                    : grpc::Status::OK,
                trouble.answerAfter);
        });
    return answer;
}

Unary* Handler::Settle(Context* context, const v1::SettleRequest* request, v1::Operation* response)
{
    if (auto status = checkKey(request->key()); !status.ok())
        return finish(context, status);
    auto* reactor = context->DefaultReactor();
    m_database.write(
        [key = request->key(), response](Connection& db) {
            auto known = store::find(db, key);
            if (!known.ok())
                return known.status();
            if (known->has_value()) {
                *response = (*known)->operation;
                return absl::OkStatus();
            }
            store::Entry closed;
            closed.operation.set_key(key);
            *closed.operation.mutable_at() = runtime::toTimestamp(runtime::nowUs());
            decline(closed.operation, "never_received");
            *response = closed.operation;
            return store::insert(db, closed);
        },
        [reactor](const absl::Status& status) { reactor->Finish(runtime::toWire(status)); });
    return reactor;
}

Unary* Handler::GetOperation(
    Context* context, const v1::GetOperationRequest* request, v1::Operation* response)
{
    if (auto status = checkKey(request->key()); !status.ok())
        return finish(context, status);
    return runtime::read(context, m_database, request, response,
        [](Connection& db, const v1::GetOperationRequest& asked) -> absl::StatusOr<v1::Operation> {
            auto known = store::find(db, asked.key());
            if (!known.ok())
                return known.status();
            if (!known->has_value())
                return runtime::notFound("operation", asked.key());
            return (*known)->operation;
        });
}

Unary* Handler::ListOperations(Context* context, const v1::ListOperationsRequest* request,
    v1::ListOperationsResponse* response)
{
    return runtime::browse(context, m_database, request, response, &store::list);
}

} // namespace shopfleet::provider
