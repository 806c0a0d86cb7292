// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/api/reply.h"
#include "app/models/windowedmodelbase.h"
#include "app/widgets/table/roles.h"
#include "app/widgets/theme/theme.h"

#include <QCoreApplication>

#include <google/protobuf/repeated_ptr_field.h>

#include <span>
#include <string>
#include <type_traits>
#include <vector>

/// A table behind a million rows: windows of it are fetched as they come into view, and only so
/// many are kept.
///
/// Item is a message with an `id`, and an `etag` if it can change. A subclass says which RPC to
/// call and which columns to show, nothing more.
template <class Item, class Response>
class WindowedModel : public WindowedModelBase {
public:
    using WindowedModelBase::WindowedModelBase;

    struct Column {
        const char* title; ///< Mark it with QT_TRANSLATE_NOOP and the subclass's name.
        const char* key; ///< Of settings.
        table::Kind kind;
        int width; ///< 0: takes what is left.
        const char* sort; ///< The contract's field; null: cannot be sorted by.
        int hideBelow; ///< The width of the table under which it gives way.
        /// What is shown; for a badge a theme::Status.
        QVariant (*value)(const Item& item);
        QVariant (*tip)(const Item& item) = nullptr;
        QVariant (*more)(const Item& item) = nullptr; ///< Quiet words after it.
    };

    /// Null while the row is on its way.
    const Item* item(int row) const
    {
        const Slot* found = slot(row);
        return found ? &found->item : nullptr;
    }

    /// Among the rows that are here; -1: not among them.
    int rowOfId(const std::string& id) const
    {
        for (const auto& [window, rows] : m_rows)
            for (std::size_t i = 0; i < rows.size(); ++i)
                if (idOf(rows[i].item) == id)
                    return rowOf(window, static_cast<int>(i));
        return -1;
    }

    /// A stream's news. Rows that are here change in place; for others the list is looked at again
    /// soon.
    template <class Items>
    void update(const Items& items)
    {
        bool elsewhere = false;
        for (const Item& fresh : items) {
            const int row = rowOfId(idOf(fresh));
            elsewhere = elsewhere || row < 0;
            if (row < 0)
                continue;
            Slot& here = *const_cast<Slot*>(slot(row));
            if (etagOf(here.item) == etagOf(fresh) && !etagOf(fresh).empty())
                continue;
            here = {fresh, QDateTime::currentMSecsSinceEpoch()};
            elsewhere = elsewhere || isFiltered(); // It may not be asked for any more.
            Q_EMIT dataChanged(index(row, 0), index(row, columnCount() - 1));
        }
        if (elsewhere)
            probeSoon();
    }

    int columnCount(const QModelIndex& parent = {}) const final
    {
        return parent.isValid() ? 0 : static_cast<int>(columns().size());
    }

    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const final
    {
        if (!index.isValid())
            return {};
        const Slot* here = slot(index.row());
        if (!here)
            return role == table::SkeletonRole ? QVariant(true) : QVariant();
        const Column& column = columns()[static_cast<std::size_t>(index.column())];
        const bool badge = column.kind == table::Kind::Badge;
        switch (role) {
        case Qt::DisplayRole:
            return badge ? QVariant(column.value(here->item).template value<theme::Status>().word)
                         : column.value(here->item);
        case table::StatusRole:
            return badge ? column.value(here->item) : QVariant();
        case table::MoreRole:
            return column.more ? column.more(here->item) : QVariant();
        case Qt::ToolTipRole:
            return column.tip ? column.tip(here->item) : QVariant();
        case table::ChangedRole:
            return here->changedMs;
        case table::IdRole:
            return QString::fromStdString(idOf(here->item));
        default:
            return {};
        }
    }

