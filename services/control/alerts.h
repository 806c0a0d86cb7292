// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/alertrules.h"
#include "services/control/journal.h"
#include "services/control/ledger.h"

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace shopfleet::control {

/// Watches rules and says what fires: one alert for each rule and service at a time, which ends
/// when its condition has not held for a while. Rules and alerts are kept across restarts. Lives on
/// the event loop's thread.
class Alerts {
public:
    /// NaN: not known.
    using Figure = std::function<double(const AlertSubject& subject, const std::string& metric)>;
    using Tell = std::function<void(v1::Event)>;

    /// `folder` is the control plane's own. Without its condition for `calm` an alert is over.
    Alerts(const std::string& folder, Tell tell,
        std::chrono::microseconds calm = std::chrono::seconds(15));

    /// Once a second.
    void tick(const std::vector<std::string>& services, const Figure& figure);

    const std::deque<v1::Alert>& all() const { return m_alerts.all(); } // Newest first.
    const std::vector<v1::AlertRule>& rules() const { return m_rules; }

    absl::StatusOr<v1::AlertRule> save(const v1::AlertRule& rule, const std::string& actor);
    absl::Status remove(const std::string& id, const std::string& etag, const std::string& actor);
    absl::StatusOr<v1::Alert> acknowledge(
        const std::string& id, const std::string& note, const std::string& actor);
    absl::StatusOr<v1::Alert> mute(
        const std::string& id, const google::protobuf::Duration& length, const std::string& actor);

private:
    using Subject = std::pair<std::string, std::string>; // Rule and service.
    struct Watch {
        std::int64_t sinceUs = 0; // The condition holds; 0: it does not.
        std::int64_t untilUs = 0; // It held last.
        std::string firing; // The alert; empty: none.
    };

    void watch(const v1::AlertRule& rule, const AlertExpression& expression,
        const std::string& service, const Figure& figure, std::int64_t now);
    void raise(const v1::AlertRule& rule, const std::string& service, double value,
        const std::string& reason, Watch& watch);
    void end(Watch& watch);
    void keep(const v1::Alert& alert);
    absl::Status keepRules(std::vector<v1::AlertRule> rules);
    void tell(const v1::Alert& alert, const char* kind, const std::string& actor);
    google::protobuf::Timestamp mutedUntil(
        const std::string& rule, const std::string& service) const;

    Ledger<v1::Alert> m_alerts;
    Journal m_ruleFile;
    std::vector<v1::AlertRule> m_rules;
    std::map<std::string, AlertExpression> m_expressions; // By the rule's id.
    std::map<Subject, Watch> m_watches;
    Tell m_tell;
    const std::chrono::microseconds m_calm;
};

} // namespace shopfleet::control
