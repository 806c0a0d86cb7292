// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/malformed.h"

#include "services/runtime/status.h"

#include <google/protobuf/stubs/logging.h>

#include <spdlog/spdlog.h>
#include <utility>

namespace shopfleet::runtime {
namespace {

thread_local std::string brokenField;

/// "String field 'shopfleet.inventory.v1.Product.title' contains invalid UTF-8 data when parsing …"
void hear(google::protobuf::LogLevel level, const char*, int, const std::string& message)
{
    constexpr std::string_view kField = "String field '";
    if (message.compare(0, kField.size(), kField) == 0) {
        const auto end = message.find('\'', kField.size());
        brokenField = message.substr(kField.size(), end - kField.size());
        // The caller knows the message that it sent; the field's path within it is what helps.
        if (const auto version = brokenField.find(".v1."); version != std::string::npos)
            brokenField = brokenField.substr(version + 4);
        return;
    }
    if (level >= google::protobuf::LOGLEVEL_ERROR)
        spdlog::error("protobuf: {}", message);
}

} // namespace

void listenToParser()
{
    google::protobuf::SetLogHandler(hear);
}

void forgetBrokenField()
{
    brokenField.clear();
}

grpc::Status malformedRequest()
{
    const std::string field = std::exchange(brokenField, {});
    if (!field.empty())
        return toWire(invalidField(field, "holds bytes that are not UTF-8"));
    return toWire(invalidField("request", "is not a message of the type that this method takes"));
}

} // namespace shopfleet::runtime
