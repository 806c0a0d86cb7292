// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>

namespace api {

/// How fresh what a pane shows is.
struct Freshness {
    enum class State { Never, Live, Stale };
    State state = State::Never;
    QDateTime since; ///< Stale: when the last word came. Never: when the first was asked for.

    bool operator==(const Freshness&) const = default;
};

/// A Watch stream that is kept alive for as long as this object lives: it reconnects by itself with
/// its resume token, and says when its word is old. A service sends something each second; silence
/// of 1.8 s, or a link that is broken for 0.5 s, is a lost one. Lives on the UI thread.
class Feed : public QObject {
    Q_OBJECT
public:
    explicit Feed(QObject* parent = nullptr);

    const Freshness& freshness() const { return m_freshness; }
    /// Milliseconds since the last word; -1 before the first.
    qint64 age() const;

Q_SIGNALS:
    void freshnessChanged();
    /// What was missed is too much to send: fetch anew.
    void reloadNeeded();

protected:
    void heard();
    void lost();
    /// Starts the stream once the event loop runs.
    void open();

private:
    virtual void start() = 0;
    virtual void cancel() = 0;
    void supervise();
    void set(Freshness::State state);

    Freshness m_freshness;
    QDateTime m_last;
    QDateTime m_lost; ///< When the link broke; null while it holds.
    QTimer m_watchdog;
    QTimer m_retry;
    int m_pauseMs;
};

} // namespace api
