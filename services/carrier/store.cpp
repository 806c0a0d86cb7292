// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/carrier/store.h"

namespace shopfleet::carrier::store {

absl::StatusOr<std::optional<v1::Parcel>> find(Connection& db, const std::string& key)
{
    return db.selectOne(
        "SELECT body FROM parcel WHERE key = :1",
        [](const std::string& body) {
            v1::Parcel parcel;
            parcel.ParseFromString(body);
            return parcel;
        },
        key);
}

absl::StatusOr<std::int64_t> nextSerial(Connection& db)
{
    const auto last = db.selectOne(
        "SELECT coalesce(max(serial), 0) FROM parcel", [](std::int64_t serial) { return serial; });
    if (!last.ok())
        return last.status();
    return last->value_or(0) + 1;
}

absl::Status insert(Connection& db, std::int64_t serial, const v1::Parcel& parcel)
{
    return db
        .execute("INSERT INTO parcel (serial, key, tracking_number, body) VALUES (:1, :2, :3, :4)",
            serial, parcel.key(), parcel.tracking_number(), parcel.SerializeAsString())
        .status();
}

} // namespace shopfleet::carrier::store
