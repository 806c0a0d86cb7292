// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/aside.h"
#include "services/runtime/changes.h"
#include "services/runtime/database.h"
#include "services/runtime/failpoint.h"
#include "services/runtime/requests.h"
#include "services/runtime/status.h"
#include "services/runtime/trace.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <memory>
#include <utility>

namespace shopfleet::runtime {

using Context = grpc::CallbackServerContext;
using Unary = grpc::ServerUnaryReactor;

constexpr std::int64_t kBrowseAgainMs = 200;

/// Finishes a call with what is known already.
inline Unary* finish(Context* context, const absl::Status& status)
{
    auto* reactor = context->DefaultReactor();
    reactor->Finish(toWire(status));
    return reactor;
}

namespace detail {

template <class Request, class Response, class Ask>
absl::Status readNow(
    Context* context, Database& database, const Request* request, Response* response, Ask& ask)
{
    // Whoever asked is gone, or out of patience: the work would be for nobody. The clock is looked
    // at as well: gRPC learns that a call is over on the threads that reads may be keeping busy.
    if (std::chrono::system_clock::now() > context->deadline() || context->IsCancelled())
        return absl::CancelledError("the caller is gone");
    auto connection = database.reader();
    if (!connection.ok())
        return connection.status();
    absl::StatusOr<Response> result = ask(**connection, *request);
    if (!result.ok())
        return result.status();
    *response = *std::move(result);
    return absl::OkStatus();
}

} // namespace detail

/// A read: runs here and now on this thread's read-only connection. `ask` is
/// `absl::StatusOr<Response>(Connection&, const Request&)`.
template <class Request, class Response, class Ask>
Unary* read(
    Context* context, Database& database, const Request* request, Response* response, Ask ask)
{
    return finish(context, detail::readNow(context, database, request, response, ask));
}

/// A read that may take long, a list or a search: it does not keep the short ones waiting.
template <class Request, class Response, class Ask>
Unary* browse(
    Context* context, Database& database, const Request* request, Response* response, Ask ask)
{
    auto* reactor = context->DefaultReactor();
    const bool waits = Aside::shared().run(
        [=, &database, ask = std::move(ask), trace = currentTrace()]() mutable {
            const TraceScope scope(trace);
            reactor->Finish(toWire(detail::readNow(context, database, request, response, ask)));
        });
    if (!waits)
        reactor->Finish(toWire(
            overloaded("too many lists and searches wait; try again in a moment", kBrowseAgainMs)));
    return reactor;
}

/// A write: queued for the writer's next transaction, answered after its commit, once for each
/// request_id. `ask` is `absl::StatusOr<Response>(Connection&, const Request&)`, called on the
/// writer's thread.
template <class Request, class Response, class Ask>
Unary* write(
    Context* context, Database& database, const Request* request, Response* response, Ask ask)
{
    if (auto status = checkRequestId(*request); !status.ok())
        return finish(context, status);
    auto* reactor = context->DefaultReactor();
    database.write(
        [context, request, response, ask = std::move(ask)](Connection& connection) {
            // Nobody waits any more: the client's retry, if there is one, brings the same
            // request_id.
            if (context->IsCancelled())
                return absl::CancelledError("the caller is gone");
            absl::Status status = once(connection, *request, response, [&] {
                absl::StatusOr<Response> result = ask(connection, *request);
                if (!result.ok())
                    return result.status();
                *response = *std::move(result);
                return absl::OkStatus();
            });
            failpoint(Request::descriptor()->name(), "writing");
            return status;
        },
        [reactor](const absl::Status& status) {
            failpoint(Request::descriptor()->name(), "written");
            reactor->Finish(toWire(status));
        });
    return reactor;
}

/// A Watch stream over the change log: what changed since the resume token, then what changes, and
/// an empty message each second in which nothing does. It reads on from the log as fast as its
/// client takes it, so a slow one costs no memory. `fill(Connection&, const Changed&, Response&)`
/// adds the fresh resource, if it is of this stream's kind; `kinds` leaves the others out
/// altogether.
template <class Response>
class Watcher final : public grpc::ServerWriteReactor<Response> {
public:
    using Fill = std::function<absl::Status(Connection&, const Changed&, Response&)>;

