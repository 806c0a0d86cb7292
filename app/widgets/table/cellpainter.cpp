// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/table/cellpainter.h"

#include "app/widgets/paint.h"

using theme::kUnit;

namespace table {

CellPainter::CellPainter(const theme::Theme& theme)
    : m_theme(theme)
{
    restyle();
}

void CellPainter::restyle()
{
    m_normal = m_theme.font();
    m_medium = m_theme.font(QFont::Medium);
}

void CellPainter::paint(
    QPainter& painter, const QRect& rect, const QModelIndex& index, Kind kind) const
{
    const auto tone = static_cast<theme::Tone>(index.data(ToneRole).toInt());
    const bool toned = tone != theme::Tone::Quiet;
    painter.setFont(kind == Kind::Strong || toned ? m_medium : m_normal);
    switch (kind) {
    case Kind::Text:
    case Kind::Strong:
        text(painter, rect, index);
        break;
    case Kind::Muted:
        paint::line(painter, rect, index.data().toString(), m_theme.muted);
        break;
    case Kind::Figure: {
        const QString words = index.data().toString();
        const bool none = words == QStringView(u"–");
        painter.setPen(toned ? m_theme.ink(tone).text : none ? m_theme.muted : m_theme.text);
        paint::figures(painter, rect, words);
        break;
    }
    case Kind::Badge:
        paint::badge(painter, rect.adjusted(-6, 0, 6, 0),
            index.data(StatusRole).value<theme::Status>(), m_theme);
        break;
    case Kind::Spark:
        paint::sparkline(painter, rect, index.data(SeriesRole).value<QList<double>>(),
            toned ? m_theme.ink(tone).text : m_theme.muted);
        break;
    }
}

void CellPainter::text(QPainter& painter, const QRect& rect, const QModelIndex& index) const
{
    const QString words = index.data().toString();
    const QString more = index.data(MoreRole).toString();
    const int moreWidth = more.isEmpty()
        ? 0
        : static_cast<int>(QFontMetricsF(m_normal).horizontalAdvance(more)) + kUnit + 1;
    // "+12" is said whatever the room; longer words only beside the whole of what they add to.
    const bool fits = painter.fontMetrics().horizontalAdvance(words) + moreWidth <= rect.width();
    const bool shown = !more.isEmpty() && (fits || moreWidth <= rect.width() / 4);
    const int taken = paint::line(
        painter, shown ? rect.adjusted(0, 0, -moreWidth, 0) : rect, words, m_theme.text);
    if (!shown)
        return;
    painter.setFont(m_normal);
    paint::line(painter, rect.adjusted(taken + kUnit, 0, 0, 0), more, m_theme.muted);
}

void CellPainter::skeleton(
    QPainter& painter, const QRect& rect, int row, int column, Kind kind) const
{
    // Of different lengths, but each row's always the same: nothing flickers.
    const int share = 45 + (row * 37 + column * 23) % 40;
    const bool right = kind == Kind::Figure;
    const int width = std::min(rect.width() * share / 100, 240);
    const int height = m_theme.px(10);
    const QRect bar(right ? rect.right() + 1 - width : rect.left(), rect.center().y() - height / 2,
        width, height);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.hover);
    painter.drawRoundedRect(bar, 3, 3);
}

} // namespace table
