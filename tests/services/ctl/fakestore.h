// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/accounts/v1/accounts.grpc.pb.h"
#include "shopfleet/deliveries/v1/deliveries.grpc.pb.h"
#include "shopfleet/inventory/v1/inventory.grpc.pb.h"
#include "shopfleet/orders/v1/orders.grpc.pb.h"
#include "shopfleet/payments/v1/payments.grpc.pb.h"

#include <grpcpp/server.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace shopfleet::ctl::tests {

/// The five services of the store in memory, on a real port: what an import sees of them. Content
/// is compared, request_ids are kept, and they can be made to fail.
class FakeStore {
public:
    FakeStore();
    ~FakeStore();

    /// For --target: every service is at this address.
    std::string target() const { return "127.0.0.1:" + std::to_string(m_port); }

    enum class Fault { None, Refuse, LoseAnswer };

    /// Asked before each write; by its number, counted from 1 over all services.
    std::function<Fault(int number)> fault;

    /// Everything that is stored, as one text: equal texts are equal stores.
    std::string contents() const;

    std::map<std::string, std::string> customers;
    std::map<std::string, std::string> products;
    std::map<std::string, std::string> orders;
    std::map<std::string, std::string> shipments;
    std::map<std::string, std::string> payments;
    std::map<std::string, int64_t> stock;
    std::vector<inventory::v1::StockMove> moves;
    std::atomic<int> writes = 0;
    std::atomic<int> largestBatch = 0;
    orders::v1::ListOrdersRequest lastListOrders;

private:
    struct Services;
    template <class Request, class Response, class Apply>
    grpc::Status write(const Request& request, Response* response, Apply apply);

    mutable std::mutex m_mutex;
    std::map<std::string, std::pair<std::string, std::string>>
        m_answers; ///< By request_id: body, answer.
    std::unique_ptr<Services> m_services;
    std::unique_ptr<grpc::Server> m_server;
    int m_port = 0;
};

} // namespace shopfleet::ctl::tests
