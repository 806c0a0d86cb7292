// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/api/feed.h"
#include "app/models/windowedmodelbase.h"
#include "app/page.h"
#include "app/widgets/states.h"

namespace table {
class TableView;
}

/// What the four lists of the store have in common: a table of windows on the left, the selected
/// thing's panel on the right, a saved view, filters, a search, and an honest word for each state.
/// A page says its columns, its views and its panel.
class ListPage : public Page {
    Q_OBJECT
public:
    /// A filter with a name, in the contract's language.
    struct View {
        QString title;
        QString filter;
    };

    QString name() const override { return m_name; }
    PageInfo info() const override;
    QWidget* panel() override { return m_panel; }
    QWidget* keyboardStart() override;
    bool open(const Address& address) override;
    Address address() const override;
    bool isReady() const override;
    void selectView(int view) override;
    void removeFilter(const QString& key) override;
    void setSearch(const QString& text) override;
    void dismissNotice() override;
    std::optional<qint64> count() const override;
    void setNotice(const Notice& notice);

protected:
    struct Words {
        QString title; ///< "Orders"
        QString searchHint; ///< "Order, customer, SKU, trace"
        QString emptyTitle; ///< "No orders yet"
        QString emptyWhy; ///< "They appear here as customers place them."
        QString service; ///< "orders": who is asked.
        QList<View> views;
    };

    ListPage(const theme::Theme& theme, const QString& name, WindowedModelBase* model,
        QWidget* panel, Words words, QWidget* parent);

    /// The stream that keeps the rows fresh.
    void setFeed(api::Feed* feed);
    table::TableView& table() const { return *m_table; }
    /// One thing in full, in the list's place while it is shown.
    void setDetail(QWidget* detail);
    void showDetail(bool shown);

    virtual QString countText(int total, bool capped) const = 0;
    /// The current row changed; -1: nothing is selected.
    virtual void showRow(int row) = 0;
    /// Fetches one thing that an address names and shows it in the panel, wherever its row is.
    virtual void showId(const QString& id) = 0;
    virtual bool isPanelReady() const { return true; }
    virtual QString shownId() const = 0;

    const theme::Theme& m_theme;

private:
    void apply();
    void refreshState();
    void showState();
    void currentChanged(int row);

    QString m_name;
    WindowedModelBase* m_model;
    QWidget* m_panel;
    Words m_words;
    table::TableView* m_table;
    states::Pane* m_pane;
    QWidget* m_detail = nullptr;
    api::Feed* m_feed = nullptr;
    int m_view = 0;
    QString m_filter; ///< From an address; shown as a chip.
    QString m_search;
    std::optional<Notice> m_notice;
    bool m_selectFirst = true;
};
