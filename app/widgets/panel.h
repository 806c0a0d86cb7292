// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/actionbar.h"
#include "app/widgets/parts.h"

#include <QList>

class QBoxLayout;
class QHBoxLayout;
class QVBoxLayout;

/// The parts of a side panel: the selected thing, always in one place.
namespace panel {

/// Scrolling content over a row of actions. Fill content() from the top; actions() with the most
/// important first.
class Panel : public parts::Area {
    Q_OBJECT
public:
    explicit Panel(const theme::Theme& theme, QWidget* parent = nullptr);

    QVBoxLayout* content() const { return m_content; }
    ActionBar* actions() const { return m_actions; }
    void clear(); ///< Takes everything out, actions too.

    /// The usual spacing between two subjects, with a hairline.
    void addRule();
    void addGap(int units = 2);

protected:
    const theme::Theme& m_theme;

private:
    QVBoxLayout* m_content;
    QWidget* m_footer;
    ActionBar* m_actions;
};

/// "Lines        18"
QWidget* heading(const theme::Theme& theme, const QString& text, const QString& right = {});

/// A large figure over what it counts. The value may change.
class Figure final : public QWidget {
    Q_OBJECT
public:
    Figure(const theme::Theme& theme, const QString& value, const QString& what);
    void setValue(const QString& value);
    void setWhat(const QString& what);

private:
    parts::Label* m_value;
    parts::ElidedLabel* m_what;
};

/// Words on the left, figures on the right: order lines and sums.
class LineList final : public QWidget {
    Q_OBJECT
public:
    struct Line {
        QString words;
        QString quantity = {}; ///< "4 × £3.75", quiet; may be empty.
        QString amount = {};
        bool strong = false; ///< A sum.
    };
    explicit LineList(const theme::Theme& theme, QList<Line> lines = {});
    void setLines(QList<Line> lines);

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool event(QEvent* event) override;

private:
    void resizeToLines();

    const theme::Theme& m_theme;
    QList<Line> m_lines;
};

/// "Carrier      Royal Mail": a quiet name and its value, which can be selected and copied.
QWidget* fact(const theme::Theme& theme, const QString& name, const QString& value);

/// Why nothing moves, since when, and what to do about it.
class CauseBanner final : public QWidget {
    Q_OBJECT
public:
    CauseBanner(
        const theme::Theme& theme, theme::Tone tone, const QString& cause, const QString& remedy);
    QHBoxLayout* actions() const
    {
        return m_actions;
    } ///< Small buttons; the stretch is at the end.

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const theme::Theme& m_theme;
    theme::Tone m_tone;
    QHBoxLayout* m_actions;
};

} // namespace panel
