// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/page.h"
#include "app/widgets/states.h"
#include "shopfleet/control/v1/control.pb.h"

#include <QTimer>

#include <absl/status/status.h>

#include <memory>

namespace api {
class ControlClient;
}
namespace table {
class TableView;
}
class FleetState;
class LogModel;
class LogPanel;

/// What all replicas write, merged by time, as it is written: filtered by service, level, trace,
/// order, time, words or an expression. At the end it follows; further up it stays where it is.
class LogsPage final : public Page {
    Q_OBJECT
public:
    LogsPage(const theme::Theme& theme, api::ControlClient& control, const FleetState& fleet,
        QWidget* parent = nullptr);
    ~LogsPage() override;

    QString name() const override { return QStringLiteral("logs"); }
    PageInfo info() const override;
    QWidget* panel() override;
    QWidget* keyboardStart() override;
    bool open(const Address& address) override;
    Address address() const override { return m_address; }
    bool isReady() const override { return m_ready; }
    QList<PageKey> keys() const override;
    void selectView(int view) override;
    void removeFilter(const QString& key) override;
    void filterMenu(QMenu* menu) override;
    void setSearch(const QString& text) override;

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    shopfleet::control::v1::GetLogsRequest request() const;
    void apply(); ///< Asks anew for what the address names.
    void check(const shopfleet::control::v1::GetLogsRequest& request);
    void take(const shopfleet::control::v1::GetLogsResponse& lines);
    void fail(const absl::Status& status);
    void showState();
    bool isAtEnd() const;
    bool isOver() const; ///< Of a time that is past: there is nothing to follow.

    const theme::Theme& m_theme;
    api::ControlClient& m_control;
    const FleetState& m_fleet;
    LogModel* m_model;
    LogPanel* m_panel;
    table::TableView* m_table;
    states::Pane* m_pane;
    std::unique_ptr<api::Feed> m_feed;
    QTimer m_leave;
    Address m_address;
    absl::Status m_error;
    QDateTime m_updated;
    quint64 m_asked = 0;
    int m_below = 0; ///< Lines that came in while the user looked further up.
    bool m_replace = false; ///< The next message begins anew.
    bool m_ready = false;
};
