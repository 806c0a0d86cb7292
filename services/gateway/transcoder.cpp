// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/gateway/transcoder.h"

#include "services/gateway/fault.h"
#include "services/gateway/jsonreader.h"
#include "services/gateway/jsontext.h"
#include "services/gateway/jsonwriter.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <array>
#include <sodium.h>

namespace shopfleet::gateway {
namespace {

using google::protobuf::Message;

constexpr std::size_t kMaxRequestId = 64;

std::unique_ptr<Message> make(const google::protobuf::Descriptor& type)
{
    auto* factory = google::protobuf::MessageFactory::generated_factory();
    return std::unique_ptr<Message>(factory->GetPrototype(&type)->New());
}

absl::Status readBody(const Route& route, std::string_view body, Message& message)
{
    if (body.empty())
        return absl::OkStatus();
    if (route.body.empty())
        return absl::InvalidArgumentError("this method takes no body");
    auto document = parseJson(body);
    if (!document.ok())
        return document.status();
    if (!document->is_object())
        return absl::InvalidArgumentError("the body must be a JSON object");
    if (route.body == "*")
        return readJson(*document, message);
    const auto* field = message.GetDescriptor()->FindFieldByName(route.body);
    return readJson(*document, *message.GetReflection()->MutableMessage(&message, field));
}

std::string valueText(const Place& place)
{
    std::string text;
    google::protobuf::TextFormat::PrintFieldValueToString(*place.message, place.field, -1, &text);
    return text;
}

absl::Status readQuery(const Parameters& query, Message& message)
{
    for (const auto& [name, value] : query) {
        const auto place = findPlace(message, name);
        if (!place.ok())
            return place.status();
        if (!place->field->is_repeated()
            && place->message->GetReflection()->HasField(*place->message, place->field))
            return badField(name, "is there twice");
        if (auto status = setFromText(*place, value, name); !status.ok())
            return status;
    }
    return absl::OkStatus();
}

/// What the path says holds; the rest of the request may say the same, but nothing else.
absl::Status readPath(const Bindings& bindings, Message& message)
{
    for (const auto& [name, value] : bindings) {
        const auto place = findPlace(message, name);
        if (!place.ok())
            return place.status();
        const bool wasSet
            = place->message->GetReflection()->HasField(*place->message, place->field);
        const std::string before = wasSet ? valueText(*place) : std::string();
        if (auto status = setFromText(*place, value, name); !status.ok())
            return status;
        if (wasSet && valueText(*place) != before)
            return badField(name, "differs from the one in the path");
    }
    return absl::OkStatus();
}

/// 128 random bits, as text.
std::string newRequestId()
{
    std::array<unsigned char, 16> bytes;
    std::array<char, 2 * bytes.size() + 1> text;
    randombytes_buf(bytes.data(), bytes.size());
    return sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
}

bool isRequestId(std::string_view text)
{
    return text.size() <= kMaxRequestId
        && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

} // namespace

absl::StatusOr<std::unique_ptr<Message>> toMessage(const Route& route, const RequestParts& parts)
{
    auto message = make(*route.method->input_type());
    if (auto status = readBody(route, parts.body, *message); !status.ok())
        return status;
    if (route.body == "*" && !parts.query.empty())
        return badField(parts.query.front().first, "belongs into the body");
    if (auto status = readQuery(parts.query, *message); !status.ok())
        return status;
    if (auto status = readPath(parts.path, *message); !status.ok())
        return status;
    return message;
}

absl::Status setCaller(const Route& route, const std::string& subject, Message& message)
{
    if (!route.callerField)
        return absl::OkStatus();
    const auto* reflection = message.GetReflection();
    if (reflection->HasField(message, route.callerField))
        return badField(
            route.callerField->json_name(), "is set from your token and may not be given");
    reflection->SetString(&message, route.callerField, subject);
    return absl::OkStatus();
}

absl::StatusOr<std::string> setRequestId(
    const Route& route, std::string_view header, Message& message)
{
    if (route.isRead || !route.requestIdField)
        return std::string();
    const auto* reflection = message.GetReflection();
    std::string id = reflection->GetString(message, route.requestIdField);
    if (!header.empty() && !isRequestId(header))
        return badField("Idempotency-Key", "must be 1 to 64 visible ASCII characters");
    if (!header.empty() && !id.empty() && id != header)
        return badField(route.requestIdField->json_name(), "differs from Idempotency-Key");
    if (!header.empty())
        id = header;
    if (id.empty())
        id = newRequestId();
    if (!isRequestId(id))
        return badField(
            route.requestIdField->json_name(), "must be 1 to 64 visible ASCII characters");
    reflection->SetString(&message, route.requestIdField, id);
    return id;
}

absl::StatusOr<std::string> toJson(const Route& route, std::string_view wire)
{
    const auto message = make(*route.method->output_type());
    if (!message->ParseFromArray(wire.data(), static_cast<int>(wire.size())))
        return absl::InternalError("the reply is not of the method's type");
    std::string json;
    json.reserve(wire.size() * 3 + 64);
    appendJson(*message, json);
    return json;
}

} // namespace shopfleet::gateway
