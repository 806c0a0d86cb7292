// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/command.h"
#include "services/ctl/fleet.h"

#include <boost/program_options/parsers.hpp>
#include <cstdlib>
#include <fmt/format.h>
#include <ostream>

namespace shopfleet::ctl {
namespace {

namespace po = boost::program_options;

constexpr std::size_t kUsageColumn = 42;
constexpr std::string_view kExitCodes
    = "Exit codes: 0 done; 1 the operation failed; 2 wrong usage; "
      "3 a service cannot be reached.\n";

std::string fromEnvironment(const char* name, const char* otherwise)
{
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0' ? value : otherwise;
}

po::options_description commonOptions()
{
    po::options_description options("Everywhere");
    options.add_options()("help,h", "say this and stop")(
        "json", "answer in JSON, with fields that stay")("control",
        po::value<std::string>()->default_value(
            fromEnvironment("SHOPFLEET_CONTROL", "127.0.0.1:7400")),
        "the control plane (SHOPFLEET_CONTROL)")("target",
        po::value<std::string>()->default_value(fromEnvironment("SHOPFLEET_TARGET", "xds:///%s")),
        "how to reach a service (SHOPFLEET_TARGET)")(
        "timeout", po::value<int>()->default_value(10), "seconds that one call may take");
    return options;
}

void writeOverview(std::ostream& out)
{
    out << "shopfleetctl " SHOPFLEET_VERSION
           ": runs the store and its fleet from the command line\n\n"
        << "usage: shopfleetctl COMMAND [ARGUMENTS] [OPTIONS]\n\n";
    for (const Command* command : commands()) {
        const auto usage = fmt::format("{} {}", command->name, command->usage);
        const bool fits = usage.size() < kUsageColumn;
        out << fmt::format("  {:<{}}{}\n", usage, kUsageColumn,
            fits ? std::string(command->summary)
                 : fmt::format("\n  {:{}}{}", "", kUsageColumn, command->summary));
    }
    out << "\nshopfleetctl COMMAND --help says more of each.\n" << kExitCodes;
}

void writeHelp(const Command& command, const po::options_description& flags, std::ostream& out)
{
    out << fmt::format(
        "usage: shopfleetctl {} {}\n\n{}.\n", command.name, command.usage, command.summary);
    if (!command.details.empty())
        out << '\n' << command.details;
    if (!flags.options().empty())
        out << '\n' << flags;
    out << '\n' << commonOptions() << '\n' << kExitCodes;
}

int refuse(std::string_view name, const std::string& why, std::ostream& err)
{
    err << fmt::format("shopfleetctl {0}: {1}\nTry: shopfleetctl {0} --help\n", name, why);
    return kUsage;
}

int runCommand(const Command& command, const std::vector<std::string>& arguments, std::ostream& out,
    std::ostream& err)
{
    po::options_description flags("Options");
    command.describe(flags);
    po::options_description hidden;
    po::positional_options_description positions;
    for (const Argument& argument : command.arguments) {
        if (argument.takesRest)
            hidden.add_options()(argument.option, po::value<std::vector<std::string>>());
        else
            hidden.add_options()(argument.option, po::value<std::string>());
        positions.add(argument.option, argument.takesRest ? -1 : 1);
    }
    po::options_description all;
    all.add(flags).add(commonOptions()).add(hidden);
    po::variables_map values;
    try {
        // Abbreviated options would change their meaning when new ones come.
        const int style
            = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
        po::store(po::command_line_parser(arguments)
                      .options(all)
                      .positional(positions)
                      .style(style)
                      .run(),
            values);
    } catch (const po::error& error) {
        return refuse(command.name, error.what(), err);
    }
    if (values.count("help") != 0) {
        writeHelp(command, flags, out);
        return kDone;
    }
    try {
        po::notify(values); // Only now: --help needs nothing else.
    } catch (const po::error& error) {
        return refuse(command.name, error.what(), err);
    }
    for (const Argument& argument : command.arguments)
        if (!argument.mayBeMissing && values.count(argument.option) == 0)
            return refuse(command.name, fmt::format("{} is missing", argument.option), err);
    const int timeout = values["timeout"].as<int>();
    if (timeout < 1 || timeout > 3600)
        return refuse(command.name, "--timeout is not between 1 and 3600", err);
    const auto target = values["target"].as<std::string>();
    if (target.find('%') != target.rfind('%') || (target.find('%') != target.find("%s")))
        return refuse(command.name, "--target may hold one %s, for the service's name", err);

    Fleet fleet(values["control"].as<std::string>(), target, std::chrono::seconds(timeout));
    const Invocation invocation{.values = values,
        .fleet = fleet,
        .out = out,
        .err = err,
        .json = values.count("json") != 0};
    const int code = command.run(invocation);
    out.flush();
    if (!out)
        return kFailed; // Whoever reads us went away, or the disk is full.
    return code;
}

} // namespace

std::vector<const Command*> commands()
{
    return {&kStatusCommand, &kScaleCommand, &kAutoscaleCommand, &kRestartCommand, &kDrainCommand,
        &kTopCommand, &kTopologyCommand, &kAlertsCommand, &kAlertCommand, &kIncidentsCommand,
        &kIncidentCommand, &kEventsCommand, &kReleasesCommand, &kReleaseCommand, &kRolloutsCommand,
        &kRolloutCommand, &kRollbackCommand, &kLogsCommand, &kTracesCommand, &kTraceCommand,
        &kOrdersCommand, &kOrderCommand, &kSearchCommand, &kImportCommand, &kLoadCommand,
        &kShopCommand, &kAuditCommand, &kReconcileCommand, &kBackupCommand, &kRestoreCommand};
}

int run(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err)
{
    const std::string name = arguments.empty() ? std::string() : arguments.front();
    if (name == "help" || name == "--help" || name == "-h") {
        writeOverview(out);
        return kDone;
    }
    if (name == "--version") {
        out << SHOPFLEET_VERSION << '\n';
        return kDone;
    }
    for (const Command* command : commands())
        if (command->name == name)
            return runCommand(*command, {arguments.begin() + 1, arguments.end()}, out, err);
    if (name.empty())
        err << "shopfleetctl: no command given\n";
    else
        err << fmt::format("shopfleetctl: there is no command \"{}\"\n", name);
    err << "Try: shopfleetctl --help\n";
    return kUsage;
}

} // namespace shopfleet::ctl
