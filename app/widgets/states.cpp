// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/states.h"

#include "app/widgets/parts.h"

#include <QBoxLayout>
#include <QCoreApplication>
#include <QPainter>

using namespace parts;
using theme::kUnit;
using theme::Role;
using theme::Shape;
using theme::Tone;

namespace states {

Message empty(
    const QString& title, const QString& why, const QString& action, std::function<void()> run)
{
    return {Shape::Dashed, Tone::Quiet, title, why, action, std::move(run)};
}

Message filtered(
    const QString& title, const QString& why, const QString& clear, std::function<void()> run)
{
    return {Shape::Dashed, Tone::Quiet, title, why, clear, std::move(run)};
}

Message failed(const QString& title, const QString& why, std::function<void()> retry)
{
    return {Shape::Square, Tone::Bad, title, why,
        QCoreApplication::translate("states", "Try again"), std::move(retry)};
}

Message notPermitted(const QString& permission)
{
    return {Shape::Dashed, Tone::Quiet, QCoreApplication::translate("states", "Not permitted"),
        QCoreApplication::translate("states", "This needs the permission %1.").arg(permission), {},
        {}};
}

MessageView::MessageView(const theme::Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(3 * kUnit, 10 * kUnit, 3 * kUnit, 2 * kUnit);
}

void MessageView::show(const Message& message)
{
    auto* all = static_cast<QVBoxLayout*>(layout());
    while (QLayoutItem* old = all->takeAt(0)) {
        if (old->widget()) {
            old->widget()->hide();
            old->widget()->deleteLater();
        }
        delete old;
    }
    auto* card = new QWidget;
    const int width = m_theme.px(352);
    card->setFixedWidth(width);
    // Wrapped words ask for their height here: aligned in a layout, nobody would ask them.
    const auto wrap = [width](Label* label) {
        label->setWordWrap(true);
        label->setFixedWidth(width - 3 * kUnit);
        label->setMinimumHeight(label->heightForWidth(width - 3 * kUnit));
    };
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    auto* head = new QHBoxLayout;
    head->setSpacing(kUnit);
    head->addWidget(shapeMark(m_theme, message.shape, theme::role(message.tone)));
    auto* title = new Label(m_theme, message.title, Role::Text, Face::Strong);
    wrap(title);
    head->addWidget(title);
    head->addStretch(1);
    column->addLayout(head);
    auto* why = new Label(m_theme, message.why, Role::Muted);
    wrap(why);
    auto* indented = new QHBoxLayout;
    indented->setContentsMargins(3 * kUnit, 0, 0, 0);
    indented->addWidget(why);
    indented->addStretch(1);
    column->addLayout(indented);
    if (!message.action.isEmpty()) {
        auto* row = new QHBoxLayout;
        row->setContentsMargins(3 * kUnit, 4, 0, 0);
        auto* action = button(message.action, "small");
        connect(action, &QPushButton::clicked, this, [run = message.run] {
            if (run)
                run();
        });
        row->addWidget(action);
        row->addStretch(1);
        column->addLayout(row);
    }
    all->addWidget(card, 0, Qt::AlignHCenter | Qt::AlignTop);
    all->addStretch(1);
}

Skeleton::Skeleton(const theme::Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
{
    setAccessibleName(tr("Loading"));
}

void Skeleton::paintEvent(QPaintEvent*)
{
    QPainter p(this);
    p.fillRect(rect(), m_theme.surface);
    p.setRenderHint(QPainter::Antialiasing);
    const int row = m_theme.row();
    const int shares[] = {8, 12, 26, 10, 12};
    for (int y = row; y + row <= height(); y += row) {
        p.fillRect(0, y + row - 1, width(), 1, m_theme.line);
        p.setPen(Qt::NoPen);
        p.setBrush(m_theme.hover);
        int x = 2 * kUnit;
        for (int i = 0; i < 5; ++i) {
            const int room = (width() - 4 * kUnit) * shares[i] / 68;
            const int bar = room * (55 + (y / row * 37 + i * 23) % 35) / 100;
            p.drawRoundedRect(x, y + row / 2 - 5, bar, 10, 3, 3);
            x += room;
        }
    }
}

Pane::Pane(const theme::Theme& theme, QWidget* content, QWidget* parent)
    : QStackedWidget(parent)
    , m_content(content)
    , m_skeleton(new Skeleton(theme))
    , m_message(new MessageView(theme))
{
    addWidget(content);
    addWidget(m_skeleton);
    addWidget(m_message);
}

void Pane::raise(QWidget* widget)
{
    if (currentWidget() == widget)
        return;
    // The keyboard stays in the pane, and comes back to the content with it.
    const bool focused = isAncestorOf(focusWidget()) && focusWidget() && focusWidget()->hasFocus();
    setCurrentWidget(widget);
    if (focused)
        widget->setFocus();
}

void Pane::showContent()
{
    raise(m_content);
}

void Pane::showLoading()
{
    raise(m_skeleton);
}

void Pane::showMessage(const Message& message)
{
    m_message->show(message);
    raise(m_message);
}

} // namespace states
