// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

/// Filters of the contracts, put together from what people choose and type.
namespace filtertext {

/// `condition` and all of the words. Whatever is typed is looked for and is never an error of
/// grammar; the last word also matches as a beginning, since it may not be finished.
QString combine(const QString& condition, const QString& words);

/// A quoted text: 17850 becomes "17850".
QString quoted(const QString& text);

} // namespace filtertext
