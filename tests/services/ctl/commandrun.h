// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ctl/command.h"

#include <QByteArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <sstream>

namespace shopfleet::ctl::tests {

/// What one command said, and with what code it ended.
struct CommandRun {
    explicit CommandRun(const std::vector<std::string>& arguments)
    {
        std::ostringstream outStream;
        std::ostringstream errStream;
        code = run(arguments, outStream, errStream);
        out = QByteArray::fromStdString(outStream.str());
        err = QByteArray::fromStdString(errStream.str());
    }

    QJsonObject json() const { return QJsonDocument::fromJson(out).object(); }

    int code = -1;
    QByteArray out;
    QByteArray err;
};

} // namespace shopfleet::ctl::tests
