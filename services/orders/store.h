// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/orders/eventstore.h"
#include "services/orders/rowstore.h"
#include "services/orders/steps.h"
#include "services/orders/textstore.h"
#include "shopfleet/deliveries/v1/deliveries.pb.h"

#include <absl/status/statusor.h>

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace shopfleet::orders {

/// An order with its unfinished business.
struct Unfinished {
    v1::Order order;
    Progress progress;
};

/// What the order waits on from now on.
void await(v1::Order& order, Step step, const Cause& cause);
absl::StatusOr<std::optional<Progress>> loadProgress(
    runtime::Connection& db, const std::string& id);
/// The timeline's event for the state that the order has come to; none for the states on the way.
absl::Status addStateEvent(
    runtime::Connection& db, const v1::Order& order, const Progress& progress, const Cause& cause);
/// What deliveries has told already and the order is ready for only now: all of it has arrived, or
/// goods are back.
absl::Status catchUp(runtime::Connection& db, v1::Order& order);
/// What an order comes to that has nothing under way: parcels may have left or been called off
/// meanwhile, and what was asked for may wait.
absl::StatusOr<Progress> nextToDo(runtime::Connection& db, v1::Order& order, const Cause& cause);
/// A parcel of the order that deliveries is known to have planned.
absl::Status expectShipment(
    runtime::Connection& db, const std::string& orderId, const std::string& shipmentId);
/// How far the news of deliveries are taken in; empty at first.
absl::StatusOr<std::string> newsToken(runtime::Connection& db);
/// Orders that news of deliveries may still move.
absl::StatusOr<std::vector<std::string>> listOnTheWay(runtime::Connection& db);
/// Stores what is left to do; the row goes once nothing is.
absl::Status saveProgress(runtime::Connection& db, const std::string& id, const Progress& progress);
absl::StatusOr<std::string> nextNumber(runtime::Connection& db);

/// Reads of single orders; any connection, any thread.
absl::StatusOr<Stored> load(runtime::Connection& db, const std::string& id);
absl::StatusOr<v1::Order> getOrder(runtime::Connection& db, const std::string& id);
absl::StatusOr<std::vector<v1::Order>> getOrders(
    runtime::Connection& db, const std::vector<std::string>& ids);
/// The order that this PlaceOrder made, if any, and the fingerprint of what was asked then.
absl::StatusOr<std::optional<Stored>> findPlaced(
    runtime::Connection& db, const std::string& requestId);
/// What its PlaceOrder was answered when the order was decided; kept for a day.
absl::StatusOr<std::optional<v1::Order>> findAnswer(
    runtime::Connection& db, const std::string& orderId);
absl::Status keepAnswer(runtime::Connection& db, const v1::Order& order, std::int64_t nowUs);
/// In the order they were placed in.
absl::StatusOr<std::vector<Unfinished>> listUnfinished(runtime::Connection& db);

/// All writes. Used by the writer's thread alone; each function is one closure's work within its
/// transaction.
class Writes {
public:
    absl::StatusOr<v1::ImportOrdersResponse> import(
        runtime::Connection& db, const v1::ImportOrdersRequest& request, const Cause& cause);

    /// Makes the order durable with its first step, or gives back the one that this request made
    /// before.
    absl::StatusOr<Unfinished> place(runtime::Connection& db, v1::Order order,
        const std::string& requestId, std::int64_t requestHash, const std::string& paymentToken,
        const Cause& cause);

    /// Writes what a step's answer means, unless the order is no longer at that step, and gives
    /// back where it is now; nothing if it is through.
    absl::StatusOr<std::optional<Unfinished>> advance(runtime::Connection& db,
        const std::string& id, Step step, const Outcome& outcome, double chance,
        const Cause& cause);

    /// One change by a person: `change` may refuse.
    using Change = std::function<absl::Status(v1::Order&)>;
    absl::StatusOr<v1::Order> change(runtime::Connection& db, const std::string& id,
        const std::string& etag, const Change& change, const Entry& entry, const Cause& cause);

    /// Heads the order for CANCELLED.
    absl::StatusOr<Unfinished> cancel(
        runtime::Connection& db, const v1::CancelOrderRequest& request, const Cause& cause);

    /// Takes what a person asks for into the order, to be done after what is under way: `ask` adds
    /// it (a refund, a reship) or refuses, and is told what is under way, if anything.
    using Ask = std::function<absl::StatusOr<Entry>(v1::Order&, const Progress*)>;
    absl::StatusOr<Unfinished> ask(runtime::Connection& db, const std::string& id,
        const std::string& etag, const Ask& ask, const Cause& cause);

    /// What deliveries tells, once: what was heard before, or comes late, changes nothing. Gives
    /// back the orders that have something to do by it. An empty `token` leaves the old one.
    absl::StatusOr<std::vector<Unfinished>> learn(runtime::Connection& db,
        const google::protobuf::RepeatedPtrField<deliveries::v1::Shipment>& shipments,
        const std::string& token, const Cause& cause);

    /// Makes the step that it waits on due now.
    absl::StatusOr<Unfinished> resume(
        runtime::Connection& db, const std::string& id, const Cause& cause);

private:
    absl::StatusOr<std::optional<Unfinished>> learnOne(
        runtime::Connection& db, const deliveries::v1::Shipment& shipment, const Cause& cause);
    absl::StatusOr<std::int64_t> freeKey(runtime::Connection& db, std::int64_t placedAt);
    absl::Status save(
        runtime::Connection& db, const v1::Order& before, Stored& stored, const Cause& cause);
    absl::Status replace(runtime::Connection& db, Stored& old, v1::Order order, const Cause& cause);
    absl::Status insert(
        runtime::Connection& db, Stored& stored, const std::string& requestId, const Cause& cause);

    Words m_words;
    std::unordered_map<std::int64_t, std::int64_t>
        m_lastKeys; ///< Where many were placed at once, the last key given there.
};

} // namespace shopfleet::orders
