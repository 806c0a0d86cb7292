// SPDX-License-Identifier: GPL-3.0-or-later
// backup and restore: the keeper does the work, where the data is.
#include "services/ctl/call.h"
#include "services/ctl/localprogram.h"
#include "services/ctl/requestid.h"
#include "shopfleet/control/v1/control.grpc.pb.h"

namespace shopfleet::ctl {
namespace {

namespace po = boost::program_options;
using control::v1::Control;

constexpr std::string_view kBackupDetails
    = "Copies the databases of all services, or of those that are named, while they work: each as "
      "of one\nmoment, orders first, so that the others know whatever it knows. The copies are "
      "checked, and the folder\nappears when it is whole. Ctrl-C leaves nothing behind.\n"
      "JSON: folder, made_at, copies[].{service, bytes}.\n"
      "Examples: backup --to /var/backups; backup --to /var/backups orders payments\n";
constexpr std::string_view kRestoreDetails
    = "Puts the copies of a backup back: of all services that it holds, or of those that are "
      "named. None of\nthem may run: end the store, or restore a service that has stopped because "
      "its file is damaged. All are\nchecked before the first is touched; what was there stays "
      "beside it as SERVICE.db.before-TIME. If the\nstore runs, the services are started again. "
      "Then \"audit\" says whether the whole still fits together.\n"
      "JSON: made_at, services[], kept[].\n"
      "Examples: restore --from /var/backups/shopfleet-20261127T053000.000Z orders\n";

void describeBackup(po::options_description& flags)
{
    flags.add_options()("to", po::value<std::string>()->required(),
        "the folder in which the backup's own is made")("data", po::value<std::string>(),
        "the fleet's data folder; the control plane's own if not given");
}

void describeRestore(po::options_description& flags)
{
    flags.add_options()("from", po::value<std::string>()->required(), "a backup's folder")("data",
        po::value<std::string>(), "the fleet's data folder; the control plane's own if not given");
}

std::vector<std::string> argumentsOf(
    const Invocation& invocation, const char* verb, const char* where, const std::string& data)
{
    std::vector<std::string> arguments
        = {verb, "--data", data, std::string("--") + where, invocation.value<std::string>(where)};
    if (invocation.has("SERVICE"))
        for (const std::string& service : invocation.value<std::vector<std::string>>("SERVICE"))
            arguments.push_back(service);
    return arguments;
}

ExitCode backUp(const Invocation& invocation)
{
    const auto data = dataFolder(invocation);
    return data.ok()
        ? runLocally(invocation, "keeper", argumentsOf(invocation, "backup", "to", *data))
        : invocation.fail(data.status());
}

/// Whoever waits for its next try starts now. Where no control plane runs there is nothing to do.
void startAgain(const Invocation& invocation)
{
    const auto stub = Control::NewStub(invocation.fleet.channel("control"));
    const auto fleet = call(invocation.fleet, "control", *stub, &Control::Stub::GetFleet,
        control::v1::GetFleetRequest());
    if (!fleet.ok())
        return;
    for (const auto& service : fleet->services()) {
        if (service.state() != control::v1::STATE_DOWN)
            continue;
        control::v1::RestartServiceRequest request;
        request.set_request_id(newRequestId());
        request.set_service(service.name());
        request.set_reason("restored");
        (void)call(invocation.fleet, "control", *stub, &Control::Stub::RestartService, request);
    }
}

ExitCode restore(const Invocation& invocation)
{
    const auto data = dataFolder(invocation);
    if (!data.ok())
        return invocation.fail(data.status());
    const auto code
        = runLocally(invocation, "keeper", argumentsOf(invocation, "restore", "from", *data));
    if (code == kDone && !invocation.has("data"))
        startAgain(invocation);
    return code;
}

} // namespace

const Command kBackupCommand = {.name = "backup",
    .usage = "--to DIR [SERVICE...]",
    .summary = "Copies the services' databases while they work",
    .details = kBackupDetails,
    .arguments = {{"SERVICE", true, true}},
    .describe = describeBackup,
    .run = backUp};

const Command kRestoreCommand = {.name = "restore",
    .usage = "--from BACKUP [SERVICE...]",
    .summary = "Puts a backup's copies back",
    .details = kRestoreDetails,
    .arguments = {{"SERVICE", true, true}},
    .describe = describeRestore,
    .run = restore};

} // namespace shopfleet::ctl
