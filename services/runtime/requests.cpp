// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/requests.h"

#include "services/runtime/clock.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <sodium.h>

namespace shopfleet::runtime {
namespace {

constexpr std::int64_t kKeepUs = std::int64_t{24} * 3600 * 1'000'000;

std::string requestId(const google::protobuf::Message& request)
{
    const auto* field = request.GetDescriptor()->FindFieldByName("request_id");
    return field ? request.GetReflection()->GetString(request, field) : std::string();
}

/// Of method and body: maps are serialized in a fixed order, so that equal bodies have equal
/// fingerprints.
std::string fingerprint(const google::protobuf::Message& request)
{
    std::string bytes = request.GetDescriptor()->full_name();
    bytes.push_back('\0');
    {
        google::protobuf::io::StringOutputStream stream(&bytes);
        google::protobuf::io::CodedOutputStream coded(&stream);
        coded.SetSerializationDeterministic(true);
        request.SerializeToCodedStream(&coded);
    }
    std::string hash(crypto_generichash_BYTES, '\0');
    crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
        reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), nullptr, 0);
    return hash;
}

/// The answer that is stored under this id.
absl::StatusOr<bool> find(Connection& connection, const std::string& id, const std::string& print,
    google::protobuf::Message* response)
{
    struct Known {
        std::string fingerprint, answer;
    };
    const auto known = connection.selectOne(
        "SELECT fingerprint, answer FROM answered_request WHERE id = :1",
        [](std::string hash, std::string answer) {
            return Known{std::move(hash), std::move(answer)};
        },
        id);
    if (!known.ok())
        return known.status();
    if (!known->has_value())
        return false;
    if ((*known)->fingerprint != print)
        return aborted("REQUEST_ID_REUSED",
            "request_id: it was used for another request; a new request needs a new id");
    if (!response->ParseFromString((*known)->answer))
        return internal("an answer that was stored cannot be read");
    return true;
}

} // namespace

const char* const kRuntimeSchema = R"sql(
CREATE TABLE IF NOT EXISTS answered_request (
    number      INTEGER PRIMARY KEY, -- Rows lie in the order of their age.
    id          TEXT NOT NULL UNIQUE,
    fingerprint BLOB NOT NULL,
    answer      BLOB NOT NULL,
    at          INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS change_log (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    kind    TEXT NOT NULL,
    id      TEXT NOT NULL,
    deleted INTEGER NOT NULL,
    at      INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS position_block (
    list  TEXT NOT NULL,
    first INTEGER NOT NULL,
    rows  INTEGER NOT NULL,
    PRIMARY KEY (list, first)
) WITHOUT ROWID;
)sql";

absl::Status checkRequestId(const google::protobuf::Message& request)
{
    const std::string id = requestId(request);
    if (id.empty() || id.size() > 64)
        return invalidField("request_id", "must have 1 to 64 characters");
    return absl::OkStatus();
}

absl::StatusOr<bool> answeredBefore(Connection& connection,
    const google::protobuf::Message& request, google::protobuf::Message* response)
{
    return find(connection, requestId(request), fingerprint(request), response);
}

absl::Status once(Connection& connection, const google::protobuf::Message& request,
    google::protobuf::Message* response, const std::function<absl::Status()>& effect)
{
    const std::string id = requestId(request);
    const std::string print = fingerprint(request);
    const auto known = find(connection, id, print, response);
    if (!known.ok() || *known)
        return known.status();
    if (auto status = effect(); !status.ok())
        return status;
    return connection
        .execute(
            "INSERT INTO answered_request (id, fingerprint, answer, at) VALUES (:1, :2, :3, :4)",
            id, print, response->SerializeAsString(), nowUs())
        .status();
}

absl::Status forgetOldRequests(Connection& connection)
{
    return connection
        .execute("DELETE FROM answered_request WHERE number IN (SELECT number FROM "
                 "(SELECT number, at FROM answered_request ORDER BY number LIMIT 1000) "
                 "WHERE at < :1)",
            nowUs() - kKeepUs)
        .status();
}

} // namespace shopfleet::runtime
