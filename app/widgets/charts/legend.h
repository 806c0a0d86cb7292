// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/theme/theme.h"

#include <QWidget>

namespace charts {

/// "— p50 90 ms   — p99 1,811 ms", right-aligned: the values under the crosshair, or the latest.
class Legend final : public QWidget {
    Q_OBJECT
public:
    struct Entry {
        QColor colour;
        QString name;
        QString value;
        bool operator==(const Entry&) const = default;
    };

    Legend(const theme::Theme& theme, QWidget* parent = nullptr);
    void setEntries(QList<Entry> entries);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const theme::Theme& m_theme;
    QList<Entry> m_entries;
};

} // namespace charts