    Watcher(Database& database, ChangeFeed& feed, const std::string& token, Fill fill,
        std::vector<std::string> kinds)
        : m_database(database)
        , m_feed(feed)
        , m_fill(std::move(fill))
        , m_kinds(std::move(kinds))
    {
        if (const auto status = begin(token); !status.ok()) {
            m_finished = true;
            this->Finish(toWire(status));
            return;
        }
        m_watcher = feed.add([this] { wake(); });
        wake(); // The first message says that the link is there.
    }

private:
    absl::Status begin(const std::string& token)
    {
        if (!token.empty()) {
            const char* last = token.data() + token.size();
            const auto [end, error] = std::from_chars(token.data(), last, m_since);
            if (error != std::errc() || end != last || m_since < 0)
                return invalidField("resume_token", "is not one that this service gave");
            return absl::OkStatus();
        }
        const auto connection = m_database.reader();
        if (!connection.ok())
            return connection.status();
        const auto last = lastChange(**connection);
        m_since = last.value_or(0);
        return last.status();
    }

    void wake()
    {
        const std::lock_guard lock(m_mutex);
        if (m_writing)
            m_pending = true;
        else
            next();
    }

    /// Under the mutex: sends what is new, or a heartbeat.
    void next()
    {
        if (m_finished)
            return;
        if (m_feed.stopping()) {
            m_finished = true;
            this->Finish(toWire(unavailable("this replica is stopping")));
            return;
        }
        m_message.Clear();
        if (auto status = collect(); !status.ok()) {
            m_finished = true;
            this->Finish(toWire(status));
            return;
        }
        m_message.set_resume_token(std::to_string(m_since));
        m_writing = true;
        this->StartWrite(&m_message);
    }

    absl::Status collect()
    {
        const auto connection = m_database.reader();
        if (!connection.ok())
            return connection.status();
        const auto changes = changesSince(**connection, m_since);
        if (!changes.ok())
            return changes.status();
        m_since = changes->next;
        m_message.set_reload(changes->reload);
        for (const Changed& change : changes->items) {
            if (!m_kinds.empty()
                && std::find(m_kinds.begin(), m_kinds.end(), change.kind) == m_kinds.end())
                continue;
            auto* fact = m_message.add_changes();
            fact->set_kind(change.kind);
            fact->set_id(change.id);
            fact->set_deleted(change.deleted);
            if (change.deleted)
                continue;
            if (auto status = m_fill(**connection, change, m_message); !status.ok())
                return status;
        }
        m_pending = m_since < m_feed.last();
        return absl::OkStatus();
    }

    void OnWriteDone(bool ok) override
    {
        const std::lock_guard lock(m_mutex);
        m_writing = false;
        if (!ok && !m_finished) {
            m_finished = true;
            this->Finish(grpc::Status::CANCELLED);
        } else if (std::exchange(m_pending, false)) {
            next();
        }
    }

    void OnCancel() override
    {
        const std::lock_guard lock(m_mutex);
        if (!m_writing && !m_finished) {
            m_finished = true;
            this->Finish(grpc::Status::CANCELLED);
        }
    }

    void OnDone() override
    {
        if (m_watcher != 0)
            m_feed.remove(m_watcher);
        delete this;
    }

    Database& m_database;
    ChangeFeed& m_feed;
    Fill m_fill;
    std::vector<std::string> m_kinds;
    std::mutex m_mutex;
    Response m_message;
    std::int64_t m_since = 0;
    std::uint64_t m_watcher = 0;
    bool m_writing = false, m_pending = false, m_finished = false;
};

template <class Response>
grpc::ServerWriteReactor<Response>* watch(Database& database, ChangeFeed& feed,
    const std::string& resumeToken, typename Watcher<Response>::Fill fill,
    std::vector<std::string> kinds = {})
{
    return new Watcher<Response>(database, feed, resumeToken, std::move(fill), std::move(kinds));
}

} // namespace shopfleet::runtime
