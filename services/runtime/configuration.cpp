// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/configuration.h"

#include "services/runtime/fault.h"
#include "services/runtime/text.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <set>

namespace shopfleet::runtime {
namespace {

namespace options = boost::program_options;

[[noreturn]] void refuse(const std::string& service, const std::string& why)
{
    std::cerr << service << "d: " << why << "\nSee " << service << "d --help.\n";
    std::exit(2);
}

/// SHOPFLEET_LOG_LEVEL → log-level. What is no option of this program is another's:
/// SHOPFLEET_CONTROL.
std::string optionOf(const options::options_description& known, const std::string& variable)
{
    constexpr std::string_view kPrefix = "SHOPFLEET_";
    if (variable.compare(0, kPrefix.size(), kPrefix) != 0)
        return {};
    std::string name = variable.substr(kPrefix.size());
    std::transform(name.begin(), name.end(), name.begin(),
        [](unsigned char c) { return c == '_' ? '-' : static_cast<char>(std::tolower(c)); });
    return known.find_nothrow(name, false) ? name : std::string();
}

} // namespace

std::string targetOf(const Configuration& configuration, const std::string& service)
{
    for (const std::string& peer : configuration.peers)
        if (peer.starts_with(service + "="))
            return peer.substr(service.size() + 1);
    return configuration.target;
}

bool isAddress(const std::string& text)
{
    const auto colon = text.rfind(':');
    if (colon == std::string::npos || colon == 0)
        return false;
    unsigned port = 0;
    const char* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data() + colon + 1, end, port);
    return error == std::errc() && at == end && port <= 65'535;
}

namespace {

void check(const Configuration& given)
{
    for (const auto& [name, value] :
        {std::pair("--listen", given.listen), {"--metrics", given.metrics}})
        if (!isAddress(value))
            refuse(given.service, runtime::text(name, " \"", value, "\" is not ADDRESS:PORT"));
    if (!given.alsoListen.empty() && !isAddress(given.alsoListen))
        refuse(given.service,
            runtime::text("--also-listen \"", given.alsoListen, "\" is not ADDRESS:PORT"));
    static const std::set<std::string> kLevels = {"debug", "info", "warning", "error"};
    if (!kLevels.contains(given.logLevel))
        refuse(given.service,
            runtime::text(
                "--log-level \"", given.logLevel, "\" is not one of debug, info, warning, error"));
    if (!given.fail.empty() && !injectFault(given.fail))
        refuse(given.service,
            runtime::text("--fail \"", given.fail, "\" is not METHOD=SHARE, a share from 0 to 1"));
    if (!given.delay.empty() && !injectDelay(given.delay))
        refuse(given.service,
            runtime::text("--delay \"", given.delay, "\" is not METHOD=SECONDS, from 0 to 60"));
    if (given.target.find("%s") == std::string::npos && !given.target.starts_with("ipv4:"))
        refuse(given.service,
            runtime::text("--target \"", given.target, "\" has no %s for the service's name"));
    for (const std::string& peer : given.peers) {
        const auto equals = peer.find('=');
        if (equals == 0 || equals == std::string::npos || equals + 1 == peer.size())
            refuse(given.service, runtime::text("--peer \"", peer, "\" is not SERVICE=TARGET"));
    }
}

/// What every service can be told.
void describe(options::options_description& known, Configuration& result)
{
    const auto text
        = [](std::string* value) { return options::value(value)->default_value(*value); };
    known.add_options()("help", "says this")("version", "says the version")("listen",
        text(&result.listen), "ADDRESS:PORT for gRPC; port 0: the kernel chooses")("also-listen",
        text(&result.alsoListen),
        "ADDRESS:PORT that stays the same, for callers who are not told where the service is; "
        "its replicas share it")("metrics", text(&result.metrics), "ADDRESS:PORT for Prometheus")(
        "data", text(&result.data), "the service's own folder")("announce", text(&result.announce),
        "file to write once it serves: JSON with pid and addresses")(
        "replica", text(&result.replica), "this replica's name")("target", text(&result.target),
        "how to reach another service; %s is its name")("peer", options::value(&result.peers),
        "SERVICE=TARGET: how to reach this one service; may be given several times")("log-level",
        text(&result.logLevel), "debug, info, warning, error")("fail", text(&result.fail),
        "METHOD=SHARE: so many of its calls fail on purpose, to try alarms out; *: of each method")(
        "delay", text(&result.delay),
        "METHOD=SECONDS: its answers are held back on purpose; *: of each method");
}

} // namespace

Configuration configure(int argc, char** argv, const std::string& service,
    const std::function<void(options::options_description&)>& more)
{
    Configuration result;
    result.service = service;
    options::options_description known(service + "d, a service of Shopfleet");
    describe(known, result);
    if (more)
        more(known);

    options::options_description all;
    std::vector<std::string> strays;
    all.add(known).add_options()("stray", options::value(&strays));
    options::positional_options_description anywhere;
    anywhere.add("stray", -1);
    options::variables_map values;
    try {
        options::store(options::command_line_parser(argc, argv)
                           .options(all)
                           .positional(anywhere)
                           .style(options::command_line_style::unix_style
                               & ~options::command_line_style::allow_guessing)
                           .run(),
            values);
        options::store(options::parse_environment(known,
                           [&known](const std::string& name) { return optionOf(known, name); }),
            values);
        if (values.count("help") > 0) {
            std::cout
                << known
                << "Each is also an environment variable: --log-level is SHOPFLEET_LOG_LEVEL.\n";
            std::exit(0);
        }
        if (values.count("version") > 0) {
            std::cout << SHOPFLEET_VERSION << '\n';
            std::exit(0);
        }
        options::notify(values);
    } catch (const options::error& error) {
        refuse(service, error.what());
    }
    if (!strays.empty())
        refuse(service,
            runtime::text("unexpected \"", strays.front(), "\": everything is set by flags"));
    check(result);
    if (result.replica.empty())
        result.replica = service;
    return result;
}

} // namespace shopfleet::runtime
