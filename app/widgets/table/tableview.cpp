// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/table/tableview.h"

#include "app/widgets/paint.h"

#include <QDateTime>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>

#include <cmath>

namespace table {

TableView::TableView(const theme::Theme& theme, const QString& name, QWidget* parent)
    : QTableView(parent)
    , m_theme(theme)
    , m_header(new Header(theme, name, false, this))
    , m_cells(theme)
{
    setHorizontalHeader(m_header); // First: it deletes the one before.
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setMinimumSectionSize(1);
    verticalHeader()->setDefaultSectionSize(theme.row());
    verticalHeader()->hide();
    setFrameShape(QFrame::NoFrame);
    setShowGrid(false);
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setMouseTracking(true);
    setEditTriggers(NoEditTriggers);
    setTabKeyNavigation(false);
    setCornerButtonEnabled(false);
    setAutoScroll(false);
    m_fade.setInterval(120);
    connect(&m_fade, &QTimer::timeout, this, [this] {
        if (QDateTime::currentMSecsSinceEpoch() > m_fadeUntil)
            m_fade.stop();
        viewport()->update();
    });
}

void TableView::setModel(QAbstractItemModel* model)
{
    QTableView::setModel(model);
    m_header->fit(viewport()->width());
    connect(model, &QAbstractItemModel::dataChanged, this, &TableView::noteChanges);
}

QString TableView::currentId() const
{
    return currentIndex().data(IdRole).toString();
}

QList<int> TableView::selectedRows() const
{
    QList<int> rows;
    if (!selectionModel())
        return rows;
    for (const QModelIndex& index : selectionModel()->selectedRows())
        rows.append(index.row());
    std::sort(rows.begin(), rows.end());
    return rows;
}

void TableView::setCurrentRow(int row)
{
    if (model() && row >= 0 && row < model()->rowCount())
        setCurrentIndex(model()->index(row, m_header->logicalIndex(0)));
}

QList<TableView::Shown> TableView::shownColumns() const
{
    QList<Shown> columns;
    for (int visual = 0; visual < m_header->count(); ++visual) {
        const int column = m_header->logicalIndex(visual);
        if (m_header->isSectionHidden(column))
            continue;
        columns.append({column, m_header->sectionViewportPosition(column),
            m_header->sectionSize(column), m_header->leading(column), m_header->trailing(column),
            static_cast<Kind>(
                model()->headerData(column, Qt::Horizontal, ColumnKindRole).toInt())});
    }
    return columns;
}

// Drawn here and not through the style: a row costs some 30 µs instead of several hundred, and the
// background, the highlight and the ring belong to the whole row.
void TableView::paintEvent(QPaintEvent* event)
{
    QPainter painter(viewport());
    const int count = model() ? model()->rowCount() : 0;
    // Rows fill their own place: only what lies under the last one is filled here.
    const int below
        = count > 0 ? std::max(0, rowViewportPosition(count - 1) + rowHeight(count - 1)) : 0;
    if (below <= event->rect().bottom())
        painter.fillRect(event->rect() & QRect(0, below, width(), height()), m_theme.surface);
    if (count == 0)
        return;
    const QList<Shown> columns = shownColumns();
    const int first = std::max(0, rowAt(std::max(0, event->rect().top())));
    for (int row = first; row < count; ++row) {
        const int top = rowViewportPosition(row);
        if (top > event->rect().bottom())
            break;
        paintRow(painter, row, top, columns);
    }
    const QModelIndex current = currentIndex();
    if (current.isValid() && hasFocus()) {
        const QRect ring(
            0, rowViewportPosition(current.row()), viewport()->width(), rowHeight(current.row()));
        if (ring.intersects(event->rect()))
            paint::focusRing(painter, ring, m_theme);
    }
}

void TableView::paintRow(QPainter& painter, int row, int top, const QList<Shown>& columns)
{
    const QModelIndex lead = model()->index(row, 0);
    const QRect area(0, top, viewport()->width(), rowHeight(row));
    const bool selected = selectionModel()->isRowSelected(row, {});
    painter.fillRect(area,
        selected               ? m_theme.selected
            : row == m_hovered ? m_theme.hover
                               : m_theme.surface);
    const qint64 changed = lead.data(ChangedRole).toLongLong();
    if (changed > 0) {
        const qint64 left = changed + kHighlightMs - QDateTime::currentMSecsSinceEpoch();
        if (left > 0) {
            QColor mark = m_theme.accent;
            mark.setAlphaF(0.16F * static_cast<float>(left) / kHighlightMs);
            painter.fillRect(area, mark);
            m_fadeUntil = std::max(m_fadeUntil, changed + kHighlightMs);
            if (!m_fade.isActive())
                m_fade.start();
        }
    }
    painter.fillRect(area.left(), area.bottom(), area.width(), 1, m_theme.line);
    const bool skeleton = lead.data(SkeletonRole).toBool();
    for (const Shown& shown : columns) {
        const QRect cell(shown.left + shown.leading, top,
            shown.width - shown.leading - shown.trailing, area.height() - 1);
        if (skeleton)
            m_cells.skeleton(painter, cell, row, shown.column, shown.kind);
        else
            m_cells.paint(painter, cell, model()->index(row, shown.column), shown.kind);
    }
}

void TableView::noteChanges(const QModelIndex& from, const QModelIndex&, const QList<int>& roles)
{
    if (!roles.contains(ChangedRole) || !from.isValid())
        return;
    m_fadeUntil = QDateTime::currentMSecsSinceEpoch() + kHighlightMs;
    if (isVisible() && !m_fade.isActive())
        m_fade.start();
}

void TableView::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    m_header->fit(viewport()->width());
}

