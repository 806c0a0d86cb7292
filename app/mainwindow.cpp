// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/mainwindow.h"

#include "app/widgets/frame/bars.h"
#include "app/widgets/frame/headerbar.h"
#include "app/widgets/frame/sidebar.h"

#include <QApplication>
#include <QBoxLayout>
#include <QClipboard>
#include <QLocale>
#include <QMenu>
#include <QPainter>
#include <QShortcut>
#include <QStackedWidget>
#include <QTimer>

using namespace Qt::StringLiterals;
using theme::Shape;
using theme::Tone;

namespace {

constexpr int kSaidMs = 4'000; ///< So long a word of what was done stands.

constexpr int kStrip = 4;
constexpr int kNarrowBelow = 1200;

theme::Status statusOf(const api::Freshness& freshness)
{
    const QString clock = freshness.since.toLocalTime().toString(u"HH:mm:ss"_s);
    switch (freshness.state) {
    case api::Freshness::State::Live:
        return {MainWindow::tr("Live"), Shape::Disc, Tone::Good};
    case api::Freshness::State::Stale:
        return {MainWindow::tr("Stale since %1").arg(clock), Shape::Triangle, Tone::Warn, true};
    default:
        return {MainWindow::tr("Connecting"), Shape::Quarter, Tone::Progress};
    }
}

QString detailsOf(const api::Freshness& freshness)
{
    return freshness.state == api::Freshness::State::Stale
        ? MainWindow::tr("The link was lost. What is shown is the last that was known; it comes "
                         "back by itself.")
        : QString();
}

} // namespace

MainWindow::MainWindow(theme::Theme& theme, const QString& environment)
    : m_theme(theme)
    , m_sidebar(new frame::Sidebar(theme))
    , m_header(new frame::HeaderBar(theme, environment))
    , m_pages(new QStackedWidget)
    , m_panelRule(parts::rule(theme, Qt::Vertical))
    , m_panels(new QStackedWidget)
    , m_notice(new frame::NoticeBar(theme))
    , m_status(new frame::StatusBar(theme))
    , m_palette(nullptr)
{
    setWindowTitle(u"Shopfleet"_s);
    layOut();
    m_palette = new palette::Palette(theme, this);
    addKeys();
    addCommands();

    connect(m_sidebar, &frame::Sidebar::chosen, this, [this](const QString& name) {
        open({name, {}, {}});
    });
    connect(m_header, &frame::HeaderBar::viewChosen, this, [this](int view) {
        if (m_page)
            m_page->selectView(view);
    });
    connect(m_header, &frame::HeaderBar::filterRemoved, this, [this](const QString& key) {
        if (m_page)
            m_page->removeFilter(key);
    });
    connect(m_header, &frame::HeaderBar::filterMenuWanted, this, [this](QMenu* menu) {
        if (m_page)
            m_page->filterMenu(menu);
    });
    connect(m_header, &frame::HeaderBar::searched, this, [this](const QString& text) {
        if (m_page)
            m_page->setSearch(text);
    });
    connect(m_header, &frame::HeaderBar::searchDone, this, [this] {
        if (m_page)
            m_page->keyboardStart()->setFocus(Qt::ShortcutFocusReason);
    });
    connect(m_header, &frame::HeaderBar::paletteWanted, this,
        [this] { m_palette->open(m_header->searchText()); });
    connect(m_notice, &frame::NoticeBar::dismissed, this, [this] {
        m_said.reset();
        if (m_page)
            m_page->dismissNotice();
        refresh();
    });
}

void MainWindow::layOut()
{
    auto* body = new QHBoxLayout;
    body->setSpacing(0);
    body->addWidget(m_pages, 1);
    body->addWidget(m_panelRule);
    body->addWidget(m_panels);

    auto* main = new QVBoxLayout;
    main->setSpacing(0);
    main->addWidget(m_header);
    main->addWidget(parts::rule(m_theme));
    main->addLayout(body, 1);
    main->addWidget(m_notice);
    main->addWidget(parts::rule(m_theme));
    main->addWidget(m_status);

    auto* all = new QHBoxLayout(this);
    all->setContentsMargins(0, kStrip, 0, 0);
    all->setSpacing(0);
    all->setSizeConstraint(QLayout::SetNoConstraint); // The wide arrangement allows the narrow one.
    all->addWidget(m_sidebar);
    all->addWidget(parts::rule(m_theme, Qt::Vertical));
    all->addLayout(main, 1);
    setMinimumSize(960, 600);
    m_pages->setMinimumSize(1, 1);
    m_panels->hide();
    m_panelRule->hide();
}

void MainWindow::addSection(const QString& title)
{
    m_sidebar->addSection(title);
}

void MainWindow::addPage(
    Page* page, const QString& title, const QString& icon, const QString& letter)
{
    m_entries.append({page, title, icon, letter});
    m_pages->addWidget(page);
    if (QWidget* panel = page->panel())
        m_panels->addWidget(panel);
    if (!title.isEmpty())
        m_sidebar->addPage(
            page->name(), title, icon, letter.isEmpty() ? QString() : tr("G then %1").arg(letter));
    connect(page, &Page::changed, this, [this, page] {
        refreshSide(page);
        if (page == m_page)
            refresh();
    });
    connect(page, &Page::openRequested, this, [this](const Address& address) { open(address); });
    connect(page, &Page::noticed, this, [this](const Notice& notice) {
        m_said = notice;
        refresh();
    });
    if (!letter.isEmpty())
        connect(new QShortcut(QKeySequence(u"G, "_s + letter), this), &QShortcut::activated, this,
            [this, page] {
                open({page->name(), {}, {}});
            });
    refreshSide(page);
}

