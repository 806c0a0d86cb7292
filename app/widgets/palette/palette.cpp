// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/palette/palette.h"

#include "app/widgets/paint.h"
#include "app/widgets/parts.h"

#include <QBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QPointer>
#include <QStyledItemDelegate>

#include <algorithm>

using namespace Qt::StringLiterals;
using theme::kUnit;

namespace palette {
namespace {

enum Role { MoreRole = Qt::UserRole + 1, KeysRole, GroupRole, PlaceRole };

class EntryDelegate final : public QStyledItemDelegate {
public:
    EntryDelegate(const theme::Theme& theme, QObject* parent)
        : QStyledItemDelegate(parent)
        , m_theme(theme)
    {
    }

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const override
    {
        return {0, index.data(PlaceRole).isValid() ? m_theme.row() : m_theme.denseRow()};
    }

    void paint(
        QPainter* p, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        p->save();
        p->setRenderHint(QPainter::Antialiasing);
        const QRect r = option.rect.adjusted(kUnit, 0, -kUnit, 0);
        if (!index.data(PlaceRole).isValid()) {
            p->setFont(m_theme.font(QFont::Medium));
            paint::line(*p, r.adjusted(kUnit, 0, 0, 0), index.data().toString(), m_theme.muted);
            p->restore();
            return;
        }
        if (option.state.testFlag(QStyle::State_Selected)) {
            p->setPen(Qt::NoPen);
            p->setBrush(m_theme.selected);
            p->drawRoundedRect(r, theme::kRadius, theme::kRadius);
        }
        QRect words = r.adjusted(kUnit, 0, -kUnit, 0);
        const QString keys = index.data(KeysRole).toString();
        if (!keys.isEmpty()) {
            p->setFont(m_theme.captionFont());
            p->setPen(m_theme.muted);
            p->drawText(words, Qt::AlignRight | Qt::AlignVCenter, keys);
            words.setRight(words.right() - QFontMetrics(p->font()).horizontalAdvance(keys) - kUnit);
        }
        p->setFont(m_theme.font(QFont::Medium));
        const int taken = paint::line(*p, words, index.data().toString(), m_theme.text);
        p->setFont(m_theme.font());
        paint::line(*p, words.adjusted(taken + kUnit, 0, 0, 0), index.data(MoreRole).toString(),
            m_theme.muted);
        p->restore();
    }

private:
    const theme::Theme& m_theme;
};

} // namespace

bool matches(const QString& text, const QString& typed)
{
    for (const QString& word : typed.split(u' ', Qt::SkipEmptyParts)) {
        bool found = false;
        qsizetype at = -1;
        while (!found && (at = text.indexOf(word, at + 1, Qt::CaseInsensitive)) >= 0)
            found = at == 0 || !text[at - 1].isLetterOrNumber();
        if (!found)
            return false;
    }
    return true;
}

Palette::Palette(const theme::Theme& theme, QWidget* window)
    : QFrame(window)
    , m_theme(theme)
    , m_edit(new QLineEdit)
    , m_list(new QListWidget)
{
    setAutoFillBackground(true);
    setObjectName(u"palette"_s);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kUnit, kUnit, kUnit, kUnit);
    column->setSpacing(kUnit);
    m_edit->setPlaceholderText(tr("Order, customer, e-mail, SKU, page or command"));
    m_edit->addAction(theme.icon(u"search"_s), QLineEdit::LeadingPosition);
    m_edit->installEventFilter(this);
    m_list->setItemDelegate(new EntryDelegate(theme, m_list));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    column->addWidget(m_edit);
    column->addWidget(m_list);
    connect(m_edit, &QLineEdit::textChanged, this, &Palette::ask);
    connect(m_list, &QListWidget::itemClicked, this, &Palette::runCurrent);
    window->installEventFilter(this);
    hide();
}

void Palette::addProvider(const QString& group, Provider provider)
{
    m_groups.append({group, std::move(provider), {}, false});
}

