// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/theme/theme.h"

#include <QPainter>

/// Small things that several widgets draw alike. Each draws within the rectangle it is given.
namespace paint {

void shape(QPainter& painter, const QRectF& box, theme::Shape shape, const QColor& colour);

/// The shape and the word; a filled pill around them if someone has to act.
void badge(
    QPainter& painter, const QRect& rect, const theme::Status& status, const theme::Theme& theme);
int badgeWidth(const theme::Status& status, const theme::Theme& theme);

/// Right-aligned, every digit as wide as the widest: Qt before 6.7 cannot ask a font for `tnum`.
void figures(QPainter& painter, const QRect& rect, const QString& text);
qreal figuresWidth(const QFont& font, const QString& text);

/// One line, elided. Returns the width that it took.
int line(QPainter& painter, const QRect& rect, const QString& text, const QColor& colour);

void sparkline(
    QPainter& painter, const QRect& rect, const QList<double>& values, const QColor& colour);

/// A cross to take something away; a chevron that opens a choice.
void cross(QPainter& painter, const QPointF& centre, const QColor& colour);
void chevron(QPainter& painter, const QPointF& centre, const QColor& colour);

void focusRing(QPainter& painter, const QRect& rect, const theme::Theme& theme);

} // namespace paint
