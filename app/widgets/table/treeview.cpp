// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/table/treeview.h"

#include "app/widgets/paint.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QStyledItemDelegate>

namespace table {
namespace {

/// The tree paints whole rows itself; this only says how high they are.
class RowHeight final : public QStyledItemDelegate {
public:
    RowHeight(const theme::Theme& theme, QObject* parent)
        : QStyledItemDelegate(parent)
        , m_theme(theme)
    {
    }
    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override
    {
        return {0, m_theme.denseRow()};
    }

private:
    const theme::Theme& m_theme;
};

} // namespace

TreeView::TreeView(const theme::Theme& theme, const QString& name, QWidget* parent)
    : QTreeView(parent)
    , m_theme(theme)
    , m_header(new Header(theme, name, true, this))
    , m_cells(theme)
{
    setHeader(m_header); // First: it deletes the one before.
    setItemDelegate(new RowHeight(theme, this));
    setUniformRowHeights(true);
    setIndentation(theme::kUnit * 2);
    setFrameShape(QFrame::NoFrame);
    setSelectionMode(SingleSelection);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setMouseTracking(true);
    setEditTriggers(NoEditTriggers);
    setExpandsOnDoubleClick(false);
    connect(this, &QTreeView::doubleClicked, this, &TreeView::opened);
}

void TreeView::setModel(QAbstractItemModel* model)
{
    QTreeView::setModel(model);
    m_header->fit(viewport()->width());
}

QString TreeView::currentId() const
{
    return currentIndex().data(IdRole).toString();
}

int TreeView::contentHeight() const
{
    int rows = 0;
    for (QModelIndex at = model() ? model()->index(0, 0) : QModelIndex(); at.isValid();
         at = indexBelow(at))
        ++rows;
    return m_header->sizeHint().height() + rows * m_theme.denseRow();
}

void TreeView::drawRow(
    QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const QRect row(0, option.rect.top(), viewport()->width(), option.rect.height());
    const bool selected = selectionModel()->isSelected(index);
    const bool hovered = option.state.testFlag(QStyle::State_MouseOver);
    painter->fillRect(row, selected ? m_theme.selected : hovered ? m_theme.hover : m_theme.surface);
    for (int visual = 0; visual < m_header->count(); ++visual) {
        const int column = m_header->logicalIndex(visual);
        if (m_header->isSectionHidden(column))
            continue;
        int depth = 0;
        for (QModelIndex up = index.parent(); up.isValid(); up = up.parent())
            ++depth;
        const int indent = column == 0 ? depth * indentation() : 0;
        const QRect cell(
            m_header->sectionViewportPosition(column) + m_header->leading(column) + indent,
            row.top(),
            m_header->sectionSize(column) - m_header->leading(column) - m_header->trailing(column)
                - indent,
            row.height());
        const QModelIndex at = index.sibling(index.row(), column);
        const QVariant own = at.data(KindRole);
        const QVariant kind
            = own.isValid() ? own : model()->headerData(column, Qt::Horizontal, ColumnKindRole);
        m_cells.paint(*painter, cell, at, static_cast<Kind>(kind.toInt()));
        if (column == 0)
            drawBranches(painter, QRect(indent, row.top(), 2 * theme::kUnit, row.height()), at);
    }
    if (index.row() == currentIndex().row() && index.parent() == currentIndex().parent()
        && hasFocus())
        paint::focusRing(*painter, row, m_theme);
}

void TreeView::drawBranches(QPainter* painter, const QRect& rect, const QModelIndex& index) const
{
    if (!model()->hasChildren(index))
        return;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(m_theme.muted, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter->translate(rect.right() - 4, rect.center().y() + 0.5);
    if (isExpanded(index))
        painter->rotate(90);
    painter->drawPolyline(QPolygonF({QPointF(-2, -3.5), QPointF(1.5, 0), QPointF(-2, 3.5)}));
    painter->restore();
}

void TreeView::paintEvent(QPaintEvent* event)
{
    QPainter(viewport()).fillRect(event->rect(), m_theme.surface);
    QTreeView::paintEvent(event);
}

void TreeView::resizeEvent(QResizeEvent* event)
{
    QTreeView::resizeEvent(event);
    m_header->fit(viewport()->width());
}

void TreeView::changeEvent(QEvent* event)
{
    QTreeView::changeEvent(event);
    if (event->type() != QEvent::StyleChange)
        return;
    m_cells.restyle();
    scheduleDelayedItemsLayout();
}

void TreeView::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_J:
    case Qt::Key_K: {
        const QModelIndex next
            = event->key() == Qt::Key_J ? indexBelow(currentIndex()) : indexAbove(currentIndex());
        if (next.isValid())
            setCurrentIndex(next);
        return;
    }
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (currentIndex().isValid())
            Q_EMIT opened(currentIndex());
        return;
    case Qt::Key_Escape:
        Q_EMIT escaped();
        return;
    default:
        break;
    }
    // Letters are the window's and the page's shortcuts, not a search by first letter.
    const bool plain = !(event->modifiers() & ~(Qt::KeypadModifier | Qt::ShiftModifier));
    if (plain && !event->text().isEmpty() && event->text().front().isLetterOrNumber())
        event->ignore();
    else
        QTreeView::keyPressEvent(event);
}

void TreeView::contextMenuEvent(QContextMenuEvent* event)
{
    QMenu menu;
    const bool mouse = event->reason() == QContextMenuEvent::Mouse;
    const QModelIndex index = mouse ? indexAt(event->pos()) : currentIndex();
    if (index.isValid())
        Q_EMIT menuRequested(&menu, index);
    if (!menu.isEmpty())
        menu.addSeparator();
    m_header->addColumnActions(&menu);
    menu.exec(mouse ? event->globalPos() : viewport()->mapToGlobal(visualRect(index).bottomLeft()));
}

void TreeView::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QTreeView::currentChanged(current, previous);
    Q_EMIT currentIdChanged(current.data(IdRole).toString());
}

} // namespace table
