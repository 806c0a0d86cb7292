// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/theme/theme.h"

#include <QStackedWidget>

#include <functional>

/// What stands in the place of content that is not there.
namespace states {

struct Message {
    theme::Shape shape = theme::Shape::Dashed;
    theme::Tone tone = theme::Tone::Quiet;
    QString title = {};
    QString why = {};
    QString action = {}; ///< Empty: nothing can be done.
    std::function<void()> run = {};
};

/// Makers for the usual ones. `what` names the rows: "orders".
Message empty(const QString& title, const QString& why, const QString& action = {},
    std::function<void()> run = {});
Message filtered(
    const QString& title, const QString& why, const QString& clear, std::function<void()> run);
Message failed(const QString& title, const QString& why, std::function<void()> retry);
Message notPermitted(const QString& permission);

/// A message by itself: shape, words, action, in the middle of what it is given.
class MessageView final : public QWidget {
    Q_OBJECT
public:
    explicit MessageView(const theme::Theme& theme, QWidget* parent = nullptr);
    void show(const Message& message);

private:
    const theme::Theme& m_theme;
};

/// Grey bars where rows will be.
class Skeleton final : public QWidget {
    Q_OBJECT
public:
    explicit Skeleton(const theme::Theme& theme, QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const theme::Theme& m_theme;
};

/// Content, or what stands in its place. The content stays alive behind it.
class Pane final : public QStackedWidget {
    Q_OBJECT
public:
    Pane(const theme::Theme& theme, QWidget* content, QWidget* parent = nullptr);

    void showContent();
    void showLoading();
    void showMessage(const Message& message);

private:
    void raise(QWidget* widget);

    QWidget* m_content;
    Skeleton* m_skeleton;
    MessageView* m_message;
};

} // namespace states
