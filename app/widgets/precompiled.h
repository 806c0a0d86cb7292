// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What nearly every source of the desktop includes; parsed once.
#include <QtCore>
#include <QtGui>
#include <QtWidgets>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>
