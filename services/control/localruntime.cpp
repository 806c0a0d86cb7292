// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/localruntime.h"

#include "services/control/logfiles.h"

#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/strip.h>

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <unistd.h>

namespace shopfleet::control {

namespace {

constexpr const char* kAnnounced = ".json";
constexpr const char* kLock = ".lock";
constexpr const char* kRevision = "SHOPFLEET_REVISION";

int readPid(int lock)
{
    char text[16] = {};
    int pid = 0;
    // It is written between fork and exec, so it can be missing for a moment only.
    for (int i = 0; i < 100; ++i) {
        const auto size = pread(lock, text, sizeof text - 1, 0);
        if (size > 1 && text[size - 1] == '\n'
            && absl::SimpleAtoi(absl::string_view(text, static_cast<std::size_t>(size)), &pid))
            return pid;
        usleep(1'000);
    }
    return 0;
}

std::string textOf(const nlohmann::json& json, const char* field)
{
    const auto found = json.find(field);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

} // namespace

LocalRuntime::LocalRuntime(EventLoop& loop, Folders folders)
    : m_loop(loop)
    , m_folders(std::move(folders))
    , m_inotify(inotify_init1(IN_CLOEXEC | IN_NONBLOCK))
{
    inotify_add_watch(m_inotify, m_folders.run.c_str(), IN_MOVED_TO | IN_CLOSE_WRITE);
    m_loop.watch(m_inotify, EPOLLIN, [this](std::uint32_t) { readAnnouncements(); });
}

LocalRuntime::~LocalRuntime()
{
    m_loop.cancel(m_adoptTimer);
    m_loop.unwatch(m_inotify);
    close(m_inotify);
    for (const auto& [id, entry] : m_entries) {
        m_loop.unwatch(entry.process.descriptor);
        m_loop.cancel(entry.deadline);
        close(entry.process.descriptor);
    }
}

std::vector<Running> LocalRuntime::adopt()
{
    std::vector<Running> found;
    std::vector<std::string> adopted;
    std::error_code ignored;
    for (const auto& file : std::filesystem::directory_iterator(m_folders.run, ignored)) {
        absl::string_view id;
        const auto name = file.path().filename().string();
        id = name;
        if (!absl::ConsumeSuffix(&id, kLock))
            continue;
        const int lock = open(file.path().c_str(), O_RDWR | O_CLOEXEC);
        // Whoever holds the lock is the process: a pid alone could long be somebody else's.
        if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) != 0) {
            if (const auto process = attach(readPid(lock)); process.ok()) {
                follow(std::string(id), *process, variableOf(process->pid, kRevision));
                found.push_back(*running(std::string(id)));
                adopted.emplace_back(id);
            }
        }
        close(lock);
    }
    m_adoptTimer = m_loop.after({}, [this, adopted] {
        for (const auto& id : adopted)
            readAnnouncement(id);
    });
    return found;
}

absl::Status LocalRuntime::start(const ReplicaSpec& spec)
{
    if (m_entries.contains(spec.id))
        return absl::AlreadyExistsError(absl::StrCat(spec.id, " runs already"));
    const int lock = open(runFile(spec.id, kLock).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB) != 0) {
        close(lock);
        return absl::FailedPreconditionError(
            absl::StrCat("another process holds ", runFile(spec.id, kLock)));
    }
    const auto announce = runFile(spec.id, kAnnounced);
    unlink(announce.c_str());

    Command command;
    command.program = absl::StartsWith(spec.program, "/")
        ? spec.program
        : absl::StrCat(
            spec.directory.empty() ? m_folders.programs : spec.directory, "/", spec.program);
    const auto data = absl::StrCat(m_folders.data, "/", spec.service);
    std::error_code ignored;
    std::filesystem::create_directories(data, ignored);
    command.arguments = {"--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0", "--data", data,
        "--announce", announce, "--replica", spec.id};
    command.arguments.insert(command.arguments.end(), spec.arguments.begin(), spec.arguments.end());
    command.environment = spec.environment;
    command.environment.emplace_back(kRevision, spec.revision);
    command.logFile = logFileOf(m_folders.logs, spec.id);
    command.lock = lock;
    rotateLog(command.logFile);
    const auto process = spawn(command);
    close(lock);
    if (!process.ok())
        return process.status();
    follow(spec.id, *process, spec.revision);
    return absl::OkStatus();
}

