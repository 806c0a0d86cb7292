// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ctl/command.h"

#include <QByteArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>

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

    /// The program as a process of its own, which leaves no connections to the next run. A test
    /// that makes and loses dozens of stores needs that: channels last as long as their process.
    static CommandRun ofProgram(const QString& program, const std::vector<std::string>& arguments)
    {
        QStringList list;
        for (const std::string& argument : arguments)
            list += QString::fromStdString(argument);
        QProcess process;
        process.start(program, list);
        CommandRun done;
        if (process.waitForFinished(-1) && process.exitStatus() == QProcess::NormalExit)
            done.code = process.exitCode();
        done.out = process.readAllStandardOutput();
        done.err = process.readAllStandardError();
        return done;
    }

    QJsonObject json() const { return QJsonDocument::fromJson(out).object(); }

    int code = -1;
    QByteArray out;
    QByteArray err;

private:
    CommandRun() = default;
};

} // namespace shopfleet::ctl::tests
