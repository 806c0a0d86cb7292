// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Private to app/api: sees gRPC. Pages see Feed.

#include "app/api/feed.h"

#include <QMetaObject>

#include <grpcpp/client_context.h>
#include <grpcpp/support/client_callback.h>

#include <memory>
#include <mutex>
#include <utility>

namespace api {

/// A Feed over one server-streaming RPC. `Async` is a stub's async interface; messages are used on
/// the UI thread.
///
/// The next message is read only when the last one was used, so that a slow window slows the sender
/// down instead of filling a queue.
template <class Async, class Request, class Response>
class Subscription final : public Feed {
public:
    using Method
        = void (Async::*)(grpc::ClientContext*, const Request*, grpc::ClientReadReactor<Response>*);
    using Use = std::function<void(const Response&)>;

    /// `begins`: the first message of another attempt is about to be used.
    Subscription(Async* stub, Method method, Request request, Use use, QObject* parent,
        std::function<void()> begins = {})
        : Feed(parent)
        , m_stub(stub)
        , m_method(method)
        , m_request(std::move(request))
        , m_use(std::move(use))
        , m_begins(std::move(begins))
    {
        open();
    }

    ~Subscription() override { leave(); }

private:
    class Reader;

    /// What both threads know of one attempt.
    struct Link {
        std::mutex mutex;
        Subscription* receiver = nullptr; ///< Null once nobody listens.
        Reader* reader = nullptr; ///< Null once the stream is over.
        bool unread = false; ///< The reader holds a message and waits for the window.
    };

    class Reader final : public grpc::ClientReadReactor<Response> {
    public:
        Reader(std::shared_ptr<Link> link, Request request)
            : m_link(std::move(link))
            , m_request(std::move(request))
        {
        }

        void begin(Async* stub, Method method)
        {
            (stub->*method)(&m_context, &m_request, this);
            this->AddHold(); // Reads are started from another thread than the stream's own.
            this->StartRead(&m_message);
            this->StartCall();
        }

        /// Under the link's mutex.
        Response take()
        {
            m_link->unread = false;
            Response message = std::move(m_message);
            m_message = Response();
            this->StartRead(&m_message);
            return message;
        }

        void cancel() { m_context.TryCancel(); }

    private:
        void OnReadDone(bool ok) override
        {
            const std::lock_guard lock(m_link->mutex);
            if (ok && m_link->receiver) {
                m_link->unread = true;
                QMetaObject::invokeMethod(
                    m_link->receiver, [link = m_link] { Subscription::deliver(*link); },
                    Qt::QueuedConnection);
                return;
            }
            if (ok)
                m_context.TryCancel();
            this->RemoveHold();
        }

        void OnDone(const grpc::Status&) override
        {
            {
                const std::lock_guard lock(m_link->mutex);
                m_link->reader = nullptr;
                if (m_link->receiver)
                    QMetaObject::invokeMethod(
                        m_link->receiver, [receiver = m_link->receiver] { receiver->lost(); },
                        Qt::QueuedConnection);
            }
            delete this;
        }

        friend class Subscription;

        std::shared_ptr<Link> m_link;
        Request m_request;
        grpc::ClientContext m_context;
        Response m_message;
    };

    static void deliver(Link& link)
    {
        Response message;
        {
            const std::lock_guard lock(link.mutex);
            if (!link.reader || !link.receiver || !link.unread)
                return;
            message = link.reader->take();
        }
        link.receiver->use(message); // Set to null by this thread only.
    }

    void use(const Response& message)
    {
        heard();
        if constexpr (requires { message.resume_token(); })
            m_request.set_resume_token(message.resume_token());
        if (std::exchange(m_fresh, false) && m_begins)
            m_begins();
        m_use(message);
        if constexpr (requires { message.reload(); })
            if (message.reload())
                Q_EMIT reloadNeeded();
    }

    void start() override
    {
        leave();
        m_fresh = true;
        m_link = std::make_shared<Link>();
        m_link->receiver = this;
        m_link->reader = new Reader(m_link, m_request);
        m_link->reader->begin(m_stub, m_method);
    }

    void cancel() override
    {
        const std::lock_guard lock(m_link->mutex);
        if (m_link->reader)
            m_link->reader->cancel();
    }

    void leave()
    {
        if (!m_link)
            return;
        const std::lock_guard lock(m_link->mutex);
        m_link->receiver = nullptr;
        if (m_link->reader) {
            m_link->reader->cancel();
            if (std::exchange(m_link->unread, false))
                m_link->reader->RemoveHold();
        }
    }

    Async* m_stub;
    Method m_method;
    Request m_request;
    Use m_use;
    std::function<void()> m_begins;
    bool m_fresh = false; ///< Of the present attempt nothing has come yet.
    std::shared_ptr<Link> m_link;
};

} // namespace api
