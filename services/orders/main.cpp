// SPDX-License-Identifier: GPL-3.0-or-later
#include "orders_schema.h"
#include "services/orders/handler.h"
#include "services/runtime/server.h"

int main(int argc, char** argv)
{
    using namespace shopfleet;
    return runtime::serviceMain(argc, argv, {"orders", orders::kSchema}, [](runtime::Host& host) {
        const orders::Peers::Channels channels{host.channel("cart"), host.channel("inventory"),
            host.channel("payments"), host.channel("deliveries"), host.channel("accounts")};
        return std::make_unique<orders::Handler>(host.database(), host.feed(), channels);
    });
}
