// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/charts/plotlook.h"

#include "app/widgets/charts/plot.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;
using theme::kUnit;

namespace plotlook {
namespace {

constexpr int kBetween = 40; ///< Pixels from one time on the axis to the next, at least.
constexpr int kMostTicks = 6;
constexpr qsizetype kDense = 1'000; ///< Points: more than a chart has pixels.

const QString kSelection = u"selection"_s;

/// Every tick says its unit, so that a chart can be read without its title.
class WordTicker final : public QCPAxisTicker {
public:
    WordTicker(std::function<QString(double)> words, bool whole)
        : m_words(std::move(words))
        , m_whole(whole)
    {
        setTickCount(3);
        setTickStepStrategy(tssReadability);
    }

protected:
    double getTickStep(const QCPRange& range) override
    {
        const double step = QCPAxisTicker::getTickStep(range);
        return m_whole ? std::max(1.0, step) : step;
    }
    QString getTickLabel(double tick, const QLocale&, QChar, int) override { return m_words(tick); }
    int getSubTickCount(double) override { return 0; }

private:
    std::function<QString(double)> m_words;
    bool m_whole;
};

} // namespace

void style(QCustomPlot& plot, const theme::Theme& theme,
    const std::function<QString(double)>& words, bool whole)
{
    plot.setBackground(theme.surface);
    // Piece by piece: as one path of thousands of points Qt's rasteriser needs a second for a line.
    plot.setPlottingHint(QCP::phFastPolylines, true);
    plot.axisRect()->setAutoMargins(QCP::msNone); // Fixed, so that charts line up.
    plot.axisRect()->setMargins(
        {theme.px(9 * kUnit), kUnit + 4, 2 * kUnit, theme.px(3 * kUnit + 4)});
    for (QCPAxis* axis : {plot.xAxis, plot.yAxis}) {
        axis->setBasePen(Qt::NoPen);
        axis->setTickPen(Qt::NoPen);
        axis->setSubTickPen(Qt::NoPen);
        axis->setTickLength(0);
        axis->setTickLabelPadding(kUnit);
        axis->setTickLabelFont(theme.captionFont());
        axis->setTickLabelColor(theme.muted);
        axis->grid()->setSubGridVisible(false);
        axis->grid()->setZeroLinePen(Qt::NoPen);
        axis->grid()->setPen(QPen(theme.line, 1));
    }
    plot.xAxis->grid()->setVisible(false);
    plot.yAxis->setTicker(QSharedPointer<WordTicker>::create(words, whole));
    auto ticker = QSharedPointer<QCPAxisTickerDateTime>::create();
    plot.xAxis->setTicker(ticker);
    showTimes(plot);
}

void showTimes(QCustomPlot& plot)
{
    const double span = plot.xAxis->range().size();
    const QString format = span > 2 * 86'400 ? u"d MMM"_s
        : span > 12 * 3'600                  ? u"ddd HH:mm"_s
        : span > 5 * 60                      ? u"HH:mm"_s
                                             : u"HH:mm:ss"_s;
    auto ticker = qSharedPointerCast<QCPAxisTickerDateTime>(plot.xAxis->ticker());
    ticker->setDateTimeFormat(format);
    const int each = QFontMetrics(plot.xAxis->tickLabelFont()).horizontalAdvance(format) + kBetween;
    ticker->setTickCount(std::clamp(plot.axisRect()->width() / each, 2, kMostTicks));
}

void addLine(QCustomPlot& plot, const theme::Theme& theme, const charts::Series& series)
{
    QCPGraph* graph = plot.addGraph();
    graph->setData(series.seconds, series.values, true);
    const QColor colour = charts::colour(theme, series.line);
    graph->setPen(QPen(colour, series.values.size() > kDense ? 1.0 : 1.5, Qt::SolidLine,
        Qt::RoundCap, Qt::RoundJoin));
    graph->setAdaptiveSampling(true);
    if (series.filled) {
        QColor fill = colour;
        fill.setAlphaF(0.08F);
        graph->setBrush(fill);
    }
}

void addGap(QCustomPlot& plot, const theme::Theme& theme, const charts::Gap& gap)
{
    auto* hatch = new QCPItemRect(&plot);
    hatch->topLeft->setTypeY(QCPItemPosition::ptAxisRectRatio);
    hatch->bottomRight->setTypeY(QCPItemPosition::ptAxisRectRatio);
    hatch->topLeft->setCoords(gap.from, 0);
    hatch->bottomRight->setCoords(gap.to, 1);
    hatch->setPen(Qt::NoPen);
    hatch->setBrush(QBrush(theme.line, Qt::BDiagPattern));
    hatch->setLayer(u"background"_s);
}

void addMoments(QCustomPlot& plot, const theme::Theme& theme, const QList<charts::Moment>& moments)
{
    constexpr int kPadding = 5;
    QList<charts::Moment> shown;
    for (const charts::Moment& moment : moments)
        if (plot.xAxis->range().contains(moment.seconds))
            shown.append(moment);
    std::ranges::stable_sort(shown, {}, &charts::Moment::seconds);
    const QFontMetrics metrics(theme.captionFont());
    double taken = plot.axisRect()->left(); // Up to here there are words, or a line.
    for (qsizetype i = 0; i < shown.size(); ++i) {
        const charts::Moment& moment = shown[i];
        const bool quiet = moment.tone == theme::Tone::Quiet;
        const QColor ink = quiet ? theme.bar : theme.ink(moment.tone).text;
        auto* line = new QCPItemLine(&plot);
        line->start->setTypeY(QCPItemPosition::ptAxisRectRatio);
        line->end->setTypeY(QCPItemPosition::ptAxisRectRatio);
        line->start->setCoords(moment.seconds, 0);
        line->end->setCoords(moment.seconds, 1);
        line->setPen(QPen(ink, 1));
        // Beside its line, where there is room; where there is none, the line has to do.
        const double x = plot.xAxis->coordToPixel(moment.seconds);
        const double next = i + 1 < shown.size() ? plot.xAxis->coordToPixel(shown[i + 1].seconds)
                                                 : plot.axisRect()->right();
        const double width = metrics.horizontalAdvance(moment.text) + 2 * kPadding;
        const bool right = x + width <= next;
        const bool left = !right && x - width >= taken;
        taken = right ? x + width : x;
        if (!right && !left)
            continue;
        auto* words = new QCPItemText(&plot);
        words->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
        words->position->setCoords(moment.seconds, 0);
        words->setPositionAlignment((right ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignTop);
        words->setText(moment.text);
        words->setFont(theme.captionFont());
        words->setColor(quiet ? theme.muted : ink);
        words->setPadding({kPadding, 0, kPadding, 1});
    }
}

void addLimit(QCustomPlot& plot, const theme::Theme& theme, double value, const QString& words)
{
    const QColor& ink = theme.ink(theme::Tone::Warn).text;
    auto* line = new QCPItemStraightLine(&plot);
    line->point1->setCoords(0, value);
    line->point2->setCoords(1, value);
    line->setPen(QPen(ink, 1, Qt::DotLine));
    auto* text = new QCPItemText(&plot);
    text->position->setTypeX(QCPItemPosition::ptAxisRectRatio);
    text->position->setCoords(0, value);
    text->setPositionAlignment(Qt::AlignLeft | Qt::AlignBottom);
    text->setText(words);
    text->setFont(theme.captionFont());
    text->setColor(ink);
    text->setPadding({5, 0, 5, 1});
}

void showSelection(QCustomPlot& plot, const theme::Theme& theme, double from, double to)
{
    hideSelection(plot);
    auto* rect = new QCPItemRect(&plot);
    rect->setObjectName(kSelection);
    rect->setLayer(u"overlay"_s);
    rect->topLeft->setTypeY(QCPItemPosition::ptAxisRectRatio);
    rect->bottomRight->setTypeY(QCPItemPosition::ptAxisRectRatio);
    rect->topLeft->setCoords(std::min(from, to), 0);
    rect->bottomRight->setCoords(std::max(from, to), 1);
    QColor fill = theme.accent;
    fill.setAlphaF(0.14F);
    rect->setBrush(fill);
    rect->setPen(Qt::NoPen);
    plot.layer(u"overlay"_s)->replot();
}

void hideSelection(QCustomPlot& plot)
{
    for (int i = plot.itemCount() - 1; i >= 0; --i)
        if (plot.item(i)->objectName() == kSelection)
            plot.removeItem(i);
    plot.layer(u"overlay"_s)->replot();
}

} // namespace plotlook
