// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/gateway/gateway.h"

#include "services/gateway/caller.h"
#include "services/gateway/keyring.h"
#include "services/gateway/observer.h"
#include "services/gateway/openapi.h"
#include "services/gateway/problem.h"
#include "services/gateway/text.h"
#include "services/gateway/transcoder.h"
#include "services/gateway/wire.h"
#include "services/runtime/clock.h"
#include "services/runtime/spans.h"

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_join.h>

#include <optional>
#include <utility>

namespace shopfleet::gateway {
namespace {

/// JSON in UTF-8, whatever the case and the spaces.
bool isJson(std::string_view contentType)
{
    const auto parts = split(contentType, ';');
    const auto clean = [](std::string_view text) {
        std::string result(text);
        absl::StripAsciiWhitespace(&result);
        absl::AsciiStrToLower(&result);
        return result;
    };
    if (clean(parts[0]) != "application/json" || parts.size() > 2)
        return false;
    if (parts.size() == 1)
        return true;
    const std::string charset = clean(parts[1]);
    return charset == "charset=utf-8" || charset == "charset=\"utf-8\"";
}

std::optional<std::string> bearerToken(const std::string& authorization)
{
    constexpr std::size_t kScheme = 7; // "Bearer ", in any case.
    if (authorization.size() <= kScheme
        || !absl::EqualsIgnoreCase(authorization.substr(0, kScheme), "Bearer "))
        return std::nullopt;
    return authorization.substr(kScheme);
}

} // namespace

/// One request on its way through.
struct Gateway::Exchange {
    HttpRequest request;
    Respond respond;
    runtime::Trace trace;
    std::string clientSpan; ///< What the client calls its own part of it.
    std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
    std::int64_t startUs = runtime::nowUs();
    const Route* route = nullptr;
    std::string label = "unmatched"; ///< In metrics and logs.
    std::string query;
    std::string requestId;

    /// In the client's trace, if it has one; what is kept of it is ours to say.
    void begin()
    {
        trace = runtime::newTrace(
            {}, request.method == "GET" ? runtime::Purpose::Read : runtime::Purpose::Change);
        trace.spanId = runtime::newSpanId();
        const auto theirs = runtime::parseTrace(request.traceparent);
        if (theirs.traceId.empty())
            return;
        trace.traceId = theirs.traceId;
        clientSpan = theirs.spanId;
    }

