// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/requestid.h"

#include <fmt/format.h>
#include <random>

namespace shopfleet::ctl {

std::string newRequestId()
{
    std::random_device random;
    return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

} // namespace shopfleet::ctl
