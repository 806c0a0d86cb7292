// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/inventory/v1/inventory.pb.h"

#include <string>

namespace shopfleet::inventory {

/// A product that every rule accepts; tests spoil one field of it.
inline v1::Product goodProduct(const std::string& id = "teapot", const std::string& sku = "85123A")
{
    v1::Product product;
    product.set_id(id);
    product.set_state(v1::PRODUCT_STATE_ACTIVE);
    product.set_title("Röd tekanna " + id);
    product.set_description("Holds six cups.");
    product.add_categories("Kitchen/Teapots");
    product.add_image_uris("https://example.com/teapot.jpg");
    (*product.mutable_attributes())["glaze"] = "red";
    auto* variant = product.add_variants();
    variant->set_sku(sku);
    variant->mutable_price()->set_currency("GBP");
    variant->mutable_price()->set_minor(1240);
    return product;
}

} // namespace shopfleet::inventory
