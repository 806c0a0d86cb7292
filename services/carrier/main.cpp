// SPDX-License-Identifier: GPL-3.0-or-later
#include "carrier_schema.h"
#include "services/carrier/handler.h"
#include "services/runtime/server.h"

int main(int argc, char** argv)
{
    using namespace shopfleet;
    return runtime::serviceMain(argc, argv, {"carrier", carrier::kSchema}, [](runtime::Host& host) {
        return std::make_unique<carrier::Handler>(host.database(), host.channel("deliveries"));
    });
}
