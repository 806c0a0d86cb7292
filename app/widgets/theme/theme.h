// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QIcon>
#include <QMetaType>
#include <QPalette>

/// Everything that a screen may look like. A widget takes a colour, a size or a font from here or
/// not at all. Knows no widget of ours.
namespace theme {

enum class Mode { Light, Dark, HighContrast };

/// What a colour says. There is no tone that only decorates.
enum class Tone { Quiet, Progress, Good, Warn, Bad };

/// The shape that says the same as the colour, for those who cannot tell the colours apart.
enum class Shape { Disc, Quarter, Half, ThreeQuarters, Tick, Triangle, Square, Dashed, Question };

/// The colour of words and icons, by what they are. Looked up when something is drawn, so that a
/// change of theme reaches everything.
enum class Role { Text, Muted, Accent, OnAccent, Surface, Quiet, Progress, Good, Warn, Bad };

struct Status {
    QString word;
    Shape shape = Shape::Question;
    Tone tone = Tone::Quiet;
    bool needsSomeone = false; ///< Only then is the badge filled: a calm table has few of them.

    bool operator==(const Status&) const = default;
};

struct Ink {
    QColor text; ///< For words and shapes.
    QColor tint; ///< For the surface behind them, if it is filled.
};

inline constexpr int kUnit = 8; ///< Every distance is a multiple of it, or its half.
inline constexpr int kRow = 32;
inline constexpr int kDenseRow = 24;
inline constexpr int kRadius = 6;

/// The tokens of the mode and the zoom in use. One object lives as long as the application;
/// setMode() and setZoom() change it in place and `apply` tells every widget.
class Theme {
public:
    explicit Theme(Mode mode = Mode::Light);

    Mode mode() const { return m_mode; }
    void setMode(Mode mode);
    int zoom() const { return m_zoom; }
    void setZoom(int percent); ///< 80 to 200.

    QColor chrome, surface, hover, selected, line, control; ///< From the back to the front.
    QColor text, muted, accent, onAccent;
    QColor accentSoft; ///< The second line of a chart that has several.
    QColor environment, onEnvironment; ///< The environment's own colour: no state wears it.
    QColor bar, pale; ///< A span that is not critical; the previous period.

    const Ink& ink(Tone tone) const { return m_inks[static_cast<std::size_t>(tone)]; }
    const QColor& color(Role role) const;

    /// A length at 100 % in the zoom in use.
    int px(int length) const { return (length * m_zoom + 50) / 100; }
    int row() const { return px(kRow); }
    int denseRow() const { return px(kDenseRow); }

    QFont font(QFont::Weight weight = QFont::Normal) const;
    QFont titleFont() const;
    QFont figureFont() const;
    QFont captionFont() const; ///< Axis ticks and key caps only.

    QPalette palette() const;
    QString styleSheet() const;

    /// An icon of the theme in the role's colour, tinted when it is drawn. The theme must outlive
    /// it.
    QIcon icon(const QString& name, Role role = Role::Muted) const;

private:
    QFont sized(int pixels, QFont::Weight weight) const;

    Mode m_mode;
    int m_zoom = 100;
    Ink m_inks[5];
    QString m_family;
};

inline Role role(Tone tone)
{
    return static_cast<Role>(static_cast<int>(Role::Quiet) + static_cast<int>(tone));
}

/// Palette, font and style sheet of the application. Call it after each change of the theme.
void apply(const Theme& theme);

} // namespace theme

Q_DECLARE_METATYPE(theme::Status)
