// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/theme/theme.h"

#include <QList>
#include <QTableView>

#include <utility>

/// Pieces of work under a common ruler, each under the one that it is a part of.
class Waterfall final : public QTableView {
    Q_OBJECT
public:
    struct Bar {
        int depth = 0;
        QString name = {};
        QString owner = {}; ///< Who did it.
        double start = 0; ///< All times in milliseconds after the first began.
        double length = 0;
        QList<std::pair<double, double>> waitedFor = {}; ///< From, until: in the accent.
        bool failed = false;
        QString outcome = {}; ///< After the length, where it failed: "UNAVAILABLE".
        QString tip = {};
    };

    explicit Waterfall(const theme::Theme& theme, QWidget* parent = nullptr);

    void setBars(QList<Bar> bars);
    int current() const { return currentIndex().row(); }
    void setCurrent(int bar);

    /// "0.4 ms", "212 ms", "1.5 s".
    static QString lengthText(double milliseconds);

Q_SIGNALS:
    void currentBarChanged(int bar);
    void escaped();
    void opened(int bar); ///< Enter or double click.

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

private:
    void fit();

    class Model;
    class Ruler;
    class Painter;
    const theme::Theme& m_theme;
    Model* m_model;
};
