// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/relay.h"
#include "services/runtime/rpc.h"
#include "shopfleet/payments/v1/payments.grpc.pb.h"
#include "shopfleet/provider/v1/provider.grpc.pb.h"

#include <memory>

namespace shopfleet::provider {

/// The Provider RPCs: check the request, write the books, answer as the card's script says. Called
/// on many threads at once.
class Handler final : public v1::Provider::CallbackService {
public:
    Handler(runtime::Database& database, const std::shared_ptr<grpc::Channel>& payments);

    using Context = runtime::Context;
    using Unary = runtime::Unary;

    Unary* Act(Context*, const v1::ActRequest*, v1::Operation*) override;
    Unary* Settle(Context*, const v1::SettleRequest*, v1::Operation*) override;
    Unary* GetOperation(Context*, const v1::GetOperationRequest*, v1::Operation*) override;
    Unary* ListOperations(
        Context*, const v1::ListOperationsRequest*, v1::ListOperationsResponse*) override;

private:
    grpc::Status notify(const std::string& key);

    runtime::Database& m_database;
    std::unique_ptr<payments::v1::Payments::Stub> m_payments;
    runtime::Relay m_notices; ///< Webhooks, by the key of the operation. Last: it goes first.
};

} // namespace shopfleet::provider
