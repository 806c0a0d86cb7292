// SPDX-License-Identifier: GPL-3.0-or-later
// A whole service in one line: what each main.cpp looks like.
#include "services/runtime/server.h"
#include "tests/services/runtime/toy.h"

using namespace shopfleet;

int main(int argc, char** argv)
{
    return runtime::serviceMain(argc, argv, {"toy", toy::kSchema}, [](runtime::Host& host) {
        return std::make_unique<toy::Handler>(host.database(), host.feed());
    });
}
