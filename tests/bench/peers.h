// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

/// What people would use instead to keep processes running: pm2 7 (cluster mode) and supervisord 4,
/// each with a trivial HTTP server, measured as the fleet is.
namespace shopfleet::bench {

struct PeerFigures {
    std::vector<double> recoveryMs; ///< kill -9 of the only replica until another one answers.
    std::vector<double> scaleMs; ///< From one replica until all of four have answered.
    int hung = 0; ///< Requests that nobody answered or refused within a second of the kill.
    double residentMb = 0; ///< The manager's own processes, with four replicas.
};

/// With the pm2 on PATH or in $PM2; nothing where it, or node, is not installed.
std::optional<PeerFigures> measurePm2();

/// With Debian's supervisor; nothing where it, or node, is not installed.
std::optional<PeerFigures> measureSupervisord();

} // namespace shopfleet::bench
