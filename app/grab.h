// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class MainWindow;

/// Writes a picture of the window once its page is ready, then ends the application: with 0, or
/// with 3 and a word if after 20 s something was still missing from the picture.
void grabWhenReady(MainWindow& window, const QString& file);
