// SPDX-License-Identifier: GPL-3.0-or-later
#include "cart_schema.h"
#include "services/cart/handler.h"
#include "services/runtime/server.h"

using namespace shopfleet;

int main(int argc, char** argv)
{
    return runtime::serviceMain(argc, argv, {"cart", cart::kSchema},
        [](runtime::Host& host) { return std::make_unique<cart::Handler>(host.database()); });
}
