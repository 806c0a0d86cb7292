// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/payments/backoffice.h"
#include "services/payments/cashier.h"
#include "services/payments/provider.h"
#include "services/runtime/rpc.h"
#include "shopfleet/payments/v1/payments.grpc.pb.h"

#include <memory>
#include <utility>

namespace shopfleet::payments {

/// The Payments RPCs: check the request, ask, reply. Called on many threads at once.
class Handler final : public v1::Payments::CallbackService {
public:
    /// How long the provider is waited for: less than who asks payments waits for it.
    static constexpr std::chrono::milliseconds kPatience{2000};

    Handler(runtime::Database& database, runtime::ChangeFeed& feed,
        std::unique_ptr<Provider> provider, std::chrono::milliseconds patience = kPatience,
        Backoffice::Pace pace = {})
        : m_database(database)
        , m_feed(feed)
        , m_provider(std::move(provider))
        , m_cashier(database, *m_provider, patience)
        , m_backoffice(database, *m_provider, m_cashier, pace)
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
    Unary* NotifyPayment(
        Context*, const v1::NotifyPaymentRequest*, v1::NotifyPaymentResponse*) override;
    Unary* ImportPayments(
        Context*, const v1::ImportPaymentsRequest*, v1::ImportPaymentsResponse*) override;
    Unary* ListLedgerEntries(
        Context*, const v1::ListLedgerEntriesRequest*, v1::ListLedgerEntriesResponse*) override;
    Unary* Reconcile(Context*, const v1::ReconcileRequest*, v1::ReconcileResponse*) override;

private:
    runtime::Database& m_database;
    runtime::ChangeFeed& m_feed;
    std::unique_ptr<Provider> m_provider;
    Cashier m_cashier;
    Backoffice m_backoffice; ///< Last: it goes first.
};

} // namespace shopfleet::payments
