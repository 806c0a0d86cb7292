// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Qt>

/// What a table asks its model beyond Qt's own roles. Any model that answers them is shown right.
namespace table {

/// How a column's cells look.
enum class Kind { Text, Strong, Muted, Figure, Badge, Spark };

/// Of a cell. Qt::DisplayRole is its words, Qt::ToolTipRole what its tooltip says.
enum CellRole {
    KindRole = Qt::UserRole + 1, ///< int(Kind); where it differs from its column's.
    StatusRole, ///< theme::Status of a badge.
    MoreRole, ///< Quiet words after a text.
    SeriesRole, ///< QList<double> of a sparkline.
    ToneRole, ///< int(theme::Tone) of a figure that is not as it should be.
    SkeletonRole, ///< True while the row is on its way.
    ChangedRole, ///< Milliseconds since 1970 when the row last changed; 0: not lately.
    IdRole, ///< The row's identity, whatever its place.
};

/// Of a header's section.
enum HeaderRole {
    ColumnKindRole = Qt::UserRole + 101, ///< int(Kind).
    ColumnKeyRole, ///< Its name in settings, never translated.
    ColumnWidthRole, ///< Pixels at 100 %; 0: takes what is left.
    ColumnHideBelowRole, ///< The width of the table under which the column gives way.
    ColumnSortableRole, ///< bool.
    ColumnSortedRole, ///< -1 descending, 1 ascending, 0 neither.
};

/// How long a row that changed is shown so.
inline constexpr int kHighlightMs = 1500;

} // namespace table
