// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/windowedmodelbase.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace {

constexpr int kPumpMs = 15; ///< A drag over many windows asks for the last ones only.
constexpr int kProbeMs = 500;
constexpr int kRetryMs = 1000;
constexpr std::size_t kWantedKept = 4; ///< What fits on a screen, and a bit.

int windowOf(int position)
{
    constexpr int kSize = WindowedModelBase::kWindow;
    return position >= 0 ? position / kSize : -((-position + kSize - 1) / kSize);
}

/// Asking again helps; anything else needs the user.
bool passes(const absl::Status& status)
{
    return status.code() == absl::StatusCode::kUnavailable
        || status.code() == absl::StatusCode::kDeadlineExceeded
        || status.code() == absl::StatusCode::kCancelled
        || status.code() == absl::StatusCode::kInternal
        || status.code() == absl::StatusCode::kUnknown;
}

} // namespace

WindowedModelBase::WindowedModelBase(QObject* parent)
    : QAbstractTableModel(parent)
{
    m_pump.setSingleShot(true);
    m_pump.setInterval(kPumpMs);
    connect(&m_pump, &QTimer::timeout, this, &WindowedModelBase::pump);
    m_probe.setSingleShot(true);
    m_probe.setInterval(kProbeMs);
    connect(&m_probe, &QTimer::timeout, this, [this] {
        if (!m_restarting)
            request({m_filter, m_orderBy, 0, 1}, 0, true);
    });
    m_retry.setSingleShot(true);
    m_retry.setInterval(kRetryMs);
    connect(&m_retry, &QTimer::timeout, this, &WindowedModelBase::pump);
    m_pump.start();
}

void WindowedModelBase::setFilter(const QString& filter)
{
    if (filter == m_filter)
        return;
    m_filter = filter;
    restart();
}

void WindowedModelBase::setOrderBy(const QString& orderBy)
{
    const QString wanted = orderBy == defaultOrder() ? QString() : orderBy;
    if (wanted == m_orderBy)
        return;
    m_orderBy = wanted;
    Q_EMIT headerDataChanged(Qt::Horizontal, 0, std::max(0, columnCount() - 1));
    restart();
}

void WindowedModelBase::sort(int column, Qt::SortOrder order)
{
    const QString field = sortField(column);
    if (!field.isEmpty())
        setOrderBy(order == Qt::DescendingOrder ? field + u" desc"_s : field);
}

bool WindowedModelBase::isReady() const
{
    if (m_state == State::Failed)
        return true;
    return !m_restarting && m_asked.empty() && !m_pump.isActive();
}

int WindowedModelBase::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_base + m_head;
}

void WindowedModelBase::restart()
{
    ++m_generation;
    m_restarting = true;
    for (const auto& [window, skip] : m_asked)
        cancel(window);
    m_asked.clear();
    m_wanted.clear();
    m_pump.start();
    Q_EMIT stateChanged();
}

void WindowedModelBase::refresh()
{
    if (m_restarting) {
        pump();
        return;
    }
    for (auto& [window, state] : m_windows)
        state.stale = true;
    m_pump.start();
}

void WindowedModelBase::probeSoon()
{
    for (auto& [window, state] : m_windows)
        if (!m_orderBy.isEmpty() || !m_filter.isEmpty())
            state.stale = true; // It may belong elsewhere now.
    if (!m_probe.isActive())
        m_probe.start();
}

bool WindowedModelBase::locate(int row, int* window, int* place) const
{
    const int position = row - m_head;
    *window = windowOf(position);
    const auto found = m_windows.find(*window);
    const bool here = found != m_windows.end() && position >= found->second.first
        && position < found->second.first + found->second.size;
    if (here) {
        *place = position - found->second.first;
        const_cast<Window&>(found->second).used = ++m_clock;
    }
    if (!here || found->second.stale)
        want(*window);
    return here;
}

int WindowedModelBase::rowOf(int window, int place) const
{
    const auto found = m_windows.find(window);
    return found == m_windows.end() ? -1 : found->second.first + place + m_head;
}

void WindowedModelBase::want(int window) const
{
    if (m_restarting || m_asked.contains(window))
        return;
    if (!m_wanted.empty() && m_wanted.back() == window && m_pump.isActive())
        return;
    std::erase(m_wanted, window);
    m_wanted.push_back(window);
    if (m_wanted.size() > kWantedKept)
        m_wanted.erase(m_wanted.begin());
    if (!m_pump.isActive())
        m_pump.start();
}

