// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/orders/plan.h"

#include <algorithm>

namespace shopfleet::orders {
namespace {

struct Named {
    std::string_view service;
    std::string_view method;
    std::string_view name;
};

constexpr Named kSteps[] = {
    {"", "", ""},
    {"inventory", "ReserveStock", "reserve"},
    {"payments", "AuthorisePayment", "authorise"},
    {"payments", "SettlePayment", "settle"},
    {"cart", "CloseCart", "close"},
    {"deliveries", "PlanShipment", "plan"},
    {"deliveries", "CancelShipment", "unplan"},
    {"payments", "VoidPayment", "void"},
    {"inventory", "ReleaseReservation", "release"},
    {"payments", "CapturePayment", "capture"},
    {"inventory", "CommitReservation", "commit"},
    {"payments", "RefundPayment", "refund"},
    {"inventory", "ReceiveStock", "restock"},
    {"deliveries", "CreateReturn", "fetch"},
    {"deliveries", "UpdateShipment", "readdress"},
    {"deliveries", "UpdateShipment", "repack"},
    {"inventory", "ReleaseReservation", "trim"},
};

Step nextForward(std::uint32_t done)
{
    if (!(done & kReserved))
        return Step::Reserve;
    if (done & kPaymentUnknown)
        return Step::Settle;
    if (!(done & kAuthorised))
        return Step::Authorise;
    if (!(done & kCartClosed))
        return Step::Close;
    return done & kPlanned ? Step::None : Step::Plan;
}

/// Last done, first undone: a parcel must not leave for money that was given back.
Step nextBackward(std::uint32_t done)
{
    if (done & kPaymentUnknown)
        return Step::Settle;
    if ((done & kPlanned) && !(done & kUnplanned))
        return Step::Unplan;
    if ((done & kAuthorised) && !(done & kVoided))
        return Step::Void;
    if ((done & kReserved) && !(done & kReleased))
        return Step::Release;
    return Step::None;
}

/// The parcel is on its way: its money is taken, its units leave the shelf.
Step nextShipping(std::uint32_t done)
{
    if (!(done & kCaptured))
        return Step::Capture;
    if ((done & kLess) && !(done & kVoided))
        return Step::Void;
    if (!(done & kCommitted))
        return Step::Commit;
    return done & kCartClosed ? Step::None : Step::Close;
}

Step nextRefunding(std::uint32_t done)
{
    if (!(done & kRefunded))
        return Step::Refund;
    return done & kRestocked ? Step::None : Step::Restock;
}

Step nextReshipping(std::uint32_t done)
{
    if (!(done & kReserved))
        return Step::Reserve;
    return done & kPlanned ? Step::None : Step::Plan;
}

/// The parcel first: once it has left, its goods are not taken out of it any more.
Step nextRelining(std::uint32_t done)
{
    if (!(done & kRepacked))
        return Step::Repack;
    return done & kTrimmed ? Step::None : Step::Trim;
}

/// `asked` is what a person asked for: a refund, a reship.
Progress businessOf(Goal goal, std::uint32_t done, const auto& asked)
{
    Progress progress;
    progress.goal = goal;
    progress.done = done;
    if constexpr (requires { asked.reason(); })
        progress.reason = asked.reason();
    progress.actor = asked.actor();
    progress.subject = asked.id();
    progress.step = nextStep(goal, done);
    return progress;
}

const Named& named(Step step)
{
    return kSteps[static_cast<std::size_t>(step)];
}

} // namespace

Step nextStep(Goal goal, std::uint32_t done)
{
    switch (goal) {
    case Goal::Confirm:
        return nextForward(done);
    case Goal::Ship:
        return nextShipping(done);
    case Goal::Refund:
        return nextRefunding(done);
    case Goal::Return:
        return done & kFetched ? Step::None : Step::Fetch;
    case Goal::Reship:
        return nextReshipping(done);
    case Goal::Reshipped:
        return done & kCommitted ? Step::None : Step::Commit;
    case Goal::Unreship:
        return done & kReleased ? Step::None : Step::Release;
    case Goal::Readdress:
        return done & kReaddressed ? Step::None : Step::Readdress;
    case Goal::Reline:
        return nextRelining(done);
    case Goal::Reject:
    case Goal::Cancel:
        break;
    }
    return nextBackward(done);
}

Progress shipping(const v1::Order& order)
{
    Progress progress;
    progress.goal = Goal::Ship;
    progress.done = doneOf(order);
    progress.step = nextStep(progress.goal, progress.done);
    return progress;
}

Progress calledOff(const v1::Order& order)
{
    Progress progress;
    progress.goal = Goal::Cancel;
    progress.done = doneOf(order) | kUnplanned;
    progress.reason = "its parcel was called off";
    progress.actor = "service:deliveries";
    progress.step = nextStep(progress.goal, progress.done);
    return progress;
}

Progress nextBusiness(const v1::Order& order)
{
    if (order.has_address_change())
        return businessOf(Goal::Readdress, doneOf(order), order.address_change());
    if (!order.lines_changes().empty()) {
        const v1::LinesChange& change = order.lines_changes(0);
        return businessOf(Goal::Reline, doneOf(order) | (change.packed() ? kRepacked : 0U), change);
    }
    // Nothing is asked back for goods that are not there to be sent.
    for (const v1::Reship& reship : order.reships())
        if (!reship.exchange_id().empty() && reship.state() == v1::RESHIP_STATE_ASKED)
            return businessOf(Goal::Reship, 0, reship);
    for (const v1::Refund& refund : order.refunds()) {
        const bool restocks = std::ranges::any_of(refund.lines(), &v1::RefundLine::restock);
        const bool pays = refund.total().minor() > 0;
        const std::uint32_t done = doneOf(order) | (restocks ? 0U : std::uint32_t{kRestocked})
            | (pays ? 0U : std::uint32_t{kRefunded});
        if (refund.state() == v1::REFUND_STATE_PENDING)
            return businessOf(Goal::Refund, done, refund);
        if (refund.state() == v1::REFUND_STATE_RETURN_ASKED)
            return businessOf(Goal::Return, done, refund);
    }
    for (const v1::Reship& reship : order.reships()) {
        if (reship.state() == v1::RESHIP_STATE_ASKED)
            return businessOf(Goal::Reship, 0, reship);
        if (reship.state() == v1::RESHIP_STATE_LEAVING)
            return businessOf(Goal::Reshipped, 0, reship);
        if (reship.state() == v1::RESHIP_STATE_STOPPING)
            return businessOf(Goal::Unreship, 0, reship);
    }
    return {};
}

Step insteadOf(Step failed, std::uint32_t done)
{
    if (failed == Step::Close && !(done & kPlanned))
        return Step::Plan;
    if (failed == Step::Plan && !(done & kCartClosed))
        return Step::Close;
    return failed;
}

std::uint32_t doneOf(const v1::Order& order)
{
    std::uint32_t done = kCartClosed;
    if (!order.reservation_id().empty())
        done |= kReserved;
    if (!order.payment_ids().empty())
        done |= kAuthorised;
    if (!order.shipment_ids().empty())
        done |= kPlanned;
    if (order.captured().minor() > 0 || order.total().minor() <= 0)
        done |= kCaptured;
    if (order.authorised().minor() > order.total().minor())
        done |= kLess;
    return done;
}

std::string_view serviceOf(Step step)
{
    return named(step).service;
}

std::string_view methodOf(Step step)
{
    return named(step).method;
}

std::string_view nameOf(Step step)
{
    return named(step).name;
}

std::int64_t pauseMs(int attempts, double chance)
{
    constexpr std::int64_t kFirst = 100;
    constexpr std::int64_t kLongest = 30'000;
    const std::int64_t whole = std::min(kLongest, kFirst << std::clamp(attempts - 1, 0, 20));
    return whole - static_cast<std::int64_t>(chance * static_cast<double>(whole) / 4);
}

} // namespace shopfleet::orders
