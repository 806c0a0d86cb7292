// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/theme/contrast.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace theme {
namespace {

double luminance(const QColor& colour)
{
    const auto linear = [](float part) {
        const double c = static_cast<double>(part);
        return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF())
        + 0.0722 * linear(colour.blueF());
}

} // namespace

double contrast(const QColor& front, const QColor& back)
{
    const double a = luminance(front) + 0.05;
    const double b = luminance(back) + 0.05;
    return a > b ? a / b : b / a;
}

QList<Pair> pairs(const Theme& theme)
{
    const double needed = theme.mode() == Mode::HighContrast ? 7.0 : 4.5;
    const std::pair<QString, QColor> backs[] = {{u"chrome"_s, theme.chrome},
        {u"surface"_s, theme.surface}, {u"hover"_s, theme.hover}, {u"selected"_s, theme.selected}};
    const std::pair<QString, Tone> tones[]
        = {{u"quiet"_s, Tone::Quiet}, {u"progress"_s, Tone::Progress}, {u"good"_s, Tone::Good},
            {u"warn"_s, Tone::Warn}, {u"bad"_s, Tone::Bad}};
    QList<Pair> all;
    for (const auto& [name, back] : backs) {
        all.append({u"text on %1"_s.arg(name), theme.text, back, needed});
        all.append({u"muted on %1"_s.arg(name), theme.muted, back, needed});
        all.append({u"accent on %1"_s.arg(name), theme.accent, back, needed});
        for (const auto& [tone, value] : tones)
            all.append({u"%1 on %2"_s.arg(tone, name), theme.ink(value).text, back, needed});
    }
    for (const auto& [tone, value] : tones) {
        const Ink& ink = theme.ink(value);
        all.append({u"%1 on its tint"_s.arg(tone), ink.text, ink.tint, needed});
        all.append({u"text on %1's tint"_s.arg(tone), theme.text, ink.tint, needed});
    }
    all.append({u"words on accent"_s, theme.onAccent, theme.accent, needed});
    all.append({u"words on environment"_s, theme.onEnvironment, theme.environment, needed});
    all.append({u"tooltip"_s, theme.surface, theme.text, needed});
    all.append({u"focus ring on surface"_s, theme.accent, theme.surface, 3.0});
    all.append({u"focus ring on selected"_s, theme.accent, theme.selected, 3.0});
    return all;
}

} // namespace theme
