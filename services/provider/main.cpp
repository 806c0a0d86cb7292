// SPDX-License-Identifier: GPL-3.0-or-later
#include "provider_schema.h"
#include "services/provider/handler.h"
#include "services/runtime/server.h"

int main(int argc, char** argv)
{
    using namespace shopfleet;
    return runtime::serviceMain(
        argc, argv, {"provider", provider::kSchema}, [](runtime::Host& host) {
            return std::make_unique<provider::Handler>(host.database(), host.channel("payments"));
        });
}
