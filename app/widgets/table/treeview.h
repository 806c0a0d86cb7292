// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/table/cellpainter.h"
#include "app/widgets/table/header.h"

#include <QTreeView>

namespace table {

/// Few rows that have rows of their own, in dense lines: services and their replicas. The same
/// roles, columns, keys and looks as TableView.
class TreeView final : public QTreeView {
    Q_OBJECT
public:
    TreeView(const theme::Theme& theme, const QString& name, QWidget* parent = nullptr);

    void setModel(QAbstractItemModel* model) override;
    Header* header() const { return m_header; }
    QString currentId() const;
    int contentHeight() const; ///< Of the header and of every row that is unfolded.

Q_SIGNALS:
    void opened(const QModelIndex& index);
    void currentIdChanged(const QString& id);
    void escaped();
    void menuRequested(QMenu* menu, const QModelIndex& index);

protected:
    void drawRow(QPainter*, const QStyleOptionViewItem&, const QModelIndex&) const override;
    void drawBranches(QPainter*, const QRect&, const QModelIndex&) const override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

private:
    const theme::Theme& m_theme;
    Header* m_header;
    CellPainter m_cells;
};

} // namespace table
