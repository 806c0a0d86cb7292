// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/theme/theme.h"

#include <QList>
#include <QWidget>

/// What happened, newest first or oldest first as it is given: a shape, words, a time.
/// An entry may lead somewhere.
class Timeline final : public QWidget {
    Q_OBJECT
public:
    struct Event {
        QString what;
        QString when;
        theme::Shape shape = theme::Shape::Disc;
        theme::Tone tone = theme::Tone::Quiet;
        QString details = {}; ///< The tooltip: the exact time, who, the rest of the facts.
        QString link = {}; ///< What linkActivated() says when it is pressed; empty: leads nowhere.
    };

    explicit Timeline(
        const theme::Theme& theme, QList<Event> events = {}, QWidget* parent = nullptr);
    void setEvents(QList<Event> events);

Q_SIGNALS:
    void linkActivated(const QString& link);

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    bool event(QEvent* event) override;

private:
    void resizeToEvents();

    const theme::Theme& m_theme;
    QList<Event> m_events;
};
