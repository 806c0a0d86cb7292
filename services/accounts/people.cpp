// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/accounts/people.h"

#include "services/accounts/rules.h"
#include "services/accounts/sessionstore.h"
#include "services/accounts/store.h"
#include "services/accounts/tokens.h"
#include "services/runtime/clock.h"

#include <algorithm>

namespace shopfleet::accounts::people {
namespace {

using runtime::toTimestamp;
using runtime::toUs;

// A change is always later than the one before: the etag is its time.
void touch(v1::Customer& customer)
{
    const std::int64_t at = std::max(runtime::nowUs(), toUs(customer.updated_at()) + 1);
    *customer.mutable_updated_at() = toTimestamp(at);
    customer.set_etag(std::to_string(at));
}

absl::Status checkEmailIsFree(Connection& db, const v1::Customer& customer)
{
    if (customer.email().empty())
        return absl::OkStatus();
    const auto holder = store::findByEmail(db, emailKey(customer.email()));
    if (!holder.ok())
        return holder.status();
    if (holder->has_value() && (*holder)->id() != customer.id())
        return runtime::alreadyExists("customer", customer.email(), "email");
    return absl::OkStatus();
}

} // namespace

absl::StatusOr<v1::BatchGetCustomersResponse> batch(
    Connection& db, const v1::BatchGetCustomersRequest& request)
{
    v1::BatchGetCustomersResponse response;
    for (const std::string& id : request.ids()) {
        auto customer = store::find(db, id);
        if (!customer.ok())
            return customer.status();
        if (customer->has_value())
            *response.add_customers() = **std::move(customer);
    }
    return response;
}

absl::StatusOr<v1::Customer> added(Connection& db, v1::Customer customer)
{
    if (customer.id().empty())
        customer.set_id(randomCustomerId());
    if (customer.state() == v1::CUSTOMER_STATE_UNSPECIFIED)
        customer.set_state(v1::CUSTOMER_STATE_ACTIVE);
    customer.clear_updated_at();
    touch(customer);
    if (!customer.has_created_at())
        *customer.mutable_created_at() = customer.updated_at();
    if (auto status = checkEmailIsFree(db, customer); !status.ok())
        return status;
    if (auto status = store::insert(db, customer); !status.ok())
        return status;
    return customer;
}

absl::StatusOr<v1::Customer> changed(Connection& db, v1::Customer customer)
{
    touch(customer);
    if (auto status = checkEmailIsFree(db, customer); !status.ok())
        return status;
    if (auto status = store::replace(db, customer); !status.ok())
        return status;
    return customer;
}

absl::StatusOr<v1::Customer> create(Connection& db, const v1::CreateCustomerRequest& request)
{
    v1::Customer customer = request.customer();
    customer.clear_has_password();
    customer.clear_created_at();
    const auto known = store::find(db, customer.id());
    if (!known.ok())
        return known.status();
    if (known->has_value())
        return runtime::alreadyExists("customer", customer.id(), "customer.id");
    return added(db, std::move(customer));
}

absl::StatusOr<v1::Customer> update(Connection& db, const v1::UpdateCustomerRequest& request)
{
    auto current = store::get(db, request.customer().id());
    if (!current.ok())
        return current;
    // What the request itself has wrong comes first: no newer version would mend it.
    auto result = updated(*current, request.customer(), request.update_mask());
    if (!result.ok())
        return result;
    if (request.customer().etag() != current->etag())
        return runtime::staleEtag(*current);
    if (current->state() == v1::CUSTOMER_STATE_ERASED)
        return runtime::failedPrecondition(
            "CUSTOMER_ERASED", "customer " + current->id(), "was erased and stays so");
    if (auto status = checkCustomer("customer", *result); !status.ok())
        return status;
    if (result->state() == v1::CUSTOMER_STATE_BLOCKED) {
        if (auto status = sessions::endAllOf(db, result->id()); !status.ok())
            return status;
    }
    return changed(db, *std::move(result));
}

absl::StatusOr<v1::ImportCustomersResponse> import(
    Connection& db, const v1::ImportCustomersRequest& request)
{
    v1::ImportCustomersResponse response;
    for (v1::Customer customer : request.customers()) {
        customer.clear_has_password();
        if (customer.state() == v1::CUSTOMER_STATE_UNSPECIFIED)
            customer.set_state(v1::CUSTOMER_STATE_ACTIVE);
        const auto known = store::find(db, customer.id());
        if (!known.ok())
            return known.status();
        if (!known->has_value()) {
            if (auto result = added(db, std::move(customer)); !result.ok())
                return result.status();
            response.set_created(response.created() + 1);
            continue;
        }
        const v1::Customer& current = **known;
        *customer.mutable_created_at() = current.created_at(); // Which never changes.
        if (current.has_password() || current.state() == v1::CUSTOMER_STATE_ERASED
            || sameContent(current, customer)) {
            response.set_unchanged(response.unchanged() + 1);
            continue;
        }
        *customer.mutable_updated_at() = current.updated_at();
        if (auto result = changed(db, std::move(customer)); !result.ok())
            return result.status();
        response.set_updated(response.updated() + 1);
    }
    return response;
}

absl::StatusOr<v1::Customer> erase(Connection& db, const v1::EraseCustomerRequest& request)
{
    auto current = store::get(db, request.id());
    if (!current.ok() || current->state() == v1::CUSTOMER_STATE_ERASED)
        return current;
    if (request.etag() != current->etag())
        return runtime::staleEtag(*current);
    for (const auto& status :
        {sessions::endAllOf(db, current->id()), sessions::removeCredential(db, current->id()),
            sessions::clearFailures(db, emailKey(current->email()))}) {
        if (!status.ok())
            return status;
    }
    v1::Customer erased;
    erased.set_id(current->id());
    erased.set_state(v1::CUSTOMER_STATE_ERASED);
    erased.set_name("erased:" + current->id());
    erased.set_origin(current->origin());
    *erased.mutable_created_at() = current->created_at();
    *erased.mutable_updated_at() = current->updated_at();
    return changed(db, std::move(erased));
}

} // namespace shopfleet::accounts::people
