// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/call.h"
#include "services/ctl/command.h"
#include "services/ctl/fleettext.h"
#include "shopfleet/control/v1/control.grpc.pb.h"

#include <fmt/format.h>
#include <ostream>
#include <thread>

namespace shopfleet::ctl {
namespace {

namespace po = boost::program_options;
using control::v1::Control;
using namespace std::chrono_literals;

constexpr std::string_view kDetails
    = "With --wait it asks again until every service is HEALTHY or DEGRADED (it serves, though not "
      "with\n"
      "all it should have), and fails with the last answer when the time is over.\n"
      "JSON: state, version, pid, gateway, services[].{name, state, reason, desired_replicas, "
      "version,\n"
      "replicas[].{id, pid, port, address, metrics, state, reason, version, writer, adopted, "
      "restarts}}.\n";

void describe(po::options_description& flags)
{
    flags.add_options()("wait", po::value<double>(), "seconds to wait for every service");
}

bool serves(const control::v1::Fleet& fleet)
{
    if (fleet.services().empty())
        return false;
    for (const auto& service : fleet.services())
        if (service.state() != control::v1::STATE_HEALTHY
            && service.state() != control::v1::STATE_DEGRADED)
            return false;
    return true;
}

void write(const control::v1::Fleet& fleet, const Invocation& invocation)
{
    if (!invocation.json) {
        writeServices(fleet.services(), invocation.out);
        return;
    }
    Json json = {{"state", stateText(fleet.state())}, {"environment", fleet.environment()},
        {"version", fleet.version()}, {"pid", fleet.pid()}, {"gateway", fleet.gateway_address()},
        {"data_dir", fleet.data_dir()}, {"services", Json::array()}};
    for (const auto& service : fleet.services())
        json["services"].push_back(serviceJson(service));
    invocation.out << toText(json) << '\n';
}

ExitCode run(const Invocation& invocation)
{
    const double wait = invocation.has("wait") ? invocation.value<double>("wait") : 0;
    if (!(wait >= 0 && wait <= 86'400))
        return invocation.refuse("--wait is not between 0 and 86400 seconds");
    const auto until = std::chrono::steady_clock::now()
        + std::chrono::milliseconds(static_cast<int64_t>(wait * 1000));
    const auto stub = Control::NewStub(invocation.fleet.channel("control"));
    for (;;) {
        const auto fleet = call(invocation.fleet, "control", *stub, &Control::Stub::GetFleet,
            control::v1::GetFleetRequest());
        const bool good = fleet.ok() && serves(*fleet);
        if (!good && std::chrono::steady_clock::now() < until) {
            std::this_thread::sleep_for(100ms);
            continue;
        }
        if (!fleet.ok())
            return invocation.fail(fleet.status());
        write(*fleet, invocation);
        if (good || !invocation.has("wait"))
            return kDone;
        invocation.err << fmt::format("shopfleetctl: not every service serves after {} s\n", wait);
        return kFailed;
    }
}

} // namespace

const Command kStatusCommand = {.name = "status",
    .usage = "[--wait SECONDS]",
    .summary = "Shows each service and replica: state, process, ports, version",
    .details = kDetails,
    .arguments = {},
    .describe = describe,
    .run = run};

} // namespace shopfleet::ctl
