// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/orders/v1/orders.pb.h"

#include <cstdint>
#include <string>
#include <string_view>

// The saga as a table: what is done, what comes next. Pure.
namespace shopfleet::orders {

/// Where an order is headed. The numbers are stored.
enum class Goal {
    Confirm = 1,
    Reject = 2,
    Cancel = 3,
    Ship = 4,
    Refund = 5,
    Return = 6,
    Reship = 7, ///< Sets units aside again and plans their parcel.
    Reshipped = 8, ///< That parcel has left.
    Unreship = 9, ///< That parcel was called off.
    Readdress = 10,
    Reline = 11, ///< Takes units out of the parcel, then sets them free.
};

/// One call to another service. The numbers are stored.
enum class Step {
    None = 0,
    Reserve = 1,
    Authorise = 2,
    Settle = 3,
    Close = 4,
    Plan = 5,
    Unplan = 6,
    Void = 7,
    Release = 8,
    Capture = 9,
    Commit = 10,
    Refund = 11,
    Restock = 12,
    Fetch = 13, ///< Tells deliveries that goods come back.
    Readdress = 14,
    Repack = 15,
    Trim = 16, ///< Sets some of the order's units free.
};

/// What is known to be done, as bits of one stored number.
enum Done : std::uint32_t {
    kReserved = 1,
    kPaymentUnknown = 2, ///< Asked for and not known: settle, never ask for it again.
    kAuthorised = 4,
    kCartClosed = 8,
    kPlanned = 16,
    kUnplanned = 32,
    kVoided = 64,
    kReleased = 128,
    kCaptured = 256,
    kCommitted = 512,
    kRefunded = 1024,
    kRestocked = 2048,
    kFetched = 4096,
    kReaddressed = 8192,
    kRepacked = 16384,
    kTrimmed = 32768,
    kLess = 65536, ///< Costs less than was set aside: the rest is given up.
};

/// An order's unfinished business: one row while there is any.
struct Progress {
    Goal goal = Goal::Confirm;
    Step step = Step::None; ///< Written before it is tried.
    std::uint32_t done = 0;
    std::string paymentToken; ///< Gone with the row.
    std::string reason; ///< Why it is rejected or cancelled.
    std::string actor; ///< Who cancels it.
    std::string subject = {}; ///< What it is about: the refund "R1", the reship "F2", …
};

/// What to do next for what is wanted and done; None: the goal is reached.
Step nextStep(Goal goal, std::uint32_t done);

/// What the order is to do when one goal is reached: the next thing that is asked for, with its
/// first step. Step::None: nothing.
Progress nextBusiness(const v1::Order& order);

/// What the order is to do when its parcel has left.
Progress shipping(const v1::Order& order);

/// What the order is to do when deliveries has called its parcel off: nobody will send it.
Progress calledOff(const v1::Order& order);

/// Of two steps that do not depend on each other, the other one, so that one service's failure does
/// not hold up both.
Step insteadOf(Step failed, std::uint32_t done);

/// What must be taken back of an order that is settled.
std::uint32_t doneOf(const v1::Order& order);

std::string_view serviceOf(Step step); // "inventory".
std::string_view methodOf(Step step); // "ReserveStock".
std::string_view nameOf(Step step); // "reserve": with the order's id the key of the call.

/// The pause before try number `attempts` + 1: 100 ms doubled up to 30 s, the last quarter by
/// chance (0 to 1).
std::int64_t pauseMs(int attempts, double chance);

/// From so many failures on a person is told to look; it is tried on every 30 s.
constexpr int kTriesBeforePerson = 10;

} // namespace shopfleet::orders
