// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/scraper.h"

#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace shopfleet::control {

namespace {

constexpr std::size_t kLargest = 4 << 20;

bool resolve(const std::string& address, sockaddr_in* result)
{
    const auto colon = address.rfind(':');
    unsigned port = 0;
    if (colon == std::string::npos || !absl::SimpleAtoi(address.substr(colon + 1), &port)
        || port > 65'535)
        return false;
    result->sin_family = AF_INET;
    result->sin_port = htons(static_cast<std::uint16_t>(port));
    return inet_pton(AF_INET, address.substr(0, colon).c_str(), &result->sin_addr) == 1;
}

} // namespace

struct Scraper::Fetch {
    std::string request;
    std::string response;
    Done done;
    EventLoop::TimerId deadline;
};

Scraper::Scraper(EventLoop& loop)
    : m_loop(loop)
{
}

Scraper::~Scraper()
{
    for (const auto& [descriptor, fetch] : m_fetches) {
        m_loop.cancel(fetch->deadline);
        m_loop.unwatch(descriptor);
        close(descriptor);
    }
}

void Scraper::fetch(const std::string& address, std::chrono::milliseconds deadline, Done done)
{
    sockaddr_in target{};
    const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return m_loop.post(
            [done = std::move(done)] { done(absl::ResourceExhaustedError("no socket left")); });
    auto& entry = m_fetches[descriptor] = std::make_unique<Fetch>();
    entry->done = std::move(done);
    // HTTP/1.0: the end of the connection is the end of the answer, and nothing comes in chunks.
    entry->request = absl::StrCat("GET /metrics HTTP/1.0\r\nHost: ", address,
        "\r\nAccept: text/plain\r\nConnection: close\r\n\r\n");
    entry->deadline = m_loop.after(deadline, [this, descriptor] {
        finish(descriptor, absl::DeadlineExceededError("no answer in time"));
    });
    if (!resolve(address, &target)
        || (connect(descriptor, reinterpret_cast<const sockaddr*>(&target), sizeof target) != 0
            && errno != EINPROGRESS)) {
        m_loop.cancel(entry->deadline);
        entry->deadline = m_loop.after({},
            [this, descriptor] { finish(descriptor, absl::UnavailableError("cannot connect")); });
        return;
    }
    m_loop.watch(
        descriptor, EPOLLIN | EPOLLOUT, [this, descriptor](std::uint32_t) { proceed(descriptor); });
}

void Scraper::proceed(int descriptor)
{
    auto& fetch = *m_fetches.at(descriptor);
    while (!fetch.request.empty()) {
        const auto sent
            = send(descriptor, fetch.request.data(), fetch.request.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN)
            return;
        if (sent < 0)
            return finish(descriptor, absl::UnavailableError(std::strerror(errno)));
        fetch.request.erase(0, static_cast<std::size_t>(sent));
        if (fetch.request.empty())
            m_loop.watch(
                descriptor, EPOLLIN, [this, descriptor](std::uint32_t) { proceed(descriptor); });
    }
    std::array<char, 65'536> buffer;
    for (;;) {
        const auto size = recv(descriptor, buffer.data(), buffer.size(), 0);
        if (size < 0 && errno == EAGAIN)
            return;
        if (size < 0)
            return finish(descriptor, absl::UnavailableError(std::strerror(errno)));
        if (size == 0)
            return finish(descriptor, bodyOf(fetch.response));
        fetch.response.append(buffer.data(), static_cast<std::size_t>(size));
        if (fetch.response.size() > kLargest)
            return finish(
                descriptor, absl::ResourceExhaustedError("the answer is longer than 4 MiB"));
    }
}

void Scraper::finish(int descriptor, absl::StatusOr<std::string> body)
{
    auto node = m_fetches.extract(descriptor);
    m_loop.cancel(node.mapped()->deadline);
    m_loop.unwatch(descriptor);
    close(descriptor);
    node.mapped()->done(std::move(body));
}

absl::StatusOr<std::string> bodyOf(const std::string& response)
{
    const auto end = response.find("\r\n\r\n");
    if (!absl::StartsWith(response, "HTTP/1.") || end == std::string::npos)
        return absl::InvalidArgumentError("not an HTTP answer");
    if (response.compare(8, 5, " 200 ") != 0)
        return absl::UnavailableError(
            absl::StrCat("answered ", response.substr(9, response.find('\r') - 9)));
    auto body = response.substr(end + 4);
    // A length that does not match means that the answer was cut off.
    const auto length = response.find("\r\nContent-Length:");
    std::size_t expected = 0;
    if (length < end
        && absl::SimpleAtoi(
            response.substr(length + 17, response.find("\r\n", length + 2) - length - 17),
            &expected)) {
        if (body.size() < expected)
            return absl::DataLossError("the answer was cut off");
        body.resize(expected);
    }
    return body;
}

} // namespace shopfleet::control
