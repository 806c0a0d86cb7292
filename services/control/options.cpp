// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/options.h"

#include "services/runtime/configuration.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include <boost/program_options.hpp>
#include <cstdlib>
#include <filesystem>
#include <iostream>

namespace shopfleet::control {

namespace po = boost::program_options;

namespace {

std::string fromEnvironment(const char* name, const char* fallback)
{
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0' ? value : fallback;
}

bool split(const std::string& address, std::string* host, int* port)
{
    const auto colon = address.rfind(':');
    if (colon == std::string::npos || colon == 0
        || !absl::SimpleAtoi(address.substr(colon + 1), port))
        return false;
    *host = address.substr(0, colon);
    return *port >= 0 && *port <= 65'535;
}

/// What can be said, and where it goes; `listen` is both parts of an address.
po::options_description flagsOf(Options& options, std::string& listen)
{
    std::error_code ignored;
    const auto own
        = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path().string();
    po::options_description flags("controld: runs the fleet. Flags");
    auto add = flags.add_options();
    add("fleet",
        po::value(&options.fleet)
            ->default_value(fromEnvironment("SHOPFLEET_FLEET", "resources/fleet.yaml")),
        "what is to run");
    add("data", po::value(&options.data)->default_value(fromEnvironment("SHOPFLEET_DATA", "data")),
        "where services keep their data");
    add("listen",
        po::value(&listen)->default_value(fromEnvironment("SHOPFLEET_CONTROL", "127.0.0.1:7400")),
        "ADDRESS:PORT; port 0: any");
    add("gateway",
        po::value(&options.gateway)
            ->default_value(fromEnvironment("SHOPFLEET_GATEWAY", "127.0.0.1:8080")),
        "where shoppers come in");
    add("metrics",
        po::value(&options.metrics)
            ->default_value(fromEnvironment("SHOPFLEET_METRICS", "127.0.0.1:0")),
        "where /metrics is");
    add("targets",
        po::value(&options.targets)
            ->default_value(fromEnvironment("SHOPFLEET_TARGETS", "127.0.0.1:0")),
        "where /targets is: HTTP service discovery for a Prometheus");
    add("log-level",
        po::value(&options.logLevel)->default_value(fromEnvironment("SHOPFLEET_LOG_LEVEL", "info")),
        "debug, info, warning, error");
    add("bin",
        po::value(&options.programs)->default_value(fromEnvironment("SHOPFLEET_BIN", own.c_str())),
        "where the services' programs are");
    add("announce", po::value(&options.announce), "a file that is written once we serve");
    add("audit-every",
        po::value(&options.auditEverySeconds)
            ->default_value(std::atoi(fromEnvironment("SHOPFLEET_AUDIT_EVERY", "60").c_str())),
        "seconds between two looks of the auditor at all services' books; 0: never");
    add("detach", po::bool_switch(&options.detach), "leave what runs running when told to stop");
    add("help", po::bool_switch(&options.help), "this text");
    return flags;
}

} // namespace

absl::StatusOr<Options> readOptions(int argc, char** argv)
{
    Options options;
    std::string listen;
    const auto flags = flagsOf(options, listen);
    try {
        po::variables_map values;
        const po::positional_options_description none;
        po::store(
            po::command_line_parser(argc, argv).options(flags).positional(none).run(), values);
        po::notify(values);
    } catch (const po::error& error) {
        return absl::InvalidArgumentError(error.what());
    }
    if (options.help)
        std::cout << flags;
    if (!split(listen, &options.host, &options.port))
        return absl::InvalidArgumentError(
            absl::StrCat("--listen: must be ADDRESS:PORT, not \"", listen, "\""));
    if (options.auditEverySeconds < 0 || options.auditEverySeconds > 86'400)
        return absl::InvalidArgumentError("--audit-every: must be 0 to 86400 seconds");
    std::string host;
    int port = 0;
    if (!split(options.gateway, &host, &port))
        return absl::InvalidArgumentError(
            absl::StrCat("--gateway: must be ADDRESS:PORT, not \"", options.gateway, "\""));
    if (!runtime::isAddress(options.metrics))
        return absl::InvalidArgumentError(
            absl::StrCat("--metrics: must be ADDRESS:PORT, not \"", options.metrics, "\""));
    if (!runtime::isAddress(options.targets))
        return absl::InvalidArgumentError(
            absl::StrCat("--targets: must be ADDRESS:PORT, not \"", options.targets, "\""));
    options.data = std::filesystem::absolute(options.data).lexically_normal().string();
    options.programs = std::filesystem::absolute(options.programs).lexically_normal().string();
    return options;
}

} // namespace shopfleet::control
