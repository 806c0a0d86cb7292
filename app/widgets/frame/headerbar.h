// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/parts.h"

class QHBoxLayout;
class QLineEdit;
class QMenu;
class QTimer;

namespace frame {

/// Over the page: its title, saved views, filters, search, the environment and whether it is live.
class HeaderBar final : public parts::Area {
    Q_OBJECT
public:
    struct Filter {
        QString key, subject, value;
        bool operator==(const Filter&) const = default;
    };

    HeaderBar(const theme::Theme& theme, const QString& environment, QWidget* parent = nullptr);

    void setTitle(const QString& title);
    void setViews(const QStringList& views, int current);
    void setFilters(const QList<Filter>& filters, bool canAdd);
    void setSearch(const QString& hint, const QString& text);
    void setLive(const theme::Status& status, const QString& details);
    void setNarrow(bool narrow);
    void focusSearch();
    void openFilterMenu();
    QString searchText() const;

Q_SIGNALS:
    void viewChosen(int view);
    void filterRemoved(const QString& key);
    void filterMenuWanted(QMenu* menu);
    void searched(const QString& text); ///< A moment after the last key.
    void searchDone(); ///< Enter or Down: on to the results.
    void paletteWanted();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void rebuildChips();

    const theme::Theme& m_theme;
    parts::Label* m_title;
    parts::Chip* m_views;
    QHBoxLayout* m_chips;
    parts::Chip* m_chipCount;
    QPushButton* m_add;
    QLineEdit* m_search;
    QWidget* m_keys;
    parts::Badge* m_live;
    QTimer* m_pause;
    QStringList m_viewNames;
    QList<Filter> m_filters;
    int m_view = 0;
    bool m_narrow = false;
};

} // namespace frame
