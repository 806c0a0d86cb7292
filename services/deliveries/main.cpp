// SPDX-License-Identifier: GPL-3.0-or-later
#include "deliveries_schema.h"
#include "services/deliveries/handler.h"
#include "services/runtime/server.h"

int main(int argc, char** argv)
{
    using namespace shopfleet;
    return runtime::serviceMain(
        argc, argv, {"deliveries", deliveries::kSchema}, [](runtime::Host& host) {
            return std::make_unique<deliveries::Handler>(
                host.database(), host.feed(), host.channel("carrier"));
        });
}
