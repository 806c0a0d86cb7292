// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/paint.h"

#include <QPainterPath>

#include <algorithm>
#include <cmath>
#include <limits>

namespace paint {
namespace {

/// Measured once for each font in a row: a table asks for the same one thousands of times.
qreal digitWidth(const QFont& font)
{
    thread_local QFont measured;
    thread_local qreal widest = 0;
    if (widest > 0 && font == measured)
        return widest;
    const QFontMetricsF metrics(font);
    widest = 0;
    for (char digit = '0'; digit <= '9'; ++digit)
        widest = std::max(widest, metrics.horizontalAdvance(QLatin1Char(digit)));
    measured = font;
    return widest;
}

/// Each digit by itself, what lies between them in one piece.
QStringList runs(const QString& text)
{
    QStringList runs;
    bool word = false;
    for (const QChar c : text) {
        if (!c.isDigit() && word)
            runs.last().append(c);
        else
            runs.append(c);
        word = !c.isDigit();
    }
    return runs;
}

QPen strokeOf(const QColor& colour)
{
    return {colour, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin};
}

QRectF ringIn(const QRectF& r)
{
    return r.adjusted(1.25, 1.25, -1.25, -1.25);
}

/// A ring with so many quarters of it filled, in the stroke's colour.
void pie(QPainter& painter, const QRectF& r, const QPen& stroke, int quarters)
{
    const QRectF ring = ringIn(r);
    painter.setPen(stroke);
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(ring);
    painter.setPen(Qt::NoPen);
    painter.setBrush(stroke.color());
    painter.drawPie(ring.adjusted(1.75, 1.75, -1.75, -1.75), 90 * 16, -quarters * 90 * 16);
}

/// On a disc of `colour`, so in what can be seen on it.
void tick(QPainter& painter, const QRectF& r, const QColor& colour)
{
    const bool bright = colour.lightnessF() > 0.5;
    painter.setBrush(Qt::NoBrush);
    painter.setPen(strokeOf(bright ? QColor(0x10, 0x10, 0x10) : QColor(0xff, 0xff, 0xff)));
    painter.drawPolyline(QPolygonF({r.topLeft() + QPointF(3.4, 6.2),
        r.topLeft() + QPointF(5.3, 8.1), r.topLeft() + QPointF(8.7, 4.3)}));
}

} // namespace

void shape(QPainter& painter, const QRectF& box, theme::Shape shape, const QColor& colour)
{
    using theme::Shape;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const qreal side = std::min({box.width(), box.height(), 12.0});
    QRectF r(0, 0, side, side);
    r.moveCenter(box.center());
    const QPen stroke = strokeOf(colour);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    switch (shape) {
    case Shape::Quarter:
        pie(painter, r, stroke, 1);
        break;
    case Shape::Half:
        pie(painter, r, stroke, 2);
        break;
    case Shape::ThreeQuarters:
        pie(painter, r, stroke, 3);
        break;
    case Shape::Disc:
        painter.drawEllipse(r.adjusted(1.5, 1.5, -1.5, -1.5));
        break;
    case Shape::Tick:
        painter.drawEllipse(r);
        tick(painter, r, colour);
        break;
    case Shape::Triangle:
        painter.setPen(stroke);
        painter.drawPolygon(QPolygonF({QPointF(r.center().x(), r.top() + 1.75),
            QPointF(r.right() - 1, r.bottom() - 1.75), QPointF(r.left() + 1, r.bottom() - 1.75)}));
        break;
    case Shape::Square:
        painter.drawRoundedRect(r.adjusted(1.5, 1.5, -1.5, -1.5), 1.5, 1.5);
        break;
    case Shape::Dashed: {
        QPen dashed = stroke;
        dashed.setCapStyle(Qt::FlatCap);
        dashed.setDashPattern({1.35, 1.16});
        painter.setPen(dashed);
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(ringIn(r));
        break;
    }
    case Shape::Question: {
        QFont font = painter.font();
        font.setBold(true);
        painter.setFont(font);
        painter.setPen(colour);
        painter.drawText(r, Qt::AlignCenter, QStringLiteral("?"));
        break;
    }
    }
    painter.restore();
}

int badgeWidth(const theme::Status& status, const theme::Theme& theme)
{
    return 24 + 10
        + QFontMetrics(theme.font(status.needsSomeone ? QFont::Medium : QFont::Normal))
              .horizontalAdvance(status.word);
}

void badge(
    QPainter& painter, const QRect& rect, const theme::Status& status, const theme::Theme& theme)
{
    const theme::Ink& ink = theme.ink(status.tone);
    painter.save();
    const QFont font = theme.font(status.needsSomeone ? QFont::Medium : QFont::Normal);
    painter.setFont(font);
    const int width = std::min(rect.width(), badgeWidth(status, theme));
    const int height = theme.px(20);
    const QRect pill(rect.left(), rect.center().y() - height / 2 + 1, width, height);
    if (status.needsSomeone) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(ink.tint);
        painter.drawRoundedRect(pill, height / 2.0, height / 2.0);
    }
    shape(painter, QRectF(pill.left() + 6, pill.top() + (height - 12) / 2.0, 12, 12), status.shape,
        ink.text);
    const QRect words = pill.adjusted(24, 0, -4, 0);
    line(painter, words, status.word, status.needsSomeone ? ink.text : theme.text);
    painter.restore();
}

