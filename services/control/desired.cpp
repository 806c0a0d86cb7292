// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/desired.h"

#include <google/protobuf/util/json_util.h>

#include <nlohmann/json.hpp>
#include <utility>

namespace shopfleet::control {

using google::protobuf::util::JsonStringToMessage;
using google::protobuf::util::MessageToJsonString;

Desired::Desired(const std::string& file)
    : m_journal(file)
{
    const auto lines = m_journal.read();
    for (const auto& line : lines)
        take(line);
    if (lines.size() > m_entries.size()) {
        std::vector<std::string> kept;
        for (const auto& [service, entry] : m_entries)
            kept.push_back(toLine(service, entry));
        // If it cannot be written, the longer file still says the same.
        (void)m_journal.replace(kept);
    }
}

// A line says all that is known of its service, except that one from before there were revisions
// says nothing of it.
void Desired::take(const std::string& line)
{
    const auto json = nlohmann::json::parse(line, nullptr, false);
    if (!json.is_object() || !json.contains("service") || !json["service"].is_string())
        return;
    Entry entry;
    try {
        if (json.contains("replicas"))
            entry.replicas = {json.at("replicas").get<int>(), json.at("in_file").get<int>()};
        if (json.contains("version"))
            entry.revision = Revision{json.at("version").get<std::string>(),
                json.at("arguments").get<std::map<std::string, std::string>>(), {}};
        if (json.contains("policy")
            && !JsonStringToMessage(json.at("policy").get<std::string>(), &entry.scaling.policy)
                    .ok())
            return;
        if (json.contains("min"))
            entry.scaling.limits = {json.at("min").get<int>(), json.at("max").get<int>()};
        if (json.contains("override_until"))
            entry.scaling.overrideUntil.set_seconds(json.at("override_until").get<std::int64_t>());
    } catch (const nlohmann::json::exception&) {
        return; // Not a line of ours.
    }
    m_entries[json["service"].get<std::string>()] = std::move(entry);
}

std::string Desired::toLine(const std::string& service, const Entry& entry)
{
    nlohmann::json json{{"service", service}};
    if (entry.replicas) {
        json["replicas"] = entry.replicas->first;
        json["in_file"] = entry.replicas->second;
    }
    if (entry.revision) {
        json["version"] = entry.revision->version;
        json["arguments"] = entry.revision->arguments;
    }
    if (std::string policy; entry.scaling.policy.ByteSizeLong() > 0
        && MessageToJsonString(entry.scaling.policy, &policy).ok())
        json["policy"] = policy;
    if (entry.scaling.limits) {
        json["min"] = entry.scaling.limits->first;
        json["max"] = entry.scaling.limits->second;
    }
    if (entry.scaling.overrideUntil.seconds() > 0)
        json["override_until"] = entry.scaling.overrideUntil.seconds();
    return json.dump();
}

Desired::Scaling Desired::scaling(const std::string& service) const
{
    const auto found = m_entries.find(service);
    return found == m_entries.end() ? Scaling() : found->second.scaling;
}

absl::Status Desired::setScaling(const std::string& service, const Scaling& scaling)
{
    auto& entry = m_entries[service];
    entry.scaling = scaling;
    return m_journal.append(toLine(service, entry), true);
}

int Desired::replicas(const std::string& service, int inFile) const
{
    const auto found = m_entries.find(service);
    const bool said = found != m_entries.end() && found->second.replicas
        && found->second.replicas->second == inFile;
    return said ? found->second.replicas->first : inFile;
}

absl::Status Desired::setReplicas(const std::string& service, int replicas, int inFile)
{
    auto& entry = m_entries[service];
    entry.replicas = {replicas, inFile};
    return m_journal.append(toLine(service, entry), true);
}

std::optional<Revision> Desired::revision(const std::string& service) const
{
    const auto found = m_entries.find(service);
    return found == m_entries.end() ? std::nullopt : found->second.revision;
}

absl::Status Desired::setRevision(const std::string& service, const Revision& revision)
{
    auto& entry = m_entries[service];
    entry.revision = revision;
    return m_journal.append(toLine(service, entry), true);
}

} // namespace shopfleet::control
