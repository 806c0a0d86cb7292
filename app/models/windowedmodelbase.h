// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QDateTime>
#include <QTimer>

#include <absl/status/status.h>

#include <map>
#include <vector>

/// What of a list is asked for. Filter and order are the contract's own language.
struct ListQuery {
    QString filter; ///< "state = STUCK teapot"
    QString orderBy; ///< "total desc"; empty: the service's own order.
    int skip = 0;
    int size = 0;
};

/// The part of WindowedModel that needs no message: what is wanted, what is on its way, how it
/// went. Rows have positions that stay when new ones come in above: row = position + head.
class WindowedModelBase : public QAbstractTableModel {
    Q_OBJECT
public:
    enum class State { Loading, Ready, Failed };

    static constexpr int kWindow = 200; ///< Rows in one request.
    static constexpr int kKept = 50; ///< Windows that are remembered.
    static constexpr int kParallel = 3; ///< Requests on their way at a time.

    explicit WindowedModelBase(QObject* parent = nullptr);

    /// Both keep the old rows on the screen until the new ones are there.
    void setFilter(const QString& filter);
    void setOrderBy(const QString& orderBy);
    QString filter() const { return m_filter; }
    /// As it is shown: the service's own order is defaultOrder().
    QString orderBy() const { return m_orderBy.isEmpty() ? defaultOrder() : m_orderBy; }
    void sort(int column, Qt::SortOrder order) override;

    State state() const { return m_state; }
    const absl::Status& error() const { return m_error; } ///< OK while rows arrive.
    const QDateTime& failedSince() const { return m_failedSince; }
    const QDateTime& updated() const { return m_updated; } ///< When the service last answered.
    int total() const { return m_base + m_head; }
    /// A filter's count ends at 10,000: there are more than total() says.
    bool isTotalCapped() const { return !m_filter.isEmpty() && m_base > 10'000; }
    /// Nothing that was asked for is missing, or an error says why.
    bool isReady() const;

    /// Rows that came in above since, and are not shown: they would move what the user looks at.
    int newRows() const { return m_new; }
    void showNewRows();
    /// Shows new rows at once while this is set: the user looks at the top and points at nothing.
    void setFollowing(bool following);

    void refresh(); ///< Asks again for what is seen; rows stay, changed ones light up.
    void restart(); ///< As after a change of the filter: from the first row.

    int rowCount(const QModelIndex& parent = {}) const final;

Q_SIGNALS:
    void stateChanged(); ///< state(), error(), total(), newRows() or isReady() changed.
    void shown(); ///< Rows of a new filter or order are on the screen.

protected:
    struct Window {
        int first = 0; ///< Position of its first row.
        int size = 0;
        bool stale = false; ///< Shown, but asked for again when it is seen.
        quint64 used = 0;
    };

    bool isFiltered() const { return !m_filter.isEmpty(); }
    virtual QString defaultOrder() const { return {}; }
    virtual QString sortField(int column) const = 0;
    virtual void request(const ListQuery& query, int window, bool probe) = 0;
    virtual void forget(int window) = 0; ///< Its rows, and its request if there is one.
    virtual void cancel(int window) = 0;

    /// Where a row is, and that somebody looks at it. False while it is not there.
    bool locate(int row, int* window, int* place) const;
    int rowOf(int window, int place) const;
    const std::map<int, Window>& windows() const { return m_windows; }

    /// The answer to a request. False: it is of no use any more. May ask again with a better skip.
    bool accept(int window, int asked, int count, int totalSize, bool probe);
    void fail(int window, const absl::Status& status, bool probe);
    bool isFirst() const { return m_restarting; } ///< The next answer starts a new generation.
    quint64 generation() const { return m_generation; }
    void beginGeneration(int totalSize);
    void endGeneration();
    void probeSoon(); ///< Something changed that is not here: look how many rows there are.

private:
    void want(int window) const;
    void pump();
    void start(int window);
    void setTotal(int base);
    void touch();
    void failed(const absl::Status& status);

    QString m_filter, m_orderBy;
    State m_state = State::Loading;
    absl::Status m_error;
    QDateTime m_failedSince, m_updated;
    int m_base = 0; ///< Rows at the start of this generation, less those that went.
    int m_head = 0; ///< Rows that came in above and are shown.
    int m_new = 0; ///< Rows that came in above and are not shown.
    quint64 m_generation = 0;
    bool m_restarting = true;
    bool m_following = false;
    std::map<int, Window> m_windows;
    std::map<int, int> m_asked; ///< Window on its way, and the skip it was asked with.
    mutable std::vector<int> m_wanted; ///< Latest last.
    mutable quint64 m_clock = 0;
    mutable QTimer m_pump;
    QTimer m_probe, m_retry;
};
