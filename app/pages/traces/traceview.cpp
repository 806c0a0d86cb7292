// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/traces/traceview.h"

#include "app/models/format.h"
#include "app/pages/traces/tracewords.h"
#include "app/widgets/paint.h"

#include <QBoxLayout>
#include <QLocale>
#include <QPainter>
#include <QRegularExpression>

#include <algorithm>
#include <map>

using namespace Qt::StringLiterals;
using namespace shopfleet::traces::v1;
using theme::kUnit;

namespace {

constexpr int kMostShares = 5;

double since(const google::protobuf::Timestamp& from, const google::protobuf::Timestamp& at)
{
    return static_cast<double>(at.seconds() - from.seconds()) * 1e3
        + (at.nanos() - from.nanos()) / 1e6;
}

QString codeOf(const Span& span)
{
    return format::text(span.status()).section(u':', 0, 0);
}

QList<Waterfall::Bar> barsOf(const Trace& trace)
{
    std::map<std::string, int> depths;
    QList<Waterfall::Bar> bars;
    for (const Span& span : trace.spans()) {
        const auto parent = depths.find(span.parent_span_id());
        const int depth = parent == depths.end() ? 0 : parent->second + 1;
        depths[span.span_id()] = depth;
        Waterfall::Bar bar;
        bar.depth = depth;
        bar.name = format::text(span.name());
        bar.owner = format::text(span.service());
        bar.start = since(trace.started_at(), span.start());
        bar.length = tracewords::milliseconds(span.duration());
        for (const Stretch& stretch : span.waited_for()) {
            const double from = since(trace.started_at(), stretch.start());
            bar.waitedFor.append({from, from + tracewords::milliseconds(stretch.duration())});
        }
        bar.failed = span.error();
        bar.outcome = codeOf(span);
        bar.tip = QStringList{bar.name, format::text(span.replica()), format::text(span.status())}
                      .filter(QRegularExpression(u"."_s))
                      .join(u'\n');
        bars.append(bar);
    }
    return bars;
}

} // namespace

/// Where the wait went, by service: the answer before the evidence.
class ShareBars final : public QWidget {
public:
    explicit ShareBars(const theme::Theme& theme)
        : m_theme(theme)
    {
    }

    void setShares(const QList<tracewords::Share>& shares)
    {
        m_total = 0;
        for (const auto& share : shares)
            m_total += share.milliseconds;
        m_shares = shares.mid(0, kMostShares);
        setFixedHeight(static_cast<int>(m_shares.size()) * m_theme.denseRow());
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter p(this);
        p.setRenderHint(QPainter::Antialiasing);
        p.setFont(m_theme.font());
        const int nameEnd = m_theme.px(96);
        const int timeEnd = m_theme.px(176);
        const int shareEnd = m_theme.px(232);
        for (qsizetype i = 0; i < m_shares.size(); ++i) {
            const auto& share = m_shares[i];
            const int top = static_cast<int>(i) * m_theme.denseRow();
            const auto cell = [&](int left, int right) {
                return QRect(left, top, right - left, m_theme.denseRow());
            };
            paint::line(p, cell(0, nameEnd), share.service, m_theme.text);
            p.setPen(m_theme.text);
            paint::figures(p, cell(nameEnd, timeEnd), Waterfall::lengthText(share.milliseconds));
            p.setPen(m_theme.muted);
            const double part = m_total > 0 ? share.milliseconds / m_total : 0;
            paint::figures(
                p, cell(timeEnd, shareEnd), TraceView::tr("%1 %").arg(qRound(part * 100)));
            p.setPen(Qt::NoPen);
            const QRectF bar(shareEnd + 2 * kUnit, top + m_theme.denseRow() / 2.0 - 4,
                std::max(0, width() - shareEnd - 2 * kUnit), 8);
            p.setBrush(m_theme.hover);
            p.drawRoundedRect(bar, 2, 2);
            p.setBrush(m_theme.accent);
            p.drawRoundedRect(
                QRectF(bar.topLeft(), QSizeF(std::max(2.0, bar.width() * part), 8)), 2, 2);
        }
    }

private:
    const theme::Theme& m_theme;
    QList<tracewords::Share> m_shares;
    double m_total = 0;
};