qreal figuresWidth(const QFont& font, const QString& text)
{
    const QFontMetricsF metrics(font);
    const qreal slot = digitWidth(font);
    qreal width = 0;
    for (const QString& run : runs(text))
        width += run.front().isDigit() ? slot : metrics.horizontalAdvance(run);
    return width;
}

void figures(QPainter& painter, const QRect& rect, const QString& text)
{
    const QFontMetricsF metrics(painter.font());
    const qreal slot = digitWidth(painter.font());
    const QStringList parts = runs(text);
    qreal width = 0;
    for (const QString& run : parts)
        width += run.front().isDigit() ? slot : metrics.horizontalAdvance(run);
    qreal x = rect.right() + 1 - width;
    // The line that drawText() within a rectangle would sit on, without its layout for each digit.
    const qreal y = rect.top() + std::floor((rect.height() - metrics.height()) / 2)
        + std::ceil(metrics.ascent());
    for (const QString& run : parts) {
        const qreal own = metrics.horizontalAdvance(run);
        const qreal step = run.front().isDigit() ? slot : own;
        painter.drawText(QPointF(x + (step - own) / 2, y), run);
        x += step;
    }
}

int line(QPainter& painter, const QRect& rect, const QString& text, const QColor& colour)
{
    const QFontMetricsF metrics(painter.font());
    QString shown = text;
    qreal width = metrics.horizontalAdvance(text);
    if (width > rect.width()) {
        shown = metrics.elidedText(text, Qt::ElideRight, rect.width());
        width = metrics.horizontalAdvance(shown);
    }
    painter.setPen(colour);
    const qreal y = rect.top() + std::floor((rect.height() - metrics.height()) / 2)
        + std::ceil(metrics.ascent());
    painter.drawText(QPointF(rect.left(), y), shown);
    return static_cast<int>(std::ceil(width));
}

void sparkline(
    QPainter& painter, const QRect& rect, const QList<double>& values, const QColor& colour)
{
    if (values.size() < 2)
        return;
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const double value : values) {
        if (std::isnan(value))
            continue;
        low = std::min(low, value);
        high = std::max(high, value);
    }
    if (low > high)
        return;
    const double span = std::max(high - low, high * 0.25 + 1e-9);
    const QRectF area = QRectF(rect).adjusted(1, 5, -3, -5);
    QPainterPath path;
    bool pen = false;
    QPointF last;
    for (qsizetype i = 0; i < values.size(); ++i) {
        if (std::isnan(values[i])) {
            pen = false;
            continue;
        }
        last = {area.left()
                + area.width() * static_cast<qreal>(i) / static_cast<qreal>(values.size() - 1),
            area.bottom() - area.height() * (values[i] - low) / span};
        if (pen)
            path.lineTo(last);
        else
            path.moveTo(last);
        pen = true;
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colour, 1.25, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(path);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawEllipse(last, 2, 2);
    painter.restore();
}

void cross(QPainter& painter, const QPointF& centre, const QColor& colour)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colour, 1.25, Qt::SolidLine, Qt::RoundCap));
    painter.drawLine(centre + QPointF(-3, -3), centre + QPointF(3, 3));
    painter.drawLine(centre + QPointF(-3, 3), centre + QPointF(3, -3));
    painter.restore();
}

void chevron(QPainter& painter, const QPointF& centre, const QColor& colour)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colour, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPolyline(QPolygonF(
        {centre + QPointF(-3.5, -1.75), centre + QPointF(0, 1.75), centre + QPointF(3.5, -1.75)}));
    painter.restore();
}

void focusRing(QPainter& painter, const QRect& rect, const theme::Theme& theme)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.accent, 2));
    painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), 4, 4);
    painter.restore();
}

} // namespace paint