void WindowedModelBase::pump()
{
    if (m_restarting) {
        if (!m_asked.contains(0))
            start(0);
        return;
    }
    if (m_wanted.empty() && m_asked.empty())
        // After refresh(): what was seen last stands for what is seen.
        for (const auto& [window, state] : m_windows)
            if (state.stale && state.used + 2000 > m_clock && m_wanted.size() < 2)
                m_wanted.push_back(window);
    // Whoever dragged on does not wait for what was passed.
    if (!m_wanted.empty())
        for (auto it = m_asked.begin(); it != m_asked.end();) {
            const bool near = std::abs(it->first - m_wanted.back()) <= 1;
            if (!near)
                cancel(it->first);
            it = near ? std::next(it) : m_asked.erase(it);
        }
    while (!m_wanted.empty() && m_asked.size() < kParallel) {
        const int window = m_wanted.back();
        m_wanted.pop_back();
        if (!m_asked.contains(window))
            start(window);
    }
    Q_EMIT stateChanged();
}

void WindowedModelBase::start(int window)
{
    const int ahead = m_restarting ? 0 : m_head + m_new;
    const int skip = std::max(m_restarting ? 0 : m_new, window * kWindow + ahead);
    const int end = window * kWindow + ahead + kWindow;
    m_asked[window] = skip;
    request({m_filter, m_orderBy, skip, std::max(1, end - skip)}, window, false);
}

bool WindowedModelBase::accept(int window, int asked, int count, int totalSize, bool probe)
{
    touch();
    if (!probe)
        m_asked.erase(window);
    const int known = m_base + m_head + m_new;
    const bool atTop = m_orderBy.isEmpty() && !isTotalCapped();
    if (totalSize > known && atTop) {
        m_new += totalSize - known;
        if (m_following)
            showNewRows();
        Q_EMIT stateChanged();
    } else if (totalSize != known) {
        setTotal(std::max(0, totalSize - m_head - m_new));
    }
    if (probe)
        return false;
    const int first = asked - m_head - m_new; // Position of the first row, if nothing moved.
    const int wanted = std::max(window * kWindow, -m_head);
    if (first != wanted && totalSize > known && atTop) {
        start(window); // Rows came in above while it was on its way: ask for the right ones.
        return false;
    }
    const bool fits = wanted + count <= m_base;
    m_windows[window] = {wanted, fits ? count : std::max(0, m_base - wanted), false, ++m_clock};
    while (m_windows.size() > static_cast<std::size_t>(kKept)) {
        const auto oldest = std::min_element(m_windows.begin(), m_windows.end(),
            [](const auto& a, const auto& b) { return a.second.used < b.second.used; });
        forget(oldest->first);
        m_windows.erase(oldest);
    }
    if (!m_wanted.empty())
        m_pump.start();
    return true;
}

void WindowedModelBase::beginGeneration(int totalSize)
{
    touch();
    m_asked.clear();
    beginResetModel();
    for (const auto& [window, state] : m_windows)
        forget(window);
    m_windows.clear();
    m_base = totalSize;
    m_head = m_new = 0;
    m_restarting = false;
    m_windows[0] = {0, std::min(totalSize, kWindow), false, ++m_clock};
}

void WindowedModelBase::endGeneration()
{
    endResetModel();
    m_state = State::Ready;
    Q_EMIT stateChanged();
    Q_EMIT shown();
}

void WindowedModelBase::showNewRows()
{
    if (m_new == 0)
        return;
    const int count = std::exchange(m_new, 0);
    beginInsertRows({}, 0, count - 1);
    m_head += count;
    endInsertRows();
    Q_EMIT stateChanged();
}

void WindowedModelBase::setFollowing(bool following)
{
    m_following = following;
    if (following)
        showNewRows();
}

void WindowedModelBase::setTotal(int base)
{
    if (base > m_base) {
        beginInsertRows({}, m_base + m_head, base + m_head - 1);
        m_base = base;
        endInsertRows();
    }
    if (base < m_base) {
        beginRemoveRows({}, base + m_head, m_base + m_head - 1);
        m_base = base;
        for (auto it = m_windows.begin(); it != m_windows.end();) {
            Window& window = it->second;
            window.stale = true; // Which row went is not known: those seen are asked for again.
            window.size = std::min(window.size, std::max(0, m_base - window.first));
            if (window.size > 0) {
                ++it;
                continue;
            }
            forget(it->first);
            it = m_windows.erase(it);
        }
        endRemoveRows();
    }
    Q_EMIT stateChanged();
}

void WindowedModelBase::fail(int window, const absl::Status& status, bool probe)
{
    if (probe)
        return; // The next change, or the next window, tells.
    m_asked.erase(window);
    failed(status);
    if (!m_restarting)
        m_wanted.push_back(window);
}

void WindowedModelBase::failed(const absl::Status& status)
{
    if (m_error.ok())
        m_failedSince = QDateTime::currentDateTimeUtc();
    m_error = status;
    if (m_restarting)
        m_state = State::Failed;
    if (passes(status))
        m_retry.start();
    Q_EMIT stateChanged();
}

void WindowedModelBase::touch()
{
    m_updated = QDateTime::currentDateTimeUtc();
    m_error = absl::OkStatus();
    m_retry.stop();
}
