// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/localprogram.h"

#include "services/ctl/call.h"
#include "shopfleet/control/v1/control.grpc.pb.h"

#include <fcntl.h>
#include <filesystem>
#include <ostream>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace shopfleet::ctl {
namespace {

using control::v1::Control;

/// Beside this program, where it was built; else where the package has it.
std::string pathOf(const std::string& program)
{
    const auto beside = std::filesystem::read_symlink("/proc/self/exe").parent_path() / program;
    return std::filesystem::exists(beside) ? beside.string() : "/usr/lib/shopfleet/" + program;
}

/// Runs it with its output to `out`; its exit code, or -1 if it cannot be started.
int runProgram(const std::vector<std::string>& arguments, std::ostream& out)
{
    int pipe[2] = {};
    if (pipe2(pipe, O_CLOEXEC) != 0)
        return -1;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
    std::vector<char*> argv;
    argv.reserve(arguments.size() + 1);
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

} // namespace

absl::StatusOr<std::string> dataFolder(const Invocation& invocation)
{
    if (invocation.has("data"))
        return invocation.value<std::string>("data");
    const auto stub = Control::NewStub(invocation.fleet.channel("control"));
    const auto fleet = call(invocation.fleet, "control", *stub, &Control::Stub::GetFleet,
        control::v1::GetFleetRequest());
    if (!fleet.ok())
        return fleet.status();
    return fleet->data_dir();
}

ExitCode runLocally(const Invocation& invocation, const std::string& program,
    const std::vector<std::string>& arguments)
{
    std::vector<std::string> all = {pathOf(program)};
    all.insert(all.end(), arguments.begin(), arguments.end());
    if (invocation.json)
        all.emplace_back("--json");
    switch (const int code = runProgram(all, invocation.out)) {
    case kDone:
    case kFailed:
    case kUsage:
    case kUnreachable:
        return static_cast<ExitCode>(code);
    default:
        return invocation.fail(absl::InternalError(all[0] + " could not be run"));
    }
}

} // namespace shopfleet::ctl
