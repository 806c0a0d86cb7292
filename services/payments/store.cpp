// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/payments/store.h"

#include "services/runtime/changes.h"
#include "services/runtime/clock.h"
#include "services/runtime/listing.h"
#include "services/runtime/positions.h"
#include "services/runtime/text.h"

#include <utility>

namespace shopfleet::payments::store {
namespace {

using runtime::ListField;
using runtime::toUs;

const runtime::ListSpec& spec()
{
    static const runtime::ListSpec listSpec
        = {.fields = {{"id", "id"}, {"order_id", "order_id"}, {"customer_id", "customer_id"},
               {"state", "state", ListField::Kind::Enum, v1::PaymentState_descriptor()},
               {"amount", "amount", ListField::Kind::Money}, {"provider", "provider"},
               {"provider_reference", "provider_reference"},
               {"created_at", "created_at", ListField::Kind::Time},
               {"updated_at", "updated_at", ListField::Kind::Time}},
            .key = "id",
            .defaultOrder = "created_at desc",
            .search = "rowid IN (SELECT rowid FROM payment_text WHERE payment_text MATCH :match)"};
    return listSpec;
}

// Where the n-th row by time lies: for a scroll bar over a million of them.
const runtime::Positions& byTime()
{
    static const runtime::Positions positions("payments", "payment", "created_at");
    return positions;
}

v1::Payment parsed(const std::string& body)
{
    v1::Payment payment;
    payment.ParseFromString(body);
    return payment;
}

absl::Status index(Connection& db, const v1::Payment& payment)
{
    return db
        .execute("INSERT INTO payment_text (rowid, id, order_id, provider_reference) "
                 "VALUES ((SELECT rowid FROM payment WHERE id = :1), :2, :3, :4)",
            payment.id(), payment.id(), payment.order_id(), payment.provider_reference())
        .status();
}

} // namespace

absl::StatusOr<std::optional<v1::Payment>> find(Connection& db, const std::string& id)
{
    return db.selectOne("SELECT body FROM payment WHERE id = :1", &parsed, id);
}

absl::StatusOr<std::optional<v1::Payment>> findByOrder(
    Connection& db, const std::string& orderId, int attempt)
{
    return db.selectOne(
        "SELECT body FROM payment WHERE order_id = :1 AND attempt = :2", &parsed, orderId, attempt);
}

absl::StatusOr<v1::Payment> get(Connection& db, const std::string& id)
{
    auto found = find(db, id);
    if (!found.ok())
        return found.status();
    if (!found->has_value())
        return runtime::notFound("payment", id);
    return **std::move(found);
}

absl::StatusOr<v1::ListPaymentsResponse> list(
    Connection& db, const v1::ListPaymentsRequest& request)
{
    auto listing = runtime::parseListing(spec(), runtime::listRequest(request));
    if (!listing.ok())
        return listing.status();
    const auto page = runtime::pageQuery(db, byTime(), "payment", "body", "created_at", *listing);
    if (!page.ok())
        return page.status();
    auto rows = db.selectWith(page->sql, &parsed, listing->values);
    if (!rows.ok())
        return rows.status();
    v1::ListPaymentsResponse response;
    response.set_total_size(page->total);
    response.set_next_page_token(listing->nextPageToken(rows->size(), page->total));
    for (v1::Payment& payment : *rows)
        *response.add_payments() = std::move(payment);
    return response;
}

absl::Status insert(Connection& db, const v1::Payment& payment)
{
    const auto inserted = db.execute(
        "INSERT INTO payment (id, order_id, attempt, customer_id, state, amount, authorised, "
        "captured, "
        "refunded, currency, provider, provider_reference, created_at, updated_at, body) "
        "VALUES (:1, :2, :3, :4, :5, :6, :7, :8, :9, :10, :11, :12, :13, :14, :15)",
        payment.id(), payment.order_id(), payment.attempt(), payment.customer_id(), payment.state(),
        payment.amount().minor(), payment.authorised().minor(), payment.captured().minor(),
        payment.refunded().minor(), payment.amount().currency(), payment.provider(),
        payment.provider_reference(), toUs(payment.created_at()), toUs(payment.updated_at()),
        payment.SerializeAsString());
    if (!inserted.ok())
        return inserted.status();
    for (const auto& status :
        {index(db, payment), byTime().inserted(db, toUs(payment.created_at()))}) {
        if (!status.ok())
            return status;
    }
    return runtime::recordChange(db, "payment", payment.id());
}

absl::Status replace(Connection& db, const v1::Payment& payment)
{
    const auto updated = db.execute(
        "UPDATE payment SET state = :1, authorised = :2, captured = :3, refunded = :4, "
        "provider_reference = :5, updated_at = :6, body = :7 WHERE id = :8",
        payment.state(), payment.authorised().minor(), payment.captured().minor(),
        payment.refunded().minor(), payment.provider_reference(), toUs(payment.updated_at()),
        payment.SerializeAsString(), payment.id());
    if (!updated.ok())
        return updated.status();
    const auto cleared = db.execute(
        "DELETE FROM payment_text WHERE rowid = (SELECT rowid FROM payment WHERE id = :1)",
        payment.id());
    if (!cleared.ok())
        return cleared.status();
    if (auto status = index(db, payment); !status.ok())
        return status;
    return runtime::recordChange(db, "payment", payment.id());
}

} // namespace shopfleet::payments::store
