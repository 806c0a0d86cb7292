// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace shopfleet::control {

/// Asks replicas how they are. Used on the event loop's thread only, where the observer is called
/// as well.
class Probes {
public:
    class Observer {
    public:
        virtual ~Observer() = default;
        /// One answer to a probe; `why` is empty when it serves.
        virtual void onProbed(const std::string& id, const std::string& why) = 0;
        /// It says that it holds its database's lock, or no longer.
        virtual void onWriter(const std::string& id, bool writer) = 0;
    };

    virtual ~Probes() = default;
    virtual void setObserver(Observer* observer) = 0;
    /// Probes at once, then often until it serves, and then each second; with `database` it also
    /// follows who writes.
    virtual void begin(const std::string& id, const std::string& address, bool database) = 0;
    virtual void end(const std::string& id) = 0;
};

} // namespace shopfleet::control
