// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/theme/theme.h"

#include <memory>

class MainWindow;
namespace api {
class Channels;
}

/// Builds the clients and the pages and puts them into the window: the whole wiring on one screen.
class Wiring {
public:
    Wiring(MainWindow& window, const theme::Theme& theme, api::Channels& channels);
    ~Wiring();

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};
