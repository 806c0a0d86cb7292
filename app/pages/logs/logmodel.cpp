// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/logs/logmodel.h"

#include "app/models/format.h"
#include "app/widgets/table/roles.h"

using namespace Qt::StringLiterals;
using shopfleet::control::v1::LogLine;
using table::Kind;
using theme::Shape;
using theme::Status;
using theme::Tone;

namespace {

enum Column { TimeColumn, LevelColumn, ReplicaColumn, MessageColumn, Columns };

struct Look {
    const char* title;
    const char* key;
    Kind kind;
    int width; ///< 0: takes what is left.
    int hideBelow;
};

constexpr Look kLooks[] = {{QT_TRANSLATE_NOOP("LogModel", "Time"), "time", Kind::Muted, 112, 0},
    {QT_TRANSLATE_NOOP("LogModel", "Level"), "level", Kind::Badge, 104, 560},
    {QT_TRANSLATE_NOOP("LogModel", "Replica"), "replica", Kind::Strong, 152, 0},
    {QT_TRANSLATE_NOOP("LogModel", "Message"), "message", Kind::Text, 0, 0}};

} // namespace

void LogModel::replace(const Lines& lines)
{
    beginResetModel();
    m_lines.assign(lines.begin(), lines.end());
    while (static_cast<int>(m_lines.size()) > kMost)
        m_lines.pop_front();
    endResetModel();
}

void LogModel::append(const Lines& lines)
{
    if (lines.empty())
        return;
    const int rows = rowCount();
    beginInsertRows({}, rows, rows + lines.size() - 1);
    m_lines.insert(m_lines.end(), lines.begin(), lines.end());
    endInsertRows();
    if (const int over = rowCount() - kMost; over > 0) {
        beginRemoveRows({}, 0, over - 1);
        m_lines.erase(m_lines.begin(), m_lines.begin() + over);
        endRemoveRows();
    }
}

const LogLine* LogModel::line(int row) const
{
    return row >= 0 && row < rowCount() ? &m_lines[static_cast<std::size_t>(row)] : nullptr;
}

Status LogModel::levelOf(const LogLine& line)
{
    if (line.level() == "error" || line.level() == "critical")
        return {tr("Error"), Shape::Square, Tone::Bad, false};
    if (line.level() == "warning")
        return {tr("Warning"), Shape::Triangle, Tone::Warn, false};
    if (line.level() == "debug" || line.level() == "trace")
        return {tr("Debug"), Shape::Dashed, Tone::Quiet, false};
    return {tr("Info"), Shape::Disc, Tone::Quiet, false};
}

QString LogModel::messageOf(const LogLine& line)
{
    return format::text(line.message().empty() ? line.raw() : line.message());
}

int LogModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_lines.size());
}

int LogModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : Columns;
}

QVariant LogModel::data(const QModelIndex& index, int role) const
{
    const LogLine* found = line(index.row());
    if (!found)
        return {};
    const int column = index.column();
    if (role == table::StatusRole && column == LevelColumn)
        return QVariant::fromValue(levelOf(*found));
    if (role == Qt::ToolTipRole && column == TimeColumn)
        return format::moment(found->at());
    if (role == Qt::ToolTipRole && column == MessageColumn)
        return messageOf(*found);
    if (role != Qt::DisplayRole)
        return {};
    switch (column) {
    case TimeColumn:
        return format::time(found->at()).toLocalTime().toString(u"HH:mm:ss.zzz"_s);
    case LevelColumn:
        return levelOf(*found).word;
    case ReplicaColumn:
        return format::text(found->replica());
    default:
        // One line a row, whatever it holds.
        return messageOf(*found).simplified();
    }
}

QVariant LogModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= Columns)
        return {};
    const Look& look = kLooks[section];
    switch (role) {
    case Qt::DisplayRole:
        return tr(look.title);
    case Qt::TextAlignmentRole:
        return QVariant(Qt::AlignLeft);
    case table::ColumnKindRole:
        return static_cast<int>(look.kind);
    case table::ColumnKeyRole:
        return QString::fromLatin1(look.key);
    case table::ColumnWidthRole:
        return look.width;
    case table::ColumnHideBelowRole:
        return look.hideBelow;
    case table::ColumnSortableRole:
        return false;
    case table::ColumnSortedRole:
        return 0;
    default:
        return {};
    }
}
