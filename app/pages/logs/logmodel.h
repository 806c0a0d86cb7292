// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/theme/theme.h"
#include "shopfleet/control/v1/control.pb.h"

#include <QAbstractTableModel>

#include <deque>

/// Lines of all replicas, oldest first: the newest so many of them.
class LogModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    using Lines = google::protobuf::RepeatedPtrField<shopfleet::control::v1::LogLine>;
    static constexpr int kMost = 10'000;

    using QAbstractTableModel::QAbstractTableModel;

    void replace(const Lines& lines);
    void append(const Lines& lines);
    const shopfleet::control::v1::LogLine* line(int row) const;

    static theme::Status levelOf(const shopfleet::control::v1::LogLine& line);
    /// Of a line that is not one of ours: as it was written.
    static QString messageOf(const shopfleet::control::v1::LogLine& line);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::deque<shopfleet::control::v1::LogLine> m_lines;
};
