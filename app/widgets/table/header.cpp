// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/table/header.h"

#include "app/widgets/paint.h"
#include "app/widgets/table/roles.h"

#include <QContextMenuEvent>
#include <QMenu>
#include <QSettings>

using namespace Qt::StringLiterals;
using theme::kUnit;

namespace table {

Header::Header(const theme::Theme& theme, const QString& name, bool tree, QWidget* parent)
    : QHeaderView(Qt::Horizontal, parent)
    , m_theme(theme)
    , m_name(name)
    , m_tree(tree)
{
    setSectionsMovable(true);
    setSectionsClickable(true);
    setHighlightSections(false);
    setStretchLastSection(false);
    setMinimumSectionSize(40);
    setFont(theme.font(QFont::Medium));
    setFirstSectionMovable(!tree);
    connect(this, &QHeaderView::sectionClicked, this, &Header::requestSort);
    connect(this, &QHeaderView::sectionResized, this, [this](int column, int, int size) {
        if (m_fitting || size == 0)
            return;
        if (model()->headerData(column, Qt::Horizontal, ColumnWidthRole).toInt() > 0)
            m_widths.insert(key(column), size * 100 / m_theme.zoom());
        fit(m_width);
        save();
    });
    connect(this, &QHeaderView::sectionMoved, this, [this] {
        if (!m_fitting)
            save();
    });
}

QSize Header::sizeHint() const
{
    return {0, m_theme.row()};
}

void Header::setModel(QAbstractItemModel* model)
{
    QHeaderView::setModel(model);
    if (!model)
        return;
    connect(
        model, &QAbstractItemModel::headerDataChanged, viewport(), qOverload<>(&QWidget::update));
    load();
}

void Header::fit(int width)
{
    m_width = width;
    if (!model())
        return;
    m_fitting = true;
    int rest = width;
    int stretch = -1;
    for (int i = 0; i < count(); ++i) {
        const auto fact = [&](int role) { return model()->headerData(i, Qt::Horizontal, role); };
        const int wanted = fact(ColumnWidthRole).toInt();
        setSectionHidden(
            i, m_hidden.contains(key(i)) || width < m_theme.px(fact(ColumnHideBelowRole).toInt()));
        if (isSectionHidden(i))
            continue;
        if (wanted == 0 && stretch < 0) {
            stretch = i;
            continue;
        }
        const int size = m_theme.px(m_widths.value(key(i), wanted > 0 ? wanted : 160));
        resizeSection(i, size);
        rest -= size;
    }
    if (stretch >= 0)
        resizeSection(stretch, std::max(rest, m_theme.px(120)));
    m_fitting = false;
}

int Header::leading(int column) const
{
    if (visualIndex(column) != 0)
        return kUnit;
    return (m_tree ? 3 : 2) * kUnit;
}

int Header::trailing(int column) const
{
    for (int visual = count() - 1; visual >= 0; --visual)
        if (!isSectionHidden(logicalIndex(visual)))
            return logicalIndex(visual) == column ? 2 * kUnit : kUnit;
    return kUnit;
}

void Header::paintSection(QPainter* painter, const QRect& rect, int column) const
{
    const auto fact = [&](int role) { return model()->headerData(column, Qt::Horizontal, role); };
    painter->fillRect(rect, m_theme.surface);
    painter->fillRect(rect.left(), rect.bottom(), rect.width(), 1, m_theme.line);
    painter->setFont(m_theme.font(QFont::Medium));
    const bool right = static_cast<Kind>(fact(ColumnKindRole).toInt()) == Kind::Figure;
    const int sorted = fact(ColumnSortedRole).toInt();
    const QString text = fact(Qt::DisplayRole).toString();
    QRect words = rect.adjusted(leading(column), 0, -trailing(column), -1);
    const int arrow = sorted != 0 ? 14 : 0;
    const int wanted
        = static_cast<int>(std::ceil(QFontMetricsF(painter->font()).horizontalAdvance(text)))
        + arrow;
    if (right)
        words.setLeft(std::max(words.left(), words.right() + 1 - wanted));
    const int taken = paint::line(*painter, words.adjusted(0, 0, -arrow, 0), text,
        sorted != 0 ? m_theme.text : m_theme.muted);
    if (sorted == 0)
        return;
    painter->save();
    painter->translate(words.left() + taken + 9, words.center().y() + 1);
    if (sorted > 0)
        painter->rotate(180);
    paint::chevron(*painter, {0, 0}, m_theme.text);
    painter->restore();
}

void Header::requestSort(int column)
{
    if (!model()->headerData(column, Qt::Horizontal, ColumnSortableRole).toBool())
        return;
    const int sorted = model()->headerData(column, Qt::Horizontal, ColumnSortedRole).toInt();
    // Numbers and times are asked for from the largest and the latest first.
    const bool figure
        = static_cast<Kind>(model()->headerData(column, Qt::Horizontal, ColumnKindRole).toInt())
        == Kind::Figure;
    const bool descending = sorted == 0 ? figure : sorted > 0;
    model()->sort(column, descending ? Qt::DescendingOrder : Qt::AscendingOrder);
    viewport()->update();
}

void Header::changeEvent(QEvent* event)
{
    QHeaderView::changeEvent(event);
    if (event->type() != QEvent::StyleChange)
        return;
    updateGeometry();
    if (m_width > 0)
        fit(m_width);
}

void Header::contextMenuEvent(QContextMenuEvent* event)
{
    QMenu menu;
    addColumnActions(&menu);
    menu.exec(event->globalPos());
}

void Header::addColumnActions(QMenu* menu)
{
    auto* sort = menu->addMenu(tr("Sort by"));
    auto* shown = menu->addMenu(tr("Columns"));
    for (int visual = 0; visual < count(); ++visual) {
        const int column = logicalIndex(visual);
        const QString title = model()->headerData(column, Qt::Horizontal).toString();
        if (model()->headerData(column, Qt::Horizontal, ColumnSortableRole).toBool())
            connect(sort->addAction(title), &QAction::triggered, this,
                [=, this] { requestSort(column); });
        auto* action = shown->addAction(title);
        action->setCheckable(true);
        action->setChecked(isColumnShown(column));
        action->setEnabled(visual > 0);
        connect(
            action, &QAction::toggled, this, [=, this](bool on) { setColumnShown(column, on); });
    }
    shown->addSeparator();
    connect(shown->addAction(tr("As they were")), &QAction::triggered, this, &Header::resetColumns);
}

void Header::setColumnShown(int column, bool shown)
{
    if (shown)
        m_hidden.remove(key(column));
    else
        m_hidden.insert(key(column));
    fit(m_width);
    save();
}

bool Header::isColumnShown(int column) const
{
    return !m_hidden.contains(key(column));
}

void Header::resetColumns()
{
    m_widths.clear();
    m_hidden.clear();
    m_fitting = true;
    for (int i = 0; i < count(); ++i)
        moveSection(visualIndex(i), i);
    fit(m_width);
    save();
}

QString Header::key(int column) const
{
    return model()->headerData(column, Qt::Horizontal, ColumnKeyRole).toString();
}

void Header::load()
{
    QSettings settings;
    settings.beginGroup(u"columns/"_s + m_name);
    m_hidden.clear();
    m_widths.clear();
    for (const QString& one : settings.value(u"hidden"_s).toStringList())
        m_hidden.insert(one);
    const QVariantMap widths = settings.value(u"widths"_s).toMap();
    for (auto it = widths.begin(); it != widths.end(); ++it)
        m_widths.insert(it.key(), it.value().toInt());
    m_fitting = true;
    int place = 0;
    for (const QString& one : settings.value(u"order"_s).toStringList())
        for (int i = 0; i < count(); ++i)
            if (key(i) == one)
                moveSection(visualIndex(i), place++);
    m_fitting = false;
}

void Header::save() const
{
    QSettings settings;
    settings.beginGroup(u"columns/"_s + m_name);
    settings.setValue(u"hidden"_s, QStringList(m_hidden.begin(), m_hidden.end()));
    QVariantMap widths;
    for (auto it = m_widths.begin(); it != m_widths.end(); ++it)
        widths.insert(it.key(), it.value());
    settings.setValue(u"widths"_s, widths);
    QStringList order;
    for (int visual = 0; visual < count(); ++visual)
        order.append(key(logicalIndex(visual)));
    settings.setValue(u"order"_s, order);
}

} // namespace table
