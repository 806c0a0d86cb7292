// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/frame/sidebar.h"

#include "app/widgets/paint.h"
#include "app/widgets/parts.h"

#include <QBoxLayout>
#include <QEvent>
#include <QLocale>
#include <QPainter>
#include <QStyledItemDelegate>

using namespace Qt::StringLiterals;
using theme::kUnit;

namespace frame {
namespace {

enum Role { NameRole = Qt::UserRole + 1, IconRole, CountRole, HealthRole, SectionRole };

class EntryDelegate final : public QStyledItemDelegate {
public:
    EntryDelegate(const theme::Theme& theme, QListWidget* list)
        : QStyledItemDelegate(list)
        , m_theme(theme)
        , m_list(list)
    {
    }

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const override
    {
        if (index.data(SectionRole).toBool())
            return {0, narrow() ? 2 * kUnit : m_theme.px(5 * kUnit)};
        return {0, m_theme.row()};
    }

    void paint(
        QPainter* p, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        p->save();
        p->setRenderHint(QPainter::Antialiasing);
        if (index.data(SectionRole).toBool())
            section(*p, option.rect, index.data().toString());
        else
            entry(*p, option, index);
        p->restore();
    }

private:
    bool narrow() const { return m_list->width() < m_theme.px(kWide) - 1; }

    void section(QPainter& p, const QRect& rect, const QString& title) const
    {
        if (narrow()) {
            p.fillRect(rect.adjusted(16, 8, -16, -7), m_theme.line);
            return;
        }
        p.setFont(m_theme.font(QFont::Medium));
        paint::line(p, rect.adjusted(20, 12, -8, 0), title, m_theme.muted);
    }

    void entry(QPainter& p, const QStyleOptionViewItem& option, const QModelIndex& index) const
    {
        const bool current = option.state.testFlag(QStyle::State_Selected);
        const QRect r = option.rect.adjusted(kUnit, 1, -kUnit, -1);
        if (current || option.state.testFlag(QStyle::State_MouseOver)) {
            p.setPen(Qt::NoPen);
            p.setBrush(current ? m_theme.selected : m_theme.hover);
            p.drawRoundedRect(r, theme::kRadius, theme::kRadius);
        }
        m_theme
            .icon(
                index.data(IconRole).toString(), current ? theme::Role::Accent : theme::Role::Muted)
            .paint(&p, QRect(r.left() + 12, r.center().y() - 7, 16, 16));
        const QVariant health = index.data(HealthRole);
        if (health.isValid()) {
            const auto status = health.value<theme::Status>();
            const QRect dot(narrow() ? r.right() - 14 : r.right() - 20,
                narrow() ? r.top() + 3 : r.center().y() - 5, 12, 12);
            paint::shape(p, dot, status.shape, m_theme.ink(status.tone).text);
        }
        if (!narrow()) {
            const QString count = index.data(CountRole).toString();
            p.setFont(m_theme.font());
            const int taken = static_cast<int>(paint::figuresWidth(p.font(), count)) + 16;
            p.setPen(m_theme.muted);
            paint::figures(p, r.adjusted(0, 0, -9, 0), count);
            p.setFont(m_theme.font(current ? QFont::DemiBold : QFont::Normal));
            paint::line(p, r.adjusted(40, 0, -std::max(taken, health.isValid() ? 32 : 0), 0),
                index.data().toString(), m_theme.text);
        }
        if (current && m_list->hasFocus())
            paint::focusRing(p, r, m_theme);
    }

    const theme::Theme& m_theme;
    QListWidget* m_list;
};

} // namespace

Sidebar::Sidebar(const theme::Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_list(new QListWidget)
{
    auto* brand = new parts::Label(theme, u"Shopfleet"_s, theme::Role::Text, parts::Face::Strong);
    m_brand = brand;
    brand->setContentsMargins(20, 0, 0, 0);
    brand->setFixedHeight(theme.denseRow());
    m_list->setItemDelegate(new EntryDelegate(theme, m_list));
    m_list->setMouseTracking(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setAccessibleName(tr("Pages"));
    connect(m_list, &QListWidget::itemClicked, this, [this](QListWidgetItem* chosenItem) {
        Q_EMIT chosen(chosenItem->data(NameRole).toString());
    });
    connect(m_list, &QListWidget::itemActivated, this, [this](QListWidgetItem* chosenItem) {
        Q_EMIT chosen(chosenItem->data(NameRole).toString());
    });

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 2 * kUnit, 0, kUnit);
    column->setSpacing(2 * kUnit);
    column->addWidget(m_brand);
    column->addWidget(m_list);
    restyle();
}

void Sidebar::addSection(const QString& title)
{
    auto* entry = new QListWidgetItem(title, m_list);
    entry->setData(SectionRole, true);
    entry->setFlags(Qt::NoItemFlags);
}

void Sidebar::addPage(
    const QString& name, const QString& title, const QString& icon, const QString& keys)
{
    auto* entry = new QListWidgetItem(title, m_list);
    entry->setData(NameRole, name);
    entry->setData(IconRole, icon);
    entry->setToolTip(keys.isEmpty() ? title : tr("%1 (%2)").arg(title, keys));
}

QListWidgetItem* Sidebar::item(const QString& name) const
{
    for (int i = 0; i < m_list->count(); ++i)
        if (m_list->item(i)->data(NameRole).toString() == name)
            return m_list->item(i);
    return nullptr;
}

void Sidebar::setCount(const QString& name, std::optional<qint64> count)
{
    if (auto* entry = item(name))
        entry->setData(CountRole, count ? QLocale().toString(*count) : QString());
}

void Sidebar::setHealth(const QString& name, const std::optional<theme::Status>& health)
{
    if (auto* entry = item(name)) {
        entry->setData(HealthRole, health ? QVariant::fromValue(*health) : QVariant());
        entry->setData(Qt::AccessibleDescriptionRole, health ? health->word : QString());
    }
}

void Sidebar::setCurrent(const QString& name)
{
    if (auto* entry = item(name))
        m_list->setCurrentItem(entry);
    else
        m_list->clearSelection();
}

void Sidebar::setNarrow(bool narrow)
{
    m_narrow = narrow;
    restyle();
}

void Sidebar::restyle()
{
    setFixedWidth(m_narrow ? kNarrow : m_theme.px(kWide));
    m_list->setStyleSheet(u"QListWidget { background: %1; }"_s.arg(m_theme.chrome.name()));
    m_brand->setFixedHeight(m_theme.denseRow());
    static_cast<QLabel*>(m_brand)->setText(m_narrow ? u"SF"_s : u"Shopfleet"_s);
    m_list->doItemsLayout();
}

void Sidebar::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::StyleChange && m_list
        && !m_list->styleSheet().contains(m_theme.chrome.name()))
        restyle();
}

void Sidebar::paintEvent(QPaintEvent*)
{
    QPainter(this).fillRect(rect(), m_theme.chrome);
}

} // namespace frame
