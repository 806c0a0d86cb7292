// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/gateway/jsonwriter.h"

#include "services/gateway/text.h"

#include <absl/strings/escaping.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/time_util.h>

#include <array>
#include <charconv>
#include <cmath>

namespace shopfleet::gateway {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

void appendReal(auto number, std::string& out)
{
    if (std::isnan(number))
        return void(out += "\"NaN\"");
    if (std::isinf(number))
        return void(out += number > 0 ? "\"Infinity\"" : "\"-Infinity\"");
    std::array<char, 40> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
    out.append(buffer.data(), end);
}

void appendEnum(int number, const google::protobuf::EnumDescriptor& type, std::string& out)
{
    if (const auto* value = type.FindValueByNumber(number))
        append(out, "\"", value->name(), "\"");
    else
        append(out, number);
}

void appendString(const FieldDescriptor& field, const std::string& value, std::string& out)
{
    if (field.type() == FieldDescriptor::TYPE_BYTES)
        append(out, "\"", absl::Base64Escape(value), "\"");
    else
        appendQuoted(value, out);
}

/// One value: the field's own (index -1) or one of a repeated field.
void appendValue(const Message& message, const FieldDescriptor& field, int index, std::string& out)
{
    const auto* reflection = message.GetReflection();
    const auto get = [&](auto single, auto repeated) -> decltype(auto) {
        return index < 0 ? (reflection->*single)(message, &field)
                         : (reflection->*repeated)(message, &field, index);
    };
    using R = google::protobuf::Reflection;
    switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
        return void(append(out, get(&R::GetInt32, &R::GetRepeatedInt32)));
    case FieldDescriptor::CPPTYPE_UINT32:
        return void(append(out, get(&R::GetUInt32, &R::GetRepeatedUInt32)));
    case FieldDescriptor::CPPTYPE_INT64:
        return void(append(out, "\"", get(&R::GetInt64, &R::GetRepeatedInt64), "\""));
    case FieldDescriptor::CPPTYPE_UINT64:
        return void(append(out, "\"", get(&R::GetUInt64, &R::GetRepeatedUInt64), "\""));
    case FieldDescriptor::CPPTYPE_DOUBLE:
        return appendReal(get(&R::GetDouble, &R::GetRepeatedDouble), out);
    case FieldDescriptor::CPPTYPE_FLOAT:
        return appendReal(get(&R::GetFloat, &R::GetRepeatedFloat), out);
    case FieldDescriptor::CPPTYPE_BOOL:
        return void(out += get(&R::GetBool, &R::GetRepeatedBool) ? "true" : "false");
    case FieldDescriptor::CPPTYPE_ENUM:
        return appendEnum(get(&R::GetEnumValue, &R::GetRepeatedEnumValue), *field.enum_type(), out);
    case FieldDescriptor::CPPTYPE_STRING: {
        std::string scratch;
        const std::string& value = index < 0
            ? reflection->GetStringReference(message, &field, &scratch)
            : reflection->GetRepeatedStringReference(message, &field, index, &scratch);
        return appendString(field, value, out);
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
        return appendJson(index < 0 ? reflection->GetMessage(message, &field)
                                    : reflection->GetRepeatedMessage(message, &field, index),
            out);
    }
}

void appendMap(const Message& message, const FieldDescriptor& field, std::string& out)
{
    const int size = message.GetReflection()->FieldSize(message, &field);
    out += '{';
    for (int i = 0; i < size; ++i) {
        const Message& entry = message.GetReflection()->GetRepeatedMessage(message, &field, i);
        const auto& key = *entry.GetDescriptor()->map_key();
        std::string name;
        appendValue(entry, key, -1, name);
        if (i > 0)
            out += ',';
        if (name.front() == '"')
            out += name;
        else
            append(out, "\"", name, "\"");
        out += ':';
        appendValue(entry, *entry.GetDescriptor()->map_value(), -1, out);
    }
    out += '}';
}

void appendField(const Message& message, const FieldDescriptor& field, std::string& out)
{
    if (field.is_map())
        return appendMap(message, field, out);
    if (!field.is_repeated())
        return appendValue(message, field, -1, out);
    const int size = message.GetReflection()->FieldSize(message, &field);
    out += '[';
    for (int i = 0; i < size; ++i) {
        if (i > 0)
            out += ',';
        appendValue(message, field, i, out);
    }
    out += ']';
}

/// Times are in every reply and have a short way; the rest of google.protobuf is left to protobuf.
void appendWellKnown(const Message& message, std::string& out)
{
    using google::protobuf::Timestamp;
    using google::protobuf::util::TimeUtil;
    if (message.GetDescriptor() == Timestamp::descriptor()) {
        const auto& time = static_cast<const Timestamp&>(message);
        if (time.seconds() >= TimeUtil::kTimestampMinSeconds
            && time.seconds() <= TimeUtil::kTimestampMaxSeconds && time.nanos() >= 0
            && time.nanos() < 1'000'000'000)
            return void(append(out, "\"", TimeUtil::ToString(time), "\""));
    }
    std::string text;
    const bool ok = google::protobuf::util::MessageToJsonString(message, &text).ok();
    out += ok ? text : "null"; // What lies beyond the calendar has no JSON form.
}

} // namespace

void appendQuoted(std::string_view text, std::string& out)
{
    static constexpr char kHex[] = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (byte < 0x20 || byte == 0x7F) {
            out += "\\u00";
            out += kHex[byte >> 4];
            out += kHex[byte & 15];
        } else {
            out += c;
        }
    }
    out += '"';
}

void appendJson(const Message& message, std::string& out)
{
    const auto* type = message.GetDescriptor();
    if (type->file()->package() == "google.protobuf") {
        return appendWellKnown(message, out);
    }
    out += '{';
    bool first = true;
    for (int i = 0; i < type->field_count(); ++i) {
        const FieldDescriptor& field = *type->field(i);
        if (field.has_presence() && !message.GetReflection()->HasField(message, &field))
            continue;
        if (!first)
            out += ',';
        first = false;
        append(out, "\"", field.json_name(), "\":");
        appendField(message, field, out);
    }
    out += '}';
}

} // namespace shopfleet::gateway
