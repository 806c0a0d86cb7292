// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/rpc.h"
#include "shopfleet/cart/v1/cart.grpc.pb.h"

namespace shopfleet::cart {

/// The Cart RPCs: check the request, ask the store, reply. Called on many threads at once.
class Handler final : public v1::Cart::CallbackService {
public:
    explicit Handler(runtime::Database& database)
        : m_database(database)
    {
    }

    using Context = runtime::Context;
    using Unary = runtime::Unary;

    Unary* CreateCart(Context*, const v1::CreateCartRequest*, v1::ShoppingCart*) override;
    Unary* GetCart(Context*, const v1::GetCartRequest*, v1::ShoppingCart*) override;
    Unary* ListCarts(Context*, const v1::ListCartsRequest*, v1::ListCartsResponse*) override;
    Unary* AddItem(Context*, const v1::AddItemRequest*, v1::ShoppingCart*) override;
    Unary* SetItem(Context*, const v1::SetItemRequest*, v1::ShoppingCart*) override;
    Unary* MergeCart(Context*, const v1::MergeCartRequest*, v1::ShoppingCart*) override;
    Unary* CloseCart(Context*, const v1::CloseCartRequest*, v1::ShoppingCart*) override;

private:
    runtime::Database& m_database;
};

} // namespace shopfleet::cart
