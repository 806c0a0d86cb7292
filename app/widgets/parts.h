// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/theme/theme.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>

#include <functional>

class QBoxLayout;
class QSpinBox;

/// Small widgets that pages and the frame share. Each keeps the theme and follows its changes.
namespace parts {

/// Which of the theme's fonts.
enum class Face { Normal, Medium, Strong, Title, Figure, Caption };

QFont font(const theme::Theme& theme, Face face);

/// Words in a colour and a font of the theme. Wraps if told so (setWordWrap).
class Label : public QLabel {
    Q_OBJECT
public:
    Label(const theme::Theme& theme, const QString& text, theme::Role role = theme::Role::Text,
        Face face = Face::Normal, QWidget* parent = nullptr);
    void setRole(theme::Role role);

protected:
    void changeEvent(QEvent* event) override;
    const theme::Theme& m_theme;

private:
    void restyle();

    theme::Role m_role;
    Face m_face;
};

/// A label that gives way: it never widens its window, and says the rest in its tooltip.
class ElidedLabel : public Label {
    Q_OBJECT
public:
    ElidedLabel(const theme::Theme& theme, const QString& text,
        theme::Role role = theme::Role::Text, Face face = Face::Normal, QWidget* parent = nullptr);
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
};

/// Right-aligned or left-aligned digits of one width each.
class FigureLabel : public Label {
    Q_OBJECT
public:
    using Label::Label;

protected:
    void paintEvent(QPaintEvent* event) override;
};

/// kind: "" plain, "primary", "quiet", "link", "small".
QPushButton* button(const QString& text, const char* kind = "", QWidget* parent = nullptr);
QPushButton* iconButton(const theme::Theme& theme, const QString& icon, const QString& tip);
/// One of several, behind the same chevron as a chip that opens a choice.
class Choice : public QComboBox {
    Q_OBJECT
public:
    explicit Choice(const theme::Theme& theme, QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const theme::Theme& m_theme;
};

/// How many of `most`: "3 of 12", where `suffix` is " of 12".
QSpinBox* unitsBox(qint64 most, const QString& suffix, const QString& name);
/// Scrolls its content, upright alone, once that is higher than `most` pixels at 100 %.
QWidget* scrolled(const theme::Theme& theme, QWidget* content, int most);
QWidget* rule(const theme::Theme& theme, Qt::Orientation orientation = Qt::Horizontal);

/// A button that was pressed is busy until the answer is there: disabled, with `text`.
class BusyButton : public QPushButton {
    Q_OBJECT
public:
    BusyButton(const QString& text, const QString& busyText, const char* kind = "");
    void setBusy(bool busy);
    bool isBusy() const { return m_busy; }
    /// Not permitted or not possible now: visible, disabled, says why. Empty: enabled.
    void setRefusal(const QString& why);

private:
    void refresh();

    QString m_text, m_busyText, m_why;
    bool m_busy = false;
};

/// A surface: Colour is looked up when it is drawn.
class Area : public QWidget {
    Q_OBJECT
public:
    using Colour = QColor theme::Theme::*;
    Area(const theme::Theme& theme, Colour colour, QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const theme::Theme& m_theme;
    Colour m_colour;
};

Area* area(const theme::Theme& theme); ///< In the surface's colour.

/// Two groups beside each other, or the second one below the first where there is no room.
class Pair : public QWidget {
    Q_OBJECT
public:
    Pair(QWidget* first, QWidget* second);
    QSize minimumSizeHint() const override;

protected:
    bool event(QEvent* event) override;

private:
    QWidget* m_first;
    QWidget* m_second;
    QBoxLayout* m_layout;
};

/// "Placed last 3 days ×", or without a subject "Latest ⌄".
class Chip : public QPushButton {
    Q_OBJECT
public:
    enum class Glyph { None, Cross, Chevron };
    Chip(const theme::Theme& theme, const QString& subject, const QString& value, Glyph glyph);
    void setWords(const QString& subject, const QString& value);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    void crossed(); ///< The cross was pressed, or Delete.

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    const theme::Theme& m_theme;
    QString m_subject, m_value;
    Glyph m_glyph;
};

/// A small drawing: a shape, a badge, a key cap, the environment. Its size follows the theme.
class Mark : public QWidget {
    Q_OBJECT
public:
    using Draw = std::function<void(QPainter&, const QRect&)>;
    using Size = std::function<QSize()>;
    Mark(Size size, Draw draw);

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    Size m_size;
    Draw m_draw;
};

Mark* shapeMark(const theme::Theme& theme, theme::Shape shape, theme::Role role);
Mark* keyCap(const theme::Theme& theme, const QString& keys);
Mark* environmentPill(const theme::Theme& theme, const QString& name);

/// A state, which may change.
class Badge : public QWidget {
    Q_OBJECT
public:
    explicit Badge(
        const theme::Theme& theme, const theme::Status& status = {}, QWidget* parent = nullptr);
    void setStatus(const theme::Status& status);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    const theme::Theme& m_theme;
    theme::Status m_status;
};

} // namespace parts
