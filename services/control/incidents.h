// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/eventlog.h"
#include "services/control/fleet.h"
#include "services/control/inquirer.h"
#include "services/control/ledger.h"
#include "services/control/suspects.h"
#include "services/control/telemetry.h"

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace shopfleet::control {

/// Notices when services are not as they usually are, and says who is likeliest to be the cause.
/// One incident is open at a time: what goes wrong together is looked at together. It ends when
/// nothing has deviated for a while. Lives on the event loop's thread.
class Incidents {
public:
    using Tell = std::function<void(v1::Event)>;

    Incidents(const Fleet& fleet, const Telemetry& telemetry, const EventLog& events,
        Inquirer& inquirer, const std::string& file, Tell tell);

    /// Once a second, when the second's figures are in.
    void tick();
    const std::deque<v1::Incident>& all() const { return m_incidents.all(); } // Newest first.
    const v1::Incident* find(const std::string& id) const { return m_incidents.find(id); }

private:
    struct Usual {
        Tally tally;
        int seconds = 0;
    };
    /// How a service does, second by second.
    struct Course {
        int unwell = 0; // Seconds in a row in which something deviated.
        std::int64_t sinceUs = 0; // The first of them.
        Signs signs; // The worst of the incident.
        std::optional<Usual> usual; // How it was before the incident, which may last.
    };

    bool look(const std::string& name);
    bool lookAtReplicas(const v1::Service& service, Course& course);
    bool lookAtCalls(const std::string& service, Course& course);
    Usual usualOf(const std::string& service) const;
    void stayWith(const std::string& before, std::vector<v1::Suspect>* suspects) const;
    void findChange(const std::string& service, Signs& signs) const;
    void open();
    void update(v1::Incident incident);
    void end(v1::Incident incident);
    void tell(const v1::Incident& incident, const char* kind, shopfleet::common::v1::Severity how);

    const Fleet& m_fleet;
    const Telemetry& m_telemetry;
    const EventLog& m_events;
    Inquirer& m_inquirer;
    Ledger<v1::Incident> m_incidents;
    Tell m_tell;
    std::map<std::string, Course> m_courses;
    std::string m_open; // The incident; empty: none.
    std::int64_t m_sinceUs = 0; // Of the open one.
    int m_calm = 0; // Seconds in a row without any deviation.
};

} // namespace shopfleet::control
