// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/api/feed.h"

#include <algorithm>
#include <chrono>

namespace api {
namespace {

using namespace std::chrono_literals;

constexpr int kFirstPauseMs = 100;
constexpr int kLongestPauseMs = 1'000;
constexpr qint64 kStaleMs = 1'800;
constexpr qint64 kLostMs = 500; // A link that broke is often back at once.
constexpr qint64 kHungMs = 4'000;

} // namespace

Feed::Feed(QObject* parent)
    : QObject(parent)
    , m_pauseMs(kFirstPauseMs)
{
    m_freshness.since = QDateTime::currentDateTimeUtc();
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &Feed::start);
    connect(&m_watchdog, &QTimer::timeout, this, &Feed::supervise);
    m_watchdog.start(200ms);
}

void Feed::open()
{
    m_retry.start(0);
}

qint64 Feed::age() const
{
    return m_last.isValid() ? m_last.msecsTo(QDateTime::currentDateTimeUtc()) : -1;
}

void Feed::heard()
{
    m_last = QDateTime::currentDateTimeUtc();
    m_lost = {};
    m_pauseMs = kFirstPauseMs;
    set(Freshness::State::Live);
}

void Feed::lost()
{
    if (!m_lost.isValid())
        m_lost = QDateTime::currentDateTimeUtc();
    m_retry.start(m_pauseMs);
    m_pauseMs = std::min(m_pauseMs * 2, kLongestPauseMs);
}

void Feed::supervise()
{
    const qint64 silence = age();
    const bool lost = silence >= 0 && m_lost.isValid()
        && m_lost.msecsTo(QDateTime::currentDateTimeUtc()) >= kLostMs;
    if (silence < kStaleMs && !lost)
        return; // Never heard counts as never, not as stale.
    set(Freshness::State::Stale);
    if (silence > kHungMs && !m_retry.isActive()) {
        m_last = QDateTime::currentDateTimeUtc().addMSecs(
            -kStaleMs); // One more chance before the next.
        cancel();
    }
}

void Feed::set(Freshness::State state)
{
    if (m_freshness.state == state)
        return;
    m_freshness.state = state;
    m_freshness.since = state == Freshness::State::Stale ? m_last : QDateTime::currentDateTimeUtc();
    Q_EMIT freshnessChanged();
}

} // namespace api
