// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/server.h"
#include "services/traces/handler.h"
#include "traces_schema.h"

int main(int argc, char** argv)
{
    using namespace shopfleet;
    namespace options = boost::program_options;
    std::int64_t megabytes = 256;
    const auto more = [&](options::options_description& known) {
        known.add_options()("most-mb", options::value(&megabytes)->default_value(megabytes),
            "how much room traces may take, in MiB; the oldest ordinary ones go first");
    };
    return runtime::serviceMain(
        argc, argv, {"traces", traces::kSchema, more}, [&](runtime::Host& host) {
            traces::Collector::Pace pace;
            pace.mostBytes = std::clamp<std::int64_t>(megabytes, 1, 1 << 20) << 20;
            auto handler = std::make_unique<traces::Handler>(host.database(), pace);
            host.alsoServe(handler->receiver());
            return handler;
        });
}
