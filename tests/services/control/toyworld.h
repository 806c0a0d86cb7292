// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/handler.h"
#include "services/runtime/channels.h"
#include "tests/services/control/loopthread.h"

#include <QTemporaryDir>
#include <QtTest>

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>

using namespace shopfleet::control;
using namespace std::chrono_literals;

/// Reads all the time through discovery, as every client of the store does.
class Caller {
public:
    Caller()
        : m_thread([this] { run(); })
    {
    }
    ~Caller()
    {
        m_ended = true;
        m_thread.join();
    }
    long calls() const { return m_calls; }
    long failed() const { return m_failed; }

private:
    void run()
    {
        const auto stub
            = v1::Control::NewStub(shopfleet::runtime::makeChannel("xds:///control", "control"));
        while (!m_ended) {
            grpc::ClientContext context;
            context.set_deadline(std::chrono::system_clock::now() + 2s);
            v1::Fleet fleet;
            const auto status = stub->GetFleet(&context, {}, &fleet);
            ++m_calls;
            if (!status.ok()) {
                ++m_failed;
                if (status.error_message() != "as it was told")
                    qWarning("%s", status.error_message().c_str());
            }
            std::this_thread::sleep_for(1ms);
        }
    }

    std::atomic<bool> m_ended = false;
    std::atomic<long> m_calls = 0;
    std::atomic<long> m_failed = 0;
    std::thread m_thread;
};

/// The whole control plane over real gRPC, with toyd as its two services, in a folder that goes
/// with it.
class ToyWorld {
protected:
    void start()
    {
        auto fleet = parseFleetFile(R"(
environment: test
services:
  - {name: control, program: toyd, max: 4, database: yes}
  - {name: other, program: toyd}
)",
            "fleet.yaml");
        m_thread = std::make_unique<LoopThread>();
        m_thread->on([&] {
            m_plane = std::make_unique<ControlPlane>(m_thread->loop,
                ControlPlane::Options{
                    *std::move(fleet), m_folder.path().toStdString(), PROGRAMS, "127.0.0.1:0"});
        });
        m_handler = std::make_unique<Handler>(*m_plane);
        int port = 0;
        grpc::ServerBuilder builder;
        builder.AddListeningPort(m_address, grpc::InsecureServerCredentials(), &port);
        builder.RegisterService(m_handler.get());
        builder.RegisterService(&m_plane->discovery());
        m_server = builder.BuildAndStart();
        QVERIFY(m_server);
        m_address = "127.0.0.1:" + std::to_string(port);
        m_thread->on([&] { m_plane->begin(m_address); });
        m_stub = v1::Control::NewStub(
            grpc::CreateChannel("ipv4:" + m_address, grpc::InsecureChannelCredentials()));
        // The first xds channel of this process reads it; a second control plane has the same port.
        qputenv("GRPC_XDS_BOOTSTRAP_CONFIG",
            QByteArray::fromStdString(R"({"xds_servers":[{"server_uri":")" + m_address
                + R"(","channel_creds":[{"type":"insecure"}],"server_features":["xds_v3"]}],"node":{"id":"test"}})"));
    }

    /// The control plane ends; its replicas go on, or end with it.
    void stop(bool leaveRunning = true)
    {
        std::promise<void> ended;
        m_thread->loop.post([&] { m_plane->end(leaveRunning, [&] { ended.set_value(); }); });
        ended.get_future().wait();
        m_server->Shutdown(std::chrono::system_clock::now() + 100ms);
        m_thread->on([&] { m_plane.reset(); });
        m_thread.reset();
        m_server.reset();
    }

    v1::Service service(const std::string& name = "control")
    {
        v1::GetServiceRequest request;
        request.set_name(name);
        v1::Service response;
        m_stub->GetService(context().get(), request, &response);
        return response;
    }

    static std::unique_ptr<grpc::ClientContext> context()
    {
        auto result = std::make_unique<grpc::ClientContext>();
        result->set_deadline(std::chrono::system_clock::now() + 10s);
        result->set_wait_for_ready(true);
        return result;
    }

    std::string nextId() { return "request-" + std::to_string(++m_requests); }

    QTemporaryDir m_folder;
    std::unique_ptr<LoopThread> m_thread;
    std::unique_ptr<ControlPlane> m_plane;
    std::unique_ptr<Handler> m_handler;
    std::unique_ptr<grpc::Server> m_server;
    std::unique_ptr<v1::Control::Stub> m_stub;
    std::string m_address = "127.0.0.1:0";

private:
    int m_requests = 0;
};