void TableView::changeEvent(QEvent* event)
{
    QTableView::changeEvent(event);
    if (event->type() != QEvent::StyleChange)
        return;
    m_cells.restyle();
    const QModelIndex top = indexAt({1, 1});
    verticalHeader()->setDefaultSectionSize(m_theme.row());
    if (top.isValid())
        scrollTo(top, PositionAtTop);
}

void TableView::setHovered(int row)
{
    if (row == m_hovered)
        return;
    updateRow(m_hovered);
    m_hovered = row;
    updateRow(m_hovered);
}

void TableView::updateRow(int row)
{
    if (row >= 0)
        viewport()->update(0, rowViewportPosition(row), viewport()->width(), rowHeight(row));
}

void TableView::mouseMoveEvent(QMouseEvent* event)
{
    QTableView::mouseMoveEvent(event);
    setHovered(rowAt(event->pos().y()));
}

void TableView::leaveEvent(QEvent* event)
{
    QTableView::leaveEvent(event);
    setHovered(-1);
}

void TableView::mouseDoubleClickEvent(QMouseEvent* event)
{
    QTableView::mouseDoubleClickEvent(event);
    const QModelIndex index = indexAt(event->pos());
    if (index.isValid() && event->button() == Qt::LeftButton)
        Q_EMIT opened(index);
}

void TableView::focusInEvent(QFocusEvent* event)
{
    QTableView::focusInEvent(event);
    // Whoever comes by Tab finds a row to go on from. Nobody else: an address may have opened a
    // thing whose row is not here, and it stays open.
    const bool byTab
        = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason;
    if (byTab && !currentIndex().isValid() && model() && model()->rowCount() > 0)
        setCurrentRow(std::max(0, rowAt(1)));
    viewport()->update();
}

void TableView::focusOutEvent(QFocusEvent* event)
{
    QTableView::focusOutEvent(event);
    viewport()->update();
}

void TableView::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QTableView::currentChanged(current, previous);
    viewport()->update();
    if (current.row() != previous.row() || current.isValid() != previous.isValid())
        Q_EMIT currentRowChanged(current.row());
}

bool TableView::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::Leave || event->type() == QEvent::HoverLeave)
        setHovered(-1);
    return QTableView::viewportEvent(event);
}

} // namespace table