    void record(int status) const
    {
        const int code = status < 500 ? grpc::StatusCode::OK
            : status == 503           ? grpc::StatusCode::UNAVAILABLE
            : status == 504           ? grpc::StatusCode::DEADLINE_EXCEEDED
                                      : grpc::StatusCode::INTERNAL;
        runtime::record({.trace = trace,
            .parentId = clientSpan,
            .name = concat(request.method, " ", label),
            .kind = runtime::Span::Kind::Server,
            .startUs = startUs,
            .endUs = runtime::nowUs(),
            .code = code,
            .message = concat("HTTP ", std::to_string(status))});
    }
};

Gateway::Gateway(Caller& caller, KeyRing& keys, Observer& observer, Settings settings)
    : m_caller(caller)
    , m_keys(keys)
    , m_observer(observer)
    , m_settings(settings)
{
}

absl::StatusOr<std::unique_ptr<Gateway>> Gateway::create(
    std::vector<Route> routes, Caller& caller, KeyRing& keys, Observer& observer, Settings settings)
{
    std::unique_ptr<Gateway> gateway(new Gateway(caller, keys, observer, settings));
    for (std::size_t i = 0; i < routes.size(); ++i) {
        const Route& route = routes[i];
        if (auto status = gateway->m_router.add(route.httpMethod, route.path, static_cast<int>(i));
            !status.ok())
            return status;
    }
    gateway->m_openApi = openApi(routes);
    gateway->m_routes = std::move(routes);
    return gateway;
}

void Gateway::handle(HttpRequest request, Respond respond)
{
    m_observer.started();
    const auto exchange = std::make_shared<Exchange>();
    exchange->request = std::move(request);
    exchange->respond = std::move(respond);
    exchange->begin();

    const std::string& target = exchange->request.target;
    const std::size_t question = std::min(target.find('?'), target.size());
    const std::string path = target.substr(0, question);
    exchange->query = target.substr(std::min(question + 1, target.size()));
    if (answerOwn(exchange, path))
        return;

    const std::string& method = exchange->request.method;
    auto match = m_router.match(method == "HEAD" ? "GET" : method, path);
    if (!match.ok())
        return fail(exchange, match.status());
    if (match->target < 0 && match->allow.empty())
        return finish(
            exchange, problem(404, "There is nothing at this address.", exchange->trace.traceId));
    if (match->target < 0) {
        auto reply
            = problem(405, "This address does not take that method.", exchange->trace.traceId);
        reply.headers.emplace_back("Allow", absl::StrJoin(match->allow, ", "));
        return finish(exchange, std::move(reply));
    }
    exchange->route = &m_routes[static_cast<std::size_t>(match->target)];
    exchange->label = exchange->route->pathText;
    authenticate(exchange, std::move(match->bindings));
}

bool Gateway::answerOwn(const ExchangePtr& exchange, const std::string& path)
{
    const bool isHealth = path == "/healthz";
    if (!isHealth && path != "/v1/openapi.json")
        return false;
    exchange->label = path;
    HttpReply reply;
    if (exchange->request.method != "GET" && exchange->request.method != "HEAD") {
        reply = problem(405, "This address can only be read.", exchange->trace.traceId);
        reply.headers.emplace_back("Allow", "GET, HEAD");
    } else if (isHealth) {
        reply.status = m_draining ? 503 : 200;
        reply.body = m_draining ? R"({"status":"DRAINING"})" : R"({"status":"SERVING"})";
    } else {
        reply.body = m_openApi;
    }
    finish(exchange, std::move(reply));
    return true;
}

void Gateway::authenticate(const ExchangePtr& exchange, Bindings bindings)
{
    switch (exchange->route->access) {
    case Route::Access::Public:
        return forward(exchange, bindings, {});
    case Route::Access::Staff:
        return fail(exchange, absl::PermissionDeniedError("Staff access comes later."));
    case Route::Access::Customer:
        break;
    }
    const auto token = bearerToken(exchange->request.authorization);
    if (!token)
        return fail(
            exchange, absl::UnauthenticatedError("Sign in first: this needs a bearer token."));
    m_keys.verify(*token,
        [this, exchange, bindings = std::move(bindings)](
            const absl::StatusOr<std::string>& subject) {
            if (!subject.ok())
                return fail(exchange, subject.status());
            forward(exchange, bindings, *subject);
        });
}

void Gateway::forward(
    const ExchangePtr& exchange, const Bindings& bindings, const std::string& subject)
{
    const Route& route = *exchange->route;
    const HttpRequest& request = exchange->request;
    if (!request.body.empty() && !route.body.empty() && !isJson(request.contentType))
        return finish(exchange,
            problem(415, "The body must be application/json in UTF-8.", exchange->trace.traceId));
    auto query = parseQuery(exchange->query);
    if (!query.ok())
        return fail(exchange, query.status());
    auto message = toMessage(route, {bindings, *std::move(query), request.body});
    if (!message.ok())
        return fail(exchange, message.status());
    if (auto status = setCaller(route, subject, **message); !status.ok())
        return fail(exchange, status);
    auto requestId = setRequestId(route, request.idempotencyKey, **message);
    if (!requestId.ok())
        return fail(exchange, requestId.status());
    exchange->requestId = *std::move(requestId);

    Caller::Call call;
    call.area = route.area;
    call.rpc = route.rpc;
    call.traceparent = exchange->trace.header();
    call.request = toByteBuffer(**message);
    call.timeout = route.isRead ? m_settings.readTimeout : m_settings.writeTimeout;
    m_caller.call(std::move(call), [this, exchange](const Caller::Reply& reply) {
        if (!reply.status.ok())
            return finish(exchange,
                problem(toRpcStatus(reply.status), exchange->trace.traceId,
                    exchange->route->method->output_type()->full_name()));
        auto json = toJson(*exchange->route, toBytes(reply.body));
        if (!json.ok())
            return finish(exchange,
                problem(502, "The service's answer cannot be read.", exchange->trace.traceId));
        HttpReply answer;
        answer.body = *std::move(json);
        finish(exchange, std::move(answer));
    });
}

void Gateway::fail(const ExchangePtr& exchange, const absl::Status& status)
{
    finish(exchange, problem(toRpcStatus(status), exchange->trace.traceId));
}

void Gateway::finish(const ExchangePtr& exchange, HttpReply reply)
{
    reply.headers.emplace_back("traceparent", exchange->trace.header());
    reply.headers.emplace_back("X-Content-Type-Options", "nosniff");
    const bool mayBeKept
        = exchange->route && exchange->route->isRead && !exchange->route->callerField;
    reply.headers.emplace_back("Cache-Control", mayBeKept ? "no-cache" : "no-store");
    if (!exchange->requestId.empty())
        reply.headers.emplace_back("Idempotency-Key", exchange->requestId);

    Access access;
    access.method = exchange->request.method;
    access.route = exchange->label;
    access.status = reply.status;
    access.duration = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - exchange->start);
    access.bytes = reply.body.size();
    access.traceId = exchange->trace.traceId;
    m_observer.finished(access);
    exchange->record(reply.status);
    exchange->respond(std::move(reply));
}

} // namespace shopfleet::gateway