void MainWindow::addProvider(const QString& group, palette::Provider provider)
{
    m_palette->addProvider(group, std::move(provider));
}

void MainWindow::setUser(const QString& user)
{
    m_status->setUser(user);
}

Address MainWindow::address() const
{
    return m_page ? m_page->address() : Address();
}

bool MainWindow::open(const Address& address)
{
    const auto entry = std::find_if(m_entries.begin(), m_entries.end(),
        [&](const Entry& one) { return one.page->name() == address.page; });
    if (entry == m_entries.end()) {
        m_said = {Tone::Warn, tr("There is no page called “%1”.").arg(address.page), {}, {}, {}};
        refresh();
        return false;
    }
    if (m_page) {
        m_history.append(m_page->address());
        if (m_history.size() > 100)
            m_history.removeFirst();
    }
    Page* const page = entry->page;
    // A page alone is the page as it was left; only an address that says more changes it.
    const bool more = !address.id.isEmpty() || !address.values.isEmpty();
    const bool found = !more || page->open(address);
    if (!found)
        m_said = {Tone::Warn, tr("Nothing is found at %1.").arg(address.toString()), {}, {}, {}};
    showPage(page);
    return found;
}

void MainWindow::back()
{
    if (m_history.isEmpty())
        return;
    const Address address = m_history.takeLast();
    const qsizetype kept = m_history.size();
    open(address);
    m_history.resize(kept);
}

void MainWindow::showPage(Page* page)
{
    const bool other = page != m_page;
    m_page = page;
    m_pages->setCurrentWidget(page);
    m_sidebar->setCurrent(page->name());
    refresh();
    if (!other)
        return;
    qDeleteAll(m_pageKeys);
    m_pageKeys.clear();
    for (const PageKey& key : page->keys()) {
        m_pageKeys.append(new QShortcut(QKeySequence(key.keys), this));
        connect(m_pageKeys.last(), &QShortcut::activated, this, key.run);
    }
    page->keyboardStart()->setFocus(Qt::OtherFocusReason);
}

void MainWindow::refresh()
{
    if (!m_page)
        return;
    const PageInfo info = m_page->info();
    m_header->setTitle(info.title);
    m_header->setViews(info.views, info.view);
    QList<frame::HeaderBar::Filter> filters;
    for (const PageInfo::Filter& filter : info.filters)
        filters.append({filter.key, filter.subject, filter.value});
    m_header->setFilters(filters, info.canFilter);
    m_header->setSearch(info.searchHint, info.search);
    m_header->setLive(statusOf(info.freshness), detailsOf(info.freshness));
    m_status->setTexts(info.status);
    m_status->setUpdated(info.updated);
    if (m_said)
        showNotice(*m_said);
    else if (info.notice)
        showNotice(*info.notice);
    else
        m_notice->clear();
    QWidget* const panel = m_page->panel();
    const bool shown = panel && info.showsPanel;
    if (shown)
        m_panels->setCurrentWidget(panel);
    m_panels->setVisible(shown);
    m_panelRule->setVisible(shown);
}

void MainWindow::showNotice(const Notice& notice)
{
    m_notice->show(notice.tone, notice.text, notice.action, notice.keys, notice.run);
}

void MainWindow::refreshSide(Page* page)
{
    m_sidebar->setCount(page->name(), page->count());
    m_sidebar->setHealth(page->name(), page->health());
}

void MainWindow::copyAddress()
{
    const QString text = address().toString();
    QApplication::clipboard()->setText(text);
    m_said = {Tone::Good, tr("Copied %1").arg(text), {}, {}, {}};
    refresh();
    auto* forget = new QTimer(this);
    forget->setSingleShot(true);
    connect(forget, &QTimer::timeout, this, [this, text, forget] {
        forget->deleteLater();
        if (m_said && m_said->text.contains(text)) {
            m_said.reset();
            refresh();
        }
    });
    forget->start(kSaidMs);
}

void MainWindow::setMode(theme::Mode mode)
{
    if (mode == m_theme.mode())
        return;
    m_theme.setMode(mode);
    theme::apply(m_theme);
}

void MainWindow::setZoom(int percent)
{
    m_theme.setZoom(percent);
    theme::apply(m_theme);
    resizeEvent(nullptr);
}

void MainWindow::paintEvent(QPaintEvent*)
{
    QPainter p(this);
    p.fillRect(rect(), m_theme.chrome);
    p.fillRect(0, 0, width(), kStrip, m_theme.environment);
}

void MainWindow::resizeEvent(QResizeEvent*)
{
    const bool narrow = width() < m_theme.px(kNarrowBelow);
    m_sidebar->setNarrow(narrow);
    m_header->setNarrow(narrow);
    m_panels->setFixedWidth(m_theme.px(narrow ? 328 : 384));
}
