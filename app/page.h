// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/address.h"
#include "app/api/feed.h"
#include "app/widgets/theme/theme.h"

#include <QDateTime>
#include <QWidget>

#include <functional>
#include <optional>

class QMenu;

/// What went wrong, since when, what to do; or what was done, with Undo.
struct Notice {
    theme::Tone tone = theme::Tone::Quiet; ///< Good: something was done. Warn, Bad: tinted.
    QString text = {};
    QString action = {}; ///< The button; empty: none.
    QString keys = {}; ///< A shortcut for it: "Ctrl+Z".
    std::function<void()> run = {};
};

/// What a page says of itself at the moment. The window asks again after each changed().
struct PageInfo {
    struct Filter {
        QString key; ///< For removeFilter().
        QString subject; ///< "Placed"
        QString value; ///< "last 3 days"
    };

    QString title;
    QStringList views; ///< The saved views, as the user reads them; empty: no such choice.
    int view = 0;
    QList<Filter> filters;
    bool canFilter = false; ///< Shows the + that opens filterMenu().
    QString searchHint; ///< Empty: nothing to search here.
    QString search;
    std::optional<Notice> notice;
    QStringList status; ///< "1,204,331 orders", from the left.
    api::Freshness freshness;
    QDateTime updated; ///< When the data last arrived; "Updated 0.4 s ago" counts from it.
    bool showsPanel = false;
};

struct PageKey {
    QString keys = {}; ///< "R", "Ctrl+Return"
    QString what = {}; ///< "Refund the order"
    std::function<void()> run = {};
};

/// One page of the window. Lives as long as the window: going elsewhere and back loses nothing.
class Page : public QWidget {
    Q_OBJECT
public:
    using QWidget::QWidget;

    virtual QString name() const = 0; ///< As in addresses: "orders".
    virtual PageInfo info() const = 0;
    virtual QWidget* panel() { return nullptr; } ///< The side panel; the window takes it in.
    virtual QWidget* keyboardStart() { return this; }

    /// Shows what the address names. False: there is no such thing on this page.
    virtual bool open(const Address& address) = 0;
    virtual Address address() const = 0;

    /// All that the address asked for is on the screen, or an error stands in its place.
    virtual bool isReady() const = 0;

    virtual QList<PageKey> keys() const { return {}; }
    virtual void selectView(int) { }
    virtual void removeFilter(const QString&) { }
    virtual void filterMenu(QMenu*) { } ///< Adds what can be filtered by.
    virtual void setSearch(const QString&) { }
    virtual void dismissNotice() { }

    /// Beside the page's name in the sidebar; no number, no dot.
    virtual std::optional<qint64> count() const { return {}; }
    virtual std::optional<theme::Status> health() const { return {}; }

Q_SIGNALS:
    void changed(); ///< info(), count() or health() would answer otherwise than before.
    void openRequested(const Address& address); ///< To another page, or another thing on this one.
    /// Something that a user should hear of on whatever page they are.
    void noticed(const Notice& notice);
};
