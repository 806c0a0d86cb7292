// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/api/ordersclient.h"
#include "app/page.h"
#include "app/widgets/panel.h"

#include <QQueue>

class QGridLayout;

/// Several selected orders: their money, whom they wait on, and the one thing that is done to many:
/// trying again. Each order's answer stands beside it. Once begun it goes on, whatever is selected
/// meanwhile, until it is through or stopped.
class ManyPanel final : public panel::Panel {
    Q_OBJECT
public:
    ManyPanel(const theme::Theme& theme, api::OrdersClient& orders, QWidget* parent = nullptr);

    /// `selected`: how many, of which `orders` are those that are known here.
    void show(QList<shopfleet::orders::v1::Order> orders, int selected);
    void resume();
    bool isBusy() const { return m_underWay > 0; }
    /// Some order's answer stands here: it is to be read before the list's news take its place.
    bool hasAnswers() const;

Q_SIGNALS:
    void noticed(const Notice& notice);

private:
    enum class Outcome { None, Waiting, Asked, Done, Failed };
    struct Row {
        shopfleet::orders::v1::Order order;
        Outcome outcome = Outcome::None;
        QString words = {}; ///< Why it failed.
    };

    void rebuild();
    void addHead();
    void addRows();
    void addActions();
    void addRow(QGridLayout& rows, const Row& row);
    void askNext();
    void answered(int row, const absl::Status& status);
    void stop();
    int countOf(Outcome outcome) const;

    api::OrdersClient& m_orders;
    QList<Row> m_rows;
    int m_selected = 0;
    QQueue<int> m_queue; ///< Rows that are still to be asked for.
    int m_underWay = 0;
};
