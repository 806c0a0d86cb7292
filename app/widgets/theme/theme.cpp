// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/theme/theme.h"

#include <QApplication>
#include <QFontDatabase>
#include <QWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace theme {
namespace {

/// The system's family where a desktop has set one; else the best that is installed.
QString pickFamily()
{
    QString system = QFontDatabase::systemFont(QFontDatabase::GeneralFont).family();
    const QStringList bare
        = {u"Sans"_s, u"Sans Serif"_s, u"DejaVu Sans"_s, u"Helvetica"_s, QString()};
    if (!bare.contains(system))
        return system;
    for (const QString& family : {u"Inter"_s, u"Noto Sans"_s})
        if (QFontDatabase::hasFamily(family))
            return family;
    return system;
}

} // namespace

Theme::Theme(Mode mode)
    : m_mode(mode)
    , m_family(pickFamily())
{
    setMode(mode);
}

void Theme::setMode(Mode mode)
{
    m_mode = mode;
    const auto set = [this](std::initializer_list<const char*> colours) {
        QColor* const places[] = {&chrome, &surface, &hover, &selected, &line, &control, &text,
            &muted, &accent, &onAccent, &accentSoft, &environment, &onEnvironment, &bar, &pale};
        auto place = std::begin(places);
        for (const char* colour : colours)
            **place++ = QColor(QLatin1StringView(colour));
    };
    const auto inks = [this](std::initializer_list<std::pair<const char*, const char*>> pairs) {
        auto ink = std::begin(m_inks);
        for (const auto& [front, tint] : pairs)
            *ink++ = {QColor(QLatin1StringView(front)), QColor(QLatin1StringView(tint))};
    };
    switch (mode) {
    case Mode::Light:
        set({"#f6f7f8", "#ffffff", "#f1f2f4", "#e9eefb", "#e5e7ea", "#c5c9d0", "#1b1e23", "#59606b",
            "#2f55d4", "#ffffff", "#8ea4ec", "#9c2463", "#ffffff", "#c9ced6", "#c3c8d1"});
        inks({{"#59606b", "#eef0f2"}, {"#2f62c9", "#e8effc"}, {"#1b7a48", "#e4f4ea"},
            {"#8f5300", "#fdf1dc"}, {"#bd2530", "#fdebec"}});
        break;
    case Mode::Dark:
        set({"#141619", "#1a1c20", "#23262b", "#232d47", "#2a2d33", "#464b55", "#e4e6ea", "#9fa6b1",
            "#8aa6ff", "#10131a", "#5268ad", "#b8437f", "#ffffff", "#4a505b", "#4d5461"});
        inks({{"#9fa6b1", "#272a30"}, {"#7fb0f5", "#1e2b40"}, {"#5cc48d", "#1a3226"},
            {"#e5ab4b", "#372a14"}, {"#ff8a85", "#3f2022"}});
        break;
    case Mode::HighContrast:
        set({"#000000", "#000000", "#1f1f1f", "#00314f", "#8a8a8a", "#ffffff", "#ffffff", "#e6e6e6",
            "#ffe14d", "#000000", "#8fd0ff", "#ff9ed2", "#000000", "#9a9a9a", "#9a9a9a"});
        inks({{"#e6e6e6", "#262626"}, {"#8fd0ff", "#002b45"}, {"#7ff0ae", "#003318"},
            {"#ffcc66", "#3d2900"}, {"#ffb3ae", "#4a0a0c"}});
        break;
    }
}

void Theme::setZoom(int percent)
{
    m_zoom = std::clamp(percent, 80, 200);
}

const QColor& Theme::color(Role role) const
{
    switch (role) {
    case Role::Text:
        return text;
    case Role::Muted:
        return muted;
    case Role::Accent:
        return accent;
    case Role::OnAccent:
        return onAccent;
    case Role::Surface:
        return surface;
    default:
        return ink(static_cast<Tone>(static_cast<int>(role) - static_cast<int>(Role::Quiet))).text;
    }
}

QFont Theme::sized(int pixels, QFont::Weight weight) const
{
    QFont font(m_family);
    font.setPixelSize(px(pixels));
    font.setWeight(weight);
    font.setHintingPreference(QFont::PreferVerticalHinting);
    return font;
}

QFont Theme::font(QFont::Weight weight) const
{
    return sized(13, weight);
}

QFont Theme::titleFont() const
{
    return sized(18, QFont::DemiBold);
}

QFont Theme::figureFont() const
{
    return sized(22, QFont::DemiBold);
}

QFont Theme::captionFont() const
{
    return sized(11, QFont::Normal);
}

QPalette Theme::palette() const
{
    QPalette p;
    p.setColor(QPalette::Window, chrome);
    p.setColor(QPalette::WindowText, text);
    p.setColor(QPalette::Base, surface);
    p.setColor(QPalette::AlternateBase, chrome);
    p.setColor(QPalette::Text, text);
    p.setColor(QPalette::Button, surface);
    p.setColor(QPalette::ButtonText, text);
    p.setColor(QPalette::Highlight, selected);
    p.setColor(QPalette::HighlightedText, text);
    p.setColor(QPalette::PlaceholderText, muted);
    p.setColor(QPalette::Link, accent);
    p.setColor(QPalette::Mid, line);
    p.setColor(QPalette::ToolTipBase, text);
    p.setColor(QPalette::ToolTipText, surface);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, muted);
    return p;
}

void apply(const Theme& theme)
{
    QApplication::setPalette(theme.palette());
    // Fusion draws a box's outline as the window's colour, 140 % darker: in the dark nobody sees
    // it.
    QPalette boxes = theme.palette();
    boxes.setColor(QPalette::Window, theme.muted.lighter(140));
    QApplication::setPalette(boxes, "QCheckBox");
    QApplication::setFont(theme.font());
    qApp->setStyleSheet(theme.styleSheet());
    const auto widgets = QApplication::allWidgets();
    for (QWidget* widget : widgets) {
        // The style sheet alone does not tell those whose palette and font did not change by it.
        QEvent changed(QEvent::StyleChange);
        QApplication::sendEvent(widget, &changed);
        widget->update();
    }
}

} // namespace theme
