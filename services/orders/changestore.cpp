// SPDX-License-Identifier: GPL-3.0-or-later
// Writes to an order that is there: the saga's steps, and what people do to it.
#include "services/orders/linechanges.h"
#include "services/orders/rules.h"
#include "services/orders/store.h"
#include "services/orders/tallystore.h"
#include "services/runtime/changes.h"
#include "services/runtime/clock.h"

namespace shopfleet::orders {
namespace {

using runtime::Connection;

/// What a change of state is called in the timeline.
std::pair<std::string, common::v1::Severity> eventOf(v1::OrderState state)
{
    switch (state) {
    case v1::ORDER_STATE_CONFIRMED:
        return {"order.confirmed", common::v1::SEVERITY_SUCCESS};
    case v1::ORDER_STATE_REJECTED:
        return {"order.rejected", common::v1::SEVERITY_FAILURE};
    case v1::ORDER_STATE_CANCELLED:
        return {"order.cancelled", common::v1::SEVERITY_WARNING};
    case v1::ORDER_STATE_SHIPPED:
        return {"order.shipped", common::v1::SEVERITY_SUCCESS};
    case v1::ORDER_STATE_DELIVERED:
        return {"order.delivered", common::v1::SEVERITY_SUCCESS};
    case v1::ORDER_STATE_RETURNED:
        return {"order.returned", common::v1::SEVERITY_WARNING};
    case v1::ORDER_STATE_REFUNDED:
        return {"order.refunded", common::v1::SEVERITY_WARNING};
    default:
        return {"", common::v1::SEVERITY_PROGRESS};
    }
}

} // namespace

absl::Status addStateEvent(
    Connection& db, const v1::Order& order, const Progress& progress, const Cause& cause)
{
    const auto [kind, severity] = eventOf(order.state());
    if (kind.empty())
        return absl::OkStatus();
    Facts facts;
    if (progress.goal != Goal::Confirm && !progress.reason.empty())
        facts.emplace_back("reason", progress.reason);
    Cause by = cause;
    if (progress.goal == Goal::Cancel && !progress.actor.empty())
        by.actor = progress.actor;
    return addEvent(db, order.id(), kind, severity, facts, by);
}

namespace {

/// A failed try: when the next one is, and whether somebody has to look.
void note(const Outcome& outcome, Step next, double chance, const Cause& cause, v1::Order& order)
{
    v1::Waiting& waiting = *order.mutable_waiting();
    waiting.set_service(std::string(serviceOf(next)));
    waiting.set_method(std::string(methodOf(next)));
    waiting.set_attempts(waiting.attempts() + 1);
    waiting.set_trace_id(cause.traceId);
    waiting.set_last_error(outcome.error.ToString().substr(0, 500));
    if (outcome.verdict == Outcome::Verdict::Stop) {
        waiting.clear_next_try_at();
        waiting.set_needs_person(true);
        return;
    }
    *waiting.mutable_next_try_at()
        = runtime::toTimestamp(cause.now + pauseMs(waiting.attempts(), chance) * 1000);
    waiting.set_needs_person(waiting.attempts() >= kTriesBeforePerson);
}

/// What the timeline says of a step's answer.
struct Told {
    std::string event;
    common::v1::Severity severity;
    Facts facts;
};

/// The first failure and the call for a person are history; the tries between are in `waiting`.
Told failedTry(Step step, const v1::Waiting& before, const v1::Waiting& now, Told told)
{
    const bool calls = now.needs_person() && !before.needs_person();
    if (calls || now.attempts() == 1)
        told.event = calls ? "step.needs_person" : "step.failed";
    told.severity = calls ? common::v1::SEVERITY_FAILURE : common::v1::SEVERITY_WARNING;
    told.facts = {{"service", std::string(serviceOf(step))},
        {"method", std::string(methodOf(step))}, {"error", now.last_error()}};
    return told;
}

Outcome stillUnknown()
{
    Outcome outcome;
    outcome.verdict = Outcome::Verdict::Retry;
    outcome.error = absl::UnavailableError("the payment's provider does not know yet");
    return outcome;
}

} // namespace

absl::Status Writes::save(
    Connection& db, const v1::Order& before, Stored& stored, const Cause& cause)
{
    *stored.order.mutable_updated_at() = runtime::toTimestamp(cause.now);
    if (auto status = updateRow(db, stored, before); !status.ok())
        return status;
    if (auto status = runtime::recordChange(db, "order", before.id()); !status.ok())
        return status;
    if (before.state() != stored.order.state() || before.units() != stored.order.units()
        || before.total().minor() != stored.order.total().minor()) {
        Tally tally;
        tally.remove(before);
        tally.add(stored.order);
        if (auto status = tally.write(db); !status.ok())
            return status;
    }
    const std::string was = documentOf(before);
    const std::string is = documentOf(stored.order);
    if (was == is)
        return absl::OkStatus();
    if (auto status = m_words.remove(db, stored.key, was); !status.ok())
        return status;
    return m_words.add(db, stored.key, is);
}

absl::StatusOr<std::optional<Unfinished>> Writes::advance(Connection& db, const std::string& id,
    Step step, const Outcome& outcome, double chance, const Cause& cause)
{
    auto progress = loadProgress(db, id);
    if (!progress.ok())
        return progress.status();
    if (!*progress)
        return std::nullopt;
    auto stored = load(db, id);
    if (!stored.ok())
        return stored.status();
    if ((*progress)->step != step)
        return Unfinished{std::move(stored->order), **std::move(progress)};

    Progress& now = **progress;
    Progress ended = now;
    v1::Order& order = stored->order;
    const v1::Order before = order;
    Told told{outcome.event, outcome.severity, outcome.facts};
    if (outcome.verdict == Outcome::Verdict::Done) {
        fold(outcome, order, now);
        if (!outcome.shipmentId.empty())
            if (auto status = expectShipment(db, id, outcome.shipmentId); !status.ok())
                return status;
        if (auto status = catchUp(db, order); !status.ok())
            return status;
        ended = now;
        // One thing after the other: what was learnt or asked for meanwhile comes next.
        if (now.step == Step::None) {
            auto next = nextToDo(db, order, cause);
            if (!next.ok())
                return next.status();
            now = *std::move(next);
        }
        // A settlement that still does not know is a failed try, not progress.
        if (now.step == step && step == Step::Settle) {
            note(stillUnknown(), step, chance, cause, order);
            told.event.clear();
        } else {
            await(order, now.step, cause);
        }
    } else {
        now.step = outcome.verdict == Outcome::Verdict::Retry ? insteadOf(step, now.done) : step;
        note(outcome, now.step, chance, cause, order);
        told = failedTry(step, before.waiting(), order.waiting(), std::move(told));
    }

    if (auto status = save(db, before, *stored, cause); !status.ok())
        return status;
    if (auto status = saveProgress(db, id, now); !status.ok())
        return status;
    if (!told.event.empty())
        if (auto status = addEvent(db, id, told.event, told.severity, told.facts, cause);
            !status.ok())
            return status;
    if (before.state() != order.state())
        if (auto status = addStateEvent(db, order, ended, cause); !status.ok())
            return status;
    if (!isDecided(before.state()) && isDecided(order.state()))
        if (auto status = keepAnswer(db, order, cause.now); !status.ok())
            return status;
    return Unfinished{std::move(order), std::move(now)};
}

absl::StatusOr<v1::Order> Writes::change(Connection& db, const std::string& id,
    const std::string& etag, const Change& change, const Entry& entry, const Cause& cause)
{
    auto stored = load(db, id);
    if (!stored.ok())
        return stored.status();
    if (!etag.empty() && etag != stored->order.etag())
        return runtime::staleEtag(stored->order);
    const v1::Order before = stored->order;
    if (auto status = change(stored->order); !status.ok())
        return status;
    if (auto status = save(db, before, *stored, cause); !status.ok())
        return status;
    if (auto status
        = addEvent(db, id, entry.kind, common::v1::SEVERITY_PROGRESS, entry.facts, cause);
        !status.ok())
        return status;
    return std::move(stored->order);
}

absl::StatusOr<Unfinished> Writes::cancel(
    Connection& db, const v1::CancelOrderRequest& request, const Cause& cause)
{
    auto stored = load(db, request.id());
    if (!stored.ok())
        return stored.status();
    auto progress = loadProgress(db, request.id());
    if (!progress.ok())
        return progress.status();
    v1::Order& order = stored->order;
    if (!request.etag().empty() && request.etag() != order.etag())
        return runtime::staleEtag(order);
    if (auto status = checkCancel(order, *progress ? &**progress : nullptr); !status.ok())
        return status;

    const v1::Order before = order;
    Progress now = progress->value_or(Progress{});
    if (!*progress)
        now.done = doneOf(order);
    order.clear_address_change();
    forgetAsked(order);
    now.goal = Goal::Cancel;
    now.subject.clear();
    now.reason = request.reason();
    now.actor = cause.actor;
    // A call whose answer is not known is heard out first; closing the cart has nothing to be
    // undone.
    if (now.step == Step::None || now.step == Step::Close) {
        now.step = nextStep(Goal::Cancel, now.done);
        await(order, now.step, cause);
    }
    if (now.step == Step::None)
        order.set_state(v1::ORDER_STATE_CANCELLED);
    if (auto status = save(db, before, *stored, cause); !status.ok())
        return status;
    if (auto status = saveProgress(db, order.id(), now); !status.ok())
        return status;
    if (auto status = addEvent(db, order.id(), "order.cancel_asked", common::v1::SEVERITY_PROGRESS,
            {{"reason", request.reason()}}, cause);
        !status.ok())
        return status;
    if (before.state() != order.state())
        if (auto status = addStateEvent(db, order, now, cause); !status.ok())
            return status;
    return Unfinished{std::move(order), std::move(now)};
}

absl::StatusOr<Unfinished> Writes::ask(Connection& db, const std::string& id,
    const std::string& etag, const Ask& ask, const Cause& cause)
{
    auto stored = load(db, id);
    if (!stored.ok())
        return stored.status();
    auto progress = loadProgress(db, id);
    if (!progress.ok())
        return progress.status();
    v1::Order& order = stored->order;
    if (!etag.empty() && etag != order.etag())
        return runtime::staleEtag(order);
    const v1::Order before = order;
    const auto entry = ask(order, *progress ? &**progress : nullptr);
    if (!entry.ok())
        return entry.status();
    Progress now = progress->value_or(Progress{});
    if (now.step == Step::None) {
        now = nextBusiness(order);
        await(order, now.step, cause);
    }
    if (auto status = save(db, before, *stored, cause); !status.ok())
        return status;
    if (auto status = saveProgress(db, id, now); !status.ok())
        return status;
    if (auto status
        = addEvent(db, id, entry->kind, common::v1::SEVERITY_PROGRESS, entry->facts, cause);
        !status.ok())
        return status;
    return Unfinished{std::move(order), std::move(now)};
}

absl::StatusOr<Unfinished> Writes::resume(Connection& db, const std::string& id, const Cause& cause)
{
    auto progress = loadProgress(db, id);
    if (!progress.ok())
        return progress.status();
    const auto step = *progress ? std::string(nameOf((*progress)->step)) : std::string();
    auto order = change(
        db, id, "",
        [&](v1::Order& one) {
            if (step.empty())
                return runtime::failedPrecondition(
                    "NOT_WAITING", "order " + id, "waits on nothing");
            one.mutable_waiting()->clear_needs_person();
            one.mutable_waiting()->clear_next_try_at();
            return absl::OkStatus();
        },
        {"step.resumed", {{"step", step}}}, cause);
    if (!order.ok())
        return order.status();
    return Unfinished{*std::move(order), **std::move(progress)};
}

} // namespace shopfleet::orders
