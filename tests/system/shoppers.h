// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

/// A port that nobody has, for a gateway whose replicas share one.
inline int freePort()
{
    const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    bind(descriptor, reinterpret_cast<sockaddr*>(&address), size);
    getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
    close(descriptor);
    return ntohs(address.sin_port);
}

/// `shopfleetctl shop` in the background, until finish().
class Shoppers {
public:
    Shoppers(const std::string& gateway, int rate)
    {
        m_process.start(QStringLiteral(PROGRAMS "/shopfleetctl"),
            {QStringLiteral("shop"), QStringLiteral("--rate"), QString::number(rate),
                QStringLiteral("--json"), QStringLiteral("--gateway"),
                QString::fromStdString(gateway)});
        m_process.waitForStarted();
    }

    ~Shoppers()
    {
        m_process.terminate();
        m_process.waitForFinished(30'000);
    }

    QJsonObject finish()
    {
        m_process.terminate(); // As Ctrl-C: the sums come at the end.
        m_process.waitForFinished(30'000);
        return QJsonDocument::fromJson(m_process.readAllStandardOutput()).object();
    }

private:
    QProcess m_process;
};
