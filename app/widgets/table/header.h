// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/theme/theme.h"

#include <QHash>
#include <QHeaderView>
#include <QSet>

class QMenu;

namespace table {

/// One row of headings: quiet words over a hairline, an arrow on the sorted column. Its columns can
/// be resized, moved and hidden by the user, who finds them so again: the name is the place in the
/// settings.
class Header final : public QHeaderView {
    Q_OBJECT
public:
    Header(const theme::Theme& theme, const QString& name, bool tree, QWidget* parent);

    QSize sizeHint() const override;
    void setModel(QAbstractItemModel* model) override;

    /// Gives every column its width, and hides those that give way in so narrow a table.
    void fit(int width);

    int leading(int column) const; ///< The first and the last column keep the page's margin.
    int trailing(int column) const;

    void addColumnActions(QMenu* menu);
    void setColumnShown(int column, bool shown);
    bool isColumnShown(int column) const;
    void resetColumns();

protected:
    void paintSection(QPainter* painter, const QRect& rect, int column) const override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QString key(int column) const;
    void load();
    void save() const;
    void requestSort(int column);

    const theme::Theme& m_theme;
    QString m_name;
    bool m_tree;
    bool m_fitting = false;
    int m_width = 0;
    QHash<QString, int> m_widths; ///< That the user chose.
    QSet<QString> m_hidden;
};

} // namespace table
