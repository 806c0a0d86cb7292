// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/listpage.h"

#include "app/api/errors.h"
#include "app/models/filtertext.h"
#include "app/widgets/table/tableview.h"

#include <QBoxLayout>
#include <QLocale>
#include <QScrollBar>

using namespace Qt::StringLiterals;

ListPage::ListPage(const theme::Theme& theme, const QString& name, WindowedModelBase* model,
    QWidget* panel, Words words, QWidget* parent)
    : Page(parent)
    , m_theme(theme)
    , m_name(name)
    , m_model(model)
    , m_panel(panel)
    , m_words(std::move(words))
    , m_table(new table::TableView(theme, name))
    , m_pane(new states::Pane(theme, m_table))
{
    model->setParent(this);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_pane);
    m_table->setModel(model);
    connect(m_table, &table::TableView::currentRowChanged, this, &ListPage::currentChanged);
    connect(model, &WindowedModelBase::stateChanged, this, &ListPage::refreshState);
    connect(model, &WindowedModelBase::shown, this, [this] { m_table->scrollToTop(); });
    connect(m_table->verticalScrollBar(), &QScrollBar::valueChanged, this, [this](int value) {
        // At the top new rows come in at once; further down they would move what is being read.
        m_model->setFollowing(value == 0);
    });
    model->setFollowing(true);
    refreshState();
}

void ListPage::setFeed(api::Feed* feed)
{
    m_feed = feed;
    connect(feed, &api::Feed::freshnessChanged, this, [this] {
        // What was missed while the link was down is asked for.
        if (m_feed->freshness().state == api::Freshness::State::Live
            && m_model->state() == WindowedModelBase::State::Failed)
            m_model->refresh();
        Q_EMIT changed();
    });
    connect(feed, &api::Feed::reloadNeeded, m_model, &WindowedModelBase::refresh);
}

void ListPage::setDetail(QWidget* detail)
{
    m_detail = detail;
    layout()->addWidget(detail);
    detail->hide();
}

void ListPage::showDetail(bool shown)
{
    m_pane->setVisible(!shown);
    m_detail->setVisible(shown);
}

void ListPage::setNotice(const Notice& notice)
{
    m_notice = notice;
    Q_EMIT changed();
}

void ListPage::dismissNotice()
{
    m_notice.reset();
    Q_EMIT changed();
}

QWidget* ListPage::keyboardStart()
{
    return m_table;
}

std::optional<qint64> ListPage::count() const
{
    const bool isKnown
        = m_model->state() != WindowedModelBase::State::Loading && !m_model->updated().isNull();
    if (!isKnown || m_view != 0 || !m_filter.isEmpty() || !m_search.isEmpty())
        return {};
    return m_model->total();
}

PageInfo ListPage::info() const
{
    PageInfo info;
    info.title = m_words.title;
    for (const View& view : m_words.views)
        info.views << view.title;
    info.view = m_view;
    if (!m_filter.isEmpty())
        info.filters.append({u"filter"_s, tr("Filter"), m_filter});
    info.searchHint = m_words.searchHint;
    info.search = m_search;
    info.notice = m_notice;
    if (m_model->state() == WindowedModelBase::State::Failed && m_model->total() > 0)
        info.notice = Notice{theme::Tone::Warn,
            tr("%1 since %2. What is shown is from before.")
                .arg(api::describe(m_model->error()),
                    QLocale().toString(m_model->failedSince().toLocalTime().time(), u"HH:mm:ss"_s)),
            tr("Try again"), {}, [model = m_model] { model->refresh(); }};
    if (!m_model->updated().isNull()) // Not known is not none.
        info.status << countText(m_model->total(), m_model->isTotalCapped());
    if (m_model->newRows() > 0)
        info.status << tr("%n new above", nullptr, m_model->newRows());
    info.updated = m_model->updated();
    if (m_feed) {
        const auto& freshness = m_feed->freshness();
        info.freshness = freshness;
        if (freshness.state == api::Freshness::State::Live)
            info.updated = QDateTime::currentDateTimeUtc().addMSecs(-m_feed->age());
    }
    info.showsPanel = m_pane->currentWidget() == m_table && !shownId().isEmpty();
    return info;
}

bool ListPage::open(const Address& address)
{
    if (!address.values.isEmpty() || address.id.isEmpty()) {
        m_filter = address.value(u"filter"_s);
        m_search = address.value(u"search"_s);
        m_view = 0;
        for (int i = 0; i < m_words.views.size(); ++i)
            if (!m_filter.isEmpty() && m_words.views[i].filter == m_filter) {
                m_view = i;
                m_filter.clear();
                break;
            }
        m_selectFirst = address.id.isEmpty();
        if (const QString sort = address.value(u"sort"_s); !sort.isEmpty())
            m_model->setOrderBy(sort);
        apply();
    }
    if (!address.id.isEmpty()) {
        m_selectFirst = false;
        showId(address.id);
    }
    Q_EMIT changed();
    return true;
}

Address ListPage::address() const
{
    Address address{m_name, shownId(), {}};
    address.set(
        u"filter"_s, m_filter.isEmpty() && m_view > 0 ? m_words.views[m_view].filter : m_filter);
    address.set(u"search"_s, m_search);
    return address;
}

bool ListPage::isReady() const
{
    return m_model->isReady() && isPanelReady();
}

void ListPage::selectView(int view)
{
    m_view = view;
    m_filter.clear();
    apply();
}

void ListPage::removeFilter(const QString&)
{
    m_filter.clear();
    apply();
}

void ListPage::setSearch(const QString& text)
{
    if (text == m_search)
        return;
    m_search = text;
    apply();
}

void ListPage::apply()
{
    m_model->setFilter(filtertext::combine(
        m_filter.isEmpty() && !m_words.views.isEmpty() ? m_words.views[m_view].filter : m_filter,
        m_search));
    Q_EMIT changed();
}

void ListPage::refreshState()
{
    showState();
    Q_EMIT changed();
}

void ListPage::showState()
{
    using State = WindowedModelBase::State;
    if (m_model->total() > 0) {
        m_pane->showContent();
        if (m_selectFirst && m_model->isReady() && !m_table->currentIndex().isValid()) {
            m_selectFirst = false;
            m_table->setCurrentRow(0);
        }
    } else if (m_model->state() == State::Failed) {
        m_pane->showMessage(states::failed(tr("%1 does not answer").arg(m_words.service),
            api::describe(m_model->error()), [model = m_model] { model->refresh(); }));
    } else if (m_model->state() == State::Loading) {
        m_pane->showLoading();
    } else if (m_filter.isEmpty() && m_search.isEmpty() && m_view == 0) {
        m_pane->showMessage(states::empty(m_words.emptyTitle, m_words.emptyWhy));
    } else {
        const QString what = !m_search.isEmpty() ? m_search
            : !m_filter.isEmpty()                ? m_filter
                                                 : m_words.views[m_view].title;
        m_pane->showMessage(states::filtered(tr("Nothing matches"),
            tr("“%1” hides every row.").arg(what), tr("Show everything"), [this] {
                m_view = 0;
                m_filter.clear();
                m_search.clear();
                apply();
            }));
    }
}

void ListPage::currentChanged(int row)
{
    showRow(row);
    Q_EMIT changed();
}
