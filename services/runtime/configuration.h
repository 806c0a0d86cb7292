// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <boost/program_options.hpp>
#include <functional>
#include <string>
#include <vector>

namespace shopfleet::runtime {

/// What every service takes, as flags and as environment (`--listen` = SHOPFLEET_LISTEN). See
/// CONTRIBUTING.
struct Configuration {
    std::string service;
    std::string listen = "127.0.0.1:0";
    std::string alsoListen; ///< Empty: nowhere.
    std::string metrics = "127.0.0.1:0";
    std::string data = ".";
    std::string announce; ///< Empty: nothing is written.
    std::string replica; ///< Empty: the service's name.
    std::string target = "xds:///%s";
    std::vector<std::string>
        peers; ///< "payments=dns:///pay:443": reached elsewhere than `target` says.
    std::string logLevel = "info";
    std::string delay; ///< "PlaceOrder=0.4": its answers are that late.
    std::string fail; ///< "PlaceOrder=0.2": so much of it fails on purpose.
};

/// Reads both; flags win. On an unknown flag or a bad value: says which on stderr and ends the
/// process with 2; on --help and --version with 0. `more` adds a program's own options.
Configuration configure(int argc, char** argv, const std::string& service,
    const std::function<void(boost::program_options::options_description&)>& more = {});

/// How `service` is reached, for makeChannel(): its own entry among the peers, or the target.
std::string targetOf(const Configuration& configuration, const std::string& service);

/// "127.0.0.1:7400": a host and a port from 0 to 65535.
bool isAddress(const std::string& text);

} // namespace shopfleet::runtime
