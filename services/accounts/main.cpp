// SPDX-License-Identifier: GPL-3.0-or-later
#include "accounts_schema.h"
#include "services/accounts/handler.h"
#include "services/runtime/server.h"

#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv)
{
    using namespace shopfleet;
    return runtime::serviceMain(
        argc, argv, {"accounts", accounts::kSchema}, [](runtime::Host& host) {
            auto signer = accounts::Signer::open(host.configuration().data + "/signing.key");
            if (!signer.ok()) {
                std::fprintf(
                    stderr, "accountsd: %s\n", std::string(signer.status().message()).c_str());
                std::exit(EXIT_FAILURE);
            }
            return std::make_unique<accounts::Handler>(
                host.database(), host.feed(), *std::move(signer));
        });
}
