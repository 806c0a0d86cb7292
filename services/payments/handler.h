// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/payments/cashier.h"
#include "services/payments/sandboxprovider.h"
#include "services/runtime/rpc.h"
#include "shopfleet/payments/v1/payments.grpc.pb.h"

namespace shopfleet::payments {

/// The Payments RPCs: check the request, ask, reply. Called on many threads at once.
class Handler final : public v1::Payments::CallbackService {
public:
    static constexpr std::chrono::milliseconds kPatience{2000};

    Handler(runtime::Database& database, runtime::ChangeFeed& feed,
        std::chrono::milliseconds patience = kPatience)
        : m_database(database)
        , m_feed(feed)
        , m_provider(database)
        , m_cashier(database, m_provider, patience)
    {
    }

    using Context = runtime::Context;
    using Unary = runtime::Unary;

    Unary* GetPayment(Context*, const v1::GetPaymentRequest*, v1::Payment*) override;
    Unary* ListPayments(
        Context*, const v1::ListPaymentsRequest*, v1::ListPaymentsResponse*) override;
    grpc::ServerWriteReactor<v1::WatchPaymentsResponse>* WatchPayments(
        Context*, const v1::WatchPaymentsRequest*) override;
    Unary* AuthorisePayment(Context*, const v1::AuthorisePaymentRequest*, v1::Payment*) override;
    Unary* CapturePayment(Context*, const v1::CapturePaymentRequest*, v1::Payment*) override;
    Unary* VoidPayment(Context*, const v1::VoidPaymentRequest*, v1::Payment*) override;
    Unary* RefundPayment(Context*, const v1::RefundPaymentRequest*, v1::Payment*) override;
    Unary* SettlePayment(Context*, const v1::SettlePaymentRequest*, v1::Payment*) override;
    Unary* ImportPayments(
        Context*, const v1::ImportPaymentsRequest*, v1::ImportPaymentsResponse*) override;
    Unary* ListLedgerEntries(
        Context*, const v1::ListLedgerEntriesRequest*, v1::ListLedgerEntriesResponse*) override;

private:
    runtime::Database& m_database;
    runtime::ChangeFeed& m_feed;
    SandboxProvider m_provider;
    Cashier m_cashier;
};

} // namespace shopfleet::payments
