// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/control/v1/control.pb.h"

#include <absl/status/statusor.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace shopfleet::control {

/// Whose figures: a service's, those of one method of it, or the store's where both are empty.
struct AlertSubject {
    std::string service;
    std::string method;
};

/// "error_ratio > 0.05 AND requests_per_second > 1".
class AlertExpression {
public:
    /// The value of a metric; NaN: not known.
    using Reader = std::function<double(const std::string& metric)>;

    static absl::StatusOr<AlertExpression> parse(const std::string& text);

    /// Nothing: one of the figures is not known, and the others do not decide it.
    std::optional<bool> holds(const Reader& read) const;
    /// "error_ratio is 0.23, requests_per_second is 14".
    std::string explain(const Reader& read) const;
    /// Of its first comparison.
    double value(const Reader& read) const;
    /// Its metrics are those of the store, not of a service.
    bool isOfStore() const { return m_ofStore; }
    /// The first of its metrics that is not known of a single method; empty: all are.
    std::string unknownOfMethods() const;

private:
    struct Term {
        std::string metric;
        std::string op;
        double limit = 0;
    };
    std::vector<Term> m_terms;
    bool m_ofStore = false;
};

/// What is watched unless somebody changes it.
std::vector<v1::AlertRule> defaultAlertRules();

/// What is wrong with a rule, if anything: names the field.
absl::Status check(const v1::AlertRule& rule);

} // namespace shopfleet::control
