// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/eventloop.h"
#include "services/control/process.h"

#include <string>
#include <unordered_map>

namespace shopfleet::control {

/// Replicas as processes of this machine. Each holds the lock of its `run/<id>.lock`, where its pid
/// is written before its program begins: so nothing is started twice, whenever an earlier control
/// plane was killed.
class LocalRuntime final : public Runtime {
public:
    struct Folders {
        std::string run; // Locks and announcements.
        std::string logs;
        std::string data; // One folder per service.
        std::string programs;
    };

    LocalRuntime(EventLoop& loop, Folders folders);
    ~LocalRuntime() override;

    void setObserver(Observer* observer) override { m_observer = observer; }
    std::vector<Running> adopt() override;
    absl::Status start(const ReplicaSpec& spec) override;
    void stop(const std::string& id, std::chrono::milliseconds deadline) override;
    void kill(const std::string& id) override;
    std::optional<Running> running(const std::string& id) const override;
    std::optional<Usage> usage(const std::string& id) const override;
    bool isExhausted(const std::string& id) const override;

private:
    struct Entry {
        Process process;
        std::chrono::system_clock::time_point startedAt;
        std::string revision;
        bool asked = false;
        EventLoop::TimerId deadline;
    };

    std::string runFile(const std::string& id, const char* kind) const;
    void follow(const std::string& id, const Process& process, const std::string& revision);
    void ended(const std::string& id);
    void readAnnouncements();
    void readAnnouncement(const std::string& id);

    EventLoop& m_loop;
    const Folders m_folders;
    Observer* m_observer = nullptr;
    int m_inotify = -1;
    EventLoop::TimerId m_adoptTimer;
    std::unordered_map<std::string, Entry> m_entries;
};

} // namespace shopfleet::control
