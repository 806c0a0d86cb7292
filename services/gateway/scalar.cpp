// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/gateway/scalar.h"

#include "services/gateway/fault.h"
#include "services/gateway/text.h"

#include <absl/strings/escaping.h>
#include <absl/strings/numbers.h>
#include <google/protobuf/descriptor.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

namespace shopfleet::gateway {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Json = nlohmann::json;

constexpr double kExact = 9007199254740992.0; // Up to here a double is an exact integer.

/// A whole number of the type's range; also written as text, or as 1.0 and 1e3.
template <class Integer>
std::optional<Integer> toInteger(const Json& value)
{
    if (value.is_number_unsigned()) {
        const auto number = value.get<std::uint64_t>();
        if (std::in_range<Integer>(number))
            return static_cast<Integer>(number);
    } else if (value.is_number_integer()) {
        const auto number = value.get<std::int64_t>();
        if (std::in_range<Integer>(number))
            return static_cast<Integer>(number);
    } else if (value.is_number_float()) {
        const auto number = value.get<double>();
        if (std::abs(number) <= kExact && std::trunc(number) == number
            && std::in_range<Integer>(static_cast<std::int64_t>(number)))
            return static_cast<Integer>(static_cast<std::int64_t>(number));
    } else if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        Integer number{};
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error == std::errc() && end == text.data() + text.size())
            return number;
    }
    return std::nullopt;
}

std::optional<double> toDouble(const Json& value)
{
    double number = 0;
    if (value.is_number())
        number = value.get<double>();
    else if (!value.is_string() || !absl::SimpleAtod(value.get_ref<const std::string&>(), &number))
        return std::nullopt;
    return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

std::optional<std::string> toBytes(const Json& value)
{
    std::string bytes;
    if (!value.is_string())
        return std::nullopt;
    const auto& text = value.get_ref<const std::string&>();
    if (absl::Base64Unescape(text, &bytes) || absl::WebSafeBase64Unescape(text, &bytes))
        return bytes;
    return std::nullopt;
}

std::optional<int> toEnum(const Json& value, const google::protobuf::EnumDescriptor& type)
{
    if (!value.is_string())
        return toInteger<std::int32_t>(value);
    const auto* known = type.FindValueByName(value.get_ref<const std::string&>());
    return known ? std::optional(known->number()) : std::nullopt;
}

} // namespace

absl::Status setScalar(
    const Json& value, Message& message, const FieldDescriptor& field, const std::string& path)
{
    const auto* reflection = message.GetReflection();
    const auto store = [&](const auto& parsed, auto set, auto add, std::string_view what) {
        if (!parsed)
            return badField(path, concat("must be ", what));
        if (field.is_repeated())
            (reflection->*add)(&message, &field, *parsed);
        else
            (reflection->*set)(&message, &field, *parsed);
        return absl::OkStatus();
    };
    using R = google::protobuf::Reflection;
    switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
        return store(
            toInteger<std::int32_t>(value), &R::SetInt32, &R::AddInt32, "a 32-bit integer");
    case FieldDescriptor::CPPTYPE_INT64:
        return store(
            toInteger<std::int64_t>(value), &R::SetInt64, &R::AddInt64, "a 64-bit integer");
    case FieldDescriptor::CPPTYPE_UINT32:
        return store(toInteger<std::uint32_t>(value), &R::SetUInt32, &R::AddUInt32,
            "a 32-bit integer that is not negative");
    case FieldDescriptor::CPPTYPE_UINT64:
        return store(toInteger<std::uint64_t>(value), &R::SetUInt64, &R::AddUInt64,
            "a 64-bit integer that is not negative");
    case FieldDescriptor::CPPTYPE_DOUBLE:
        return store(toDouble(value), &R::SetDouble, &R::AddDouble, "a finite number");
    case FieldDescriptor::CPPTYPE_FLOAT: {
        const auto number = toDouble(value);
        std::optional<float> narrow;
        if (number && std::abs(*number) <= std::numeric_limits<float>::max())
            narrow = static_cast<float>(*number);
        return store(narrow, &R::SetFloat, &R::AddFloat, "a finite number");
    }
    case FieldDescriptor::CPPTYPE_BOOL: {
        const auto truth = value.is_boolean() ? std::optional(value.get<bool>()) : std::nullopt;
        return store(truth, &R::SetBool, &R::AddBool, "true or false");
    }
    case FieldDescriptor::CPPTYPE_ENUM:
        return store(toEnum(value, *field.enum_type()), &R::SetEnumValue, &R::AddEnumValue,
            concat("a value of ", field.enum_type()->name()));
    case FieldDescriptor::CPPTYPE_STRING: {
        if (field.type() == FieldDescriptor::TYPE_BYTES)
            return store(toBytes(value), &R::SetString, &R::AddString, "base64");
        const auto text
            = value.is_string() ? std::optional(value.get<std::string>()) : std::nullopt;
        return store(text, &R::SetString, &R::AddString, "text");
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
        break;
    }
    return badField(path, "is a message");
}

absl::Status setScalarFromText(const std::string& text, Message& message,
    const FieldDescriptor& field, const std::string& path)
{
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL && (text == "true" || text == "false"))
        return setScalar(text == "true", message, field, path);
    if (std::int32_t number = 0;
        field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM && absl::SimpleAtoi(text, &number))
        return setScalar(number, message, field, path);
    return setScalar(text, message, field, path);
}

} // namespace shopfleet::gateway
