// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/logs/logspage.h"

#include "app/api/controlclient.h"
#include "app/api/errors.h"
#include "app/models/fleetstate.h"
#include "app/models/format.h"
#include "app/pages/logs/logmodel.h"
#include "app/pages/logs/logpanel.h"
#include "app/widgets/table/tableview.h"

#include <QBoxLayout>
#include <QMenu>
#include <QScrollBar>

#include <array>
#include <chrono>

using namespace Qt::StringLiterals;
using namespace shopfleet::control::v1;

namespace {

constexpr auto kLeaveAfter = std::chrono::minutes(5);
constexpr int kLines = 2'000; ///< So many are asked for at first.

/// What an address may hold beside the search, and the words for it.
constexpr std::array<std::pair<const char*, const char*>, 6> kFilters{{
    {"service", QT_TRANSLATE_NOOP("LogsPage", "Service")},
    {"replica", QT_TRANSLATE_NOOP("LogsPage", "Replica")},
    {"trace", QT_TRANSLATE_NOOP("LogsPage", "Trace")},
    {"order", QT_TRANSLATE_NOOP("LogsPage", "Order")},
    {"from", QT_TRANSLATE_NOOP("LogsPage", "From")},
    {"to", QT_TRANSLATE_NOOP("LogsPage", "Until")},
}};

/// As contracts call them; the views of the page, in this order.
constexpr std::array<const char*, 3> kLevels{"", "warning", "error"};

std::optional<google::protobuf::Timestamp> timeOf(const QString& iso)
{
    const auto time = QDateTime::fromString(iso, Qt::ISODate);
    if (!time.isValid())
        return {};
    google::protobuf::Timestamp stamp;
    stamp.set_seconds(time.toSecsSinceEpoch());
    return stamp;
}

/// "/time.?out/" is an expression, everything else is looked for as it stands.
bool isExpression(const QString& search)
{
    return search.size() > 2 && search.startsWith(u'/') && search.endsWith(u'/');
}

} // namespace

LogsPage::LogsPage(const theme::Theme& theme, api::ControlClient& control, const FleetState& fleet,
    QWidget* parent)
    : Page(parent)
    , m_theme(theme)
    , m_control(control)
    , m_fleet(fleet)
    , m_model(new LogModel(this))
    , m_panel(new LogPanel(theme))
    , m_table(new table::TableView(theme, u"logs"_s))
    , m_pane(new states::Pane(theme, m_table))
    , m_address({u"logs"_s, {}, {}})
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_pane);
    m_table->setModel(m_model);
    connect(m_table, &table::TableView::currentRowChanged, this, [this](int row) {
        if (const LogLine* line = m_model->line(row))
            m_panel->show(*line);
        else
            m_panel->showNothing();
        Q_EMIT changed();
    });
    connect(m_table->verticalScrollBar(), &QScrollBar::valueChanged, this, [this] {
        if (m_below > 0 && isAtEnd()) {
            m_below = 0;
            Q_EMIT changed();
        }
    });
    connect(m_panel, &LogPanel::openRequested, this, &Page::openRequested);
    m_leave.setSingleShot(true);
    m_leave.setInterval(kLeaveAfter);
    connect(&m_leave, &QTimer::timeout, this, [this] { m_feed.reset(); });
    m_pane->showLoading();
}

LogsPage::~LogsPage() = default;

QWidget* LogsPage::panel()
{
    return m_panel;
}

QWidget* LogsPage::keyboardStart()
{
    return m_table;
}

void LogsPage::showEvent(QShowEvent*)
{
    m_leave.stop();
    if (!m_feed && !isOver())
        apply();
}

// Who looks elsewhere and comes back finds the same line in the same place; but nobody reads for
// hours what nobody looks at.
void LogsPage::hideEvent(QHideEvent*)
{
    m_leave.start();
}

GetLogsRequest LogsPage::request() const
{
    GetLogsRequest request;
    request.set_service(m_address.value(u"service"_s).toStdString());
    request.set_replica(m_address.value(u"replica"_s).toStdString());
    request.set_trace_id(m_address.value(u"trace"_s).toStdString());
    request.set_order_id(m_address.value(u"order"_s).toStdString());
    request.set_min_level(m_address.value(u"level"_s).toStdString());
    if (const auto from = timeOf(m_address.value(u"from"_s)))
        *request.mutable_from() = *from;
    if (const auto to = timeOf(m_address.value(u"to"_s)))
        *request.mutable_to() = *to;
    const QString search = m_address.value(u"search"_s);
    if (isExpression(search))
        request.set_regex(search.mid(1, search.size() - 2).toStdString());
    else
        request.set_text(search.toStdString());
    request.set_limit(kLines);
    return request;
}

bool LogsPage::isOver() const
{
    const auto to = QDateTime::fromString(m_address.value(u"to"_s), Qt::ISODate);
    return to.isValid() && to < QDateTime::currentDateTimeUtc();
}

void LogsPage::apply()
{
    m_feed.reset();
    m_error = absl::OkStatus();
    m_ready = false;
    m_below = 0;
    m_replace = true;
    ++m_asked;
    if (m_model->rowCount() == 0)
        m_pane->showLoading();
    const GetLogsRequest asked = request();
    check(asked);
    if (!isOver() && isVisible()) {
        m_feed = m_control.tailLogs(
            asked, [this] { m_replace = true; },
            [this](const GetLogsResponse& lines) { take(lines); });
        connect(m_feed.get(), &api::Feed::freshnessChanged, this, &Page::changed);
    }
    Q_EMIT changed();
}

