// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/services/fleetmodel.h"

#include "app/models/format.h"
#include "app/models/status.h"
#include "app/widgets/table/roles.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;
using namespace shopfleet::control::v1;
using table::Kind;

namespace {

enum Column {
    Name,
    StateColumn,
    Version,
    Uptime,
    Rate,
    Errors,
    P50,
    P95,
    P99,
    Cpu,
    Memory,
    Trend,
    Count
};

struct ColumnInfo {
    const char* title;
    const char* key;
    Kind kind;
    int width;
    int hideBelow;
};

constexpr ColumnInfo kColumns[] = {
    {QT_TRANSLATE_NOOP("FleetModel", "Service"), "name", Kind::Strong, 0, 0},
    {QT_TRANSLATE_NOOP("FleetModel", "State"), "state", Kind::Badge, 124, 0},
    {QT_TRANSLATE_NOOP("FleetModel", "Version"), "version", Kind::Muted, 76, 900},
    {QT_TRANSLATE_NOOP("FleetModel", "Up for"), "uptime", Kind::Figure, 88, 1000},
    {QT_TRANSLATE_NOOP("FleetModel", "Requests, /s"), "rate", Kind::Figure, 104, 0},
    {QT_TRANSLATE_NOOP("FleetModel", "Errors, %"), "errors", Kind::Figure, 96, 0},
    {QT_TRANSLATE_NOOP("FleetModel", "p50, ms"), "p50", Kind::Figure, 76, 960},
    {QT_TRANSLATE_NOOP("FleetModel", "p95, ms"), "p95", Kind::Figure, 76, 0},
    {QT_TRANSLATE_NOOP("FleetModel", "p99, ms"), "p99", Kind::Figure, 76, 860},
    {QT_TRANSLATE_NOOP("FleetModel", "CPU, %"), "cpu", Kind::Figure, 72, 0},
    {QT_TRANSLATE_NOOP("FleetModel", "Memory, MB"), "memory", Kind::Figure, 100, 820},
    {QT_TRANSLATE_NOOP("FleetModel", "Requests, last 2 min"), "trend", Kind::Spark, 168, 1120},
};
static_assert(std::size(kColumns) == Count);

constexpr double kMegabyte = 1e6;
constexpr double kManyErrors = 0.01;

QString none()
{
    return u"–"_s;
}

QString uptime(const google::protobuf::Timestamp& since)
{
    if (since.seconds() == 0)
        return none();
    return format::span(
        std::max<qint64>(0, format::time(since).secsTo(QDateTime::currentDateTimeUtc())));
}

QString figure(const Figures& figures, int column)
{
    if (figures.at().seconds() == 0)
        return none(); // Never told: not zero.
    switch (column) {
    case Rate:
        return QLocale().toString(figures.requests_per_second(), 'f', 1);
    case Cpu:
        return QLocale().toString(figures.cpu_share() * 100, 'f', 0);
    case Memory:
        return figures.resident_bytes() == 0
            ? none()
            : QLocale().toString(static_cast<double>(figures.resident_bytes()) / kMegabyte, 'f', 0);
    default:
        break;
    }
    if (!figures.has_requests())
        return none();
    switch (column) {
    case Errors:
        return QLocale().toString(figures.error_ratio() * 100, 'f', 2);
    case P50:
        return format::figure(figures.p50_ms());
    case P95:
        return format::figure(figures.p95_ms());
    default:
        return format::figure(figures.p99_ms());
    }
}

} // namespace

FleetModel::FleetModel(FleetState& fleet, QObject* parent)
    : QAbstractItemModel(parent)
    , m_fleet(fleet)
{
    follow();
    connect(&fleet, &FleetState::changed, this, &FleetModel::follow);
}

QModelIndex FleetModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(
        row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) + 1 : quintptr{0});
}

QModelIndex FleetModel::parent(const QModelIndex& index) const
{
    if (!index.isValid() || !isReplica(index))
        return {};
    return createIndex(static_cast<int>(index.internalId()) - 1, 0, quintptr{0});
}

int FleetModel::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_rows.size());
    return isReplica(parent) || parent.column() != 0
        ? 0
        : static_cast<int>(m_rows[parent.row()].replicas.size());
}

int FleetModel::columnCount(const QModelIndex&) const
{
    return Count;
}

QVariant FleetModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= Count)
        return {};
    const ColumnInfo& column = kColumns[section];
    switch (role) {
    case Qt::DisplayRole:
        return tr(column.title);
    case Qt::TextAlignmentRole:
        return QVariant(column.kind == Kind::Figure ? Qt::AlignRight : Qt::AlignLeft);
    case table::ColumnKindRole:
        return static_cast<int>(column.kind);
    case table::ColumnKeyRole:
        return QString::fromLatin1(column.key);
    case table::ColumnWidthRole:
        return column.width;
    case table::ColumnHideBelowRole:
        return column.hideBelow;
    case table::ColumnSortableRole:
        return false;
    default:
        return {};
    }
}

