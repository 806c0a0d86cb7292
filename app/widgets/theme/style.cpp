// SPDX-License-Identifier: GPL-3.0-or-later
// The style sheet and the icons: what Fusion alone would draw in its own way.
#include "app/widgets/theme/theme.h"

#include <QIconEngine>
#include <QPainter>
#include <QPixmap>
#include <QPixmapCache>

using namespace Qt::StringLiterals;

namespace theme {
namespace {

// `%N%` is N pixels in the zoom in use.
constexpr QStringView kStyle = uR"css(
QToolTip { background: @text; color: @surface; border: 0; padding: 4px 8px; }
QPushButton { background: @surface; color: @text; border: 1px solid @control;
    border-radius: 6px; padding: 0 11px; min-height: %30%px; }
QPushButton:hover { background: @hover; }
QPushButton:pressed { background: @selected; }
QPushButton:focus { border: 2px solid @accent; padding: 0 10px; min-height: %28%px; }
QPushButton:disabled { color: @muted; border-color: @line; }
QPushButton[kind="primary"] { background: @accent; color: @onAccent; border-color: @accent; }
QPushButton[kind="primary"]:focus { border-color: @text; }
QPushButton[kind="primary"]:disabled { background: @surface; color: @muted; border-color: @line; }
QPushButton[kind="chip"] { border-radius: 12px; min-height: %22%px; padding: 0 9px; }
QPushButton[kind="chip"]:focus { min-height: %20%px; padding: 0 8px; }
QPushButton[kind="quiet"] { background: transparent; border-color: transparent; padding: 0 7px; }
QPushButton[kind="quiet"]:hover { background: @hover; }
QPushButton[kind="quiet"]:focus { border: 2px solid @accent; padding: 0 6px; }
QPushButton[kind="link"] { background: transparent; border: 1px solid transparent; padding: 0;
    color: @accent; min-height: %22%px; text-align: left; }
QPushButton[kind="link"]:focus { border: 1px solid @accent; border-radius: 4px; }
QPushButton[kind="small"] { min-height: %22%px; padding: 0 9px; }
QPushButton[kind="small"]:focus { min-height: %20%px; padding: 0 8px; }
QPushButton::menu-indicator { width: 0; image: none; }
QLineEdit, QPlainTextEdit, QAbstractSpinBox, QComboBox { background: @surface; border: 1px solid @control;
    border-radius: 6px; padding: 0 7px; min-height: %30%px;
    selection-background-color: @accent; selection-color: @onAccent; }
QLineEdit:focus, QPlainTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {
    border: 2px solid @accent; padding: 0 6px; min-height: %28%px; }
QComboBox::drop-down { border: 0; width: 24px; }
QAbstractScrollArea { background: @surface; border: 0; }
QSplitter::handle { background: @line; }
QMenu { background: @surface; border: 1px solid @control; padding: 4px; }
QMenu::item { padding: 4px 24px 4px 12px; min-height: %20%px; border-radius: 4px; color: @text; }
QMenu::item:selected { background: @selected; }
QMenu::item:disabled { color: @muted; }
QMenu::separator { height: 1px; background: @line; margin: 4px 8px; }
QMenu::indicator { width: 14px; height: 14px; left: 6px; }
QScrollBar { background: transparent; border: 0; margin: 0; }
QScrollBar:vertical { width: 8px; }
QScrollBar:horizontal { height: 8px; }
QScrollBar::handle { background: @control; border-radius: 2px; margin: 2px; min-height: 32px; min-width: 32px; }
QScrollBar::handle:hover { background: @muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
)css";

/// Breeze draws in one dark grey and leaves the tint to KDE's icon engine, which we do not have.
class TintedIcon final : public QIconEngine {
public:
    TintedIcon(const Theme& theme, const QString& name, Role role)
        : m_theme(theme)
        , m_name(name)
        , m_role(role)
    {
    }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode, QIcon::State) override
    {
        const qreal ratio = painter->device()->devicePixelRatioF();
        painter->drawPixmap(rect, tinted(rect.size(), ratio));
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        return scaledPixmap(size, mode, state, 1.0);
    }

    QPixmap scaledPixmap(const QSize& size, QIcon::Mode, QIcon::State, qreal scale) override
    {
        return tinted(size / scale, scale);
    }

    QIconEngine* clone() const override { return new TintedIcon(m_theme, m_name, m_role); }

private:
    QPixmap tinted(const QSize& size, qreal ratio) const
    {
        const QColor& colour = m_theme.color(m_role);
        const QString key
            = u"tinted/%1/%2/%3/%4"_s.arg(m_name, colour.name()).arg(size.width()).arg(ratio);
        QPixmap pixmap;
        if (QPixmapCache::find(key, &pixmap))
            return pixmap;
        pixmap = QIcon::fromTheme(m_name).pixmap(size, ratio);
        if (pixmap.isNull())
            return {};
        QPainter painter(&pixmap);
        painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
        painter.fillRect(pixmap.rect(), colour);
        painter.end();
        QPixmapCache::insert(key, pixmap);
        return pixmap;
    }

    const Theme& m_theme;
    QString m_name;
    Role m_role;
};

} // namespace

QString Theme::styleSheet() const
{
    // Longer names first, so that @text cannot eat the start of another one.
    const std::pair<QLatin1StringView, QColor> tokens[]
        = {{"@onAccent"_L1, onAccent}, {"@selected"_L1, selected}, {"@surface"_L1, surface},
            {"@control"_L1, control}, {"@accent"_L1, accent}, {"@chrome"_L1, chrome},
            {"@muted"_L1, muted}, {"@hover"_L1, hover}, {"@text"_L1, text}, {"@line"_L1, line}};
    QString sheet = kStyle.toString();
    for (const auto& [name, colour] : tokens)
        sheet.replace(name, colour.name());
    for (const int length : {20, 22, 28, 30})
        sheet.replace(u"%%1%"_s.arg(length), QString::number(px(length)));
    return sheet;
}

QIcon Theme::icon(const QString& name, Role role) const
{
    return QIcon(new TintedIcon(*this, name, role));
}

} // namespace theme
