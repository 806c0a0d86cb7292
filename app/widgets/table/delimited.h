// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHeaderView>
#include <QString>

namespace table {

enum class Delimiter { Tab, Comma };

/// The rows' visible columns in their visual order. Tab: as people paste it. Comma: RFC 4180 with a
/// line of titles, and safe to open in a spreadsheet: no cell can be taken for a formula.
QString delimited(const QAbstractItemModel& model, const QList<int>& rows,
    const QHeaderView& header, Delimiter delimiter);

} // namespace table
