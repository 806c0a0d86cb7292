// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/gateway/jsonreader.h"

#include "services/gateway/fault.h"
#include "services/gateway/scalar.h"
#include "services/gateway/text.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/json_util.h>

#include <nlohmann/json.hpp>

namespace shopfleet::gateway {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Json = nlohmann::json;

bool isWellKnown(const google::protobuf::Descriptor& type)
{
    return type.file()->package() == "google.protobuf";
}

/// Timestamps, durations, field masks and the like have a JSON form of their own, which protobuf
/// knows.
absl::Status readWellKnown(const Json& value, Message& message, const std::string& path)
{
    if (google::protobuf::util::JsonStringToMessage(value.dump(), &message).ok())
        return absl::OkStatus();
    return badField(path, concat("is not a valid ", message.GetDescriptor()->name()));
}

absl::Status readMessage(const Json& value, Message& message, const std::string& path)
{
    if (isWellKnown(*message.GetDescriptor()))
        return readWellKnown(value, message, path);
    if (!value.is_object())
        return badField(path, "must be an object");
    return readJson(value, message, path);
}

absl::Status readElement(
    const Json& value, Message& message, const FieldDescriptor& field, const std::string& path)
{
    const auto* reflection = message.GetReflection();
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE)
        return setScalar(value, message, field, path);
    return readMessage(value,
        field.is_repeated() ? *reflection->AddMessage(&message, &field)
                            : *reflection->MutableMessage(&message, &field),
        path);
}

absl::Status readMap(
    const Json& value, Message& message, const FieldDescriptor& field, const std::string& path)
{
    if (!value.is_object())
        return badField(path, "must be an object");
    for (const auto& [key, element] : value.items()) {
        const std::string where = concat(path, "[\"", key, "\"]");
        Message* entry = message.GetReflection()->AddMessage(&message, &field);
        const auto& keyField = *entry->GetDescriptor()->map_key();
        const auto& valueField = *entry->GetDescriptor()->map_value();
        if (element.is_null())
            return badField(where, "must not be null");
        if (auto status = setScalarFromText(key, *entry, keyField, where); !status.ok())
            return status;
        if (auto status = readElement(element, *entry, valueField, where); !status.ok())
            return status;
    }
    return absl::OkStatus();
}

absl::Status readField(
    const Json& value, Message& message, const FieldDescriptor& field, const std::string& path)
{
    if (value.is_null())
        return absl::OkStatus(); // The same as not there.
    if (const auto* oneof = field.real_containing_oneof()) {
        if (message.GetReflection()->HasOneof(message, oneof))
            return badField(path, "excludes another field that is set");
    }
    if (field.is_map())
        return readMap(value, message, field, path);
    if (!field.is_repeated())
        return readElement(value, message, field, path);
    if (!value.is_array())
        return badField(path, "must be a list");
    for (std::size_t i = 0; i < value.size(); ++i) {
        const std::string where = concat(path, "[", i, "]");
        if (value[i].is_null())
            return badField(where, "must not be null");
        if (auto status = readElement(value[i], message, field, where); !status.ok())
            return status;
    }
    return absl::OkStatus();
}

} // namespace

const FieldDescriptor* findField(const google::protobuf::Descriptor& message, std::string_view name)
{
    for (int i = 0; i < message.field_count(); ++i) {
        const FieldDescriptor* field = message.field(i);
        if (field->json_name() == name || field->name() == name)
            return field;
    }
    return nullptr;
}

absl::Status readJson(const Json& object, Message& message, const std::string& path)
{
    std::vector<bool> seen(static_cast<std::size_t>(message.GetDescriptor()->field_count()));
    for (const auto& [key, value] : object.items()) {
        const std::string where = path.empty() ? key : concat(path, ".", key);
        const FieldDescriptor* field = findField(*message.GetDescriptor(), key);
        if (!field)
            return badField(where, "is not a known field");
        // The same field by both of its names.
        if (auto mark = seen[static_cast<std::size_t>(field->index())]; mark)
            return badField(where, "is there twice");
        else
            mark = true;
        if (auto status = readField(value, message, *field, where); !status.ok())
            return status;
    }
    return absl::OkStatus();
}

absl::StatusOr<Place> findPlace(Message& message, std::string_view path)
{
    const std::string whole(path);
    Message* target = &message;
    for (;;) {
        const std::size_t dot = path.find('.');
        const FieldDescriptor* field = findField(*target->GetDescriptor(), path.substr(0, dot));
        if (!field)
            return badField(whole, "is not a known field");
        if (dot == std::string_view::npos)
            return Place{target, field};
        if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || field->is_repeated())
            return badField(whole, "is not a known field");
        target = target->GetReflection()->MutableMessage(target, field);
        path.remove_prefix(dot + 1);
    }
}

absl::Status setFromText(const Place& place, const std::string& text, const std::string& path)
{
    auto& [message, field] = place;
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE)
        return setScalarFromText(text, *message, *field, path);
    if (field->is_repeated() || !isWellKnown(*field->message_type()))
        return badField(path, "cannot be given in the address");
    return readWellKnown(text, *message->GetReflection()->MutableMessage(message, field), path);
}

} // namespace shopfleet::gateway
