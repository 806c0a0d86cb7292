// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/frame/bars.h"

#include "app/widgets/paint.h"

#include <QBoxLayout>
#include <QEvent>
#include <QLocale>
#include <QPainter>
#include <QTimer>

using namespace parts;
using theme::kUnit;
using theme::Shape;
using theme::Tone;

namespace frame {

NoticeBar::NoticeBar(const theme::Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(2 * kUnit, 0, 4, 0);
    row->setSpacing(kUnit);
    setFixedHeight(theme.px(5 * kUnit));
    hide();
}

void NoticeBar::show(Tone tone, const QString& text, const QString& action, const QString& keys,
    std::function<void()> run)
{
    m_run = std::move(run);
    const bool same = tone == m_tone && text == m_text && action == m_action && keys == m_keys;
    if (same && !isHidden())
        return;
    m_tone = tone;
    m_text = text;
    m_action = action;
    m_keys = keys;
    rebuild();
    setVisible(true);
    update();
}

void NoticeBar::clear()
{
    m_run = {};
    m_text.clear();
    hide();
}

void NoticeBar::runAction()
{
    if (!isVisible() || !m_run)
        return;
    const auto run = m_run; // A copy: the action may clear the notice.
    run();
}

void NoticeBar::rebuild()
{
    auto* row = static_cast<QHBoxLayout*>(layout());
    while (QLayoutItem* old = row->takeAt(0)) {
        if (old->widget()) {
            old->widget()->hide();
            old->widget()->deleteLater();
        }
        delete old;
    }
    const Shape shape = m_tone == Tone::Bad ? Shape::Square
        : m_tone == Tone::Good              ? Shape::Tick
        : m_tone == Tone::Quiet             ? Shape::Disc
                                            : Shape::Triangle;
    row->addWidget(shapeMark(m_theme, shape, theme::role(m_tone)));
    row->addWidget(new ElidedLabel(m_theme, m_text), 1);
    if (!m_keys.isEmpty())
        row->addWidget(keyCap(m_theme, m_keys));
    if (!m_action.isEmpty()) {
        auto* action = button(m_action, "small");
        connect(action, &QPushButton::clicked, this, &NoticeBar::runAction);
        row->addWidget(action);
    }
    auto* close = iconButton(m_theme, {}, tr("Dismiss"));
    auto* inside = new QHBoxLayout(close);
    inside->setContentsMargins(0, 0, 0, 0);
    inside->addWidget(new Mark([] { return QSize(16, 16); },
        [&theme = m_theme](
            QPainter& p, const QRect& r) { paint::cross(p, QRectF(r).center(), theme.muted); }));
    connect(close, &QPushButton::clicked, this, [this] {
        clear();
        Q_EMIT dismissed();
    });
    row->addWidget(close);
}

void NoticeBar::paintEvent(QPaintEvent*)
{
    // What went wrong has the colour of its state; what merely happened stays quiet.
    const bool quiet = m_tone == Tone::Good || m_tone == Tone::Quiet;
    QPainter p(this);
    p.fillRect(rect(), quiet ? m_theme.surface : m_theme.ink(m_tone).tint);
    p.fillRect(0, 0, width(), 1, m_theme.line);
}

void NoticeBar::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::StyleChange)
        setFixedHeight(m_theme.px(5 * kUnit));
}

StatusBar::StatusBar(const theme::Theme& theme, QWidget* parent)
    : Area(theme, &theme::Theme::chrome, parent)
    , m_theme(theme)
    , m_left(new QHBoxLayout)
    , m_age(new Label(theme, {}, theme::Role::Muted))
    , m_job(new QWidget)
    , m_jobText(new Label(theme, {}, theme::Role::Text))
    , m_user(new Label(theme, {}, theme::Role::Muted))
    , m_tick(new QTimer(this))
{
    setFixedHeight(theme.px(3 * kUnit + 4));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(2 * kUnit, 0, 2 * kUnit, 0);
    row->setSpacing(3 * kUnit);
    m_left->setSpacing(3 * kUnit);
    row->addLayout(m_left);
    row->addWidget(m_age);
    auto* job = new QHBoxLayout(m_job);
    job->setContentsMargins(0, 0, 0, 0);
    job->setSpacing(kUnit);
    job->addWidget(shapeMark(theme, Shape::Quarter, theme::Role::Progress));
    job->addWidget(m_jobText);
    auto* cancel = button(tr("Cancel"), "link");
    connect(cancel, &QPushButton::clicked, this, [this] {
        if (m_cancel)
            m_cancel();
    });
    job->addWidget(cancel);
    m_job->hide();
    row->addWidget(m_job);
    row->addStretch(1);
    row->addWidget(m_user);
    m_tick->setInterval(500);
    connect(m_tick, &QTimer::timeout, this, &StatusBar::refreshAge);
}

void StatusBar::setTexts(const QStringList& texts)
{
    if (texts == m_texts)
        return;
    m_texts = texts;
    while (m_left->count() > texts.size()) {
        QLayoutItem* old = m_left->takeAt(m_left->count() - 1);
        old->widget()->deleteLater();
        delete old;
    }
    while (m_left->count() < texts.size())
        m_left->addWidget(new Label(m_theme, {}, theme::Role::Muted));
    for (int i = 0; i < texts.size(); ++i)
        static_cast<Label*>(m_left->itemAt(i)->widget())->setText(texts[i]);
}

void StatusBar::setUpdated(const QDateTime& at)
{
    m_updated = at;
    refreshAge();
}

void StatusBar::setUser(const QString& user)
{
    m_user->setText(user.isEmpty() ? QString() : tr("Signed in as %1").arg(user));
}

void StatusBar::setJob(const QString& text, std::function<void()> cancel)
{
    m_cancel = std::move(cancel);
    m_jobText->setText(text);
    m_job->setVisible(!text.isEmpty());
}

void StatusBar::refreshAge()
{
    m_age->setVisible(m_updated.isValid());
    if (!m_updated.isValid())
        return;
    const qint64 ms = std::max<qint64>(0, m_updated.msecsTo(QDateTime::currentDateTimeUtc()));
    const QString age = ms < 10'000
        ? tr("Updated %1 s ago").arg(QLocale().toString(static_cast<double>(ms) / 1000, 'f', 1))
        : ms < 120'000 ? tr("Updated %1 s ago").arg(ms / 1000)
                       : tr("Updated %1 min ago").arg(ms / 60'000);
    m_age->setText(age);
}

void StatusBar::showEvent(QShowEvent* event)
{
    Area::showEvent(event);
    m_tick->start();
}

void StatusBar::hideEvent(QHideEvent* event)
{
    Area::hideEvent(event);
    m_tick->stop();
}

void StatusBar::changeEvent(QEvent* event)
{
    Area::changeEvent(event);
    if (event->type() == QEvent::StyleChange)
        setFixedHeight(m_theme.px(3 * kUnit + 4));
}

} // namespace frame
