// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/api/feed.h"
#include "app/api/reply.h"
#include "shopfleet/accounts/v1/accounts.pb.h"

#include <functional>
#include <memory>

namespace api {

class Channels;

/// The accounts service as the app sees it.
class AccountsClient {
public:
    virtual ~AccountsClient() = default;

    virtual Reply<shopfleet::accounts::v1::ListCustomersResponse> listCustomers(
        shopfleet::accounts::v1::ListCustomersRequest request)
        = 0;
    virtual Reply<shopfleet::accounts::v1::Customer> getCustomer(
        shopfleet::accounts::v1::GetCustomerRequest request)
        = 0;
    virtual Reply<shopfleet::accounts::v1::Customer> updateCustomer(
        shopfleet::accounts::v1::UpdateCustomerRequest request)
        = 0;
    virtual Reply<shopfleet::accounts::v1::Customer> createCustomer(
        shopfleet::accounts::v1::CreateCustomerRequest request)
        = 0;

    /// Messages arrive on the UI thread for as long as the feed lives; the first one soon.
    virtual std::unique_ptr<Feed> watchCustomers(
        std::function<void(const shopfleet::accounts::v1::WatchCustomersResponse&)> use)
        = 0;
};

std::unique_ptr<AccountsClient> makeAccountsClient(const Channels& channels);

} // namespace api
