// SPDX-License-Identifier: GPL-3.0-or-later
// Copies the services' databases while they work, and puts copies back.
#include "services/keeper/restore.h"

#include <atomic>
#include <boost/program_options.hpp>
#include <csignal>
#include <iostream>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace po = boost::program_options;
using namespace shopfleet::keeper;

namespace {

enum ExitCode { kDone = 0, kFailed = 1, kUsage = 2 };

volatile std::sig_atomic_t interrupted = 0;

/// One line that is written over, on a terminal alone.
bool say(const std::string& service, std::int64_t done, std::int64_t total)
{
    constexpr std::int64_t kMega = 1'000'000;
    if (::isatty(STDERR_FILENO))
        std::cerr << "\r\033[K" << service << ": " << done / kMega << " of " << total / kMega
                  << " MB" << (done == total ? "\r\033[K" : "") << std::flush;
    return interrupted == 0;
}

int fail(const absl::Status& status)
{
    std::cerr << "keeper: " << status.message() << "\n";
    return kFailed;
}

int backUpNow(const po::variables_map& values, const std::vector<std::string>& services)
{
    const auto made
        = backUp(values["data"].as<std::string>(), services, values["to"].as<std::string>(), say);
    if (!made.ok())
        return fail(made.status());
    std::int64_t bytes = 0;
    auto copies = nlohmann::json::array();
    for (const Copied& copy : made->manifest.copies) {
        bytes += copy.bytes;
        copies.push_back({{"service", copy.service}, {"bytes", copy.bytes}});
    }
    if (values["json"].as<bool>())
        std::cout << nlohmann::json{{"folder", made->folder}, {"made_at", made->manifest.madeAt},
            {"copies",
                copies}}.dump(2)
                  << "\n";
    else
        std::cout << made->folder << "\n"
                  << copies.size() << " databases, " << bytes << " bytes, as of "
                  << made->manifest.madeAt << "\n";
    return kDone;
}

int restoreNow(const po::variables_map& values, const std::vector<std::string>& services)
{
    const auto done = restore(
        values["from"].as<std::string>(), services, values["data"].as<std::string>(), say);
    if (!done.ok())
        return fail(done.status());
    if (values["json"].as<bool>()) {
        std::cout << nlohmann::json{{"made_at", done->madeAt}, {"services", done->services},
            {"kept", done->kept}}
                         .dump(2)
                  << "\n";
        return kDone;
    }
    for (const std::string& service : done->services)
        std::cout << service << " is as of " << done->madeAt << "\n";
    for (const std::string& kept : done->kept)
        std::cout << "kept what was there: " << kept << "\n";
    return kDone;
}

int run(int argc, char** argv)
{
    po::options_description options(
        "keeper backup --data DIR --to DIR [SERVICE…]\nkeeper restore --data DIR --from BACKUP "
        "[SERVICE…]");
    options.add_options()("help,h", "say this and stop")(
        "data", po::value<std::string>(), "the fleet's folder, with one folder a service")(
        "to", po::value<std::string>(), "where the backup's own folder is made")("from",
        po::value<std::string>(), "a backup's folder")("json", po::bool_switch(), "answer in JSON");
    po::options_description hidden;
    hidden.add_options()("words", po::value<std::vector<std::string>>());
    po::positional_options_description positions;
    positions.add("words", -1);
    po::variables_map values;
    try {
        po::store(po::command_line_parser(argc, argv)
                      .options(po::options_description().add(options).add(hidden))
                      .positional(positions)
                      .run(),
            values);
        po::notify(values);
    } catch (const po::error& error) {
        std::cerr << "keeper: " << error.what() << "\n" << options;
        return kUsage;
    }
    if (values.count("help")) {
        std::cout << options;
        return kDone;
    }
    auto words = values.count("words") ? values["words"].as<std::vector<std::string>>()
                                       : std::vector<std::string>();
    const std::string verb = words.empty() ? "" : words.front();
    const char* where = verb == "backup" ? "to" : "from";
    if ((verb != "backup" && verb != "restore") || !values.count("data") || !values.count(where)) {
        std::cerr << "keeper: what to do, --data and --to or --from are required\n" << options;
        return kUsage;
    }
    words.erase(words.begin());
    std::signal(SIGINT, [](int) { interrupted = 1; });
    std::signal(SIGTERM, [](int) { interrupted = 1; });
    return verb == "backup" ? backUpNow(values, words) : restoreNow(values, words);
}

} // namespace

int main(int argc, char** argv)
{
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        std::cerr << "keeper: " << error.what() << "\n";
        return kFailed;
    }
}
