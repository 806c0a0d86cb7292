// SPDX-License-Identifier: GPL-3.0-or-later
#include "payments_schema.h"
#include "services/payments/handler.h"
#include "services/runtime/server.h"

int main(int argc, char** argv)
{
    using namespace shopfleet;
    return runtime::serviceMain(
        argc, argv, {"payments", payments::kSchema}, [](runtime::Host& host) {
            return std::make_unique<payments::Handler>(host.database(), host.feed());
        });
}
