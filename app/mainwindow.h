// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/page.h"
#include "app/widgets/palette/palette.h"

#include <QList>

class QShortcut;
class QStackedWidget;

namespace frame {
class HeaderBar;
class NoticeBar;
class Sidebar;
class StatusBar;
} // namespace frame

/// The window around the pages. Knows what a Page says of itself and no page in particular.
class MainWindow final : public QWidget {
    Q_OBJECT
public:
    MainWindow(theme::Theme& theme, const QString& environment);

    void addSection(const QString& title);
    /// Takes the page. `letter` goes there after G; `icon` is of the icon theme.
    void addPage(Page* page, const QString& title, const QString& icon, const QString& letter = {});
    void addProvider(const QString& group, palette::Provider provider);
    void setUser(const QString& user);

    /// Goes there. False, with a notice, if there is no such page or thing.
    bool open(const Address& address);
    Page* page() const { return m_page; }
    Address address() const;
    void back();
    void setZoom(int percent);
    void setMode(theme::Mode mode);

Q_SIGNALS:
    void modeWanted(const QString& name); ///< "system", "light", "dark", "contrast"

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Entry {
        Page* page;
        QString title, icon, letter;
    };
    void layOut();
    void addKeys();
    void addCommands();
    void showPage(Page* page);
    void refresh();
    void refreshSide(Page* page);
    void showNotice(const Notice& notice);
    void showKeys();
    void copyAddress();
    QList<PageKey> windowKeys();

    theme::Theme& m_theme;
    frame::Sidebar* m_sidebar;
    frame::HeaderBar* m_header;
    QStackedWidget* m_pages;
    QWidget* m_panelRule;
    QStackedWidget* m_panels;
    frame::NoticeBar* m_notice;
    frame::StatusBar* m_status;
    palette::Palette* m_palette;
    Page* m_page = nullptr;
    QList<Entry> m_entries;
    QList<QShortcut*> m_pageKeys;
    QList<Address> m_history;
    std::optional<Notice> m_said; ///< A notice that no page keeps; stands until it is dismissed.
};
