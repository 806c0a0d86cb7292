// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/command.h"
#include "services/runtime/locks.h"

#include <csignal>
#include <cstdlib>
#include <iostream>

int main(int argc, char* argv[])
{
    shopfleet::runtime::stopLockTracking();
    // `shopfleetctl orders | head` ends quietly: the write fails and says so.
    std::signal(SIGPIPE, SIG_IGN);
    // What gRPC would say on stderr is in our error messages already.
    setenv("GRPC_VERBOSITY", "NONE", 0);
    std::ios::sync_with_stdio(false);
    return shopfleet::ctl::run({argv + 1, argv + argc}, std::cout, std::cerr);
}
