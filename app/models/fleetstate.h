// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/api/controlclient.h"

#include <QHash>
#include <QList>
#include <QObject>

/// The fleet as the control plane last told it, for every page that shows a part of it. One stream
/// serves them all. Keeps what a small sparkline needs; longer history is the control plane's.
class FleetState final : public QObject {
    Q_OBJECT
public:
    explicit FleetState(api::ControlClient& control, QObject* parent = nullptr);
    ~FleetState() override;

    const QList<shopfleet::control::v1::Service>& services() const { return m_services; }
    const shopfleet::control::v1::Service* find(const QString& name) const;
    /// Requests per second, one value a second, oldest first; NaN where none was told. `key`: a
    /// service's or a replica's name.
    QList<double> rates(const QString& key) const { return m_rates.value(key); }
    QString environment() const { return m_environment; }
    api::Freshness freshness() const { return m_feed->freshness(); }
    QDateTime updated() const { return m_updated; }
    /// What the auditor found last, over all services' books.
    const shopfleet::control::v1::Integrity& integrity() const { return m_integrity; }
    bool isKnown() const { return m_known; }
    /// The worst of all services; unknown when the word is old.
    shopfleet::control::v1::State state() const;

Q_SIGNALS:
    void changed();
    void freshnessChanged();
    /// One event of the control plane's, as it came. A replica that dies and is back within a
    /// moment is never seen down: its events tell.
    void happened(const shopfleet::control::v1::Event& event);

private:
    void take(const shopfleet::control::v1::WatchFleetResponse& news);
    void put(const shopfleet::control::v1::Service& service);
    void remember(const QString& key, const shopfleet::control::v1::Figures& figures);

    std::unique_ptr<api::Feed> m_feed;
    std::unique_ptr<api::Feed> m_events;
    QList<shopfleet::control::v1::Service> m_services; ///< In the fleet file's order.
    QHash<QString, QList<double>> m_rates;
    QHash<QString, qint64> m_rateAt;
    shopfleet::control::v1::Integrity m_integrity;
    QString m_environment;
    QDateTime m_updated;
    bool m_known = false;
};