void LocalRuntime::stop(const std::string& id, std::chrono::milliseconds deadline)
{
    const auto found = m_entries.find(id);
    if (found == m_entries.end())
        return;
    found->second.asked = true;
    ::kill(found->second.process.pid, SIGTERM);
    // One that is frozen could not hear it.
    ::kill(found->second.process.pid, SIGCONT);
    m_loop.cancel(found->second.deadline);
    found->second.deadline = m_loop.after(deadline, [this, id] { kill(id); });
}

void LocalRuntime::kill(const std::string& id)
{
    const auto found = m_entries.find(id);
    if (found == m_entries.end())
        return;
    found->second.asked = true;
    ::kill(found->second.process.pid, SIGKILL);
}

std::optional<Running> LocalRuntime::running(const std::string& id) const
{
    const auto found = m_entries.find(id);
    if (found == m_entries.end())
        return std::nullopt;
    return Running{id, found->second.process.pid, found->second.startedAt, found->second.revision};
}

std::optional<Usage> LocalRuntime::usage(const std::string& id) const
{
    const auto found = m_entries.find(id);
    return found == m_entries.end() ? std::nullopt : usageOf(found->second.process.pid);
}

bool LocalRuntime::isExhausted(const std::string& id) const
{
    const auto found = m_entries.find(id);
    return found != m_entries.end() && hasNoDescriptorLeft(found->second.process.pid);
}

std::string LocalRuntime::runFile(const std::string& id, const char* kind) const
{
    return absl::StrCat(m_folders.run, "/", id, kind);
}

void LocalRuntime::follow(
    const std::string& id, const Process& process, const std::string& revision)
{
    Entry entry;
    entry.process = process;
    entry.startedAt = startOf(process.pid);
    entry.revision = revision;
    m_entries[id] = entry;
    m_loop.watch(process.descriptor, EPOLLIN, [this, id](std::uint32_t) { ended(id); });
}

void LocalRuntime::ended(const std::string& id)
{
    const auto node = m_entries.extract(id);
    if (node.empty())
        return;
    const auto& entry = node.mapped();
    m_loop.unwatch(entry.process.descriptor);
    m_loop.cancel(entry.deadline);
    const auto how = describeExit(entry.process);
    close(entry.process.descriptor);
    unlink(runFile(id, kAnnounced).c_str());
    if (m_observer != nullptr)
        m_observer->onExited(id, how, entry.asked);
}

void LocalRuntime::readAnnouncements()
{
    alignas(inotify_event) char buffer[4096];
    for (;;) {
        const auto size = read(m_inotify, buffer, sizeof buffer);
        if (size <= 0)
            return;
        for (auto* at = buffer; at < buffer + size;) {
            const auto* event = reinterpret_cast<const inotify_event*>(at);
            at += sizeof(inotify_event) + event->len;
            absl::string_view name = event->len > 0 ? event->name : "";
            if (absl::ConsumeSuffix(&name, kAnnounced))
                readAnnouncement(std::string(name));
        }
    }
}

void LocalRuntime::readAnnouncement(const std::string& id)
{
    const auto found = m_entries.find(id);
    if (found == m_entries.end() || m_observer == nullptr)
        return;
    std::ifstream file(runFile(id, kAnnounced));
    const auto json = nlohmann::json::parse(file, nullptr, false);
    // Half a file or that of an earlier process: the whole one comes with an event of its own.
    if (!json.is_object() || !json.contains("pid") || json["pid"] != found->second.process.pid)
        return;
    m_observer->onAnnounced(
        id, {textOf(json, "address"), textOf(json, "metrics"), textOf(json, "http")});
}

} // namespace shopfleet::control
