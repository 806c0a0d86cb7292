// SPDX-License-Identifier: GPL-3.0-or-later
// The window's keys and commands, and the sheet that shows them.
#include "app/mainwindow.h"
#include "app/widgets/frame/bars.h"
#include "app/widgets/frame/headerbar.h"
#include "app/widgets/parts.h"

#include <QBoxLayout>
#include <QDialog>
#include <QGridLayout>
#include <QShortcut>

using namespace Qt::StringLiterals;
using theme::kUnit;

QList<PageKey> MainWindow::windowKeys()
{
    return {
        {u"Ctrl+K"_s, tr("Find anything"), [this] { m_palette->open(m_header->searchText()); }},
        {u"/"_s, tr("Search this page"), [this] { m_header->focusSearch(); }},
        {u"F"_s, tr("Add a filter"), [this] { m_header->openFilterMenu(); }},
        {u"?"_s, tr("Show the keys"), [this] { showKeys(); }},
        {u"Alt+Left"_s, tr("Go back"), [this] { back(); }},
        {u"Ctrl+Shift+C"_s, tr("Copy the address of what is shown"), [this] { copyAddress(); }},
        {u"Ctrl+Z"_s, tr("Undo, where the notice offers it"), [this] { m_notice->runAction(); }},
        {u"Ctrl++"_s, tr("Larger text"), [this] { setZoom(m_theme.zoom() + 10); }},
        {u"Ctrl+-"_s, tr("Smaller text"), [this] { setZoom(m_theme.zoom() - 10); }},
        {u"Ctrl+0"_s, tr("Text as it was"), [this] { setZoom(100); }},
        {u"Ctrl+Q"_s, tr("Close the window"), [this] { close(); }},
    };
}

void MainWindow::addKeys()
{
    for (const PageKey& key : windowKeys())
        connect(new QShortcut(QKeySequence(key.keys), this), &QShortcut::activated, this, key.run);
    connect(new QShortcut(QKeySequence(u"Ctrl+="_s), this), &QShortcut::activated, this,
        [this] { setZoom(m_theme.zoom() + 10); });
}

void MainWindow::addCommands()
{
    m_palette->addProvider(tr("Pages"), [this](const QString& text, const palette::Answer& answer) {
        QList<palette::Entry> found;
        for (const Entry& entry : m_entries)
            if (!entry.title.isEmpty() && palette::matches(entry.title, text))
                found.append({entry.title, {},
                    entry.letter.isEmpty() ? QString() : tr("G then %1").arg(entry.letter),
                    [this, name = entry.page->name()] {
                        open({name, {}, {}});
                    }});
        if (const auto address = Address::parse(text); address && text.startsWith("shopfleet:"_L1))
            found.prepend({tr("Go to %1").arg(text), {}, {}, [this, address] { open(*address); }});
        answer(found);
    });
    m_palette->addProvider(
        tr("Commands"), [this](const QString& text, const palette::Answer& answer) {
            QList<palette::Entry> found;
            const auto add = [&](const PageKey& key) {
                if (palette::matches(key.what, text))
                    found.append({key.what, {}, key.keys, key.run});
            };
            if (m_page)
                for (const PageKey& key : m_page->keys())
                    add(key);
            for (const PageKey& key : windowKeys())
                add(key);
            const std::pair<QString, QString> modes[]
                = {{u"system"_s, tr("Theme: as the system")}, {u"light"_s, tr("Theme: light")},
                    {u"dark"_s, tr("Theme: dark")}, {u"contrast"_s, tr("Theme: high contrast")}};
            for (const auto& [name, title] : modes)
                add({{}, title, [this, mode = name] { Q_EMIT modeWanted(mode); }});
            answer(found);
        });
}

void MainWindow::showKeys()
{
    QDialog sheet(this);
    sheet.setWindowTitle(tr("Keys"));
    auto* grid = new QGridLayout(&sheet);
    grid->setContentsMargins(3 * kUnit, 2 * kUnit, 3 * kUnit, 3 * kUnit);
    grid->setHorizontalSpacing(3 * kUnit);
    grid->setVerticalSpacing(kUnit);
    int row = 0;
    const auto add = [&](const QString& title, const QList<PageKey>& keys) {
        if (keys.isEmpty())
            return;
        grid->addWidget(new parts::Label(m_theme, title, theme::Role::Text, parts::Face::Strong),
            row++, 0, 1, 2);
        for (const PageKey& key : keys) {
            grid->addWidget(parts::keyCap(m_theme, key.keys), row, 0, Qt::AlignLeft);
            grid->addWidget(new parts::Label(m_theme, key.what), row++, 1);
        }
    };
    if (m_page)
        add(m_page->info().title, m_page->keys());
    QList<PageKey> places;
    for (const Entry& entry : m_entries)
        if (!entry.letter.isEmpty())
            places.append({u"G "_s + entry.letter, entry.title, {}});
    add(tr("Go to"), places);
    add(tr("Lists"),
        {{u"J K"_s, tr("The next and the one before"), {}}, {u"Enter"_s, tr("Open in full"), {}},
            {u"Esc"_s, tr("Back to the list"), {}},
            {u"Ctrl+C"_s, tr("Copy the selected rows"), {}}});
    add(tr("Everywhere"), windowKeys());
    sheet.exec();
}
