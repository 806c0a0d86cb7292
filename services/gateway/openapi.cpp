// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/gateway/openapi.h"

#include "services/gateway/openapischema.h"
#include "services/gateway/text.h"

#include <algorithm>
#include <set>

namespace shopfleet::gateway {
namespace {

using google::protobuf::FieldDescriptor;
using Json = nlohmann::ordered_json;

std::string lower(std::string text)
{
    std::ranges::transform(
        text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    return text;
}

/// "/v1/{name=shelves/*}" is "/v1/{name}" there.
std::string pathOf(const Route& route)
{
    std::string path;
    bool skips = false;
    for (const char c : route.pathText) {
        skips = c == '=' ? true : c == '}' ? false : skips;
        if (!skips)
            path += c;
    }
    return path;
}

const FieldDescriptor* leafOf(const Route& route, std::string_view path)
{
    const auto* type = route.method->input_type();
    const FieldDescriptor* field = nullptr;
    for (const auto name : split(path, '.')) {
        field = type->FindFieldByName(std::string(name));
        type = field->message_type();
    }
    return field;
}

Json parametersOf(const Route& route, Json& components)
{
    Json parameters = Json::array();
    std::set<std::string> taken;
    for (const auto& variable : route.path.variables) {
        taken.insert(variable.field);
        parameters.push_back({{"name", variable.field}, {"in", "path"}, {"required", true},
            {"schema", schemaOf(*leafOf(route, variable.field), components)}});
    }
    if (route.body.empty()) {
        const auto* type = route.method->input_type();
        for (int i = 0; i < type->field_count(); ++i) {
            const auto& field = *type->field(i);
            if (taken.contains(field.name()) || &field == route.callerField)
                continue;
            parameters.push_back({{"name", field.json_name()}, {"in", "query"},
                {"schema", schemaOf(field, components)}});
        }
    }
    if (!route.isRead && route.requestIdField)
        parameters.push_back({{"name", "Idempotency-Key"}, {"in", "header"},
            {"description", "The same key gives the same answer for 24 h."},
            {"schema", {{"type", "string"}, {"minLength", 1}, {"maxLength", 64}}}});
    return parameters;
}

/// The message without what the path says and what the gateway fills in.
Json bodyOf(const Route& route, Json& components)
{
    Json schema;
    if (route.body == "*") {
        Json properties = Json::object();
        const auto* type = route.method->input_type();
        for (int i = 0; i < type->field_count(); ++i) {
            const auto& field = *type->field(i);
            const auto isInPath = [&](const auto& each) { return each.field == field.name(); };
            if (&field != route.callerField && std::ranges::none_of(route.path.variables, isInPath))
                properties[field.json_name()] = schemaOf(field, components);
        }
        schema = {{"type", "object"}, {"properties", properties}, {"additionalProperties", false}};
    } else {
        schema = schemaOf(
            *route.method->input_type()->FindFieldByName(route.body)->message_type(), components);
    }
    return {{"content", {{"application/json", {{"schema", schema}}}}}};
}

Json operationOf(const Route& route, Json& components)
{
    Json operation;
    operation["operationId"] = concat(route.method->service()->name(), "_", route.method->name());
    operation["tags"] = {route.method->service()->name()};
    operation["parameters"] = parametersOf(route, components);
    if (!route.body.empty())
        operation["requestBody"] = bodyOf(route, components);
    operation["responses"]
        = {{"200",
               {{"description", "OK"},
                   {"content",
                       {{"application/json",
                           {{"schema", schemaOf(*route.method->output_type(), components)}}}}}}},
            {"default", {{"$ref", "#/components/responses/Problem"}}}};
    if (route.access == Route::Access::Customer)
        operation["security"] = Json::array({{{"customer", Json::array()}}});
    return operation;
}

Json problemSchema()
{
    const Json text = {{"type", "string"}};
    const Json fieldError
        = {{"type", "object"}, {"properties", {{"field", text}, {"description", text}}}};
    return {{"type", "object"}, {"required", {"type", "title", "status"}},
        {"properties",
            {{"type", text}, {"title", text}, {"status", {{"type", "integer"}}}, {"detail", text},
                {"code", text}, {"reason", text}, {"traceId", text},
                {"errors", {{"type", "array"}, {"items", fieldError}}}}}};
}

} // namespace

std::string openApi(const std::vector<Route>& routes)
{
    Json schemas = Json::object();
    schemas["Problem"] = problemSchema();
    Json paths = Json::object();
    for (const Route& route : routes) {
        if (route.access != Route::Access::Staff)
            paths[pathOf(route)][lower(route.httpMethod)] = operationOf(route, schemas);
    }
    const Json problem = {{"description", "RFC 9457"},
        {"content",
            {{"application/problem+json",
                {{"schema", {{"$ref", "#/components/schemas/Problem"}}}}}}}};
    const Json document = {{"openapi", "3.1.0"},
        {"info", {{"title", "Shopfleet"}, {"version", SHOPFLEET_VERSION}}}, {"paths", paths},
        {"components",
            {{"schemas", schemas}, {"responses", {{"Problem", problem}}},
                {"securitySchemes",
                    {{"customer",
                        {{"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", "JWT"}}}}}}}};
    return document.dump();
}

} // namespace shopfleet::gateway
