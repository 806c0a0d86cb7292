// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/accounts/doorkeeper.h"
#include "services/runtime/rpc.h"
#include "shopfleet/accounts/v1/accounts.grpc.pb.h"

namespace shopfleet::accounts {

/// The Accounts RPCs: check the request, ask, reply. Called on many threads at once.
class Handler final : public v1::Accounts::CallbackService {
public:
    Handler(runtime::Database& database, runtime::ChangeFeed& feed, Signer signer,
        Doorkeeper::Options options = {})
        : m_database(database)
        , m_feed(feed)
        , m_doorkeeper(database, std::move(signer), std::move(options))
    {
    }

    using Context = runtime::Context;
    using Unary = runtime::Unary;

    Unary* GetCustomer(Context*, const v1::GetCustomerRequest*, v1::Customer*) override;
    Unary* BatchGetCustomers(
        Context*, const v1::BatchGetCustomersRequest*, v1::BatchGetCustomersResponse*) override;
    Unary* ListCustomers(
        Context*, const v1::ListCustomersRequest*, v1::ListCustomersResponse*) override;
    grpc::ServerWriteReactor<v1::WatchCustomersResponse>* WatchCustomers(
        Context*, const v1::WatchCustomersRequest*) override;
    Unary* CreateCustomer(Context*, const v1::CreateCustomerRequest*, v1::Customer*) override;
    Unary* UpdateCustomer(Context*, const v1::UpdateCustomerRequest*, v1::Customer*) override;
    Unary* ImportCustomers(
        Context*, const v1::ImportCustomersRequest*, v1::ImportCustomersResponse*) override;
    Unary* EraseCustomer(Context*, const v1::EraseCustomerRequest*, v1::Customer*) override;
    Unary* SignUp(Context*, const v1::SignUpRequest*, v1::Session*) override;
    Unary* SignIn(Context*, const v1::SignInRequest*, v1::Session*) override;
    Unary* RefreshSession(Context*, const v1::RefreshSessionRequest*, v1::Session*) override;
    Unary* SignOut(Context*, const v1::SignOutRequest*, v1::SignOutResponse*) override;
    Unary* GetMyAccount(Context*, const v1::GetMyAccountRequest*, v1::Customer*) override;
    Unary* ChangePassword(Context*, const v1::ChangePasswordRequest*, v1::Session*) override;
    Unary* ListSigningKeys(
        Context*, const v1::ListSigningKeysRequest*, v1::ListSigningKeysResponse*) override;

private:
    runtime::Database& m_database;
    runtime::ChangeFeed& m_feed;
    Doorkeeper m_doorkeeper;
};

} // namespace shopfleet::accounts
