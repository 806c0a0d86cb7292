// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/address.h"
#include "app/api/ordersclient.h"
#include "app/page.h"
#include "app/pages/orders/verbdialog.h"
#include "app/widgets/panel.h"

/// The selected order: what it is, what it waits on, its lines, its money, its history, and what
/// can be done. Fetches the whole order by itself; shows the list's brief one until it is there.
class OrderPanel final : public panel::Panel {
    Q_OBJECT
public:
    OrderPanel(const theme::Theme& theme, api::OrdersClient& orders, QWidget* parent = nullptr);

    void show(const shopfleet::orders::v1::Order& brief);
    void showNothing();
    /// The whole order is on the screen, or an error stands in its place.
    bool isReady() const { return !m_loading; }
    const shopfleet::orders::v1::Order& order() const { return m_order; }

    void hold();
    void cancel();
    void resume();
    void refund();
    void sendBack(); ///< A return: the customer sends goods back.
    void exchange();
    void sendAgain();
    void takeOut();
    void readdress();
    void openTrace() const; ///< Where it failed, or what was done last.

Q_SIGNALS:
    void openRequested(const Address& address) const;
    void noticed(const Notice& notice);
    void loaded();

private:
    void fetch();
    void rebuild();
    void addHead();
    void addCause();
    void addFigures();
    void addLines();
    void addWay();
    void addHistory();
    void addActions();
    /// What support can do to an order that has left: the first of them as buttons.
    void addVerbs();
    void failed(const QString& text);
    void open(VerbDialog::Verb verb);
    /// Runs a verb of the service under one request_id; its button is busy until the answer is
    /// there.
    template <class Request, class Answer, class Done>
    void act(api::Reply<Answer> (api::OrdersClient::*verb)(Request), Request request,
        parts::BusyButton* button, Done done);

    api::OrdersClient& m_orders;
    shopfleet::orders::v1::Order m_order;
    parts::BusyButton* m_resume = nullptr;
    parts::BusyButton* m_hold = nullptr;
    parts::BusyButton* m_cancel = nullptr;
    QString m_error;
    bool m_loading = false;
    bool m_whole = false;
    bool m_allLines = false;
    int m_generation = 0;
};
