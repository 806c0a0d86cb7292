// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

/// Words, numbers and dates in that language ("en", "ru"), or the system's if it is empty.
/// English is loaded too: it has the plural forms.
void installLanguage(const QString& code);
