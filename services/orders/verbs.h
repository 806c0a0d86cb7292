// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What the verbs of support share: verbs.cpp has those that one write does, asking.cpp those that
// other services carry out.
#include "services/orders/handler.h"
#include "services/runtime/clock.h"
#include "services/runtime/failpoint.h"

#include <initializer_list>
#include <memory>
#include <optional>
#include <utility>

namespace shopfleet::orders {

inline Cause byStaff()
{
    // Until people sign in, whoever reaches this port is the owner of the machine.
    return {"staff:owner", runtime::currentTrace().traceId, runtime::nowUs()};
}

inline Facts factsOf(std::initializer_list<std::pair<const char*, std::string>> facts)
{
    Facts result;
    for (const auto& [name, value] : facts)
        if (!value.empty())
            result.emplace_back(name, value);
    return result;
}

template <class Request>
const std::string& orderOf(const Request& request)
{
    if constexpr (requires { request.order(); })
        return request.order().id();
    else
        return request.id();
}

template <class Request, class Response, class Ask, class After>
runtime::Unary* Handler::change(
    Context* context, const Request* request, Response* response, Ask ask, After after)
{
    auto* reactor = context->DefaultReactor();
    change(reactor, request, response, std::move(ask), std::move(after));
    return reactor;
}

template <class Request, class Response, class Ask, class After>
void Handler::change(
    Unary* reactor, const Request* request, Response* response, Ask ask, After after)
{
    if (auto status = runtime::checkRequestId(*request); !status.ok())
        return reactor->Finish(runtime::toWire(status));
    runtime::concernsOrder(orderOf(*request));
    auto result = std::make_shared<std::optional<Unfinished>>();
    m_database.write(
        [=](runtime::Connection& db) {
            absl::Status made = runtime::once(db, *request, response, [&] {
                auto changed = ask(db);
                absl::Status status = changed.status();
                if (status.ok())
                    *result = *std::move(changed);
                return status;
            });
            runtime::failpoint(Request::descriptor()->name(), "writing");
            return made;
        },
        [=](const absl::Status& status) {
            runtime::failpoint(Request::descriptor()->name(), "written");
            if (status.ok() && *result)
                after(*std::move(*result));
            reactor->Finish(runtime::toWire(status));
        });
}

} // namespace shopfleet::orders
