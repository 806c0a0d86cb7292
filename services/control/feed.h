// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/eventloop.h"

#include <grpcpp/support/server_callback.h>

#include <functional>
#include <memory>
#include <optional>
#include <set>

namespace shopfleet::control {

/// The server's half of a stream. Whenever there may be something to say, poke() asks the source
/// for the next message, but only once the one before has left: a slow client gets fewer and newer
/// messages, never a growing queue. All of it on the loop's thread; gRPC's threads only post.
template <typename Response>
class Feed final : public grpc::ServerWriteReactor<Response>,
                   public std::enable_shared_from_this<Feed<Response>> {
public:
    using Source = std::function<std::optional<Response>()>;
    using Set = std::set<std::shared_ptr<Feed>>;

    explicit Feed(EventLoop& loop)
        : m_loop(loop)
    {
    }

    /// Any thread. Joins `feeds` until the client is gone; `source` is made on the loop's thread,
    /// when everything can be read.
    static Feed* begin(EventLoop& loop, Set& feeds, std::function<Source()> makeSource)
    {
        const auto feed = std::make_shared<Feed>(loop);
        feed->m_self = feed;
        loop.post([feed, &feeds, makeSource = std::move(makeSource)] {
            if (feed->m_finished)
                return;
            feed->m_feeds = &feeds;
            feeds.insert(feed);
            feed->m_source = makeSource();
            feed->poke();
        });
        return feed.get();
    }

    /// Ends a stream before it began: a bad request.
    static Feed* refuse(EventLoop& loop, const grpc::Status& status)
    {
        const auto feed = std::make_shared<Feed>(loop);
        feed->m_self = feed;
        feed->Finish(status);
        feed->m_finished = true;
        return feed.get();
    }

    void poke()
    {
        if (m_writing || m_finished || !m_source)
            return;
        if (m_ending)
            return finish();
        auto next = m_source();
        if (!next)
            return;
        m_response = *std::move(next);
        m_writing = true;
        this->StartWrite(&m_response);
    }

    void end(const grpc::Status& status)
    {
        m_status = status;
        m_ending = true;
        if (!m_writing && !m_finished)
            finish();
    }

    void OnWriteDone(bool ok) override
    {
        m_loop.post([this, self = this->shared_from_this(), ok] {
            m_writing = false;
            if (ok && !m_ending)
                poke();
            else
                end(m_status);
        });
    }

    void OnCancel() override
    {
        m_loop.post([this, self = this->shared_from_this()] { end(grpc::Status::CANCELLED); });
    }

    void OnDone() override
    {
        m_loop.post([this, self = std::move(m_self)] {
            if (m_feeds != nullptr)
                m_feeds->erase(self);
        });
    }

private:
    void finish()
    {
        m_finished = true;
        this->Finish(m_status);
    }

    EventLoop& m_loop;
    std::shared_ptr<Feed> m_self;
    Set* m_feeds = nullptr;
    Source m_source;
    Response m_response;
    grpc::Status m_status;
    bool m_writing = false;
    bool m_ending = false;
    bool m_finished = false;
};

} // namespace shopfleet::control