// A stream does not say why it is refused; of a time that is past this is all there is.
void LogsPage::check(const GetLogsRequest& asked)
{
    if (!isOver() && asked.regex().empty())
        return;
    auto once = asked;
    if (!isOver())
        once.set_limit(1);
    api::onReply(this, m_control.getLogs(once), [this, mine = m_asked](auto lines) {
        if (mine != m_asked)
            return;
        if (!lines.ok())
            fail(lines.status());
        else if (isOver())
            take(*lines);
    });
}

void LogsPage::fail(const absl::Status& status)
{
    m_feed.reset();
    m_error = status;
    m_ready = true;
    m_model->replace({});
    showState();
    Q_EMIT changed();
}

void LogsPage::take(const GetLogsResponse& lines)
{
    m_updated = QDateTime::currentDateTimeUtc();
    const bool atEnd = isAtEnd() || m_replace;
    if (std::exchange(m_replace, false))
        m_model->replace(lines.lines());
    else
        m_model->append(lines.lines());
    if (atEnd)
        m_table->scrollToBottom();
    else
        m_below += lines.lines_size();
    if (!m_ready || lines.lines_size() > 0) {
        m_ready = true;
        showState();
    }
    Q_EMIT changed();
}

bool LogsPage::isAtEnd() const
{
    const auto* bar = m_table->verticalScrollBar();
    return bar->value() >= bar->maximum();
}

void LogsPage::showState()
{
    if (!m_error.ok()) {
        m_pane->showMessage(states::failed(
            tr("The logs cannot be read"), api::describe(m_error), [this] { apply(); }));
    } else if (m_model->rowCount() > 0) {
        m_pane->showContent();
    } else if (m_address.values.isEmpty()) {
        m_pane->showMessage(states::empty(
            tr("Nothing was written yet"), tr("What the services write appears here.")));
    } else {
        m_pane->showMessage(states::filtered(tr("No line matches"),
            tr("The filters and the search hide every line."), tr("Show everything"), [this] {
                m_address.values.clear();
                apply();
            }));
    }
}

PageInfo LogsPage::info() const
{
    PageInfo info;
    info.title = tr("Logs");
    info.views = {tr("All levels"), tr("Warnings and errors"), tr("Errors")};
    for (std::size_t i = 0; i < kLevels.size(); ++i)
        if (m_address.value(u"level"_s) == QLatin1String(kLevels.at(i)))
            info.view = static_cast<int>(i);
    for (const auto& [key, title] : kFilters) {
        const QString name = QLatin1String(key);
        const QString value = m_address.value(name);
        if (value.isEmpty())
            continue;
        const auto time = timeOf(value);
        info.filters.append({name, tr(title),
            time && (name == u"from"_s || name == u"to"_s) ? format::moment(*time) : value});
    }
    info.canFilter = true;
    info.searchHint = tr("Words, or /expression/");
    info.search = m_address.value(u"search"_s);
    info.status << tr("%Ln lines", nullptr, m_model->rowCount());
    if (m_below > 0)
        info.status << tr("%n new below", nullptr, m_below);
    else if (m_feed && m_ready)
        info.status << tr("follows");
    info.updated = m_updated;
    if (m_feed) {
        info.freshness = m_feed->freshness();
        if (info.freshness.state == api::Freshness::State::Live)
            info.updated = QDateTime::currentDateTimeUtc().addMSecs(-m_feed->age());
    } else {
        info.freshness.state
            = m_ready && m_error.ok() ? api::Freshness::State::Live : api::Freshness::State::Never;
        info.freshness.since = m_updated;
    }
    info.showsPanel = m_pane->currentWidget() == m_table && m_table->currentIndex().isValid();
    return info;
}

bool LogsPage::open(const Address& address)
{
    if (!address.values.isEmpty() || m_address.page.isEmpty())
        m_address.values = address.values;
    m_table->setCurrentIndex({});
    apply();
    return true;
}

void LogsPage::selectView(int view)
{
    m_address.set(u"level"_s, QLatin1String(kLevels.at(static_cast<std::size_t>(view))));
    apply();
}

void LogsPage::removeFilter(const QString& key)
{
    m_address.set(key, {});
    apply();
}

void LogsPage::setSearch(const QString& text)
{
    if (text == m_address.value(u"search"_s))
        return;
    m_address.set(u"search"_s, text);
    apply();
}

void LogsPage::filterMenu(QMenu* menu)
{
    auto* services = menu->addMenu(tr("Service"));
    for (const Service& service : m_fleet.services())
        services->addAction(format::text(service.name()), this, [this, name = service.name()] {
            m_address.set(u"service"_s, format::text(name));
            apply();
        });
    const auto since = [this, menu](const QString& title, qint64 seconds) {
        menu->addAction(title, this, [this, seconds] {
            m_address.set(
                u"from"_s, QDateTime::currentDateTimeUtc().addSecs(-seconds).toString(Qt::ISODate));
            m_address.set(u"to"_s, {});
            apply();
        });
    };
    since(tr("From five minutes ago"), 300);
    since(tr("From an hour ago"), 3'600);
}

QList<PageKey> LogsPage::keys() const
{
    return {{u"V"_s, tr("Show the line's trace"), [this] { m_panel->openTrace(); }},
        {u"O"_s, tr("Show the line's order"), [this] { m_panel->openOrder(); }},
        {u"S"_s, tr("Show the line's service"), [this] { m_panel->openService(); }},
        {u"A"_s, tr("Show what all services wrote at that moment"),
            [this] { m_panel->openMoment(); }}};
}
