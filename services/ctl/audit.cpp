// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/call.h"
#include "services/ctl/command.h"
#include "shopfleet/control/v1/control.grpc.pb.h"

#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <ostream>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace shopfleet::ctl {
namespace {

namespace po = boost::program_options;
using control::v1::Control;

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

/// Beside this program, where it was built; else where the package has it.
std::string auditor()
{
    const auto beside = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "auditor";
    return std::filesystem::exists(beside) ? beside.string() : "/usr/lib/shopfleet/auditor";
}

/// Runs it with its output to `out`; its exit code, or -1 if it cannot be started.
int runAuditor(const std::vector<std::string>& arguments, std::ostream& out)
{
    int pipe[2] = {};
    if (pipe2(pipe, O_CLOEXEC) != 0)
        return -1;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
    std::vector<char*> argv;
    for (const std::string& argument : arguments)
        argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    pid_t pid = 0;
    const int started = posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(pipe[1]);
    char buffer[4096];
    for (ssize_t size = 0; started == 0 && (size = read(pipe[0], buffer, sizeof buffer)) > 0;)
        out.write(buffer, size);
    close(pipe[0]);
    int status = 0;
    if (started != 0 || waitpid(pid, &status, 0) != pid)
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

ExitCode run(const Invocation& invocation)
{
    std::string data = invocation.has("data") ? invocation.value<std::string>("data") : "";
    if (data.empty()) {
        const auto stub = Control::NewStub(invocation.fleet.channel("control"));
        const auto fleet = call(invocation.fleet, "control", *stub, &Control::Stub::GetFleet,
            control::v1::GetFleetRequest());
        if (!fleet.ok())
            return invocation.fail(fleet.status());
        data = fleet->data_dir();
    }
    std::vector<std::string> arguments = {auditor(), "--data", data};
    if (invocation.json)
        arguments.emplace_back("--json");
    switch (const int code = runAuditor(arguments, invocation.out)) {
    case kDone:
    case kFailed:
    case kUnreachable:
        return static_cast<ExitCode>(code);
    default:
        return invocation.fail(
            absl::InternalError("the auditor could not be run: " + arguments[0]));
    }
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
