// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/orders/handler.h"

#include "services/orders/liststore.h"
#include "services/orders/rules.h"
#include "services/orders/tallystore.h"
#include "services/runtime/clock.h"
#include "services/runtime/failpoint.h"

#include <spdlog/spdlog.h>

namespace shopfleet::orders {
namespace {

using runtime::Connection;

// Until people sign in, whoever reaches this port is the owner of the machine.
constexpr const char* kStaff = "staff:owner";

Cause causeOf(const std::string& actor)
{
    return {actor, runtime::currentTrace().traceId, runtime::nowUs()};
}

} // namespace

Handler::Handler(runtime::Database& database, runtime::ChangeFeed& feed,
    const Peers::Channels& channels, int mostCheckouts)
    : m_mostCheckouts(mostCheckouts)
    , m_database(database)
    , m_feed(feed)
    , m_peers(channels)
    , m_saga(m_peers,
          [this](Saga::Work work, Saga::Then then) {
              auto result = std::make_shared<std::optional<Unfinished>>();
              m_database.write(
                  [this, work = std::move(work), result](Connection& db) {
                      auto outcome = work(db, m_writes);
                      absl::Status status = outcome.status();
                      if (status.ok())
                          *result = *std::move(outcome);
                      return status;
                  },
                  [then = std::move(then), result](const absl::Status& status) {
                      if (status.ok())
                          then(std::move(*result));
                      else
                          then(status);
                  });
          })
    , m_follower(channels.deliveries, followed())
{
    database.onWriter([this] { takeUp(); });
}

Handler::~Handler() = default;

Follower::Store Handler::followed()
{
    const auto read = [this](auto query, auto none) {
        const auto connection = m_database.reader();
        const auto result = connection.ok() ? query(**connection) : connection.status();
        if (!result.ok())
            spdlog::error("the news of deliveries: {}", std::string(result.status().message()));
        return result.ok() ? *result : none;
    };
    return {[read] { return read(&newsToken, std::string()); },
        [read] { return read(&listOnTheWay, std::vector<std::string>()); },
        [this](const Follower::Shipments& shipments, const std::string& token) {
            std::vector<Unfinished> moved;
            const auto status = m_database.writeAndWait([&](Connection& db) {
                auto learnt = m_writes.learn(db, shipments, token, causeOf("service:deliveries"));
                absl::Status stored = learnt.status();
                if (stored.ok())
                    moved = *std::move(learnt);
                runtime::failpoint("Shipments", "writing");
                return stored;
            });
            runtime::failpoint("Shipments", "written");
            if (!status.ok())
                return false;
            for (Unfinished& one : moved)
                m_saga.drive(std::move(one));
            return true;
        }};
}

void Handler::takeUp()
{
    auto connection = m_database.reader();
    auto unfinished = connection.ok()
        ? listUnfinished(**connection)
        : absl::StatusOr<std::vector<Unfinished>>(connection.status());
    if (!unfinished.ok()) {
        spdlog::error(
            "unfinished orders cannot be read: {}", std::string(unfinished.status().message()));
        return;
    }
    if (!unfinished->empty())
        spdlog::info("{} unfinished orders go on", unfinished->size());
    for (Unfinished& one : *unfinished)
        m_saga.drive(std::move(one));
    m_follower.start();
}

runtime::Unary* Handler::GetOrder(
    Context* context, const v1::GetOrderRequest* request, v1::Order* response)
{
    return runtime::read(context, m_database, request, response,
        [](Connection& db, const auto& asked) { return getOrder(db, asked.id()); });
}

runtime::Unary* Handler::ListOrders(
    Context* context, const v1::ListOrdersRequest* request, v1::ListOrdersResponse* response)
{
    return runtime::browse(context, m_database, request, response, &listOrders);
}

Handler::Stream<v1::WatchOrdersResponse>* Handler::WatchOrders(
    Context*, const v1::WatchOrdersRequest* request)
{
    return runtime::watch<v1::WatchOrdersResponse>(m_database, m_feed, request->resume_token(),
        [](Connection& db, const runtime::Changed& changed, v1::WatchOrdersResponse& response) {
            auto orders = getOrders(db, {changed.id});
            if (!orders.ok())
                return orders.status();
            for (v1::Order& order : *orders)
                *response.add_orders() = std::move(order);
            return absl::OkStatus();
        });
}

runtime::Unary* Handler::GetOrderStats(
    Context* context, const v1::GetOrderStatsRequest* request, v1::OrderStats* response)
{
    return runtime::browse(context, m_database, request, response, &orderStats);
}

runtime::Unary* Handler::ListMyOrders(
    Context* context, const v1::ListMyOrdersRequest* request, v1::ListOrdersResponse* response)
{
    if (request->customer_id().empty())
        return runtime::finish(context, runtime::invalidField("customer_id", "must not be empty"));
    if (auto status = checkText(request->customer_id(), "customer_id", 64); !status.ok())
        return runtime::finish(context, status);
    return runtime::browse(context, m_database, request, response, &listMyOrders);
}

runtime::Unary* Handler::GetMyOrder(
    Context* context, const v1::GetMyOrderRequest* request, v1::Order* response)
{
    if (request->customer_id().empty())
        return runtime::finish(context, runtime::invalidField("customer_id", "must not be empty"));
    return runtime::read(context, m_database, request, response,
        [](Connection& db, const auto& asked) -> absl::StatusOr<v1::Order> {
            auto order = getOrder(db, asked.id());
            if (order.ok() && order->customer_id() != asked.customer_id())
                return runtime::notFound("order", asked.id());
            return order;
        });
}

runtime::Unary* Handler::ImportOrders(
    Context* context, const v1::ImportOrdersRequest* request, v1::ImportOrdersResponse* response)
{
    auto checked = std::make_shared<v1::ImportOrdersRequest>(*request);
    if (auto status = checkImport(*checked); !status.ok())
        return runtime::finish(context, status);
    return runtime::write(
        context, m_database, request, response, [this, checked](Connection& db, const auto&) {
            return m_writes.import(db, *checked, causeOf(kStaff));
        });
}

} // namespace shopfleet::orders
