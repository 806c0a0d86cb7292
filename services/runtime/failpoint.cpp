// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/failpoint.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <mutex>
#include <set>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace shopfleet::runtime {
namespace {

/// The folder; empty where no test is at work.
const std::string& folder()
{
    static const std::string path = [] {
        const char* named = std::getenv("SHOPFLEET_FAILPOINTS");
        return std::string(named ? named : "");
    }();
    return path;
}

void noteSeen(const std::string& name)
{
    static std::mutex mutex;
    static std::set<std::string> noted;
    {
        const std::lock_guard lock(mutex);
        if (!noted.insert(name).second)
            return;
    }
    const std::string seen = folder() + "/seen";
    ::mkdir(seen.c_str(), 0700);
    const int file = ::open((seen + "/" + name).c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    if (file >= 0)
        ::close(file);
}

} // namespace

void failpoint(std::string_view place, std::string_view moment)
{
    if (folder().empty()) [[likely]]
        return;
    std::string name = program_invocation_short_name;
    name.append(".").append(place).append(".").append(moment);
    noteSeen(name);
    if (::unlink((folder() + "/armed/" + name).c_str()) == 0)
        ::kill(::getpid(), SIGKILL);
}

} // namespace shopfleet::runtime
