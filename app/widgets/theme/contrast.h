// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/theme/theme.h"

#include <QList>

namespace theme {

/// The ratio of WCAG 2, from 1 to 21.
double contrast(const QColor& front, const QColor& back);

struct Pair {
    QString name;
    QColor front, back;
    double needed;

    double ratio() const { return contrast(front, back); }
};

/// Each pair of text and background that occurs, with what it needs: 4.5, in high contrast 7.
QList<Pair> pairs(const Theme& theme);

} // namespace theme
