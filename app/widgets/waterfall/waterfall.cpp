// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/waterfall/waterfall.h"

#include "app/widgets/paint.h"

#include <QAbstractTableModel>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLocale>
#include <QPainter>
#include <QStyledItemDelegate>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;
using theme::kUnit;

namespace {

enum Column { Name, Owner, Time, Columns };

constexpr int kIndent = 2 * kUnit;
constexpr int kDeepest = 12; ///< Deeper ones are not indented further: the name has to fit.
constexpr int kOwnerWidth = 96;
constexpr int kOwnerFrom = 620; ///< Narrower than that the owner gives way.
constexpr int kRoom = 9 * kUnit; ///< On the right, for the longest bar's length.
constexpr double kMostTicks = 6;

/// 1, 2 or 5 times a power of ten, so that there are a few ticks.
double tickOf(double range)
{
    const double least = std::max(range, 1e-3) / kMostTicks;
    const double power = std::pow(10, std::floor(std::log10(least)));
    for (const double step : {1.0, 2.0, 5.0})
        if (step * power >= least)
            return step * power;
    return 10 * power;
}

double across(const QRect& area, double ms, double range)
{
    return area.left() + area.width() * ms / range;
}

} // namespace

class Waterfall::Model final : public QAbstractTableModel {
public:
    using QAbstractTableModel::QAbstractTableModel;

    void setBars(QList<Bar> bars)
    {
        beginResetModel();
        m_bars = std::move(bars);
        m_range = 0.001;
        for (const Bar& bar : m_bars)
            m_range = std::max(m_range, bar.start + bar.length);
        endResetModel();
    }

    const Bar& bar(int row) const { return m_bars[row]; }
    double range() const { return m_range; }

    int rowCount(const QModelIndex& parent = {}) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(m_bars.size());
    }
    int columnCount(const QModelIndex& parent = {}) const override
    {
        return parent.isValid() ? 0 : Columns;
    }
    /// What is drawn, in words: screen readers and tests have the same.
    QVariant data(const QModelIndex& index, int role) const override
    {
        const Bar& bar = m_bars[index.row()];
        if (role == Qt::ToolTipRole)
            return bar.tip;
        if (role != Qt::DisplayRole)
            return {};
        switch (index.column()) {
        case Name:
            return bar.name;
        case Owner:
            return bar.owner;
        default:
            return bar.failed && !bar.outcome.isEmpty()
                ? lengthText(bar.length) + u", "_s + bar.outcome
                : lengthText(bar.length);
        }
    }
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override
    {
        if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
            return {};
        return section == Name ? Waterfall::tr("Operation")
            : section == Owner ? Waterfall::tr("Service")
                               : Waterfall::tr("Time");
    }

private:
    QList<Bar> m_bars;
    double m_range = 1;
};

/// The heading of the bars is their ruler.
class Waterfall::Ruler final : public QHeaderView {
public:
    Ruler(const theme::Theme& theme, const Model& model, QWidget* parent)
        : QHeaderView(Qt::Horizontal, parent)
        , m_theme(theme)
        , m_model(model)
    {
        setSectionsClickable(false);
        setStretchLastSection(false);
        setMinimumSectionSize(1);
    }

    QSize sizeHint() const override { return {0, m_theme.row()}; }

protected:
    void paintSection(QPainter* painter, const QRect& rect, int section) const override
    {
        painter->save();
        painter->fillRect(rect, m_theme.surface);
        painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), m_theme.line);
        if (section == Time)
            paintRuler(*painter, rect);
        else
            paint::line(*painter, rect.adjusted(section == Name ? 3 * kUnit : kUnit, 0, -kUnit, 0),
                m_model.headerData(section, Qt::Horizontal, Qt::DisplayRole).toString(),
                m_theme.muted);
        painter->restore();
    }

private:
    void paintRuler(QPainter& painter, const QRect& rect) const
    {
        const QRect area = rect.adjusted(kUnit, 0, -m_theme.px(kRoom), 0);
        painter.setFont(m_theme.captionFont());
        const double range = m_model.range();
        const double tick = tickOf(range);
        for (int i = 0; i <= static_cast<int>(range / tick); ++i) {
            const double at = i * tick;
            const double x = across(area, at, range);
            painter.fillRect(QRectF(x, rect.bottom() - 7, 1, 7), m_theme.control);
            painter.setPen(m_theme.muted);
            const QRectF place(x + 4, rect.top(), rect.right() - x - 4, rect.height());
            const QString text = lengthText(at);
            if (QFontMetricsF(painter.font()).horizontalAdvance(text) <= place.width())
                painter.drawText(place, Qt::AlignVCenter, text);
        }
    }

    const theme::Theme& m_theme;
    const Model& m_model;
};

