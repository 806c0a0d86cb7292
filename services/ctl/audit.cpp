// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/localprogram.h"

namespace shopfleet::ctl {
namespace {

namespace po = boost::program_options;

constexpr std::string_view kDetails = "Asks the control plane where the store's data is and has "
                                      "the auditor read all of it, while the\n"
                                      "store runs. What it finds is looked for again, so that work "
                                      "under way is no violation. One line\n"
                                      "a violation: the check, its subject, what was found; the "
                                      "last line is \"N violations\". The exit\n"
                                      "code is 1 when there is one.\n"
                                      "JSON: violations[].{check, subject, found}, checks, orders, "
                                      "payments, shipments, reservations,\n"
                                      "seconds.\n";

void describe(po::options_description& flags)
{
    flags.add_options()("data", po::value<std::string>(),
        "the fleet's data folder; the control plane's own if not given");
}

ExitCode run(const Invocation& invocation)
{
    const auto data = dataFolder(invocation);
    return data.ok() ? runLocally(invocation, "auditor", {"--data", *data})
                     : invocation.fail(data.status());
}

} // namespace

const Command kAuditCommand = {.name = "audit",
    .usage = "[--data DIR]",
    .summary = "Checks what must always hold, across all services",
    .details = kDetails,
    .arguments = {},
    .describe = describe,
    .run = run};

} // namespace shopfleet::ctl
