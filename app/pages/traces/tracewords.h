// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/theme/theme.h"
#include "shopfleet/traces/v1/traces.pb.h"

#include <QList>
#include <QString>

/// What a trace tells, in figures and in words.
namespace tracewords {

double milliseconds(const google::protobuf::Duration& duration);
/// How long it was waited for itself, in milliseconds.
double waitedFor(const shopfleet::traces::v1::Span& span);

/// "9c41e07d": enough to tell it from others on a screen.
QString brief(const std::string& traceId);
theme::Status status(const shopfleet::traces::v1::Trace& trace);

/// Whose fault a failed span is, or whose time a good one takes: of a call, who was asked.
QString blamed(const shopfleet::traces::v1::Span& span);
/// How a span ended, for people: "No replica of payments can be reached."
QString outcome(const shopfleet::traces::v1::Span& span);
/// The failed span within which none failed: where it began. The first of all in time; -1: none.
int firstFailed(const shopfleet::traces::v1::Trace& trace);

struct Share {
    QString service;
    double milliseconds = 0;
};
/// Where the time went that the root's caller waited, the greatest first.
QList<Share> shares(const shopfleet::traces::v1::Trace& trace);

} // namespace tracewords