/// Bars in neutral; what was waited for in the accent; a failed one in its state's colour and
/// shape.
class Waterfall::Painter final : public QStyledItemDelegate {
public:
    Painter(const theme::Theme& theme, const Model& model, QObject* parent)
        : QStyledItemDelegate(parent)
        , m_theme(theme)
        , m_model(model)
    {
    }

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override
    {
        return {0, m_theme.denseRow()};
    }

    void paint(
        QPainter* p, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const Bar& bar = m_model.bar(index.row());
        const bool selected = option.state.testFlag(QStyle::State_Selected);
        p->save();
        p->fillRect(option.rect, selected ? m_theme.selected : m_theme.surface);
        p->setFont(m_theme.font());
        if (index.column() == Name) {
            const int indent = 3 * kUnit + std::min(bar.depth, kDeepest) * kIndent;
            paint::line(*p, option.rect.adjusted(indent, 0, -kUnit, 0), bar.name, m_theme.text);
        } else if (index.column() == Owner) {
            paint::line(*p, option.rect.adjusted(kUnit, 0, -kUnit, 0), bar.owner, m_theme.muted);
        } else {
            paintBar(*p, option.rect, bar, index.row(), selected);
        }
        p->restore();
        const auto* view = static_cast<const QTableView*>(option.widget);
        if (index.row() == view->currentIndex().row() && view->hasFocus())
            paintFocus(*p, option.rect, *view);
    }

private:
    /// One ring around the whole row, of which each cell draws its part.
    void paintFocus(QPainter& p, const QRect& cell, const QTableView& view) const
    {
        p.save();
        p.setClipRect(cell);
        const int left = view.columnViewportPosition(Name);
        paint::focusRing(
            p, QRect(left, cell.top(), view.viewport()->width() - left, cell.height()), m_theme);
        p.restore();
    }

    void paintBar(QPainter& p, const QRect& cell, const Bar& bar, int row, bool selected) const
    {
        const QRect area = cell.adjusted(kUnit, 0, -m_theme.px(kRoom), 0);
        const double range = m_model.range();
        const double tick = tickOf(range);
        for (int i = 0; i <= static_cast<int>(range / tick); ++i)
            p.fillRect(
                QRectF(across(area, i * tick, range), cell.top(), 1, cell.height()), m_theme.line);
        p.setRenderHint(QPainter::Antialiasing);
        p.setPen(Qt::NoPen);
        paintHandovers(p, cell, area, row);
        const double left = across(area, bar.start, range);
        const double right = std::max(left + 2, across(area, bar.start + bar.length, range));
        const double height = m_theme.px(10);
        const double top = cell.top() + (cell.height() - height) / 2.0;
        const QColor bad = m_theme.ink(theme::Tone::Bad).text;
        p.setBrush(bar.failed ? bad : m_theme.bar);
        p.drawRoundedRect(QRectF(left, top, right - left, height), 2, 2);
        p.setBrush(m_theme.accent);
        for (const auto& [from, until] : bar.waitedFor) {
            if (bar.failed)
                break;
            const double x = across(area, from, range);
            p.drawRoundedRect(
                QRectF(x, top, std::max(2.0, across(area, until, range) - x), height), 2, 2);
        }
        paintLength(p, cell, bar, left, right, selected);
    }

    /// To the right of the bar, or to its left where the right has no room.
    void paintLength(QPainter& p, const QRect& cell, const Bar& bar, double left, double right,
        bool selected) const
    {
        p.setFont(m_theme.captionFont());
        const QFontMetricsF metrics(p.font());
        const double mark = bar.failed ? 15 : 0;
        const auto widthOf
            = [&](const QString& words) { return mark + metrics.horizontalAdvance(words) + 1; };
        QString text = lengthText(bar.length);
        if (bar.failed && !bar.outcome.isEmpty()) {
            // How it failed as well, where there is room on either side.
            const QString longer = text + u", "_s + bar.outcome;
            const double room = std::max(cell.right() - right, left - cell.left()) - kUnit;
            if (widthOf(longer) < room)
                text = longer;
        }
        const double width = widthOf(text);
        const bool fits = right + kUnit + width < cell.right();
        const double x = fits ? right + kUnit : std::max(left - kUnit - width, cell.left() + 2.0);
        p.fillRect(QRectF(x - 2, cell.center().y() - 8, width + 4, 16),
            selected ? m_theme.selected : m_theme.surface);
        const QColor colour = bar.failed ? m_theme.ink(theme::Tone::Bad).text : m_theme.muted;
        if (bar.failed)
            paint::shape(
                p, QRectF(x - 1, cell.center().y() - 5, 12, 12), theme::Shape::Square, colour);
        p.setPen(colour);
        p.drawText(QRectF(x + mark, cell.top(), width, cell.height()), Qt::AlignVCenter, text);
    }

