// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/common/v1/common.pb.h"

#include <QDateTime>
#include <QLocale>
#include <QString>

#include <google/protobuf/timestamp.pb.h>

#include <optional>

/// Facts as people read them, in the language and the customs of the default QLocale.
/// Knows no page and no widget; money never passes through a floating-point number.
namespace format {

/// "£12.40", "12,40 £", "−£5.95"; the currency's code where there is no common sign. Empty without
/// a currency.
QString money(const shopfleet::common::v1::Money& amount);
QString money(qint64 minor, const std::string& currency);

/// What somebody typed, in minor units: "12.40", "12,40", "£1,240.5", "12". Empty for what is no
/// amount, has more digits after the point than the currency, or is too large.
std::optional<qint64> parseMoney(const QString& text, const std::string& currency);

/// Whole units, for what only gives the size: "£7,500".
QString roundMoney(double units, const std::string& currency);

QString count(qint64 number);

/// A rate or a duration with as many digits as say something: "412.6", "0.02", "1,940".
QString figure(double value);

/// "now", "6 min ago", "2 h 14 min ago" within the day before `now`; else the date.
QString when(
    const google::protobuf::Timestamp& at, const QDateTime& now = QDateTime::currentDateTimeUtc());

/// Date and time to the second: for tooltips. Empty for a time that is not set.
QString moment(const google::protobuf::Timestamp& at);

/// "12 Dec 2010": of a day that the hour says nothing of. Empty for a time that is not set.
QString day(const google::protobuf::Timestamp& at);

/// The time of day within the last 24 hours, else the date. For timelines.
QString clock(
    const google::protobuf::Timestamp& at, const QDateTime& now = QDateTime::currentDateTimeUtc());

/// "3 d 4 h", "2 h 05 min", "12 min", "8 s".
QString span(qint64 seconds);

QDateTime time(const google::protobuf::Timestamp& at);

inline QString text(const std::string& utf8)
{
    return QString::fromStdString(utf8);
}

} // namespace format
