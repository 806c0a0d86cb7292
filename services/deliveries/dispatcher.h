// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/deliveries/store.h"
#include "services/runtime/database.h"
#include "services/runtime/ticker.h"
#include "shopfleet/carrier/v1/carrier.grpc.pb.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

namespace shopfleet::deliveries {

/// Hands shipments over to the carrier. That it is asked is written before it is asked; where its
/// answer is lost, the process that writes asks again, with the shipment's id as the key, until it
/// is known. So the carrier never has a parcel of which we say for good that it is here.
class Dispatcher {
public:
    struct Pace {
        std::chrono::milliseconds patience{2'000}; ///< For one answer.
        std::chrono::milliseconds firstPause{1'000}; ///< Doubled at each attempt.
        std::chrono::milliseconds longestPause{60'000};
        std::chrono::milliseconds look{250};
    };

    Dispatcher(
        runtime::Database& database, const std::shared_ptr<grpc::Channel>& carrier, Pace pace);
    ~Dispatcher();

    using Done = std::function<void(absl::StatusOr<v1::Shipment>)>;
    /// `done` is called once, on another thread.
    void dispatch(const v1::DispatchShipmentRequest& request, Done done);

private:
    void ask(const v1::DispatchShipmentRequest& request, const v1::Shipment& shipment, Done done);
    void answered(const v1::DispatchShipmentRequest& request,
        const absl::StatusOr<carrier::v1::Parcel>& answer, Done done);
    void askAgain();
    void askAgain(const store::Handover& handover);
    /// When the question after this many is due: once the answer to the last can be there no more.
    std::int64_t nextUs(int attempts) const;

    runtime::Database& m_database;
    const std::unique_ptr<carrier::v1::Carrier::Stub> m_carrier;
    const Pace m_pace;
    std::mutex m_mutex;
    std::condition_variable m_answered;
    int m_asking = 0; ///< Questions of this process's own that are under way.
    runtime::Ticker m_ticker;
};

} // namespace shopfleet::deliveries
