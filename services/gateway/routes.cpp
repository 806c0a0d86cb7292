// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/gateway/routes.h"

#include "google/api/annotations.pb.h"
#include "services/gateway/text.h"
#include "shopfleet/common/v1/options.pb.h"

namespace shopfleet::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

/// "shopfleet.inventory.v1" is inventory's.
std::string areaOf(const MethodDescriptor& method)
{
    const auto parts = split(method.file()->package(), '.');
    return parts.size() == 3 && parts[0] == "shopfleet" ? std::string(parts[1]) : std::string();
}

bool setPattern(const google::api::HttpRule& rule, Route& route)
{
    switch (rule.pattern_case()) {
    case google::api::HttpRule::kGet:
        route.httpMethod = "GET", route.pathText = rule.get();
        return true;
    case google::api::HttpRule::kPut:
        route.httpMethod = "PUT", route.pathText = rule.put();
        return true;
    case google::api::HttpRule::kPost:
        route.httpMethod = "POST", route.pathText = rule.post();
        return true;
    case google::api::HttpRule::kDelete:
        route.httpMethod = "DELETE", route.pathText = rule.delete_();
        return true;
    case google::api::HttpRule::kPatch:
        route.httpMethod = "PATCH", route.pathText = rule.patch();
        return true;
    case google::api::HttpRule::PATTERN_NOT_SET:
        return false;
    }
    return false;
}

/// A variable of the path must lead to a single value that is no message.
bool isScalarPath(const Descriptor* type, std::string_view path)
{
    const FieldDescriptor* field = nullptr;
    for (const std::string_view name : split(path, '.')) {
        field = type ? type->FindFieldByName(std::string(name)) : nullptr;
        if (!field || field->is_repeated())
            return false;
        type = field->message_type(); // Null for a scalar: nothing may follow.
    }
    return type == nullptr;
}

absl::Status setOptions(Route& route)
{
    const auto& options = route.method->options();
    const Descriptor& request = *route.method->input_type();
    const auto& permission = options.GetExtension(shopfleet::common::v1::permission);
    if (permission.empty())
        return absl::InvalidArgumentError("states no permission");
    route.access = permission == "public" ? Route::Access::Public
        : permission == "customer"        ? Route::Access::Customer
                                          : Route::Access::Staff;
    route.isRead = options.idempotency_level() == google::protobuf::MethodOptions::NO_SIDE_EFFECTS;

    const auto& caller = options.GetExtension(shopfleet::common::v1::caller_field);
    if (!caller.empty()) {
        route.callerField = request.FindFieldByName(caller);
        if (!route.callerField || route.callerField->type() != FieldDescriptor::TYPE_STRING
            || route.callerField->is_repeated())
            return absl::InvalidArgumentError("caller_field is not a text field");
    }
    if (route.access == Route::Access::Customer && !route.callerField)
        return absl::InvalidArgumentError("is for customers but has no caller_field");

    const auto& requestId = options.GetExtension(shopfleet::common::v1::request_id_field);
    route.requestIdField = request.FindFieldByName(requestId.empty() ? "request_id" : requestId);
    if (route.requestIdField && route.requestIdField->type() != FieldDescriptor::TYPE_STRING)
        return absl::InvalidArgumentError("request_id_field is not a text field");
    return absl::OkStatus();
}

absl::StatusOr<Route> compile(const MethodDescriptor& method, const google::api::HttpRule& rule)
{
    Route route;
    route.method = &method;
    route.rpc = concat("/", method.service()->full_name(), "/", method.name());
    route.area = areaOf(method);
    route.body = rule.body();
    if (!setPattern(rule, route))
        return absl::InvalidArgumentError("has no path");
    if (route.area.empty())
        return absl::InvalidArgumentError("is not in a package shopfleet.<area>.v1");
    if (method.client_streaming() || method.server_streaming())
        return absl::InvalidArgumentError("streams, which REST cannot");
    if (!rule.response_body().empty())
        return absl::InvalidArgumentError("response_body is not supported");
    if (route.httpMethod == "GET" && !route.body.empty())
        return absl::InvalidArgumentError("a GET has no body");
    if (!route.body.empty() && route.body != "*") {
        const auto* field = method.input_type()->FindFieldByName(route.body);
        if (!field || !field->message_type() || field->is_repeated())
            return absl::InvalidArgumentError("body names no message field");
    }
    auto path = PathTemplate::parse(route.pathText);
    if (!path.ok())
        return path.status();
    route.path = *std::move(path);
    for (const auto& variable : route.path.variables) {
        if (!isScalarPath(method.input_type(), variable.field))
            return absl::InvalidArgumentError(
                concat("path variable ", variable.field, " is no single value"));
    }
    if (auto status = setOptions(route); !status.ok())
        return status;
    return route;
}

absl::Status addRoutes(const MethodDescriptor& method, std::vector<Route>& routes)
{
    if (!method.options().HasExtension(google::api::http))
        return absl::OkStatus();
    const google::api::HttpRule rule = method.options().GetExtension(google::api::http);
    std::vector<google::api::HttpRule> rules(
        rule.additional_bindings().begin(), rule.additional_bindings().end());
    rules.insert(rules.begin(), rule);
    for (const auto& each : rules) {
        auto route = compile(method, each);
        if (!route.ok())
            return absl::InvalidArgumentError(
                concat(method.full_name(), ": ", route.status().message()));
        routes.push_back(*std::move(route));
    }
    return absl::OkStatus();
}

} // namespace

absl::StatusOr<std::vector<Route>> readRoutes(
    const std::vector<const google::protobuf::FileDescriptor*>& contracts)
{
    std::vector<Route> routes;
    for (const auto* file : contracts) {
        for (int s = 0; s < file->service_count(); ++s) {
            for (int m = 0; m < file->service(s)->method_count(); ++m) {
                if (auto status = addRoutes(*file->service(s)->method(m), routes); !status.ok())
                    return status;
            }
        }
    }
    return routes;
}

} // namespace shopfleet::gateway