namespace {

QLayout* keyOfColours(const theme::Theme& theme)
{
    auto* row = new QHBoxLayout;
    row->setSpacing(kUnit);
    row->addWidget(new parts::ElidedLabel(theme, TraceView::tr("Where the time went"),
                       theme::Role::Text, parts::Face::Strong),
        1);
    using Colour = std::function<QColor()>;
    const std::pair<Colour, QString> colours[]
        = {{[&theme] { return theme.accent; }, TraceView::tr("waited for")},
            {[&theme] { return theme.ink(theme::Tone::Bad).text; }, TraceView::tr("failed")},
            {[&theme] { return theme.bar; }, TraceView::tr("not waited for")}};
    for (const auto& [colour, text] : colours) {
        row->addSpacing(kUnit);
        row->addWidget(new parts::Mark([] { return QSize(16, 8); },
            [colour = colour](QPainter& p, const QRect& rect) {
                p.setPen(Qt::NoPen);
                p.setBrush(colour());
                p.drawRoundedRect(rect, 2, 2);
            }));
        row->addWidget(new parts::Label(theme, text, theme::Role::Muted));
    }
    return row;
}

} // namespace

TraceView::TraceView(const theme::Theme& theme, QWidget* parent)
    : Area(theme, &theme::Theme::surface, parent)
    , m_theme(theme)
    , m_duration(new panel::Figure(theme, {}, {}))
    , m_spans(new panel::Figure(theme, {}, {}))
    , m_failed(new panel::Figure(theme, {}, {}))
    , m_share(new panel::Figure(theme, {}, {}))
    , m_waterfall(new Waterfall(theme))
    , m_shares(new ShareBars(theme))
{
    auto* strip = new QHBoxLayout;
    strip->setContentsMargins(2 * kUnit, kUnit, 2 * kUnit, kUnit);
    strip->setSpacing(3 * kUnit);
    for (auto* figure : {m_duration, m_spans, m_failed, m_share})
        strip->addWidget(figure, 1);
    auto* shares = new QVBoxLayout;
    shares->setContentsMargins(2 * kUnit, 2 * kUnit, 2 * kUnit, 2 * kUnit);
    shares->setSpacing(kUnit);
    shares->addLayout(keyOfColours(theme));
    shares->addWidget(m_shares);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(strip);
    column->addWidget(parts::rule(theme));
    column->addWidget(m_waterfall, 1);
    column->addWidget(parts::rule(theme));
    column->addLayout(shares);
}

void TraceView::show(const Trace& trace)
{
    m_trace = trace;
    m_duration->setValue(Waterfall::lengthText(tracewords::milliseconds(trace.duration())));
    m_duration->setWhat(format::text(trace.root()));
    m_spans->setValue(format::count(trace.span_count()));
    m_spans->setWhat(tr("spans, %n services", nullptr, trace.services_size()));
    m_failed->setValue(format::count(trace.error_count()));
    m_failed->setWhat(tr("failed"));
    const auto shares = tracewords::shares(trace);
    double all = 0;
    for (const auto& share : shares)
        all += share.milliseconds;
    m_share->setValue(shares.isEmpty()
            ? u"–"_s
            : tr("%1 %").arg(qRound(shares.front().milliseconds / std::max(all, 1e-6) * 100)));
    m_share->setWhat(
        shares.isEmpty() ? QString() : tr("waited for %1").arg(shares.front().service));
    m_shares->setShares(shares);
    m_waterfall->setBars(barsOf(trace));
    if (!trace.spans().empty())
        m_waterfall->setCurrent(std::max(tracewords::firstFailed(trace), 0));
}
