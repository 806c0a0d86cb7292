// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "grpc/health/v1/health.grpc.pb.h"
#include "shopfleet/control/v1/control.grpc.pb.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

namespace v1 = shopfleet::control::v1;

/// The store as `./dev run` starts it: controld and what it starts, in a folder that goes with it.
class RealFleet {
public:
    /// In a folder that stays.
    explicit RealFleet(const QString& folder)
        : m_path(folder)
    {
    }

    /// With SHOPFLEET_TEST_KEEP set the folder with data and logs stays, for a look at what went
    /// wrong.
    RealFleet()
        : m_path(m_folder.path())
    {
        m_folder.setAutoRemove(!qEnvironmentVariableIsSet("SHOPFLEET_TEST_KEEP"));
        if (!m_folder.autoRemove())
            qInfo("kept: %s", qPrintable(m_folder.path()));
    }

    ~RealFleet()
    {
        m_control.terminate();
        m_control.waitForFinished(30'000);
    }

    bool start()
    {
        const auto announcement = m_path + QStringLiteral("/control.json");
        QFile::remove(announcement);
        m_control.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_control.setProcessEnvironment(environment);
        m_control.setStandardOutputFile(
            m_path + QStringLiteral("/controld.log"), QIODevice::Append);
        m_control.start(QStringLiteral(PROGRAMS "/controld"),
            {QStringLiteral("--fleet"), fleetFile, QStringLiteral("--data"),
                m_path + QStringLiteral("/data"), QStringLiteral("--listen"),
                QStringLiteral("127.0.0.1:0"), QStringLiteral("--gateway"), gateway,
                QStringLiteral("--announce"), announcement, QStringLiteral("--audit-every"),
                QString::number(auditEverySeconds)});
        if (!m_control.waitForStarted()
            || !QTest::qWaitFor([&] { return QFile::exists(announcement); }, 10'000))
            return false;
        std::ifstream file(announcement.toStdString());
        m_address = nlohmann::json::parse(file)["address"].get<std::string>();
        control = v1::Control::NewStub(
            grpc::CreateChannel("ipv4:" + m_address, grpc::InsecureChannelCredentials()));
        // The first xds channel of this process reads it; a second control plane takes the same
        // port.
        qputenv("GRPC_XDS_BOOTSTRAP_CONFIG",
            QByteArray((R"({"xds_servers":[{"server_uri":")" + m_address
                + R"(","channel_creds":[{"type":"insecure"}],"server_features":["xds_v3"]}],"node":{"id":"test"}})")
                           .c_str()));
        return true;
    }

    void killControl()
    {
        m_control.kill();
        m_control.waitForFinished();
    }

    /// Ends it as Ctrl-C does; the exit code.
    int stopControl()
    {
        m_control.terminate();
        m_control.waitForFinished(30'000);
        return m_control.exitStatus() == QProcess::NormalExit ? m_control.exitCode() : -1;
    }

    v1::Fleet fleet()
    {
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
        v1::Fleet fleet;
        const auto status = control->GetFleet(&context, {}, &fleet);
        if (!status.ok())
            qWarning("the control plane does not answer: %s", status.error_message().c_str());
        return fleet;
    }

    v1::Service service(const std::string& name)
    {
        const auto all = fleet();
        const auto found = std::ranges::find(all.services(), name, &v1::Service::name);
        return found == all.services().end() ? v1::Service() : *found;
    }

    /// kill -9 of the service's first replica, if that lives: which process it was, or 0.
    std::int64_t kill(const std::string& name)
    {
        const auto view = service(name);
        const std::int64_t pid = view.replicas().empty() ? 0 : view.replicas(0).pid();
        // 0 would be this test and whoever runs it.
        if (pid > 0)
            ::kill(static_cast<pid_t>(pid), SIGKILL);
        return pid;
    }

    bool scale(const std::string& name, int replicas)
    {
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
        v1::ScaleServiceRequest request;
        request.set_request_id("scale-" + std::to_string(++m_requests));
        request.set_service(name);
        request.set_replicas(replicas);
        v1::Service response;
        return control->ScaleService(&context, request, &response).ok();
    }

    /// All in one look: the number of replicas serves, and none of them is the process `but`.
    bool serves(const std::string& name, int replicas, std::int64_t but = 0)
    {
        const auto view = service(name);
        return view.state() == v1::STATE_HEALTHY && view.replicas_size() == replicas
            && std::ranges::all_of(view.replicas(), [but](const v1::Replica& replica) {
                   return replica.state() == v1::STATE_HEALTHY && replica.pid() != but;
               });
    }

    bool allServe()
    {
        const auto all = fleet();
        return all.services_size() > 0
            && std::ranges::all_of(all.services(),
                [](const v1::Service& each) { return each.state() == v1::STATE_HEALTHY; });
    }

    const std::string& address() const { return m_address; }
    const QString& path() const { return m_path; }

    std::unique_ptr<v1::Control::Stub> control;
    // To be set before start().
    int auditEverySeconds = 0;
    QString gateway = QStringLiteral("127.0.0.1:0"); // Another port for each of its replicas.
    QString fleetFile = QStringLiteral(SOURCE_ROOT "/resources/fleet.yaml");
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();

private:
    QTemporaryDir m_folder;
    QString m_path;
    QProcess m_control;
    std::string m_address;
    int m_requests = 0;
};

/// Reads through xds:///SERVICE, one after the other, on a thread of its own. Health checks are
/// reads that every service has.
class Reads {
public:
    explicit Reads(const std::string& service)
        : m_stub(grpc::health::v1::Health::NewStub(
            grpc::CreateChannel("xds:///" + service, grpc::InsecureChannelCredentials())))
        , m_thread([this] { run(); })
    {
    }

    ~Reads()
    {
        m_stop = true;
        m_thread.join();
    }

    std::atomic<int> good = 0;
    std::atomic<int> failed = 0;
    std::string firstError; // To be read when failed is not 0.

private:
    void run()
    {
        while (!m_stop) {
            grpc::ClientContext context;
            context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(2));
            grpc::health::v1::HealthCheckResponse response;
            const auto status = m_stub->Check(&context, {}, &response);
            if (!status.ok() && failed == 0)
                firstError = status.error_message();
            ++(status.ok() ? good : failed);
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
    }

    std::atomic<bool> m_stop = false;
    std::unique_ptr<grpc::health::v1::Health::Stub> m_stub;
    std::thread m_thread;
};
