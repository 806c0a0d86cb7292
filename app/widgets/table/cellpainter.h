// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/table/roles.h"
#include "app/widgets/theme/theme.h"

#include <QModelIndex>

class QPainter;

namespace table {

/// Draws one cell by its Kind, within its margins already. The row's background is the table's.
class CellPainter {
public:
    explicit CellPainter(const theme::Theme& theme);

    void restyle(); ///< After the theme changed.
    void paint(QPainter& painter, const QRect& rect, const QModelIndex& index, Kind kind) const;

    /// A quiet bar in the place of a cell that is on its way.
    void skeleton(QPainter& painter, const QRect& rect, int row, int column, Kind kind) const;

private:
    void text(QPainter& painter, const QRect& rect, const QModelIndex& index) const;

    const theme::Theme& m_theme;
    QFont m_normal, m_medium;
};

} // namespace table