    /// The thin uprights by which the wait steps from a piece of work to the one within.
    void paintHandovers(QPainter& p, const QRect& cell, const QRect& area, int row) const
    {
        p.setBrush(m_theme.accent);
        for (int child = std::max(row, 1); child < m_model.rowCount(); ++child) {
            const Bar& bar = m_model.bar(child);
            if (bar.depth == 0)
                break; // Whatever follows belongs to another root.
            if (bar.waitedFor.isEmpty())
                continue;
            int parent = child - 1;
            while (parent > 0 && m_model.bar(parent).depth >= bar.depth)
                --parent;
            if (row < parent)
                continue;
            const double middle = cell.center().y();
            const double top = row == parent ? middle : cell.top();
            const double bottom = row == child ? middle : cell.bottom() + 1;
            for (const double at : {bar.waitedFor.first().first, bar.waitedFor.last().second})
                p.drawRect(
                    QRectF(std::floor(across(area, at, m_model.range())), top, 1, bottom - top));
        }
    }

    const theme::Theme& m_theme;
    const Model& m_model;
};

Waterfall::Waterfall(const theme::Theme& theme, QWidget* parent)
    : QTableView(parent)
    , m_theme(theme)
    , m_model(new Model(this))
{
    setModel(m_model);
    setHorizontalHeader(new Ruler(theme, *m_model, this));
    setItemDelegate(new Painter(theme, *m_model, this));
    verticalHeader()->hide();
    verticalHeader()->setMinimumSectionSize(1);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(theme.denseRow());
    setShowGrid(false);
    setFrameShape(NoFrame);
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTabKeyNavigation(false);
    setEditTriggers(NoEditTriggers);
    connect(this, &QTableView::doubleClicked, this,
        [this](const QModelIndex& index) { Q_EMIT opened(index.row()); });
}

void Waterfall::setBars(QList<Bar> bars)
{
    m_model->setBars(std::move(bars));
    fit();
}

void Waterfall::setCurrent(int bar)
{
    setCurrentIndex(m_model->index(bar, Name));
    scrollTo(currentIndex(), PositionAtCenter);
}

QString Waterfall::lengthText(double milliseconds)
{
    const QLocale locale;
    if (milliseconds >= 1'000)
        return tr("%1 s").arg(locale.toString(milliseconds / 1'000, 'g', 4));
    if (milliseconds >= 10 || milliseconds == 0)
        return tr("%1 ms").arg(locale.toString(milliseconds, 'f', 0));
    return tr("%1 ms").arg(locale.toString(milliseconds, 'g', 2));
}

void Waterfall::fit()
{
    const int width = viewport()->width();
    const int owner = width < m_theme.px(kOwnerFrom) ? 0 : m_theme.px(kOwnerWidth);
    setColumnHidden(Owner, owner == 0);
    const int name = (width - owner) * 2 / 5;
    setColumnWidth(Name, name);
    if (owner > 0)
        setColumnWidth(Owner, owner);
    setColumnWidth(Time, width - owner - name);
}

void Waterfall::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    fit();
}

void Waterfall::changeEvent(QEvent* event)
{
    QTableView::changeEvent(event);
    if (event->type() != QEvent::StyleChange)
        return;
    verticalHeader()->setDefaultSectionSize(m_theme.denseRow());
    fit();
}

void Waterfall::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_J:
    case Qt::Key_K: {
        const int next = current() + (event->key() == Qt::Key_J ? 1 : -1);
        if (next >= 0 && next < m_model->rowCount())
            setCurrentIndex(m_model->index(next, Name));
        return;
    }
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (current() >= 0)
            Q_EMIT opened(current());
        return;
    case Qt::Key_Escape:
        Q_EMIT escaped();
        return;
    default:
        break;
    }
    // Letters are the window's and the page's shortcuts, not a search by first letter.
    const bool plain = !(event->modifiers() & ~(Qt::KeypadModifier | Qt::ShiftModifier));
    if (plain && !event->text().isEmpty() && event->text().front().isLetterOrNumber())
        event->ignore();
    else
        QTableView::keyPressEvent(event);
}

void Waterfall::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QTableView::currentChanged(current, previous);
    viewport()->update();
    Q_EMIT currentBarChanged(current.row());
}
