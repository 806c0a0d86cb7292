// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/grab.h"

#include "app/mainwindow.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QPixmap>
#include <QTimer>

#include <cstdio>

constexpr int kLookMs = 50;
constexpr int kLimitMs = 20'000;
constexpr int kCalmLooks = 4; ///< Ready so often in a row: nothing is about to move any more.

void grabWhenReady(MainWindow& window, const QString& file)
{
    auto* look = new QTimer(&window);
    look->setInterval(kLookMs);
    QElapsedTimer since;
    since.start();
    QObject::connect(
        look, &QTimer::timeout, &window, [&window, look, file, since, calm = 0]() mutable {
            calm = window.page() && window.page()->isReady() ? calm + 1 : 0;
            const bool late = since.elapsed() > kLimitMs;
            if (calm < kCalmLooks && !late)
                return;
            look->stop();
            if (!window.grab().save(file)) {
                std::fprintf(stderr, "shopfleet: cannot write %s\n", qPrintable(file));
                QApplication::exit(1);
                return;
            }
            if (late)
                std::fprintf(stderr,
                    "shopfleet: after %d s some data was not there; %s shows what was\n",
                    kLimitMs / 1000, qPrintable(file));
            QApplication::exit(late ? 3 : 0);
        });
    look->start();
}
