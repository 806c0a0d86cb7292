// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/accounts/store.h"

#include "services/accounts/rules.h"
#include "services/runtime/changes.h"
#include "services/runtime/clock.h"
#include "services/runtime/listing.h"
#include "services/runtime/positions.h"
#include "services/runtime/text.h"

#include <utility>

namespace shopfleet::accounts::store {
namespace {

using runtime::ListField;
using runtime::toUs;

const runtime::ListSpec& spec()
{
    static const runtime::ListSpec listSpec = {.fields
        = {{"id", "id"}, {"state", "state", ListField::Kind::Enum, v1::CustomerState_descriptor()},
            {"name", "name"}, {"email", "email"}, {"phone", "phone"}, {"country", "country"},
            {"created_at", "created_at", ListField::Kind::Time},
            {"updated_at", "updated_at", ListField::Kind::Time}, {"origin", "origin"}},
        .key = "id",
        .defaultOrder = "created_at desc",
        .search = "rowid IN (SELECT rowid FROM customer_text WHERE customer_text MATCH :match)"};
    return listSpec;
}

// Where the n-th row by time lies: for a scroll bar over a million of them.
const runtime::Positions& byTime()
{
    static const runtime::Positions positions("customers", "customer", "created_at");
    return positions;
}

v1::Customer parsed(const std::string& body)
{
    v1::Customer customer;
    customer.ParseFromString(body);
    return customer;
}

absl::Status index(Connection& db, const v1::Customer& customer)
{
    return db
        .execute("INSERT INTO customer_text (rowid, id, name, email, phone, place) "
                 "VALUES ((SELECT rowid FROM customer WHERE id = :1), :2, :3, :4, :5, :6)",
            customer.id(), customer.id(), customer.name(), customer.email(),
            phoneTerms(customer.phone()), placeOf(customer))
        .status();
}

} // namespace

absl::StatusOr<std::optional<v1::Customer>> find(Connection& db, const std::string& id)
{
    return db.selectOne("SELECT body FROM customer WHERE id = :1", &parsed, id);
}

absl::StatusOr<std::optional<v1::Customer>> findByEmail(Connection& db, const std::string& emailKey)
{
    return db.selectOne(
        "SELECT body FROM customer WHERE lower(email) = :1 AND email <> ''", &parsed, emailKey);
}

absl::StatusOr<v1::Customer> get(Connection& db, const std::string& id)
{
    auto found = find(db, id);
    if (!found.ok())
        return found.status();
    if (!found->has_value())
        return runtime::notFound("customer", id);
    return **std::move(found);
}

absl::StatusOr<v1::ListCustomersResponse> list(
    Connection& db, const v1::ListCustomersRequest& request)
{
    auto wanted = runtime::listRequest(request);
    const std::string phone = phoneIn(request.filter());
    if (!phone.empty())
        wanted.filter = phone;
    auto listing = runtime::parseListing(spec(), wanted);
    if (!listing.ok())
        return listing.status();
    const auto page = runtime::pageQuery(db, byTime(), "customer", "body", "created_at", *listing);
    if (!page.ok())
        return page.status();
    auto rows = db.selectWith(page->sql, &parsed, listing->values);
    if (!rows.ok())
        return rows.status();
    v1::ListCustomersResponse response;
    response.set_total_size(page->total);
    response.set_next_page_token(listing->nextPageToken(rows->size(), page->total));
    for (v1::Customer& customer : *rows)
        *response.add_customers() = std::move(customer);
    return response;
}

absl::Status insert(Connection& db, const v1::Customer& customer)
{
    const auto inserted = db.execute("INSERT INTO customer (id, state, name, email, phone, "
                                     "country, origin, created_at, updated_at, "
                                     "body) VALUES (:1, :2, :3, :4, :5, :6, :7, :8, :9, :10)",
        customer.id(), customer.state(), customer.name(), customer.email(), customer.phone(),
        customer.country(), customer.origin(), toUs(customer.created_at()),
        toUs(customer.updated_at()), customer.SerializeAsString());
    if (!inserted.ok())
        return inserted.status();
    for (const auto& status :
        {index(db, customer), byTime().inserted(db, toUs(customer.created_at()))}) {
        if (!status.ok())
            return status;
    }
    return runtime::recordChange(db, "customer", customer.id());
}

absl::Status replace(Connection& db, const v1::Customer& customer)
{
    // When it was created stays: positions are by that time.
    const auto updated = db.execute("UPDATE customer SET state = :1, name = :2, email = :3, phone "
                                    "= :4, country = :5, origin = :6, "
                                    "updated_at = :7, body = :8 WHERE id = :9",
        customer.state(), customer.name(), customer.email(), customer.phone(), customer.country(),
        customer.origin(), toUs(customer.updated_at()), customer.SerializeAsString(),
        customer.id());
    if (!updated.ok())
        return updated.status();
    const auto cleared = db.execute(
        "DELETE FROM customer_text WHERE rowid = (SELECT rowid FROM customer WHERE id = :1)",
        customer.id());
    if (!cleared.ok())
        return cleared.status();
    if (auto status = index(db, customer); !status.ok())
        return status;
    return runtime::recordChange(db, "customer", customer.id());
}

} // namespace shopfleet::accounts::store
