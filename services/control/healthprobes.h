// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/eventloop.h"
#include "services/control/probes.h"

#include <map>
#include <memory>

namespace shopfleet::control {

class PendingCalls;
class WriterWatch;

/// grpc.health.v1. Each probe opens a new connection, because a server can go on answering old ones
/// after it has stopped accepting. Who writes comes over a stream, so that a change is known within
/// milliseconds.
class HealthProbes final : public Probes {
public:
    explicit HealthProbes(EventLoop& loop);
    ~HealthProbes() override;

    void setObserver(Observer* observer) override { m_observer = observer; }
    void begin(const std::string& id, const std::string& address, bool database) override;
    void end(const std::string& id) override;

    void probed(const std::string& id, unsigned generation, const std::string& why);
    void writerChanged(const std::string& id, unsigned generation, bool writer);
    void watchEnded(const std::string& id, unsigned generation);

private:
    struct Entry {
        unsigned generation = 0;
        std::string address;
        EventLoop::TimerId next;
        EventLoop::TimerId rewatch;
        int probes = 0;
        bool served = false; // At least once.
        std::shared_ptr<WriterWatch> watch;
    };

    void probe(const std::string& id);
    void watch(const std::string& id);

    EventLoop& m_loop;
    std::shared_ptr<PendingCalls> m_calls;
    Observer* m_observer = nullptr;
    unsigned m_generation = 0;
    std::map<std::string, Entry> m_entries;
};

} // namespace shopfleet::control
