// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/actionbar.h"

#include "app/widgets/parts.h"

#include <QEvent>
#include <QMenu>

#include <algorithm>

using namespace Qt::StringLiterals;
using theme::kUnit;

namespace panel {

ActionBar::ActionBar(QWidget* parent)
    : QWidget(parent)
    , m_more(parts::button(tr("More") + u" ▾"_s, "", this))
    , m_menu(new QMenu(m_more))
{
    m_more->setVisible(false);
    m_more->setMenu(m_menu);
    m_menu->setToolTipsVisible(true);
    connect(m_menu, &QMenu::aboutToShow, this, &ActionBar::fillMenu);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ActionBar::add(QPushButton* button, const QString& key)
{
    button->setParent(this);
    m_actions.append({button, key});
    updateGeometry();
    arrange();
}

void ActionBar::clear()
{
    for (const Action& action : m_actions) {
        if (!action.button)
            continue;
        action.button->hide();
        action.button->deleteLater();
    }
    m_actions.clear();
    updateGeometry();
    arrange();
}

QSize ActionBar::sizeHint() const
{
    QSize size(0, 0);
    for (const Action& action : m_actions) {
        const QSize button = action.button ? action.button->sizeHint() : QSize();
        size.rwidth() += button.width() + (size.width() > 0 ? kUnit : 0);
        size.setHeight(std::max(size.height(), button.height()));
    }
    return size;
}

QSize ActionBar::minimumSizeHint() const
{
    return {m_actions.isEmpty() ? 0 : m_more->sizeHint().width(), sizeHint().height()};
}

void ActionBar::arrange()
{
    const int needed = sizeHint().width();
    const bool fits = needed <= width();
    const int room = fits ? width() : width() - m_more->sizeHint().width() - kUnit;
    int x = 0;
    bool more = false;
    for (const Action& action : m_actions) {
        if (!action.button)
            continue;
        const QSize size = action.button->sizeHint();
        more = more || x + size.width() > room;
        action.button->setVisible(!more);
        if (more)
            continue;
        action.button->setGeometry(x, 0, size.width(), size.height());
        x += size.width() + kUnit;
    }
    m_more->setVisible(more);
    m_more->setGeometry(x, 0, m_more->sizeHint().width(), m_more->sizeHint().height());
}

void ActionBar::fillMenu()
{
    m_menu->clear();
    for (const Action& action : m_actions) {
        if (!action.button || action.button->isVisibleTo(this))
            continue;
        auto* item
            = m_menu->addAction(action.key.isEmpty() ? action.button->text()
                                                     : action.button->text() + u'\t' + action.key,
                action.button, &QPushButton::click);
        item->setToolTip(action.button->toolTip());
        item->setEnabled(action.button->isEnabled());
    }
}

void ActionBar::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

bool ActionBar::event(QEvent* event)
{
    // A button became busy, or the text grew.
    if (event->type() == QEvent::LayoutRequest || event->type() == QEvent::FontChange
        || event->type() == QEvent::StyleChange) {
        updateGeometry();
        arrange();
    }
    return QWidget::event(event);
}

} // namespace panel
