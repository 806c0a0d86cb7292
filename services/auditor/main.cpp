// SPDX-License-Identifier: GPL-3.0-or-later
// Reads all services' databases and says what does not hold.
#include "services/auditor/audit.h"

#include <boost/program_options.hpp>
#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace po = boost::program_options;
using namespace shopfleet::auditor;

namespace {

constexpr int kGivesWay = 15;
enum ExitCode { kHolds = 0, kViolated = 1, kUsage = 2, kUnreadable = 3 };

void print(const Report& report, double seconds, bool asJson)
{
    if (asJson) {
        auto violations = nlohmann::json::array();
        for (const auto& [check, subject, found] : report.violations)
            violations.push_back({{"check", check}, {"subject", subject}, {"found", found}});
        std::cout << nlohmann::json{{"violations", violations}, {"checks", checks().size()},
            {"orders", report.orders}, {"payments", report.payments},
            {"shipments", report.shipments}, {"reservations", report.reservations},
            {"seconds",
                seconds}}.dump(2)
                  << "\n";
        return;
    }
    for (const auto& [check, subject, found] : report.violations)
        std::cout << check << "  " << subject << "  " << found << "\n";
    std::cout << checks().size() << " checks over " << report.orders << " orders, "
              << report.payments << " payments, " << report.shipments << " shipments, "
              << report.reservations << " reservations in " << seconds << " s\n"
              << report.violations.size() << " violations\n";
}

int run(int argc, char** argv)
{
    po::options_description options("auditor: checks what must always hold, across all services");
    options.add_options()("help,h", "say this and stop")(
        "data", po::value<std::string>(), "the fleet's folder, with one folder a service")(
        "nice", po::bool_switch(), "give way to whatever else runs")(
        "json", po::bool_switch(), "answer in JSON: violations[].{check, subject, found}, counts")(
        "list", po::bool_switch(), "say what is checked and stop")(
        "rounds", po::value<int>()->default_value(3), "how often a finding is looked for again")(
        "pause", po::value<double>()->default_value(1), "seconds between two of them");
    po::variables_map values;
    try {
        po::store(po::parse_command_line(argc, argv, options), values);
        po::notify(values);
    } catch (const po::error& error) {
        std::cerr << "auditor: " << error.what() << "\n" << options;
        return kUsage;
    }
    if (values.count("help")) {
        std::cout << options;
        return kHolds;
    }
    if (values["list"].as<bool>()) {
        for (const Check& check : checks())
            std::cout << check.id << "\t" << check.what << "\n";
        return kHolds;
    }
    if (!values.count("data") || values["rounds"].as<int>() < 0
        || values["pause"].as<double>() < 0) {
        std::cerr << "auditor: --data is required; --rounds and --pause are not negative\n";
        return kUsage;
    }
    if (values["nice"].as<bool>() && ::nice(kGivesWay) < 0)
        std::cerr << "auditor: it runs at the usual priority\n";
    const auto began = std::chrono::steady_clock::now();
    const auto books = Books::open(values["data"].as<std::string>());
    const auto report = books.ok()
        ? audit(*books, values["rounds"].as<int>(),
            std::chrono::milliseconds(static_cast<int>(values["pause"].as<double>() * 1000)))
        : absl::StatusOr<Report>(books.status());
    if (!report.ok()) {
        std::cerr << "auditor: " << report.status().message() << "\n";
        return kUnreadable;
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    print(*report, took.count(), values["json"].as<bool>());
    return report->violations.empty() ? kHolds : kViolated;
}

} // namespace

int main(int argc, char** argv)
{
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        std::cerr << "auditor: " << error.what() << "\n";
        return kUnreadable;
    }
}
