// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/alertrules.h"
#include "services/control/eventlog.h"
#include "services/control/fleet.h"
#include "services/control/inquirer.h"
#include "services/control/inspector.h"
#include "services/control/telemetry.h"

#include <string>

namespace shopfleet::control {

/// The figures that alert rules are about, as they are right now. NaN: not known.
class AlertFigures {
public:
    AlertFigures(const Fleet& fleet, const Telemetry& telemetry, const EventLog& events,
        const Inspector& inspector, const Hearing& hearing);

    double read(const AlertSubject& subject, const std::string& metric) const;

private:
    double ofStore(const std::string& metric) const;
    double waiting(const std::string& service, const std::string& metric) const;
    double crashes(const std::string& service) const;
    double missing(const std::string& service) const;

    const Fleet& m_fleet;
    const Telemetry& m_telemetry;
    const EventLog& m_events;
    const Inspector& m_inspector;
    const Hearing& m_hearing;
};

} // namespace shopfleet::control
