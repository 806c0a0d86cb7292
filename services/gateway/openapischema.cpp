// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/gateway/openapischema.h"

namespace shopfleet::gateway {
namespace {

using google::protobuf::FieldDescriptor;
using Json = nlohmann::ordered_json;

Json reference(const std::string& name)
{
    return {{"$ref", "#/components/schemas/" + name}};
}

Json enumSchema(const google::protobuf::EnumDescriptor& type, Json& components)
{
    if (!components.contains(type.full_name())) {
        Json names = Json::array();
        for (int i = 0; i < type.value_count(); ++i)
            names.push_back(type.value(i)->name());
        components[type.full_name()] = {{"type", "string"}, {"enum", std::move(names)}};
    }
    return reference(type.full_name());
}

Json single(const FieldDescriptor& field, Json& components)
{
    switch (field.type()) {
    case FieldDescriptor::TYPE_BOOL:
        return {{"type", "boolean"}};
    case FieldDescriptor::TYPE_DOUBLE:
    case FieldDescriptor::TYPE_FLOAT:
        return {{"type", "number"}};
    case FieldDescriptor::TYPE_INT32:
    case FieldDescriptor::TYPE_SINT32:
    case FieldDescriptor::TYPE_SFIXED32:
        return {{"type", "integer"}, {"format", "int32"}};
    case FieldDescriptor::TYPE_UINT32:
    case FieldDescriptor::TYPE_FIXED32:
        return {{"type", "integer"}, {"minimum", 0}};
    case FieldDescriptor::TYPE_INT64:
    case FieldDescriptor::TYPE_SINT64:
    case FieldDescriptor::TYPE_SFIXED64:
        return {{"type", "string"}, {"format", "int64"}};
    case FieldDescriptor::TYPE_UINT64:
    case FieldDescriptor::TYPE_FIXED64:
        return {{"type", "string"}, {"format", "uint64"}};
    case FieldDescriptor::TYPE_BYTES:
        return {{"type", "string"}, {"contentEncoding", "base64"}};
    case FieldDescriptor::TYPE_ENUM:
        return enumSchema(*field.enum_type(), components);
    case FieldDescriptor::TYPE_MESSAGE:
        return schemaOf(*field.message_type(), components);
    default:
        return {{"type", "string"}};
    }
}

} // namespace

Json schemaOf(const FieldDescriptor& field, Json& components)
{
    if (field.is_map())
        return {{"type", "object"},
            {"additionalProperties", single(*field.message_type()->map_value(), components)}};
    if (field.is_repeated())
        return {{"type", "array"}, {"items", single(field, components)}};
    return single(field, components);
}

Json schemaOf(const google::protobuf::Descriptor& message, Json& components)
{
    const std::string& name = message.full_name();
    if (name == "google.protobuf.Timestamp")
        return {{"type", "string"}, {"format", "date-time"}};
    if (name == "google.protobuf.Duration" || name == "google.protobuf.FieldMask")
        return {{"type", "string"}};
    if (!components.contains(name)) {
        components[name] = Json::object(); // First, for a message that holds itself.
        Json properties = Json::object();
        for (int i = 0; i < message.field_count(); ++i)
            properties[message.field(i)->json_name()] = schemaOf(*message.field(i), components);
        components[name] = {{"type", "object"}, {"properties", std::move(properties)}};
    }
    return reference(name);
}

} // namespace shopfleet::gateway
