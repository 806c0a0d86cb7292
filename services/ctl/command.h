// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ctl/exitcode.h"

#include <absl/status/status.h>

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace shopfleet::ctl {

class Fleet;

/// One run of a command: what was asked, whom to ask, where to answer.
struct Invocation {
    const boost::program_options::variables_map& values;
    Fleet& fleet;
    std::ostream& out;
    std::ostream& err;
    bool json;

    template <class Value>
    Value value(const char* name) const
    {
        return values[name].as<Value>();
    }
    bool has(const char* name) const { return values.count(name) != 0; }

    /// Says what went wrong (with --json also on the output) and gives the exit code that fits.
    ExitCode fail(const absl::Status& status) const;
    ExitCode refuse(const std::string& why) const;
};

/// A positional argument; `option` is the hidden option that holds it, as std::string. The last one
/// may take all that is left.
struct Argument {
    const char* option;
    bool takesRest = false;
    bool mayBeMissing = false;
};

struct Command {
    std::string_view name;
    std::string_view usage; ///< What follows the name: "SERVICE N".
    std::string_view summary;
    std::string_view details; ///< For --help: rules, fields, examples.
    std::vector<Argument> arguments;
    void (*describe)(boost::program_options::options_description& flags);
    ExitCode (*run)(const Invocation& invocation);
};

extern const Command kStatusCommand;
extern const Command kScaleCommand;
extern const Command kRestartCommand;
extern const Command kAutoscaleCommand;
extern const Command kDrainCommand;
extern const Command kTopCommand;
extern const Command kAlertsCommand;
extern const Command kAlertCommand;
extern const Command kIncidentsCommand;
extern const Command kIncidentCommand;
extern const Command kTopologyCommand;
extern const Command kEventsCommand;
extern const Command kReleasesCommand;
extern const Command kReleaseCommand;
extern const Command kRolloutsCommand;
extern const Command kRolloutCommand;
extern const Command kRollbackCommand;
extern const Command kLogsCommand;
extern const Command kTracesCommand;
extern const Command kTraceCommand;
extern const Command kOrdersCommand;
extern const Command kOrderCommand;
extern const Command kSearchCommand;
extern const Command kImportCommand;
extern const Command kLoadCommand;
extern const Command kShopCommand;
extern const Command kAuditCommand;
extern const Command kBackupCommand;
extern const Command kReconcileCommand;
extern const Command kRestoreCommand;

std::vector<const Command*> commands();

/// The whole program: `arguments` without the program's name.
int run(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err);

} // namespace shopfleet::ctl
