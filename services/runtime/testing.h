// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/changes.h"
#include "services/runtime/database.h"
#include "services/runtime/server.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

namespace shopfleet::runtime {

/// For tests: a folder that is gone when the test is.
class TestFolder {
public:
    TestFolder()
    {
        std::string name
            = (std::filesystem::temp_directory_path() / "shopfleet-test-XXXXXX").string();
        if (::mkdtemp(name.data()))
            m_path = name;
    }
    ~TestFolder()
    {
        std::error_code error;
        std::filesystem::remove_all(m_path, error);
    }
    TestFolder(const TestFolder&) = delete;
    TestFolder& operator=(const TestFolder&) = delete;

    std::string path() const { return m_path.string(); }
    std::string file(const std::string& name) const { return (m_path / name).string(); }

private:
    std::filesystem::path m_path;
};

/// For tests: a writing database in a folder of its own, with its feed. `status()` says why there
/// is none.
class TestDatabase {
public:
    explicit TestDatabase(const char* schema, const std::string& name = "test")
    {
        auto opened = Database::open({m_folder.path(), name, schema});
        m_status = opened.status();
        if (!opened.ok())
            return;
        m_database = *std::move(opened);
        m_feed = std::make_unique<ChangeFeed>(*m_database);
    }

    const absl::Status& status() const { return m_status; }
    const TestFolder& folder() const { return m_folder; }
    Database& operator*() { return *m_database; }
    Database* operator->() { return m_database.get(); }
    ChangeFeed& feed() { return *m_feed; }

    /// Runs `work` in a transaction and waits for the commit.
    template <class Work>
    absl::Status write(Work work)
    {
        return m_database->writeAndWait(std::move(work));
    }
    /// This thread's read-only connection.
    Connection& reader() { return **m_database->reader(); }

private:
    TestFolder m_folder;
    absl::Status m_status;
    std::unique_ptr<Database> m_database;
    std::unique_ptr<ChangeFeed> m_feed;
};

/// For tests: a real server on a port that the kernel chooses, for handlers that the test owns.
/// Declare it after them and after their database: it ends first.
class TestServer {
public:
    explicit TestServer(std::vector<grpc::Service*> services, const Database* database = nullptr,
        ChangeFeed* feed = nullptr)
        : m_feed(feed)
    {
        auto started = Server::start({"127.0.0.1:0", std::move(services), database});
        m_status = started.status();
        if (started.ok())
            m_server = *std::move(started);
    }
    ~TestServer()
    {
        if (m_feed)
            m_feed->stop(); // Streams end.
        if (m_server)
            m_server->drain(std::chrono::milliseconds(0), std::chrono::milliseconds(1'000));
    }
    TestServer(const TestServer&) = delete;
    TestServer& operator=(const TestServer&) = delete;

    const absl::Status& status() const { return m_status; }
    std::string address() const { return m_server->address(); }
    Server& server() { return *m_server; }
    /// A connection of its own at each call.
    std::shared_ptr<grpc::Channel> channel() const
    {
        grpc::ChannelArguments arguments;
        arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
        return grpc::CreateCustomChannel(address(), grpc::InsecureChannelCredentials(), arguments);
    }

private:
    ChangeFeed* m_feed;
    absl::Status m_status;
    std::unique_ptr<Server> m_server;
};

} // namespace shopfleet::runtime
