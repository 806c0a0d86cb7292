// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/process.h"

#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace shopfleet::control {

namespace {

std::vector<std::string> environmentOf(const Command& command)
{
    std::vector<std::string> variables;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const absl::string_view text = *entry;
        const bool ours
            = absl::StartsWith(text, "SHOPFLEET_") || absl::StartsWith(text, "GRPC_XDS_");
        // What is for all alike goes on to them.
        if (!ours || absl::StartsWith(text, "SHOPFLEET_LOG_LEVEL=")
            || absl::StartsWith(text, "SHOPFLEET_FAILPOINTS="))
            variables.emplace_back(text);
    }
    for (const auto& [name, value] : command.environment)
        variables.push_back(absl::StrCat(name, "=", value));
    return variables;
}

std::vector<char*> pointersTo(std::vector<std::string>& texts)
{
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (auto& text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

// Runs in the child between fork and exec: only what is safe after a fork of a program with
// threads.
void writePid(int lock)
{
    char digits[16];
    auto* end = digits + sizeof digits;
    auto* begin = end;
    *--begin = '\n';
    for (auto left = getpid(); left > 0; left /= 10)
        *--begin = static_cast<char>('0' + left % 10);
    if (ftruncate(lock, 0) != 0
        || pwrite(lock, begin, static_cast<std::size_t>(end - begin), 0) < 0)
        _exit(126);
}

// The fields of /proc/PID/stat after the name, which may itself hold spaces and brackets. The first
// is the state.
std::vector<std::string> statOf(int pid)
{
    std::ifstream file(absl::StrCat("/proc/", pid, "/stat"));
    const std::string text(std::istreambuf_iterator<char>(file), {});
    const auto name = text.rfind(") ");
    if (name == std::string::npos)
        return {};
    return absl::StrSplit(text.substr(name + 2), ' ');
}

long long numberAt(const std::vector<std::string>& fields, std::size_t index)
{
    long long value = 0;
    return index < fields.size() && absl::SimpleAtoi(fields[index], &value) ? value : 0;
}

} // namespace

absl::StatusOr<Process> spawn(const Command& command)
{
    if (access(command.program.c_str(), X_OK) != 0)
        return absl::NotFoundError(
            absl::StrCat("cannot run ", command.program, ": ", std::strerror(errno)));
    const int log = open(command.logFile.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    if (log < 0)
        return absl::UnavailableError(
            absl::StrCat("cannot write ", command.logFile, ": ", std::strerror(errno)));

    std::vector<std::string> arguments{command.program};
    arguments.insert(arguments.end(), command.arguments.begin(), command.arguments.end());
    auto environment = environmentOf(command);
    const auto argumentPointers = pointersTo(arguments);
    const auto environmentPointers = pointersTo(environment);
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);

    const int pid = fork();
    if (pid == 0) {
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, nullptr);
        signal(SIGPIPE, SIG_DFL);
        setsid();
        dup2(nothing, STDIN_FILENO);
        dup2(log, STDOUT_FILENO);
        dup2(log, STDERR_FILENO);
        if (command.lock >= 0) {
            fcntl(command.lock, F_SETFD, 0);
            writePid(command.lock);
        }
        execve(argumentPointers[0], argumentPointers.data(), environmentPointers.data());
        _exit(127);
    }
    const int error = errno;
    close(log);
    close(nothing);
    if (pid < 0)
        return absl::ResourceExhaustedError(
            absl::StrCat("cannot start ", command.program, ": ", std::strerror(error)));
    return attach(pid);
}

absl::StatusOr<Process> attach(int pid)
{
    // The C library of Debian 12 declares pidfd_open for C only.
    const int descriptor = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
    if (descriptor < 0)
        return absl::NotFoundError(absl::StrCat("process ", pid, ": ", std::strerror(errno)));
    return Process{pid, descriptor};
}

std::string describeExit(const Process& process)
{
    siginfo_t info{};
    if (waitid(P_PIDFD, static_cast<id_t>(process.descriptor), &info, WEXITED | WNOHANG) != 0
        || info.si_pid == 0)
        return "ended, not as our child: how is not known";
    if (info.si_code == CLD_EXITED) {
        const char* hint = info.si_status == 127 ? " (could not be executed)" : "";
        return absl::StrCat("exit code ", info.si_status, hint);
    }
    return absl::StrCat("signal ", info.si_status, " (", strsignal(info.si_status), ")");
}

std::optional<Usage> usageOf(int pid)
{
    const auto fields = statOf(pid);
    if (fields.size() < 22)
        return std::nullopt;
    static const auto kTicks = static_cast<double>(sysconf(_SC_CLK_TCK));
    static const long long kPage = sysconf(_SC_PAGESIZE);
    Usage usage;
    usage.stopped = fields[0] == "T" || fields[0] == "t";
    usage.cpuSeconds = static_cast<double>(numberAt(fields, 11) + numberAt(fields, 12)) / kTicks;
    usage.residentBytes = numberAt(fields, 21) * kPage;
    return usage;
}

bool hasNoDescriptorLeft(int pid)
{
    rlimit limit{};
    if (prlimit(pid, RLIMIT_NOFILE, nullptr, &limit) != 0)
        return false;
    std::error_code gone;
    const std::filesystem::directory_iterator open(absl::StrCat("/proc/", pid, "/fd"), gone);
    return !gone && static_cast<rlim_t>(std::distance(begin(open), end(open))) >= limit.rlim_cur;
}

std::string variableOf(int pid, const std::string& name)
{
    std::ifstream file(absl::StrCat("/proc/", pid, "/environ"), std::ios::binary);
    for (std::string entry; std::getline(file, entry, '\0');) {
        if (absl::StartsWith(entry, name + "="))
            return entry.substr(name.size() + 1);
    }
    return {};
}

std::chrono::system_clock::time_point startOf(int pid)
{
    // Field 22 counts ticks since boot.
    const auto ticks = numberAt(statOf(pid), 19);
    timespec sinceBoot{};
    clock_gettime(CLOCK_BOOTTIME, &sinceBoot);
    const auto age = static_cast<double>(sinceBoot.tv_sec)
        + static_cast<double>(sinceBoot.tv_nsec) / 1e9
        - static_cast<double>(ticks) / static_cast<double>(sysconf(_SC_CLK_TCK));
    const auto elapsed = std::chrono::duration_cast<std::chrono::system_clock::duration>(
        std::chrono::duration<double>(age));
    return std::chrono::system_clock::now() - elapsed;
}

} // namespace shopfleet::control
