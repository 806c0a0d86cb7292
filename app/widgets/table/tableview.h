// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/table/cellpainter.h"
#include "app/widgets/table/header.h"

#include <QTableView>
#include <QTimer>

namespace table {

/// The table of a page: rows of one height, however many; whole-row hover, selection and focus
/// ring. Its model answers the roles of roles.h. Everything is reachable by the keyboard: arrows or
/// J and K, Enter opens, Esc closes, Ctrl+C copies, the menu key shows the rest.
class TableView final : public QTableView {
    Q_OBJECT
public:
    /// `name` is the place of its columns in the settings.
    TableView(const theme::Theme& theme, const QString& name, QWidget* parent = nullptr);

    void setModel(QAbstractItemModel* model) override;
    Header* header() const { return m_header; }

    QString currentId() const; ///< The IdRole of the current row, or empty.
    QList<int> selectedRows() const;
    void setCurrentRow(int row);

    /// The selected rows, visible columns only; with a header line in CSV.
    QString selectionAsText() const;
    QString selectionAsCsv() const;
    void copy();
    void copyCsv();

Q_SIGNALS:
    void opened(const QModelIndex& index); ///< Enter or double click.
    void currentRowChanged(int row); ///< -1: none.
    void escaped();
    void menuRequested(
        QMenu* menu, const QModelIndex& index); ///< To add what can be done to the row.

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    bool viewportEvent(QEvent* event) override;

private:
    struct Shown {
        int column;
        int left, width;
        int leading, trailing;
        Kind kind;
    };
    QList<Shown> shownColumns() const;
    void paintRow(QPainter& painter, int row, int top, const QList<Shown>& columns);
    void setHovered(int row);
    void updateRow(int row);
    void noteChanges(const QModelIndex& from, const QModelIndex& to, const QList<int>& roles);

    const theme::Theme& m_theme;
    Header* m_header;
    CellPainter m_cells;
    QTimer m_fade; ///< Runs only while some row is highlighted.
    qint64 m_fadeUntil = 0;
    int m_hovered = -1;
};

} // namespace table
