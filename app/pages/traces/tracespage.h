// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/listpage.h"
#include "shopfleet/traces/v1/traces.pb.h"

#include <QTimer>

#include <functional>

namespace api {
class TracesClient;
}
class TraceModel;
class TracePanel;
class TraceView;

/// What the services did for each request: a list, and one of them span by span in its place. Esc
/// goes back to the same row.
class TracesPage final : public ListPage {
    Q_OBJECT
public:
    TracesPage(const theme::Theme& theme, api::TracesClient& traces, QWidget* parent = nullptr);
    ~TracesPage() override;

    PageInfo info() const override;
    QWidget* keyboardStart() override;
    bool open(const Address& address) override;
    Address address() const override;
    bool isReady() const override;
    QList<PageKey> keys() const override;
    std::optional<qint64> count() const override { return {}; } // They come and go by themselves.

private:
    TracesPage(const theme::Theme& theme, api::TracesClient& traces, TraceModel* model,
        TracePanel* panel, QWidget* parent);

    QString countText(int total, bool capped) const override;
    void showRow(int row) override;
    void showId(const QString& id) override;
    QString shownId() const override { return m_shown; }
    bool isPanelReady() const override { return !m_fetching; }

    void fetch(const QString& id);
    /// That trace, of a try that failed, once it tells of it; else the newest of the order
    /// that does, else the newest. What has just happened is on its way for a second or two: it is
    /// looked for again, so many times.
    void findWorst(const QString& id, const QString& orderId, int looks);
    void searchWorst(const QString& id, const QString& orderId, int looks);
    void search(const QString& orderId, const QString& more, const std::function<void()>& nothing);
    void lookAgain(const QString& id, const QString& orderId, int looks);
    void showSpans(const shopfleet::traces::v1::Trace& trace);
    void showList();
    void tell(const QString& text);

    api::TracesClient& m_traces;
    TraceModel* m_model;
    TracePanel* m_panel;
    TraceView* m_view;
    QTimer m_refresh;
    QString m_shown;
    quint64 m_asked = 0; ///< For what is shown in full; only the last answer counts.
    quint64 m_rowAsked = 0; ///< For what is beside the list.
    bool m_fetching = false;
    bool m_inFull = false;
};
