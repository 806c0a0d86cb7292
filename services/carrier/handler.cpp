// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/carrier/handler.h"

#include "services/carrier/journey.h"
#include "services/carrier/rules.h"
#include "services/carrier/store.h"
#include "services/runtime/client.h"
#include "services/runtime/clock.h"
#include "services/runtime/lateanswer.h"
#include "services/runtime/text.h"

#include <charconv>
#include <utility>

namespace shopfleet::carrier {
namespace {

using runtime::Connection;
using runtime::finish;
using runtime::Unary;

constexpr std::chrono::seconds kAnswer{2};

std::int64_t microseconds(std::chrono::milliseconds time)
{
    return std::chrono::microseconds(time).count();
}

/// As the world may see it: what is still ahead of it is left out.
v1::Parcel sofar(v1::Parcel parcel)
{
    const std::int64_t now = runtime::nowUs();
    while (!parcel.stations().empty() && runtime::toUs(parcel.stations().rbegin()->at()) > now)
        parcel.mutable_stations()->RemoveLast();
    return parcel;
}

deliveries::v1::ShipmentState stateOf(v1::StationKind kind)
{
    switch (kind) {
    case v1::STATION_KIND_COLLECTED:
        return deliveries::v1::SHIPMENT_STATE_PICKED_UP;
    case v1::STATION_KIND_ON_THE_ROAD:
        return deliveries::v1::SHIPMENT_STATE_IN_TRANSIT;
    case v1::STATION_KIND_DELIVERED:
        return deliveries::v1::SHIPMENT_STATE_DELIVERED;
    case v1::STATION_KIND_BROUGHT_BACK:
        return deliveries::v1::SHIPMENT_STATE_RETURNED;
    case v1::STATION_KIND_LOST:
        return deliveries::v1::SHIPMENT_STATE_LOST;
    default:
        return deliveries::v1::SHIPMENT_STATE_UNSPECIFIED;
    }
}

std::string reportKey(const std::string& parcel, int station)
{
    return runtime::text(parcel, "#", station);
}

/// The parcel's key and its station, or -1.
std::pair<std::string, int> partsOf(const std::string& key)
{
    const auto at = key.rfind('#');
    int station = -1;
    if (at != std::string::npos)
        std::from_chars(key.data() + at + 1, key.data() + key.size(), station);
    return {key.substr(0, at), station};
}

} // namespace

struct Handler::Taken {
    v1::Parcel parcel;
    Journey journey;
    bool isNew = false;
};

Handler::Handler(runtime::Database& database, const std::shared_ptr<grpc::Channel>& deliveries)
    : m_database(database)
    , m_deliveries(deliveries::v1::Deliveries::NewStub(deliveries))
    , m_reports(database, "report", [this](const std::string& key) { return report(key); })
{
}

absl::Status Handler::take(Connection& db, const v1::HandOverRequest& request, Taken& taken)
{
    auto known = store::find(db, request.key());
    if (!known.ok())
        return known.status();
    if (known->has_value()) {
        taken.parcel = **std::move(known);
        return isSame(request, taken.parcel)
            ? absl::OkStatus()
            : runtime::aborted("KEY_REUSED", "key: it was used for another parcel; use a new one");
    }
    if (taken.journey.refused)
        return runtime::failedPrecondition("ADDRESS_REFUSED", "parcel " + request.key(),
            "we do not go to " + request.address().postal_code());
    const auto serial = store::nextSerial(db);
    if (!serial.ok())
        return serial.status();
    taken.isNew = true;
    v1::Parcel& parcel = taken.parcel;
    const std::int64_t now = runtime::nowUs();
    parcel.set_key(request.key());
    parcel.set_tracking_number(trackingNumber(*serial));
    *parcel.mutable_address() = request.address();
    parcel.set_fetched(request.fetched());
    *parcel.mutable_at() = runtime::toTimestamp(now);
    for (const Stop& stop : taken.journey.stops) {
        v1::Station& station = *parcel.add_stations();
        station.set_kind(stop.kind);
        *station.mutable_at() = runtime::toTimestamp(now + microseconds(stop.after));
        station.set_place(stop.place);
    }
    if (auto status = store::insert(db, *serial, parcel); !status.ok())
        return status;
    const int last = parcel.stations_size() - 1;
    for (int i = 0; i <= last; ++i) {
        const std::int64_t due = runtime::toUs(parcel.stations(i).at())
            + (i < last ? microseconds(taken.journey.reorderedBy) : 0);
        for (int again = 0; again < taken.journey.reports; ++again) {
            if (auto status = m_reports.add(db, reportKey(parcel.key(), i), due); !status.ok())
                return status;
        }
    }
    return absl::OkStatus();
}

Unary* Handler::HandOver(Context* context, const v1::HandOverRequest* request, v1::Parcel* response)
{
    if (auto status = checkHandOver(*request); !status.ok())
        return finish(context, status);
    auto* answer = new runtime::LateAnswer;
    auto taken = std::make_shared<Taken>();
    taken->journey = journeyOf(request->address(), request->fetched());
    // The caller may be gone before it is written: what the write needs is its own.
    m_database.write(
        [this, taken, request = *request](Connection& db) {
            absl::Status status = take(db, request, *taken);
            runtime::failpoint("HandOverRequest", "writing");
            return status;
        },
        [taken, answer, response](const absl::Status& status) {
            runtime::failpoint("HandOverRequest", "written");
            if (!status.ok())
                return answer->give(runtime::toWire(status));
            if (taken->isNew && taken->journey.lost)
                return answer->keep();
            *response = sofar(std::move(taken->parcel));
            answer->give(taken->isNew && taken->journey.fails
                    ? grpc::Status(grpc::StatusCode::INTERNAL, "something went wrong here")
                    : grpc::Status::OK);
        });
    return answer;
}

Unary* Handler::GetParcel(
    Context* context, const v1::GetParcelRequest* request, v1::Parcel* response)
{
    if (auto status = checkKey(request->key()); !status.ok())
        return finish(context, status);
    return runtime::read(context, m_database, request, response,
        [](Connection& db, const v1::GetParcelRequest& asked) -> absl::StatusOr<v1::Parcel> {
            auto known = store::find(db, asked.key());
            if (!known.ok())
                return known.status();
            if (!known->has_value())
                return runtime::notFound("parcel", asked.key());
            return sofar(**std::move(known));
        });
}

grpc::Status Handler::report(const std::string& key)
{
    const auto [name, number] = partsOf(key);
    const auto reader = m_database.reader();
    if (!reader.ok())
        return runtime::toWire(reader.status());
    const auto parcel = store::find(**reader, name);
    if (!parcel.ok())
        return runtime::toWire(parcel.status());
    if (!parcel->has_value() || number < 0 || number >= (*parcel)->stations_size())
        return {grpc::StatusCode::NOT_FOUND, "no such station"};
    const v1::Station& station = (*parcel)->stations(number);
    deliveries::v1::RecordTrackingEventRequest request;
    request.set_request_id(runtime::text((*parcel)->tracking_number(), "-", number + 1));
    request.set_shipment_id(name);
    request.mutable_event()->set_id(request.request_id());
    request.mutable_event()->set_state(stateOf(station.kind()));
    *request.mutable_event()->mutable_at() = station.at();
    request.mutable_event()->set_place(station.place());
    grpc::ClientContext context;
    runtime::prepare(context, kAnswer);
    deliveries::v1::Shipment shipment;
    return m_deliveries->RecordTrackingEvent(&context, request, &shipment);
}

} // namespace shopfleet::carrier
