// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/address.h"

#include <functional>

class QMenu;
class QWidget;

/// From a point of a service's chart to what was done, written and decided at that moment. `width`
/// is how many seconds one point stands for. Deletes itself when it is closed.
QMenu* momentMenu(QWidget* parent, const QString& service, double seconds, double width,
    std::function<void(const Address&)> open);
