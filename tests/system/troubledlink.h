// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <boost/asio.hpp>
#include <chrono>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

/// The network between two processes, as it is on a bad day: whoever connects to address() is
/// connected to the other side, and what they say is let through, held back, or late. Bytes are
/// never lost or changed, as TCP promises.
class TroubledLink {
public:
    TroubledLink()
        : m_acceptor(m_io, {boost::asio::ip::address_v4::loopback(), 0})
    {
        m_port = m_acceptor.local_endpoint().port();
        accept();
        m_thread = std::thread([this] { m_io.run(); });
    }

    ~TroubledLink()
    {
        m_io.stop();
        m_thread.join();
    }

    std::string address() const { return "127.0.0.1:" + std::to_string(m_port); }
    /// Whom later connections reach.
    void leadTo(int port)
    {
        boost::asio::post(m_io, [this, port] { m_other = static_cast<unsigned short>(port); });
    }

    /// Nothing gets through, in either direction; what was said meanwhile comes when it heals.
    void cut() { become({.cut = true}); }
    void slow(std::chrono::milliseconds delay) { become({.delay = delay}); }
    /// A byte each second.
    void trickle() { become({.trickle = true}); }
    void heal() { become({}); }

private:
    using Socket = boost::asio::ip::tcp::socket;
    using Clock = std::chrono::steady_clock;
    using Error = boost::system::error_code;

    struct Trouble {
        bool cut = false;
        bool trickle = false;
        std::chrono::milliseconds delay{0};
    };

    struct Piece {
        Clock::time_point at; ///< When it was said.
        std::vector<char> bytes;
    };

    /// One direction of a connection.
    struct Way {
        Way(boost::asio::io_context& io, Socket& inOf, Socket& outOf)
            : in(inOf)
            , out(outOf)
            , timer(io)
        {
        }

        Socket& in;
        Socket& out;
        boost::asio::steady_timer timer;
        std::array<char, 16'384> buffer{};
        std::deque<Piece> held;
        bool writing = false;
        bool resting = false; ///< Between two bytes.
    };

    struct Connection {
        explicit Connection(boost::asio::io_context& io, Socket socket)
            : near(std::move(socket))
            , far(io)
            , there(io, near, far)
            , back(io, far, near)
        {
        }

        void close()
        {
            Error ignored;
            near.close(ignored);
            far.close(ignored);
            there.timer.cancel();
            back.timer.cancel();
        }

        Socket near;
        Socket far;
        Way there;
        Way back;
    };
    using Shared = std::shared_ptr<Connection>;

    void become(const Trouble& trouble)
    {
        boost::asio::post(m_io, [this, trouble] {
            m_trouble = trouble;
            for (const auto& connection : m_connections)
                for (Way* way : {&connection->there, &connection->back}) {
                    way->timer.cancel();
                    way->resting = false;
                    pass(connection, *way);
                }
        });
    }

    void accept()
    {
        m_acceptor.async_accept([this](const Error& error, Socket socket) {
            if (error)
                return;
            auto connection = std::make_shared<Connection>(m_io, std::move(socket));
            m_connections.insert(connection);
            connection->far.async_connect(
                {boost::asio::ip::address_v4::loopback(), m_other}, [=, this](const Error& failed) {
                    if (failed)
                        return end(connection);
                    read(connection, connection->there);
                    read(connection, connection->back);
                });
            accept();
        });
    }

    void end(const Shared& connection)
    {
        connection->close();
        m_connections.erase(connection);
    }

    void read(const Shared& connection, Way& way)
    {
        way.in.async_read_some(boost::asio::buffer(way.buffer),
            [=, this, &way](const Error& error, std::size_t count) {
                if (error)
                    return end(connection);
                way.held.push_back({Clock::now(),
                    std::vector<char>(way.buffer.data(), way.buffer.data() + count)});
                pass(connection, way);
                read(connection, way);
            });
    }

    /// Lets through what may go now, and comes back for the rest.
    void pass(const Shared& connection, Way& way)
    {
        if (way.held.empty() || way.writing || way.resting || m_trouble.cut)
            return;
        const auto due = way.held.front().at + m_trouble.delay;
        if (due > Clock::now()) {
            way.timer.expires_at(due);
            way.timer.async_wait([=, this, &way](const Error& error) {
                if (!error)
                    pass(connection, way);
            });
            return;
        }
        way.writing = true;
        auto bytes = std::make_shared<std::vector<char>>();
        auto& first = way.held.front().bytes;
        if (m_trouble.trickle && first.size() > 1) {
            bytes->push_back(first.front());
            first.erase(first.begin());
        } else {
            *bytes = std::move(first);
            way.held.pop_front();
        }
        boost::asio::async_write(
            way.out, boost::asio::buffer(*bytes), [=, this, &way](const Error& error, std::size_t) {
                way.writing = false;
                if (error)
                    return end(connection);
                if (!m_trouble.trickle)
                    return pass(connection, way);
                way.resting = true;
                way.timer.expires_after(std::chrono::seconds(1));
                way.timer.async_wait([=, this, &way](const Error& early) {
                    if (early)
                        return; // Whoever ended the rest goes on himself.
                    way.resting = false;
                    pass(connection, way);
                });
            });
    }

    boost::asio::io_context m_io;
    boost::asio::ip::tcp::acceptor m_acceptor;
    unsigned short m_port = 0;
    unsigned short m_other = 0;
    Trouble m_trouble;
    std::set<Shared> m_connections;
    std::thread m_thread;
};
