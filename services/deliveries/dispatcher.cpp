// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/deliveries/dispatcher.h"

#include "services/deliveries/shipments.h"
#include "services/runtime/client.h"
#include "services/runtime/clock.h"
#include "services/runtime/failpoint.h"
#include "services/runtime/log.h"
#include "services/runtime/requests.h"

#include <grpcpp/channel.h>

#include <algorithm>
#include <utility>

namespace shopfleet::deliveries {
namespace {

using Async = class carrier::v1::Carrier::Stub::async;
using Request = v1::DispatchShipmentRequest;
using runtime::Connection;
using runtime::failpoint;

constexpr const char* kPlace = "DispatchShipmentRequest";
constexpr int kMostDoublings = 16;

/// The carrier's own word, which asking again would not change.
bool isRefusal(const absl::Status& status)
{
    return status.code() == absl::StatusCode::kFailedPrecondition
        || status.code() == absl::StatusCode::kInvalidArgument;
}

} // namespace

Dispatcher::Dispatcher(
    runtime::Database& database, const std::shared_ptr<grpc::Channel>& carrier, Pace pace)
    : m_database(database)
    , m_carrier(carrier::v1::Carrier::NewStub(carrier))
    , m_pace(pace)
    , m_ticker(pace.look, [this] { askAgain(); })
{
}

Dispatcher::~Dispatcher()
{
    m_ticker.stop(); // Nobody is asked any more; those who are may still answer.
    std::unique_lock lock(m_mutex);
    m_answered.wait(lock, [this] { return m_asking == 0; });
}

std::int64_t Dispatcher::nextUs(int attempts) const
{
    const auto pause = std::min(
        m_pace.longestPause, m_pace.firstPause * (1 << std::min(attempts - 1, kMostDoublings)));
    return runtime::nowUs() + std::chrono::microseconds(m_pace.patience + pause).count();
}

void Dispatcher::dispatch(const Request& request, Done done)
{
    struct Begun {
        v1::Shipment shipment;
        bool isAnswered = false; ///< By an earlier call with this request_id.
    };
    auto begun = std::make_shared<Begun>();
    m_database.write(
        [begun, request, next = nextUs(1)](Connection& db) {
            const auto answered = runtime::answeredBefore(db, request, &begun->shipment);
            begun->isAnswered = answered.ok() && *answered;
            absl::Status status = answered.status();
            if (status.ok() && !begun->isAnswered) {
                auto shipment = shipments::beginHandover(db, request, next);
                status = shipment.status();
                if (status.ok())
                    begun->shipment = *std::move(shipment);
            }
            failpoint(kPlace, "beginning");
            return status;
        },
        [this, begun, request, done = std::move(done)](const absl::Status& status) {
            failpoint(kPlace, "begun");
            if (!status.ok())
                done(status);
            else if (begun->isAnswered)
                done(std::move(begun->shipment));
            else
                ask(request, begun->shipment, done);
        });
}

void Dispatcher::ask(const Request& request, const v1::Shipment& shipment, Done done)
{
    carrier::v1::HandOverRequest ask;
    ask.set_key(shipment.id());
    *ask.mutable_address() = shipment.address();
    ask.set_fetched(shipment.direction() == v1::SHIPMENT_DIRECTION_RETURN);
    failpoint("HandOverRequest", "asking");
    runtime::call(m_carrier->async(), &Async::HandOver, std::move(ask), m_pace.patience,
        [this, request, done = std::move(done)](const absl::StatusOr<carrier::v1::Parcel>& answer) {
            failpoint("HandOverRequest", "answered");
            answered(request, answer, done);
        },
        {.repeat = runtime::Repeat::WhenAway});
}

void Dispatcher::answered(
    const Request& request, const absl::StatusOr<carrier::v1::Parcel>& answer, Done done)
{
    auto shipment = std::make_shared<v1::Shipment>();
    absl::Status outcome;
    std::function<absl::Status(Connection&)> work;
    if (answer.ok()) {
        work = [request, shipment, number = answer->tracking_number()](Connection& db) {
            return runtime::once(db, request, shipment.get(), [&] {
                auto ended = shipments::endHandover(db, request.id(), number);
                absl::Status status = ended.status();
                if (status.ok())
                    *shipment = *std::move(ended);
                return status;
            });
        };
    } else if (isRefusal(answer.status())) {
        outcome = runtime::failedPrecondition("CARRIER_REFUSED", "shipment " + request.id(),
            "the carrier does not take it: " + std::string(answer.status().message()));
        work = [id = request.id()](Connection& db) { return shipments::refuseHandover(db, id); };
    } else {
        outcome = runtime::unavailable("the carrier has not said whether it has shipment "
            + request.id() + "; it is asked again until it does");
        work = [id = request.id(), error = std::string(answer.status().message())](
                   Connection& db) { return shipments::noteHandover(db, id, error); };
    }
    m_database.write(
        [work = std::move(work)](Connection& db) {
            absl::Status status = work(db);
            failpoint(kPlace, "writing");
            return status;
        },
        [shipment, outcome, done = std::move(done)](const absl::Status& written) {
            failpoint(kPlace, "written");
            if (!written.ok())
                done(written);
            else if (!outcome.ok())
                done(outcome);
            else
                done(std::move(*shipment));
        });
}

void Dispatcher::askAgain()
{
    if (!m_database.isWriter())
        return;
    const auto reader = m_database.reader();
    if (!reader.ok())
        return;
    const auto due = store::dueHandovers(**reader, runtime::nowUs());
    if (!due.ok())
        return;
    for (const store::Handover& handover : *due)
        askAgain(handover);
}

void Dispatcher::askAgain(const store::Handover& handover)
{
    {
        const std::lock_guard lock(m_mutex);
        ++m_asking;
    }
    const auto finished
        = [this, id = handover.shipmentId](const absl::StatusOr<v1::Shipment>& answer) {
              if (answer.ok())
                  spdlog::info("the carrier has {}, whose answer was lost", id);
              const std::lock_guard lock(m_mutex);
              --m_asking;
              m_answered.notify_all(); // Under the lock: whoever ends this object may wait for it.
          };
    // As at the first time: that it is asked is written before it is asked.
    auto shipment = std::make_shared<absl::StatusOr<v1::Shipment>>();
    m_database.write(
        [this, shipment, id = handover.shipmentId](Connection& db) {
            *shipment = shipments::repeatHandover(
                db, id, [this](int attempts) { return nextUs(attempts); });
            return shipment->status();
        },
        [this, shipment, request = handover.request, finished](const absl::Status& status) {
            if (status.ok())
                ask(request, **shipment, finished);
            else
                finished(status);
        });
}

} // namespace shopfleet::deliveries
