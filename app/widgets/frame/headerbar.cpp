// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/frame/headerbar.h"

#include <QBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QTimer>

using namespace parts;
using namespace Qt::StringLiterals;
using theme::kUnit;

namespace frame {

constexpr int kPauseMs = 150;

HeaderBar::HeaderBar(const theme::Theme& theme, const QString& environment, QWidget* parent)
    : Area(theme, &theme::Theme::surface, parent)
    , m_theme(theme)
    , m_title(new Label(theme, {}, theme::Role::Text, Face::Title))
    , m_views(new Chip(theme, {}, {}, Chip::Glyph::Chevron))
    , m_chips(new QHBoxLayout)
    , m_chipCount(new Chip(theme, tr("Filters"), {}, Chip::Glyph::Chevron))
    , m_add(iconButton(theme, u"list-add"_s, tr("Add a filter (F)")))
    , m_search(new QLineEdit)
    , m_keys(keyCap(theme, u"Ctrl+K"_s))
    , m_live(new Badge(theme))
    , m_pause(new QTimer(this))
{
    setFixedHeight(theme.px(7 * kUnit));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(2 * kUnit, 0, 2 * kUnit, 0);
    row->setSpacing(kUnit);
    row->addWidget(m_title);
    row->addSpacing(kUnit);
    row->addWidget(m_views);
    row->addSpacing(kUnit);
    m_chips->setSpacing(kUnit);
    row->addLayout(m_chips);
    row->addWidget(m_chipCount);
    row->addWidget(m_add);
    row->addStretch(1);

    m_search->addAction(theme.icon(u"search"_s), QLineEdit::LeadingPosition);
    m_search->setMinimumWidth(176);
    m_search->setMaximumWidth(288);
    m_search->installEventFilter(this);
    auto* inside = new QHBoxLayout(m_search);
    inside->setContentsMargins(0, 0, kUnit, 0);
    inside->addStretch(1);
    inside->addWidget(m_keys);
    row->addWidget(m_search, 4);
    row->addSpacing(kUnit);
    row->addWidget(environmentPill(theme, environment));
    row->addWidget(m_live);

    m_pause->setSingleShot(true);
    m_pause->setInterval(kPauseMs);
    connect(m_pause, &QTimer::timeout, this, [this] { Q_EMIT searched(m_search->text()); });
    connect(m_search, &QLineEdit::textEdited, m_pause, qOverload<>(&QTimer::start));
    connect(m_search, &QLineEdit::textChanged, this,
        [this](const QString& text) { m_keys->setVisible(text.isEmpty()); });
    connect(m_views, &QPushButton::clicked, this, [this] {
        QMenu menu;
        for (int i = 0; i < m_viewNames.size(); ++i) {
            auto* action = menu.addAction(m_viewNames[i]);
            action->setCheckable(true);
            action->setChecked(i == m_view);
            connect(action, &QAction::triggered, this, [this, i] { Q_EMIT viewChosen(i); });
        }
        menu.exec(m_views->mapToGlobal(QPoint(0, m_views->height() + 4)));
    });
    connect(m_add, &QPushButton::clicked, this, &HeaderBar::openFilterMenu);
    connect(m_chipCount, &QPushButton::clicked, this, [this] {
        QMenu menu;
        for (const Filter& filter : m_filters)
            connect(menu.addAction(tr("Remove: %1 %2").arg(filter.subject, filter.value)),
                &QAction::triggered, this, [this, key = filter.key] { Q_EMIT filterRemoved(key); });
        menu.exec(m_chipCount->mapToGlobal(QPoint(0, m_chipCount->height() + 4)));
    });
}

void HeaderBar::setTitle(const QString& title)
{
    m_title->setText(title);
}

void HeaderBar::setViews(const QStringList& views, int current)
{
    m_viewNames = views;
    m_view = current;
    m_views->setVisible(!views.isEmpty());
    m_views->setWords({}, views.value(current));
}

void HeaderBar::setFilters(const QList<Filter>& filters, bool canAdd)
{
    m_add->setVisible(canAdd);
    if (filters == m_filters)
        return;
    m_filters = filters;
    rebuildChips();
}

void HeaderBar::rebuildChips()
{
    while (QLayoutItem* old = m_chips->takeAt(0)) {
        old->widget()->hide();
        old->widget()->deleteLater();
        delete old;
    }
    for (const Filter& filter : m_filters) {
        auto* chip = new Chip(m_theme, filter.subject, filter.value, Chip::Glyph::Cross);
        chip->setToolTip(tr("The cross or Delete removes this filter"));
        connect(
            chip, &Chip::crossed, this, [this, key = filter.key] { Q_EMIT filterRemoved(key); });
        m_chips->addWidget(chip);
        chip->setVisible(!m_narrow);
    }
    m_chipCount->setWords(tr("Filters"), QString::number(m_filters.size()));
    m_chipCount->setVisible(m_narrow && !m_filters.isEmpty());
}

void HeaderBar::setSearch(const QString& hint, const QString& text)
{
    m_search->setEnabled(true);
    m_search->setPlaceholderText(hint.isEmpty() ? tr("Search everything") : hint);
    m_search->setReadOnly(hint.isEmpty());
    if (!m_search->hasFocus() && !m_pause->isActive() && m_search->text() != text)
        m_search->setText(text);
}

void HeaderBar::setLive(const theme::Status& status, const QString& details)
{
    m_live->setStatus(status);
    m_live->setToolTip(details);
}

void HeaderBar::setNarrow(bool narrow)
{
    m_narrow = narrow;
    for (int i = 0; i < m_chips->count(); ++i)
        m_chips->itemAt(i)->widget()->setVisible(!narrow);
    m_chipCount->setVisible(narrow && !m_filters.isEmpty());
}

void HeaderBar::focusSearch()
{
    if (m_search->isReadOnly()) {
        Q_EMIT paletteWanted();
        return;
    }
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void HeaderBar::openFilterMenu()
{
    if (!m_add->isVisible())
        return;
    QMenu menu;
    Q_EMIT filterMenuWanted(&menu);
    if (!menu.isEmpty())
        menu.exec(m_add->mapToGlobal(QPoint(0, m_add->height() + 4)));
}

QString HeaderBar::searchText() const
{
    return m_search->text();
}

bool HeaderBar::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_search && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_Escape) {
            if (!m_search->text().isEmpty()) {
                m_search->clear();
                Q_EMIT searched({});
            } else {
                Q_EMIT searchDone();
            }
            return true;
        }
        if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter
            || key->key() == Qt::Key_Down) {
            if (m_pause->isActive()) {
                m_pause->stop();
                Q_EMIT searched(m_search->text());
            }
            Q_EMIT searchDone();
            return true;
        }
    }
    if (watched == m_search && event->type() == QEvent::MouseButtonPress
        && m_search->isReadOnly()) {
        Q_EMIT paletteWanted();
        return true;
    }
    return Area::eventFilter(watched, event);
}

void HeaderBar::changeEvent(QEvent* event)
{
    Area::changeEvent(event);
    if (event->type() == QEvent::StyleChange)
        setFixedHeight(m_theme.px(7 * kUnit));
}

} // namespace frame
