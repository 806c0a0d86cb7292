// SPDX-License-Identifier: GPL-3.0-or-later
#include "inventory_schema.h"
#include "services/inventory/handler.h"
#include "services/runtime/server.h"

using namespace shopfleet;

int main(int argc, char** argv)
{
    return runtime::serviceMain(
        argc, argv, {"inventory", inventory::kSchema}, [](runtime::Host& host) {
            return std::make_unique<inventory::Handler>(host.database(), host.feed());
        });
}
