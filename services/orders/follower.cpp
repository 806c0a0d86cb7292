// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/orders/follower.h"

#include "services/runtime/client.h"

#include <algorithm>
#include <chrono>

namespace shopfleet::orders {
namespace {

using namespace std::chrono_literals;
using deliveries::v1::Deliveries;

constexpr std::chrono::milliseconds kFirstPause = 100ms;
constexpr std::chrono::milliseconds kLongestPause = 5s;
constexpr std::chrono::milliseconds kAnswer = 5s;
constexpr int kPage = 100; ///< More shipments than an order has.

} // namespace

Follower::Follower(const std::shared_ptr<grpc::Channel>& channel, Store store)
    : m_stub(Deliveries::NewStub(channel))
    , m_store(std::move(store))
{
}

Follower::~Follower()
{
    stop();
}

void Follower::start()
{
    const std::lock_guard lock(m_mutex);
    if (!m_stopping && !m_thread.joinable())
        m_thread = std::thread([this] { run(); });
}

void Follower::stop()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
        if (m_call)
            m_call->TryCancel();
    }
    m_stopped.notify_all();
    if (m_thread.joinable())
        m_thread.join();
}

void Follower::run()
{
    auto pause = kFirstPause;
    do {
        pause = follow() ? kFirstPause : std::min(pause * 2, kLongestPause);
    } while (wait(pause));
}

/// False once it is to stop.
bool Follower::wait(std::chrono::milliseconds pause)
{
    std::unique_lock lock(m_mutex);
    return !m_stopped.wait_for(lock, pause, [this] { return m_stopping; });
}

bool Follower::follow()
{
    grpc::ClientContext context;
    {
        const std::lock_guard lock(m_mutex);
        if (m_stopping)
            return false;
        m_call = &context;
    }
    deliveries::v1::WatchShipmentsRequest request;
    request.set_resume_token(m_store.token());
    bool gap = request.resume_token().empty();
    const auto reader = m_stub->WatchShipments(&context, request);
    deliveries::v1::WatchShipmentsResponse news;
    bool told = false;
    while (reader->Read(&news)) {
        // What is asked for after the stream has begun is not older than the stream's first token.
        gap = gap || news.reload();
        if (gap) {
            const auto orders = m_store.onTheWay();
            if (!std::ranges::all_of(orders, [this](const auto& order) { return ask(order); }))
                break;
            gap = false;
        }
        // A heartbeat that tells nothing costs no write.
        const bool empty
            = news.shipments().empty() && news.resume_token() == request.resume_token();
        if (!empty && !m_store.learn(news.shipments(), news.resume_token()))
            break;
        request.set_resume_token(news.resume_token());
        told = true;
    }
    context.TryCancel();
    {
        const std::lock_guard lock(m_mutex);
        m_call = nullptr;
    }
    reader->Finish(); // Whatever ended it, it is begun again.
    return told;
}

bool Follower::ask(const std::string& orderId)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_stopping)
            return false;
    }
    grpc::ClientContext context;
    runtime::prepare(context, kAnswer);
    deliveries::v1::ListShipmentsRequest request;
    request.set_filter("order_id = \"" + orderId + "\"");
    request.set_page_size(kPage);
    deliveries::v1::ListShipmentsResponse page;
    return m_stub->ListShipments(&context, request, &page).ok()
        && m_store.learn(page.shipments(), "");
}

} // namespace shopfleet::orders
