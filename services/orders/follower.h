// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/deliveries/v1/deliveries.grpc.pb.h"

#include <grpcpp/channel.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace shopfleet::orders {

/// Follows what deliveries tells of shipments, for as long as this process writes: a thread that
/// waits for the next message, has it stored, and only then reads on. A lost link is taken up again
/// where the last message was stored; after a gap it asks order by order.
class Follower {
public:
    using Shipments = google::protobuf::RepeatedPtrField<deliveries::v1::Shipment>;
    struct Store {
        std::function<std::string()> token; ///< Of the last message that was stored.
        std::function<std::vector<std::string>()> onTheWay; ///< Orders to ask for after a gap.
        /// Stores what was learnt, with the token unless it is empty. False: it was not stored.
        std::function<bool(const Shipments&, const std::string& token)> learn;
    };

    Follower(const std::shared_ptr<grpc::Channel>& channel, Store store);
    ~Follower();

    void start();
    void stop();

private:
    void run();
    bool follow(); ///< Until the link is lost; true if it told anything.
    bool ask(const std::string& orderId);
    bool wait(std::chrono::milliseconds pause);

    std::unique_ptr<deliveries::v1::Deliveries::Stub> m_stub;
    Store m_store;
    std::mutex m_mutex;
    std::condition_variable m_stopped;
    grpc::ClientContext* m_call = nullptr; ///< Under way.
    bool m_stopping = false;
    std::thread m_thread;
};

} // namespace shopfleet::orders
