// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/fleetfile.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <fstream>
#include <initializer_list>
#include <set>
#include <sstream>
#include <yaml-cpp/yaml.h>

namespace shopfleet::control {

namespace {

constexpr int kMostReplicas = 64;

/// Reads one mapping; keeps the first thing that is wrong.
class Reader {
public:
    Reader(const YAML::Node& node, std::string path, std::string prefix)
        : m_node(node)
        , m_path(std::move(path))
        , m_prefix(std::move(prefix))
    {
    }

    const absl::Status& status() const { return m_status; }

    void refuse(const YAML::Node& at, const std::string& field, const std::string& why)
    {
        if (!m_status.ok())
            return;
        const auto line = std::max((at.IsDefined() ? at.Mark() : m_node.Mark()).line, 0) + 1;
        m_status = absl::InvalidArgumentError(
            absl::StrCat(m_path, ":", line, ": ", m_prefix, field, ": ", why));
    }

    void allowOnly(std::initializer_list<const char*> fields)
    {
        if (!m_node.IsMap())
            return refuse(m_node, "", "must be a mapping of fields");
        std::set<std::string> seen;
        for (const auto& entry : m_node) {
            const auto name = entry.first.Scalar();
            if (std::ranges::none_of(fields, [&](const char* field) { return name == field; }))
                return refuse(entry.first, name, "is not a field that is known here");
            if (!seen.insert(name).second)
                return refuse(entry.first, name, "is given twice");
        }
    }

    std::string text(const char* field, bool required)
    {
        const auto node = child(field);
        if (!node.IsDefined()) {
            if (required)
                refuse(node, field, "is missing");
            return {};
        }
        if (!node.IsScalar() || node.Scalar().empty()) {
            refuse(node, field, "must be a text that is not empty");
            return {};
        }
        return node.Scalar();
    }

    int number(const char* field, int fallback, int least, int most)
    {
        const auto node = child(field);
        if (!node.IsDefined())
            return fallback;
        int value = 0;
        if (!node.IsScalar() || !YAML::convert<int>::decode(node, value) || value < least
            || value > most) {
            refuse(node, field,
                absl::StrCat("must be a whole number from ", least, " to ", most, ", not \"",
                    shown(node), "\""));
            return fallback;
        }
        return value;
    }

    bool flag(const char* field)
    {
        const auto node = child(field);
        if (!node.IsDefined())
            return false;
        bool value = false;
        if (!node.IsScalar() || !YAML::convert<bool>::decode(node, value))
            refuse(node, field, absl::StrCat("must be yes or no, not \"", shown(node), "\""));
        return value;
    }

    std::vector<std::string> texts(const char* field)
    {
        const auto node = child(field);
        std::vector<std::string> values;
        if (!node.IsDefined())
            return values;
        if (!node.IsSequence()) {
            refuse(node, field, "must be a list of texts");
            return values;
        }
        for (const auto& entry : node) {
            if (!entry.IsScalar()) {
                refuse(entry, field, "must be a list of texts");
                return values;
            }
            values.push_back(entry.Scalar());
        }
        return values;
    }

    YAML::Node child(const char* field) const
    {
        return m_node.IsMap() ? m_node[field] : YAML::Node(YAML::NodeType::Undefined);
    }

private:
    static std::string shown(const YAML::Node& node)
    {
        return node.IsScalar() ? node.Scalar() : "a list or mapping";
    }

    const YAML::Node m_node;
    std::string m_path;
    std::string m_prefix;
    absl::Status m_status;
};

bool isName(const std::string& name)
{
    return name.size() <= 40
        && std::ranges::all_of(name,
            [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; })
        && name.front() >= 'a' && name.front() <= 'z' && name.back() != '-';
}

absl::StatusOr<ServiceSpec> readService(
    const YAML::Node& node, const std::string& path, std::size_t index)
{
    Reader reader(node, path, absl::StrCat("services[", index, "]", node.IsMap() ? "." : ""));
    reader.allowOnly(
        {"name", "program", "arguments", "replicas", "min", "max", "database", "http"});
    ServiceSpec spec;
    spec.name = reader.text("name", true);
    if (!spec.name.empty() && !isName(spec.name))
        reader.refuse(reader.child("name"), "name",
            "must be lower-case letters, digits and hyphens, beginning with a letter, at most 40");
    spec.program = reader.text("program", true);
    spec.arguments = reader.texts("arguments");
    spec.min = reader.number("min", 1, 0, kMostReplicas);
    spec.max = reader.number("max", 16, 1, kMostReplicas);
    spec.replicas = reader.number("replicas", std::max(spec.min, 1), 0, kMostReplicas);
    spec.database = reader.flag("database");
    spec.http = reader.flag("http");
    if (spec.min > spec.max)
        reader.refuse(reader.child("min"), "min",
            absl::StrCat("is ", spec.min, ", more than max, which is ", spec.max));
    if (spec.replicas < spec.min || spec.replicas > spec.max)
        reader.refuse(reader.child("replicas"), "replicas",
            absl::StrCat("is ", spec.replicas, ", but must be from min (", spec.min, ") to max (",
                spec.max, ")"));
    if (!reader.status().ok())
        return reader.status();
    return spec;
}

absl::StatusOr<FleetFile> readFleet(const YAML::Node& root, const std::string& path)
{
    Reader reader(root, path, "");
    reader.allowOnly({"environment", "services"});
    FleetFile fleet;
    fleet.environment = reader.text("environment", true);
    const auto services = reader.child("services");
    if (!services.IsDefined())
        reader.refuse(services, "services", "is missing");
    else if (!services.IsSequence() || services.size() == 0)
        reader.refuse(services, "services", "must be a list with at least one service");
    if (!reader.status().ok())
        return reader.status();

    std::set<std::string> names;
    for (std::size_t i = 0; i < services.size(); ++i) {
        auto spec = readService(services[i], path, i);
        if (!spec.ok())
            return spec.status();
        if (!names.insert(spec->name).second)
            return absl::InvalidArgumentError(
                absl::StrCat(path, ":", services[i]["name"].Mark().line + 1, ": services[", i,
                    "].name: \"", spec->name, "\" is there twice"));
        fleet.services.push_back(*std::move(spec));
    }
    return fleet;
}

} // namespace

absl::StatusOr<FleetFile> parseFleetFile(const std::string& text, const std::string& path)
{
    try {
        return readFleet(YAML::Load(text), path);
    } catch (const YAML::Exception& error) {
        return absl::InvalidArgumentError(
            absl::StrCat(path, ":", error.mark.line + 1, ": ", error.msg));
    }
}

absl::StatusOr<FleetFile> readFleetFile(const std::string& path)
{
    std::ifstream file(path);
    if (!file)
        return absl::NotFoundError(absl::StrCat(path, ": cannot be opened"));
    std::ostringstream text;
    text << file.rdbuf();
    return parseFleetFile(text.str(), path);
}

} // namespace shopfleet::control