    QVariant headerData(int section, Qt::Orientation orientation, int role) const final
    {
        if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
            return {};
        const Column& column = columns()[static_cast<std::size_t>(section)];
        const QString field = QString::fromLatin1(column.sort);
        switch (role) {
        case Qt::DisplayRole:
            return QCoreApplication::translate(metaObject()->className(), column.title);
        case Qt::TextAlignmentRole:
            return QVariant(column.kind == table::Kind::Figure ? Qt::AlignRight : Qt::AlignLeft);
        case table::ColumnKindRole:
            return static_cast<int>(column.kind);
        case table::ColumnKeyRole:
            return QString::fromLatin1(column.key);
        case table::ColumnWidthRole:
            return column.width;
        case table::ColumnHideBelowRole:
            return column.hideBelow;
        case table::ColumnSortableRole:
            return !field.isEmpty();
        case table::ColumnSortedRole:
            if (field.isEmpty() || orderBy().section(QLatin1Char(' '), 0, 0) != field)
                return 0;
            return orderBy().endsWith(QLatin1String(" desc")) ? -1 : 1;
        default:
            return {};
        }
    }

protected:
    /// The contract's List… for a query.
    virtual api::Reply<Response> list(const ListQuery& query) = 0;
    virtual const google::protobuf::RepeatedPtrField<Item>& itemsOf(const Response& page) const = 0;
    virtual std::span<const Column> columns() const = 0;

    /// The common part of every List… request.
    template <class Request>
    static Request makeRequest(const ListQuery& query)
    {
        Request request;
        request.set_page_size(query.size);
        request.set_skip(query.skip);
        request.set_filter(query.filter.toStdString());
        request.set_order_by(query.orderBy.toStdString());
        return request;
    }

    static std::string idOf(const Item& item)
    {
        if constexpr (std::is_integral_v<std::decay_t<decltype(item.id())>>)
            return std::to_string(item.id());
        else
            return item.id();
    }

private:
    static std::string etagOf(const Item& item)
    {
        if constexpr (requires { item.etag(); })
            return item.etag();
        else
            return {};
    }

    struct Slot {
        Item item;
        qint64 changedMs = 0;
    };

    const Slot* slot(int row) const
    {
        int window = 0;
        int place = 0;
        if (!locate(row, &window, &place))
            return nullptr;
        const auto rows = m_rows.find(window);
        const auto at = static_cast<std::size_t>(place);
        return rows == m_rows.end() || at >= rows->second.size() ? nullptr : &rows->second[at];
    }

    QString sortField(int column) const final
    {
        return QString::fromLatin1(columns()[static_cast<std::size_t>(column)].sort);
    }

    void request(const ListQuery& query, int window, bool probe) final
    {
        const quint64 ticket = ++m_tickets;
        if (!probe)
            m_onTheWay[window] = ticket;
        api::onReply(this, list(query),
            [this, query, window, probe, ticket, mine = generation()](auto page) {
                const auto asked = m_onTheWay.find(window);
                if (mine != generation()
                    || (!probe && (asked == m_onTheWay.end() || asked->second != ticket)))
                    return; // The user has asked for something else, or dragged on.
                if (!probe)
                    m_onTheWay.erase(asked);
                if (page.ok())
                    take(*page, query, window, probe);
                else
                    fail(window, page.status(), probe);
            });
    }

    void take(const Response& page, const ListQuery& query, int window, bool probe)
    {
        const int total = static_cast<int>(page.total_size());
        const int count = itemsOf(page).size();
        if (isFirst()) {
            beginGeneration(total);
            fill(page, 0);
            endGeneration();
        } else if (accept(window, query.skip, count, total, probe)) {
            fill(page, window);
            const int first = rowOf(window, 0);
            if (count > 0 && first >= 0 && first < rowCount())
                Q_EMIT dataChanged(index(first, 0),
                    index(std::min(first + count, rowCount()) - 1, columnCount() - 1));
        }
    }

    /// Rows that differ from what stood in their place light up.
    void fill(const Response& page, int window)
    {
        std::vector<Slot> rows;
        rows.reserve(static_cast<std::size_t>(itemsOf(page).size()));
        const auto before = m_rows.find(window);
        for (const Item& fresh : itemsOf(page)) {
            const std::size_t at = rows.size();
            const bool changed = before != m_rows.end() && at < before->second.size()
                && idOf(before->second[at].item) == idOf(fresh)
                && etagOf(before->second[at].item) != etagOf(fresh);
            rows.push_back({fresh, changed ? QDateTime::currentMSecsSinceEpoch() : 0});
        }
        m_rows[window] = std::move(rows);
    }

    void forget(int window) final
    {
        m_rows.erase(window);
        m_onTheWay.erase(window);
    }
    void cancel(int window) final { m_onTheWay.erase(window); }

    std::map<int, std::vector<Slot>> m_rows; ///< By window.
    std::map<int, quint64> m_onTheWay;
    quint64 m_tickets = 0;
};
