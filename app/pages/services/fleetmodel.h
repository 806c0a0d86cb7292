// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/models/fleetstate.h"

#include <QAbstractItemModel>

/// Services, and under each its replicas, in the columns of the Services page.
class FleetModel final : public QAbstractItemModel {
    Q_OBJECT
public:
    explicit FleetModel(FleetState& fleet, QObject* parent = nullptr);

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& index) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// The row of a service or of a replica; invalid if there is none.
    QModelIndex find(const QString& id) const;
    static QString serviceOf(const QModelIndex& index);

private:
    /// What the rows are at present: the fleet may already be further when it says so.
    struct Row {
        QString service;
        QStringList replicas;
    };

    void follow();
    void followReplicas(int row, const QStringList& now);
    bool isReplica(const QModelIndex& index) const { return index.internalId() != 0; }
    QVariant cell(const shopfleet::control::v1::Service& service,
        const shopfleet::control::v1::Replica* replica, int column, int role) const;

    FleetState& m_fleet;
    QList<Row> m_rows;
};
