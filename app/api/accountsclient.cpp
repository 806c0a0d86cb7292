// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/api/accountsclient.h"

#include "app/api/call.h"
#include "app/api/channels.h"
#include "app/api/subscription.h"
#include "shopfleet/accounts/v1/accounts.grpc.pb.h"

#include <grpcpp/channel.h>

namespace api {
namespace {

using namespace shopfleet::accounts::v1;
using Stub = shopfleet::accounts::v1::Accounts::Stub;
using Async = shopfleet::accounts::v1::Accounts::StubInterface::async_interface;

class GrpcAccountsClient final : public AccountsClient {
public:
    explicit GrpcAccountsClient(const Channels& channels)
        : m_stub(shopfleet::accounts::v1::Accounts::NewStub(channels.service("accounts")))
    {
    }

    Reply<ListCustomersResponse> listCustomers(ListCustomersRequest request) override
    {
        return call(async(), &Async::ListCustomers, std::move(request));
    }
    Reply<Customer> getCustomer(GetCustomerRequest request) override
    {
        return call(async(), &Async::GetCustomer, std::move(request));
    }
    Reply<Customer> updateCustomer(UpdateCustomerRequest request) override
    {
        return call(async(), &Async::UpdateCustomer, std::move(request));
    }
    Reply<Customer> createCustomer(CreateCustomerRequest request) override
    {
        return call(async(), &Async::CreateCustomer, std::move(request));
    }

    std::unique_ptr<Feed> watchCustomers(
        std::function<void(const WatchCustomersResponse&)> use) override
    {
        return std::make_unique<Subscription<Async, WatchCustomersRequest, WatchCustomersResponse>>(
            async(), &Async::WatchCustomers, WatchCustomersRequest(), std::move(use), nullptr);
    }

private:
    Async* async() { return m_stub->async(); }

    std::unique_ptr<Stub> m_stub;
};

} // namespace

std::unique_ptr<AccountsClient> makeAccountsClient(const Channels& channels)
{
    return std::make_unique<GrpcAccountsClient>(channels);
}

} // namespace api