void Palette::open(const QString& text)
{
    setStyleSheet(u"#palette { background: %1; border: 1px solid %2; border-radius: 8px; }"_s.arg(
        m_theme.surface.name(), m_theme.control.name()));
    const QWidget* window = parentWidget();
    const int width = std::min(window->width() - 8 * kUnit, m_theme.px(600));
    setGeometry((window->width() - width) / 2, 8 * kUnit, width,
        std::min(window->height() - 16 * kUnit, m_theme.px(440)));
    m_edit->setText(text);
    m_edit->selectAll();
    ask(text);
    show();
    QFrame::raise();
    m_edit->setFocus(Qt::PopupFocusReason);
}

void Palette::ask(const QString& text)
{
    const int question = ++m_question;
    m_runsWhenAnswered = false;
    const QPointer<Palette> self(this);
    for (qsizetype i = 0; i < m_groups.size(); ++i) {
        m_groups[i].waiting = true;
        m_groups[i].provider(text.trimmed(), [self, question, i](QList<Entry> entries) {
            if (!self || question != self->m_question)
                return;
            self->m_groups[i].entries = std::move(entries);
            self->m_groups[i].waiting = false;
            self->refill();
            if (self->m_runsWhenAnswered && !self->isWaiting())
                self->runCurrent();
        });
    }
}

void Palette::refill()
{
    const int wanted = std::max(0, m_list->currentRow());
    m_list->clear();
    bool waiting = false;
    for (qsizetype g = 0; g < m_groups.size(); ++g) {
        const Group& group = m_groups[g];
        waiting = waiting || group.waiting;
        if (group.entries.isEmpty())
            continue;
        auto* title = new QListWidgetItem(group.name, m_list);
        title->setFlags(Qt::NoItemFlags);
        for (qsizetype e = 0; e < group.entries.size(); ++e) {
            const Entry& entry = group.entries[e];
            auto* item = new QListWidgetItem(entry.title, m_list);
            item->setData(MoreRole, entry.more);
            item->setData(KeysRole, entry.keys);
            item->setData(GroupRole, g);
            item->setData(PlaceRole, e);
        }
    }
    if (m_list->count() == 0) {
        auto* none = new QListWidgetItem(
            waiting ? tr("Searching…") : tr("Nothing has this in its name or number"), m_list);
        none->setFlags(Qt::NoItemFlags);
        return;
    }
    m_list->setCurrentRow(std::min(wanted, m_list->count() - 1));
    if (!m_list->currentItem() || !m_list->currentItem()->data(PlaceRole).isValid())
        move(1);
}

void Palette::move(int step)
{
    int row = m_list->currentRow();
    for (int tries = 0; tries < m_list->count(); ++tries) {
        row = (row + step + m_list->count()) % m_list->count();
        if (m_list->item(row)->data(PlaceRole).isValid()) {
            m_list->setCurrentRow(row);
            return;
        }
    }
}

bool Palette::isWaiting() const
{
    return std::ranges::any_of(m_groups, &Group::waiting);
}

// What stands there may be from the text before: Return is for what was typed.
void Palette::runCurrent()
{
    if (isWaiting()) {
        m_runsWhenAnswered = true;
        return;
    }
    const QListWidgetItem* item = m_list->currentItem();
    if (!item || !item->data(PlaceRole).isValid())
        return;
    const auto run = m_groups[item->data(GroupRole).toLongLong()]
                         .entries[item->data(PlaceRole).toLongLong()]
                         .run;
    hide();
    if (run)
        run();
}

bool Palette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_edit && event->type() == QEvent::KeyPress) {
        switch (static_cast<QKeyEvent*>(event)->key()) {
        case Qt::Key_Down:
            move(1);
            return true;
        case Qt::Key_Up:
            move(-1);
            return true;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            runCurrent();
            return true;
        case Qt::Key_Escape:
            hide();
            return true;
        default:
            break;
        }
    }
    if (watched == m_edit && event->type() == QEvent::FocusOut)
        hide();
    return QFrame::eventFilter(watched, event);
}

} // namespace palette
