// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/relay.h"
#include "services/runtime/rpc.h"
#include "shopfleet/carrier/v1/carrier.grpc.pb.h"
#include "shopfleet/deliveries/v1/deliveries.grpc.pb.h"

#include <memory>
#include <string>

namespace shopfleet::carrier {

/// The Carrier RPCs: check the request, write the books, answer as the parcel's script says; and
/// the reports to deliveries. Called on many threads at once.
class Handler final : public v1::Carrier::CallbackService {
public:
    Handler(runtime::Database& database, const std::shared_ptr<grpc::Channel>& deliveries);

    using Context = runtime::Context;
    using Unary = runtime::Unary;

    Unary* HandOver(Context*, const v1::HandOverRequest*, v1::Parcel*) override;
    Unary* GetParcel(Context*, const v1::GetParcelRequest*, v1::Parcel*) override;

private:
    struct Taken;
    absl::Status take(runtime::Connection& db, const v1::HandOverRequest& request, Taken& taken);
    grpc::Status report(const std::string& key);

    runtime::Database& m_database;
    std::unique_ptr<deliveries::v1::Deliveries::Stub> m_deliveries;
    runtime::Relay m_reports; ///< By parcel and station. Last: it goes first.
};

} // namespace shopfleet::carrier
