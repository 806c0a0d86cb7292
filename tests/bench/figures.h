// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// How a benchmark says what it found: a line a figure, `name value unit ceiling ratio`, with tabs.
namespace shopfleet::bench {

inline double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// 0 where there is none.
inline double quantile(std::vector<double> values, double q)
{
    if (values.empty())
        return 0;
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1))];
}

inline void figure(
    const char* name, double value, const char* unit, std::optional<double> ceiling = std::nullopt)
{
    std::printf("%s\t%.6g\t%s\t", name, value, unit);
    if (ceiling)
        std::printf("%.6g\t%.3f\n", *ceiling, value / *ceiling);
    else
        std::printf("-\t-\n");
    std::fflush(stdout);
}

struct Bench {
    std::string_view name;
    std::function<void()> run;
};

/// `--list` says the names, one a line; without names all are run.
inline int run(int argc, char** argv, const std::vector<Bench>& benches)
{
    const std::vector<std::string_view> wanted(argv + 1, argv + argc);
    for (const Bench& bench : benches) {
        if (!wanted.empty() && wanted.front() == "--list")
            std::printf("%.*s\n", static_cast<int>(bench.name.size()), bench.name.data());
        else if (wanted.empty()
            || std::find(wanted.begin(), wanted.end(), bench.name) != wanted.end())
            bench.run();
    }
    return 0;
}

} // namespace shopfleet::bench