QVariant FleetModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const int row = isReplica(index) ? static_cast<int>(index.internalId()) - 1 : index.row();
    const Service* service = m_fleet.find(m_rows[row].service);
    if (!service)
        return {};
    if (!isReplica(index))
        return cell(*service, nullptr, index.column(), role);
    const std::string id = m_rows[row].replicas[index.row()].toStdString();
    for (const Replica& replica : service->replicas())
        if (replica.id() == id)
            return cell(*service, &replica, index.column(), role);
    return {};
}

QVariant FleetModel::cell(
    const Service& service, const Replica* replica, int column, int role) const
{
    const Figures& figures = replica ? replica->figures() : service.figures();
    const State state = replica ? replica->state() : service.state();
    const QString reason = format::text(replica ? replica->reason() : service.reason());
    switch (role) {
    case Qt::DisplayRole:
        if (column == Name)
            return format::text(replica ? replica->id() : service.name());
        if (column == StateColumn)
            return status::of(state).word;
        if (column == Version)
            return format::text(replica ? replica->version() : service.version());
        if (column == Uptime)
            return replica               ? uptime(replica->started_at())
                : state == STATE_HEALTHY ? uptime(service.state_since())
                                         : none();
        return column == Trend ? QString() : figure(figures, column);
    case table::IdRole:
        return format::text(replica ? replica->id() : service.name());
    case table::KindRole:
        return column == Name && replica ? static_cast<int>(Kind::Text)
                                         : static_cast<int>(kColumns[column].kind);
    case table::MoreRole:
        if (column != Name)
            return {};
        if (!replica)
            return tr("%n replicas", nullptr, service.replicas_size());
        return replica->is_writer() ? tr("%1 · writes").arg(format::text(replica->address()))
                                    : format::text(replica->address());
    case table::StatusRole:
        return QVariant::fromValue(status::of(state));
    case table::SeriesRole:
        return QVariant::fromValue(
            m_fleet.rates(format::text(replica ? replica->id() : service.name())));
    case table::ToneRole:
        if (column == Errors && figures.has_requests() && figures.error_ratio() >= kManyErrors)
            return static_cast<int>(theme::Tone::Warn);
        return static_cast<int>(theme::Tone::Quiet);
    case Qt::ToolTipRole:
        if (column == StateColumn)
            return reason;
        if (column == Name && replica)
            return tr("Process %1, restarted %n times", nullptr, replica->restarts())
                .arg(replica->pid());
        return {};
    default:
        return {};
    }
}

QModelIndex FleetModel::find(const QString& id) const
{
    for (int row = 0; row < m_rows.size(); ++row) {
        if (m_rows[row].service == id)
            return index(row, 0);
        const auto replica = m_rows[row].replicas.indexOf(id);
        if (replica >= 0)
            return index(static_cast<int>(replica), 0, index(row, 0));
    }
    return {};
}

QString FleetModel::serviceOf(const QModelIndex& index)
{
    const QModelIndex top = index.parent().isValid() ? index.parent() : index;
    return top.siblingAtColumn(0).data(table::IdRole).toString();
}

void FleetModel::follow()
{
    QStringList names;
    for (const Service& service : m_fleet.services())
        names << format::text(service.name());
    QStringList shown;
    for (const Row& row : m_rows)
        shown << row.service;
    if (names != shown) {
        beginResetModel(); // Only when the fleet file changes.
        m_rows.clear();
        for (const QString& name : names)
            m_rows.append({name, {}});
        endResetModel();
    }
    for (int row = 0; row < m_rows.size(); ++row) {
        QStringList replicas;
        for (const Replica& replica : m_fleet.services()[row].replicas())
            replicas << format::text(replica.id());
        followReplicas(row, replicas);
        Q_EMIT dataChanged(index(row, 0), index(row, Count - 1));
        if (!replicas.isEmpty()) {
            const QModelIndex service = index(row, 0);
            Q_EMIT dataChanged(index(0, 0, service),
                index(static_cast<int>(replicas.size()) - 1, Count - 1, service));
        }
    }
}

void FleetModel::followReplicas(int row, const QStringList& now)
{
    QStringList& shown = m_rows[row].replicas;
    const QModelIndex service = index(row, 0);
    for (int i = static_cast<int>(shown.size()) - 1; i >= 0; --i) {
        if (now.contains(shown[i]))
            continue;
        beginRemoveRows(service, i, i);
        shown.removeAt(i);
        endRemoveRows();
    }
    for (int i = 0; i < now.size(); ++i) {
        if (i < shown.size() && shown[i] == now[i])
            continue;
        if (shown.contains(now[i])) { // Another order: rare enough to show anew.
            beginResetModel();
            shown = now;
            endResetModel();
            return;
        }
        beginInsertRows(service, i, i);
        shown.insert(i, now[i]);
        endInsertRows();
    }
}
