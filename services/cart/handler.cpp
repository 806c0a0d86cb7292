// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/cart/handler.h"

#include "services/cart/rules.h"
#include "services/cart/store.h"

namespace shopfleet::cart {

using runtime::Connection;

runtime::Unary* Handler::CreateCart(
    Context* context, const v1::CreateCartRequest* request, v1::ShoppingCart* response)
{
    if (auto status = check(*request); !status.ok())
        return runtime::finish(context, status);
    return runtime::write(context, m_database, request, response,
        [](Connection& connection, const auto& asked) { return Store(connection).create(asked); });
}

runtime::Unary* Handler::GetCart(
    Context* context, const v1::GetCartRequest* request, v1::ShoppingCart* response)
{
    if (auto status = check(*request); !status.ok())
        return runtime::finish(context, status);
    return runtime::read(
        context, m_database, request, response, [](Connection& connection, const auto& asked) {
            return Store(connection).get(asked.id());
        });
}

runtime::Unary* Handler::ListCarts(
    Context* context, const v1::ListCartsRequest* request, v1::ListCartsResponse* response)
{
    return runtime::browse(context, m_database, request, response,
        [](Connection& connection, const auto& asked) { return Store(connection).list(asked); });
}

runtime::Unary* Handler::AddItem(
    Context* context, const v1::AddItemRequest* request, v1::ShoppingCart* response)
{
    if (auto status = check(*request); !status.ok())
        return runtime::finish(context, status);
    return runtime::write(context, m_database, request, response,
        [](Connection& connection, const auto& asked) { return Store(connection).add(asked); });
}

runtime::Unary* Handler::SetItem(
    Context* context, const v1::SetItemRequest* request, v1::ShoppingCart* response)
{
    if (auto status = check(*request); !status.ok())
        return runtime::finish(context, status);
    return runtime::write(context, m_database, request, response,
        [](Connection& connection, const auto& asked) { return Store(connection).set(asked); });
}

runtime::Unary* Handler::MergeCart(
    Context* context, const v1::MergeCartRequest* request, v1::ShoppingCart* response)
{
    if (auto status = check(*request); !status.ok())
        return runtime::finish(context, status);
    return runtime::write(context, m_database, request, response,
        [](Connection& connection, const auto& asked) { return Store(connection).merge(asked); });
}

runtime::Unary* Handler::CloseCart(
    Context* context, const v1::CloseCartRequest* request, v1::ShoppingCart* response)
{
    if (auto status = check(*request); !status.ok())
        return runtime::finish(context, status);
    return runtime::write(context, m_database, request, response,
        [](Connection& connection, const auto& asked) { return Store(connection).close(asked); });
}

} // namespace shopfleet::cart
