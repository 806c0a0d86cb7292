// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <algorithm>

/// SHOPFLEET_TEST_SLOWNESS: how many times slower all is than in a release, under a sanitizer.
/// Where a test waits for what no test can hurry, its patience is this many times as long.
inline int slowness()
{
    return std::max(1, qEnvironmentVariableIntValue("SHOPFLEET_TEST_SLOWNESS"));
}
