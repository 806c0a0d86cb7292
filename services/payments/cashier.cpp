// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/payments/cashier.h"

#include "services/payments/rules.h"
#include "services/payments/store.h"
#include "services/runtime/clock.h"
#include "services/runtime/failpoint.h"
#include "services/runtime/requests.h"

#include <grpcpp/alarm.h>

#include <atomic>
#include <deque>
#include <string>
#include <utility>

namespace shopfleet::payments {
namespace {

using runtime::Connection;
using runtime::nowUs;
using Result = ProviderAnswer::Outcome;

absl::Status declined(const std::string& paymentId, const std::string& reason)
{
    return runtime::failedPrecondition(
        "PROVIDER_DECLINED", "payment " + paymentId, "the provider said " + reason);
}

// The first of two: the provider's answer, or the end of patience.
struct Wait {
    std::atomic<bool> over = false;
    Provider::Answered answered;
    grpc::Alarm alarm;
    std::shared_ptr<Wait> self; // Until the alarm has rung or was called off.
    runtime::Trace trace;
};

} // namespace

/// One request on its way through the steps.
struct Cashier::Task {
    std::unique_ptr<google::protobuf::Message> request;
    Done done;
    bool answered = false; ///< By an earlier call with this request_id.
    v1::Payment payment;
    books::Begun begun;
    std::deque<std::string> keys; ///< What is left to settle.
};

Cashier::Shared Cashier::begin(const google::protobuf::Message& request, Done done)
{
    auto task = std::make_shared<Task>();
    task->request.reset(request.New());
    task->request->CopyFrom(request);
    task->done = std::move(done);
    return task;
}

void Cashier::write(const Shared& task, Work work, std::function<void()> next)
{
    m_database.write(
        [task, work = std::move(work)](Connection& db) {
            // Was it answered before? Then that is the answer, and nothing is asked.
            const auto answered = runtime::answeredBefore(db, *task->request, &task->payment);
            task->answered = answered.ok() && *answered;
            absl::Status status = answered.status();
            if (status.ok() && !task->answered)
                status = work(db);
            runtime::failpoint(task->request->GetDescriptor()->name(), "beginning");
            return status;
        },
        [task, next = std::move(next)](const absl::Status& status) {
            runtime::failpoint(task->request->GetDescriptor()->name(), "begun");
            if (!status.ok())
                task->done(status);
            else if (task->answered)
                task->done(task->payment);
            else
                next();
        });
}

void Cashier::conclude(const Shared& task, std::function<Outcome(Connection&)> work)
{
    m_database.write(
        [task, work = std::move(work)](Connection& db) {
            absl::Status status = runtime::once(db, *task->request, &task->payment, [&] {
                auto payment = work(db);
                absl::Status worked = payment.status();
                if (worked.ok())
                    task->payment = *std::move(payment);
                return worked;
            });
            runtime::failpoint(task->request->GetDescriptor()->name(), "writing");
            return status;
        },
        [task](const absl::Status& status) {
            runtime::failpoint(task->request->GetDescriptor()->name(), "written");
            task->done(status.ok() ? Outcome(task->payment) : Outcome(status));
        });
}

Provider::Answered Cashier::patient(Provider::Answered answered) const
{
    auto wait = std::make_shared<Wait>();
    wait->answered = std::move(answered);
    wait->self = wait;
    wait->trace = runtime::currentTrace();
    wait->alarm.Set(std::chrono::system_clock::now() + m_patience, [wait = wait.get()](bool) {
        const runtime::TraceScope scope(wait->trace);
        const auto keep = std::move(wait->self);
        if (!keep->over.exchange(true))
            keep->answered(ProviderAnswer());
    });
    return [wait](ProviderAnswer answer) {
        if (wait->over.exchange(true))
            return;
        wait->alarm.Cancel();
        wait->answered(std::move(answer));
    };
}

void Cashier::authorise(const v1::AuthorisePaymentRequest& request, Done done)
{
    const auto task = begin(request, std::move(done));
    write(
        task,
        [task, request](Connection& db) {
            auto payment = books::beginAuthorise(db, request, nowUs());
            absl::Status status = payment.status();
            if (status.ok())
                task->payment = *std::move(payment);
            return status;
        },
        [this, task, token = request.payment_token()] {
            const std::string id = task->payment.id();
            if (task->payment.state() != v1::PAYMENT_STATE_CREATED)
                return conclude(task, [id](Connection& db) { return store::get(db, id); });
            ProviderRequest ask;
            ask.key = books::authorisationKey(task->payment);
            ask.token = token;
            ask.currency = task->payment.amount().currency();
            ask.minor = task->payment.amount().minor();
            m_provider.act(ask, patient([this, task, id](ProviderAnswer answer) {
                conclude(task, [id, answer = std::move(answer)](Connection& db) {
                    return books::endAuthorise(db, id, answer, nowUs());
                });
            }));
        });
}

void Cashier::operate(const google::protobuf::Message& request, books::Wish wish, Done done)
{
    const auto task = begin(request, std::move(done));
    write(
        task,
        [task, wish = std::move(wish)](Connection& db) {
            auto begun = books::begin(db, wish, nowUs());
            absl::Status status = begun.status();
            if (status.ok())
                task->begun = *std::move(begun);
            return status;
        },
        [this, task] {
            const auto& operation = task->begun.operation;
            const std::string id = task->begun.payment.id();
            if (operation.outcome == static_cast<int>(Result::Declined))
                return task->done(declined(id, operation.declineReason));
            if (operation.key.empty() || !operation.isOpen())
                return conclude(task, [id](Connection& db) { return store::get(db, id); });
            m_provider.act(books::providerRequest(task->begun.payment, operation),
                patient([this, task](const ProviderAnswer& answer) {
                    operated(task, task->begun, answer);
                }));
        });
}

void Cashier::operated(const Shared& task, const books::Begun& begun, const ProviderAnswer& answer)
{
    const auto end = [key = begun.operation.key, answer](
                         Connection& db) { return books::end(db, key, answer, nowUs()); };
    if (answer.outcome == Result::Done)
        return conclude(task, end);
    // An error is the answer, and what is known stays written: this is no answer to keep under the
    // request_id.
    const absl::Status status = answer.outcome == Result::Declined
        ? declined(begun.payment.id(), answer.reason)
        : runtime::unavailable(
            "the provider's answer was lost; settle the payment, or repeat this request");
    m_database.write([task, end](Connection& db) { return end(db).status(); },
        [task, status](
            const absl::Status& written) { task->done(written.ok() ? status : written); });
}

void Cashier::settle(const v1::SettlePaymentRequest& request, Done done)
{
    const auto task = begin(request, std::move(done));
    write(
        task,
        [task, id = request.id()](Connection& db) {
            auto payment = store::get(db, id);
            if (!payment.ok())
                return payment.status();
            if (isOpen(*payment))
                task->keys.push_back(books::authorisationKey(*payment));
            const auto open = operations::openOf(db, id);
            if (!open.ok())
                return open.status();
            for (const auto& operation : *open)
                task->keys.push_back(operation.key);
            task->payment = *std::move(payment);
            return absl::OkStatus();
        },
        [this, task] { settleNext(task); });
}

void Cashier::settleNext(const Shared& task)
{
    const std::string id = task->payment.id();
    if (task->keys.empty())
        return conclude(task, [id](Connection& db) { return store::get(db, id); });
    const std::string key = task->keys.front();
    task->keys.pop_front();
    m_provider.settle(key, patient([this, task, key](const ProviderAnswer& answer) {
        if (answer.outcome == Result::Unknown)
            return task->done(
                runtime::unavailable("the provider does not answer; the payment stays as it is"));
        m_database.write(
            [task, key, answer](
                Connection& db) { return books::learn(db, key, answer, nowUs()).status(); },
            [this, task](const absl::Status& status) {
                if (status.ok())
                    settleNext(task);
                else
                    task->done(status);
            });
    }));
}

void Cashier::look(const std::string& key, Learnt done)
{
    const auto open = isOut(key);
    if (!open.ok() || !*open)
        return done(open.status());
    m_provider.find(key, patient(learning(key, std::move(done))));
}

void Cashier::close(const std::string& key, Learnt done)
{
    const auto open = isOut(key);
    if (!open.ok() || !*open)
        return done(open.status());
    m_provider.settle(key, patient(learning(key, std::move(done))));
}

absl::StatusOr<bool> Cashier::isOut(const std::string& key)
{
    const auto reader = m_database.reader();
    if (!reader.ok())
        return reader.status();
    return books::isOut(**reader, key);
}

Provider::Answered Cashier::learning(const std::string& key, Learnt done)
{
    return [this, key, done = std::move(done)](const ProviderAnswer& answer) {
        if (answer.outcome == Result::Unknown || answer.outcome == Result::Missing)
            return done(runtime::unavailable("the provider does not say; ask again later"));
        m_database.write(
            [key, answer](
                Connection& db) { return books::learn(db, key, answer, nowUs()).status(); },
            done);
    };
}

} // namespace shopfleet::payments
