// SPDX-License-Identifier: GPL-3.0-or-later
// What the table does beyond showing: keys, copying, its menu.
#include "app/widgets/table/delimited.h"
#include "app/widgets/table/tableview.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>

namespace table {

void TableView::keyPressEvent(QKeyEvent* event)
{
    const int row = currentIndex().row();
    const bool plain = !(event->modifiers() & ~(Qt::KeypadModifier | Qt::ShiftModifier));
    if (event->matches(QKeySequence::Copy)) {
        copy();
        return;
    }
    if (plain) {
        switch (event->key()) {
        case Qt::Key_J:
        case Qt::Key_K: {
            const int step = event->key() == Qt::Key_J ? 1 : -1;
            setCurrentRow(std::clamp(row + step, 0, std::max(0, model()->rowCount() - 1)));
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
        case Qt::Key_Home:
            setCurrentRow(0);
            return;
        case Qt::Key_End:
            setCurrentRow(model()->rowCount() - 1);
            return;
        default:
            break;
        }
        // Letters are the window's and the page's shortcuts, not a search by first letter.
        if (!event->text().isEmpty() && event->text().front().isPrint()
            && event->key() != Qt::Key_Space) {
            event->ignore();
            return;
        }
    }
    QTableView::keyPressEvent(event);
}

QString TableView::selectionAsText() const
{
    return delimited(*model(), selectedRows(), *m_header, Delimiter::Tab);
}

QString TableView::selectionAsCsv() const
{
    return delimited(*model(), selectedRows(), *m_header, Delimiter::Comma);
}

void TableView::copy()
{
    QApplication::clipboard()->setText(selectionAsText());
}

void TableView::copyCsv()
{
    QApplication::clipboard()->setText(selectionAsCsv());
}

void TableView::contextMenuEvent(QContextMenuEvent* event)
{
    const QModelIndex index
        = event->reason() == QContextMenuEvent::Mouse ? indexAt(event->pos()) : currentIndex();
    QMenu menu;
    if (index.isValid()) {
        Q_EMIT menuRequested(&menu, index);
        if (!menu.isEmpty())
            menu.addSeparator();
        auto* copied = menu.addAction(tr("Copy"));
        copied->setShortcut(QKeySequence::Copy);
        connect(copied, &QAction::triggered, this, &TableView::copy);
        connect(menu.addAction(tr("Copy as CSV")), &QAction::triggered, this, &TableView::copyCsv);
        menu.addSeparator();
    }
    m_header->addColumnActions(&menu);
    const QPoint at = event->reason() == QContextMenuEvent::Mouse
        ? event->globalPos()
        : viewport()->mapToGlobal(visualRect(index).bottomLeft());
    menu.exec(at);
}

} // namespace table
