// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/configuration.h"
#include "services/runtime/server.h"
#include "services/traces/handler.h"
#include "traces_schema.h"

namespace {

void checkAddress(const std::string& given)
{
    namespace options = boost::program_options;
    if (!given.empty() && !shopfleet::runtime::isAddress(given))
        throw options::validation_error(
            options::validation_error::invalid_option_value, "onward", given);
}

} // namespace

int main(int argc, char** argv)
{
    using namespace shopfleet;
    namespace options = boost::program_options;
    std::int64_t megabytes = 256;
    std::string onward;
    const auto more = [&](options::options_description& known) {
        known.add_options()("most-mb", options::value(&megabytes)->default_value(megabytes),
            "how much room traces may take, in MiB; the oldest ordinary ones go first")("onward",
            options::value(&onward)->notifier(&checkAddress),
            "ADDRESS:PORT of another collector that takes OTLP/gRPC: every span is handed on to "
            "it");
    };
    return runtime::serviceMain(
        argc, argv, {"traces", traces::kSchema, more}, [&](runtime::Host& host) {
            traces::Collector::Pace pace;
            pace.mostBytes = std::clamp<std::int64_t>(megabytes, 1, 1 << 20) << 20;
            auto handler = std::make_unique<traces::Handler>(host.database(), pace, onward);
            host.alsoServe(handler->receiver());
            return handler;
        });
}
