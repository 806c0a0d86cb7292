// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/address.h"

#include <QSize>
#include <QStringList>

#include <variant>

/// What the command line asks for.
struct Options {
    std::optional<Address> page;
    QString grab; ///< A file to write a picture to, after which the program ends.
    QSize size{1440, 900};
    QString theme; ///< "light", "dark", "contrast", "system"; empty: as in the settings.
    QString language; ///< "en", "ru"; empty: as the system.
    QString control; ///< Where the control plane listens.
    QString environment; ///< What the window calls the place it works on.
    bool help = false;
    bool version = false;

    static QString usage();
    /// The options, or one sentence on what is wrong with them.
    static std::variant<Options, QString> parse(const QStringList& arguments);
};
