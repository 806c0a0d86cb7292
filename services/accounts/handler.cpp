// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/accounts/handler.h"

#include "services/accounts/people.h"
#include "services/accounts/rules.h"
#include "services/accounts/store.h"

namespace shopfleet::accounts {
namespace {

using runtime::Changed;
using runtime::Connection;
using runtime::Context;
using runtime::finish;
using runtime::Unary;

// For answers that come later and are not kept with their request_id.
template <class Ask, class Request>
Unary* later(Context* context, const Request& request, v1::Session* response, Ask ask)
{
    if (auto status = runtime::checkRequestId(request); !status.ok())
        return finish(context, status);
    auto* reactor = context->DefaultReactor();
    ask([reactor, response](absl::StatusOr<v1::Session> session) {
        const absl::Status status = session.status();
        if (status.ok())
            *response = *std::move(session);
        reactor->Finish(runtime::toWire(status));
    });
    return reactor;
}

} // namespace

Unary* Handler::GetCustomer(
    Context* context, const v1::GetCustomerRequest* request, v1::Customer* response)
{
    return runtime::read(context, m_database, request, response,
        [](Connection& db, const v1::GetCustomerRequest& asked) {
            return store::get(db, asked.id());
        });
}

Unary* Handler::BatchGetCustomers(Context* context, const v1::BatchGetCustomersRequest* request,
    v1::BatchGetCustomersResponse* response)
{
    if (request->ids_size() > 1000)
        return finish(context, runtime::invalidField("ids", "must be at most 1,000"));
    return runtime::read(context, m_database, request, response, &people::batch);
}

Unary* Handler::ListCustomers(
    Context* context, const v1::ListCustomersRequest* request, v1::ListCustomersResponse* response)
{
    return runtime::browse(context, m_database, request, response, &store::list);
}

grpc::ServerWriteReactor<v1::WatchCustomersResponse>* Handler::WatchCustomers(
    Context*, const v1::WatchCustomersRequest* request)
{
    return runtime::watch<v1::WatchCustomersResponse>(m_database, m_feed, request->resume_token(),
        [](Connection& db, const Changed& change, v1::WatchCustomersResponse& message) {
            auto customer = store::get(db, change.id);
            absl::Status status = customer.status();
            if (status.ok())
                *message.add_customers() = *std::move(customer);
            return status;
        });
}

Unary* Handler::CreateCustomer(
    Context* context, const v1::CreateCustomerRequest* request, v1::Customer* response)
{
    if (auto status = checkCreate(*request); !status.ok())
        return finish(context, status);
    return runtime::write(context, m_database, request, response, &people::create);
}

Unary* Handler::UpdateCustomer(
    Context* context, const v1::UpdateCustomerRequest* request, v1::Customer* response)
{
    if (auto status = checkUpdate(*request); !status.ok())
        return finish(context, status);
    return runtime::write(context, m_database, request, response, &people::update);
}

Unary* Handler::ImportCustomers(Context* context, const v1::ImportCustomersRequest* request,
    v1::ImportCustomersResponse* response)
{
    if (auto status = checkImport(*request); !status.ok())
        return finish(context, status);
    return runtime::write(context, m_database, request, response, &people::import);
}

Unary* Handler::EraseCustomer(
    Context* context, const v1::EraseCustomerRequest* request, v1::Customer* response)
{
    return runtime::write(context, m_database, request, response, &people::erase);
}

Unary* Handler::SignUp(Context* context, const v1::SignUpRequest* request, v1::Session* response)
{
    if (auto status = checkSignUp(*request); !status.ok())
        return finish(context, status);
    return later(context, *request, response,
        [this, request](auto done) { m_doorkeeper.signUp(*request, std::move(done)); });
}

Unary* Handler::SignIn(Context* context, const v1::SignInRequest* request, v1::Session* response)
{
    if (auto status = checkSignIn(*request); !status.ok())
        return finish(context, status);
    return later(context, *request, response,
        [this, request](auto done) { m_doorkeeper.signIn(*request, std::move(done)); });
}

Unary* Handler::RefreshSession(
    Context* context, const v1::RefreshSessionRequest* request, v1::Session* response)
{
    return later(context, *request, response,
        [this, request](auto done) { m_doorkeeper.refresh(*request, std::move(done)); });
}

Unary* Handler::SignOut(Context* context, const v1::SignOutRequest* request, v1::SignOutResponse*)
{
    if (auto status = runtime::checkRequestId(*request); !status.ok())
        return finish(context, status);
    auto* reactor = context->DefaultReactor();
    m_doorkeeper.signOut(*request,
        [reactor](const absl::Status& status) { reactor->Finish(runtime::toWire(status)); });
    return reactor;
}

Unary* Handler::GetMyAccount(
    Context* context, const v1::GetMyAccountRequest* request, v1::Customer* response)
{
    return runtime::read(context, m_database, request, response,
        [](Connection& db, const v1::GetMyAccountRequest& asked) {
            return store::get(db, asked.customer_id());
        });
}

Unary* Handler::ChangePassword(
    Context* context, const v1::ChangePasswordRequest* request, v1::Session* response)
{
    if (auto status = checkPassword("new_password", request->new_password()); !status.ok())
        return finish(context, status);
    return later(context, *request, response,
        [this, request](auto done) { m_doorkeeper.changePassword(*request, std::move(done)); });
}

Unary* Handler::ListSigningKeys(
    Context* context, const v1::ListSigningKeysRequest*, v1::ListSigningKeysResponse* response)
{
    v1::SigningKey& key = *response->add_keys();
    key.set_key_id(m_doorkeeper.signer().keyId());
    key.set_public_key(m_doorkeeper.signer().publicKey());
    return finish(context, absl::OkStatus());
}

} // namespace shopfleet::accounts
