// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/answers.h"

#include "services/runtime/status.h"

#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <array>
#include <chrono>
#include <nlohmann/json.hpp>
#include <sodium.h>

namespace shopfleet::control {

namespace {

constexpr std::int64_t kKept = 86'400;

std::int64_t now()
{
    return std::chrono::duration_cast<std::chrono::seconds>(
        std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::string fingerprint(const google::protobuf::Message& request)
{
    std::string text = absl::StrCat(request.GetTypeName(), "\n");
    {
        google::protobuf::io::StringOutputStream bytes(&text);
        google::protobuf::io::CodedOutputStream out(&bytes);
        out.SetSerializationDeterministic(true); // A map is in no order of its own.
        (void)request.SerializeToCodedStream(&out);
    }
    std::array<unsigned char, 16> hash{};
    crypto_generichash(hash.data(), hash.size(),
        reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0);
    return absl::BytesToHexString(
        absl::string_view(reinterpret_cast<const char*>(hash.data()), hash.size()));
}

bool readText(const nlohmann::json& json, const char* field, std::string* text)
{
    const auto found = json.find(field);
    if (found == json.end() || !found->is_string())
        return false;
    *text = found->get<std::string>();
    return true;
}

} // namespace

Answers::Answers(const std::string& file)
    : m_journal(file)
{
    std::vector<std::string> kept;
    const auto lines = m_journal.read();
    for (const auto& line : lines) {
        const auto json = nlohmann::json::parse(line, nullptr, false);
        std::string id;
        std::string answer;
        Entry entry;
        if (!json.is_object() || !readText(json, "id", &id)
            || !readText(json, "request", &entry.request) || !readText(json, "answer", &answer)
            || !absl::Base64Unescape(
                answer, &entry.answer)) // Not in place: it writes before it reads.
            continue;
        const auto at = json.find("at");
        entry.at = at != json.end() && at->is_number_integer() ? at->get<std::int64_t>() : 0;
        if (entry.at < now() - kKept)
            continue;
        m_entries[id] = entry;
        kept.push_back(line);
    }
    if (kept.size() < lines.size())
        (void)m_journal.replace(kept); // If it cannot be written, the longer file does no harm.
}

absl::StatusOr<std::optional<std::string>> Answers::find(
    const std::string& requestId, const google::protobuf::Message& request) const
{
    if (requestId.empty() || requestId.size() > 64)
        return runtime::invalidField("request_id", "must have 1 to 64 characters");
    const auto found = m_entries.find(requestId);
    if (found == m_entries.end() || found->second.at < now() - kKept)
        return std::optional<std::string>();
    if (found->second.request != fingerprint(request))
        return runtime::aborted("REQUEST_ID_REUSED", "request_id was used for another request");
    return std::optional(found->second.answer);
}

absl::Status Answers::keep(const std::string& requestId, const google::protobuf::Message& request,
    const std::string& answer)
{
    const Entry entry{now(), fingerprint(request), answer};
    m_entries[requestId] = entry;
    const nlohmann::json line{{"id", requestId}, {"at", entry.at}, {"request", entry.request},
        {"answer", absl::Base64Escape(answer)}};
    return m_journal.append(
        line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), true);
}

} // namespace shopfleet::control
