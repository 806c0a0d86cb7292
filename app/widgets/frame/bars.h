// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/parts.h"

#include <QDateTime>

#include <functional>

class QHBoxLayout;
class QProgressBar;
class QTimer;

namespace frame {

/// Under the page: what went wrong, since when, what to do; after a change, Undo.
class NoticeBar final : public QWidget {
    Q_OBJECT
public:
    explicit NoticeBar(const theme::Theme& theme, QWidget* parent = nullptr);

    void show(theme::Tone tone, const QString& text, const QString& action, const QString& keys,
        std::function<void()> run);
    void clear();
    void runAction(); ///< Nothing, if there is none.

Q_SIGNALS:
    void dismissed();

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void rebuild();

    const theme::Theme& m_theme;
    theme::Tone m_tone = theme::Tone::Quiet;
    QString m_text, m_action, m_keys;
    std::function<void()> m_run;
};

/// The last line: counts, how fresh, what runs in the background, who is signed in.
class StatusBar final : public parts::Area {
    Q_OBJECT
public:
    explicit StatusBar(const theme::Theme& theme, QWidget* parent = nullptr);

    void setTexts(const QStringList& texts);
    void setUpdated(const QDateTime& at); ///< "Updated 0.4 s ago" counts from it.
    void setUser(const QString& user);

    /// "Exporting 4,120 of 12,795 orders", with Cancel. An empty text ends it.
    void setJob(const QString& text, std::function<void()> cancel);

protected:
    void changeEvent(QEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void refreshAge();

    const theme::Theme& m_theme;
    QHBoxLayout* m_left;
    parts::Label* m_age;
    QWidget* m_job;
    parts::Label* m_jobText;
    std::function<void()> m_cancel;
    parts::Label* m_user;
    QDateTime m_updated;
    QTimer* m_tick;
    QStringList m_texts;
};

} // namespace frame
