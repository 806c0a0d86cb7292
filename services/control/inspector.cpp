// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/inspector.h"

#include "services/control/moment.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sys/epoll.h>
#include <unistd.h>
#include <utility>

namespace shopfleet::control {
namespace {

using namespace std::chrono_literals;

constexpr auto kFirst = 5s; ///< Time for the services to come up and finish what was under way.
constexpr int kTimesItsOwn = 20;
constexpr std::size_t kShown = 20;

std::string outputOf(const std::string& data)
{
    return data + "/run/audit.json";
}

/// What the auditor wrote; its own words in `error` where that is no report.
v1::Integrity read(const std::string& path, v1::Integrity before)
{
    std::ifstream file(path);
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    const auto report = nlohmann::json::parse(text, nullptr, false);
    if (!report.is_object() || !report.contains("violations") || !report.contains("checks")) {
        before.set_error(text.empty() ? "the auditor said nothing" : text.substr(0, 300));
        return before;
    }
    v1::Integrity found;
    *found.mutable_at() = momentNow();
    found.set_checks(report.value("checks", 0));
    found.set_seconds(report.value("seconds", 0.0));
    const auto& violations = report["violations"];
    found.set_violations(static_cast<std::int64_t>(violations.size()));
    for (std::size_t i = 0; i < std::min(kShown, violations.size()); ++i) {
        auto& one = *found.add_found();
        one.set_check(violations[i].value("check", ""));
        one.set_subject(violations[i].value("subject", ""));
        one.set_found(violations[i].value("found", ""));
    }
    return found;
}

} // namespace

Inspector::Inspector(EventLoop& loop, Options options, Told told)
    : m_loop(loop)
    , m_options(std::move(options))
    , m_told(std::move(told))
{
}

Inspector::~Inspector()
{
    end();
}

void Inspector::begin()
{
    if (m_options.every.count() > 0)
        lookLater(kFirst);
}

void Inspector::end()
{
    m_loop.cancel(m_timer);
    if (m_process.descriptor < 0)
        return;
    ::kill(m_process.pid, SIGTERM);
    m_loop.unwatch(m_process.descriptor);
    describeExit(m_process);
    ::close(std::exchange(m_process.descriptor, -1));
}

void Inspector::lookLater(std::chrono::milliseconds pause)
{
    m_timer = m_loop.after(pause, [this] { look(); });
}

void Inspector::look()
{
    std::error_code ignored;
    std::filesystem::remove(outputOf(m_options.data), ignored);
    m_began = EventLoop::Clock::now();
    auto started = spawn({.program = m_options.program,
        .arguments = {"--data", m_options.data, "--json", "--nice"},
        .environment = {},
        .logFile = outputOf(m_options.data)});
    if (!started.ok()) {
        m_found.set_error(std::string(started.status().message()));
        m_told();
        return lookLater(m_options.every);
    }
    m_process = *started;
    m_loop.watch(m_process.descriptor, EPOLLIN, [this](std::uint32_t) { looked(); });
}

void Inspector::looked()
{
    m_loop.unwatch(m_process.descriptor);
    describeExit(m_process);
    ::close(std::exchange(m_process.descriptor, -1));
    m_found = read(outputOf(m_options.data), std::move(m_found));
    m_told();
    const auto took
        = std::chrono::duration_cast<std::chrono::milliseconds>(EventLoop::Clock::now() - m_began);
    lookLater(std::max<std::chrono::milliseconds>(m_options.every, took * kTimesItsOwn));
}

} // namespace shopfleet::control
