// SPDX-License-Identifier: GPL-3.0-or-later
#include "payments_schema.h"
#include "services/payments/handler.h"
#include "services/payments/providerclient.h"
#include "services/runtime/server.h"

int main(int argc, char** argv)
{
    using namespace shopfleet;
    return runtime::serviceMain(
        argc, argv, {"payments", payments::kSchema}, [](runtime::Host& host) {
            using payments::Handler;
            return std::make_unique<Handler>(host.database(), host.feed(),
                std::make_unique<payments::ProviderClient>(
                    host.channel("provider"), Handler::kPatience));
        });
}
