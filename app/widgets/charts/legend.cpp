// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/charts/legend.h"

#include "app/widgets/paint.h"

namespace charts {

constexpr int kDash = 14;
constexpr int kGap = 6;
constexpr int kApart = 20;

Legend::Legend(const theme::Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
{
    setMinimumWidth(0);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setFixedHeight(theme.px(20));
}

void Legend::setEntries(QList<Entry> entries)
{
    if (entries == m_entries)
        return;
    m_entries = std::move(entries);
    update();
}

void Legend::paintEvent(QPaintEvent*)
{
    QPainter p(this);
    const QFont words = m_theme.font();
    const QFont figures = m_theme.font(QFont::Medium);
    const auto width = [&](const Entry& entry) {
        return kDash + QFontMetrics(words).horizontalAdvance(entry.name) + kGap
            + static_cast<int>(std::ceil(paint::figuresWidth(figures, entry.value))) + 1;
    };
    // From the right; the first ones give way where there is no room.
    int right = this->width();
    for (auto entry = m_entries.rbegin(); entry != m_entries.rend(); ++entry) {
        const int left = right - width(*entry);
        if (left < 0)
            break;
        p.fillRect(left, height() / 2, kDash - 5, 2, entry->colour);
        p.setFont(words);
        const QRect rest(left + kDash, 0, right - left - kDash, height());
        paint::line(p, rest, entry->name, m_theme.muted);
        p.setFont(figures);
        p.setPen(m_theme.text);
        paint::figures(p, rest, entry->value);
        right = left - kApart;
    }
}

} // namespace charts
