// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/desired.h"

#include <nlohmann/json.hpp>

namespace shopfleet::control {

namespace {

std::string toLine(const std::string& service, int replicas, int inFile)
{
    return nlohmann::json{{"service", service}, {"replicas", replicas}, {"in_file", inFile}}.dump();
}

} // namespace

Desired::Desired(const std::string& file)
    : m_journal(file)
{
    const auto lines = m_journal.read();
    for (const auto& line : lines) {
        const auto json = nlohmann::json::parse(line, nullptr, false);
        if (!json.is_object())
            continue;
        const auto service = json.find("service");
        const auto replicas = json.find("replicas");
        const auto inFile = json.find("in_file");
        const bool whole = service != json.end() && service->is_string() && replicas != json.end()
            && replicas->is_number_integer() && inFile != json.end() && inFile->is_number_integer();
        if (whole)
            m_entries[service->get<std::string>()] = {replicas->get<int>(), inFile->get<int>()};
    }
    if (lines.size() > m_entries.size()) {
        std::vector<std::string> kept;
        for (const auto& [service, entry] : m_entries)
            kept.push_back(toLine(service, entry.replicas, entry.inFile));
        // If it cannot be written, the longer file still says the same.
        (void)m_journal.replace(kept);
    }
}

int Desired::replicas(const std::string& service, int inFile) const
{
    const auto found = m_entries.find(service);
    return found == m_entries.end() || found->second.inFile != inFile ? inFile
                                                                      : found->second.replicas;
}

absl::Status Desired::set(const std::string& service, int replicas, int inFile)
{
    m_entries[service] = {replicas, inFile};
    return m_journal.append(toLine(service, replicas, inFile), true);
}

} // namespace shopfleet::control
