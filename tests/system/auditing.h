// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/auditor/audit.h"

#include <QString>

#include <chrono>
#include <string>

/// What the auditor finds in a fleet's data folder, one violation a line, after it has looked again
/// so many times, half a second apart. A store without orders proves nothing, and is said to be
/// one.
inline QString violationsIn(const QString& data, int rounds)
{
    using namespace shopfleet;
    const auto books = auditor::Books::open(data.toStdString());
    if (!books.ok())
        return QString::fromStdString(std::string(books.status().message()));
    const auto report = auditor::audit(*books, rounds, std::chrono::milliseconds(500));
    if (!report.ok())
        return QString::fromStdString(std::string(report.status().message()));
    QString wrong;
    for (const auto& violation : report->violations)
        wrong += QString::fromStdString(
            violation.check + " " + violation.subject + " " + violation.found + "\n");
    return report->orders > 0 ? wrong : QStringLiteral("there are no orders");
}
