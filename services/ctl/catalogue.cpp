// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/catalogue.h"

#include "services/ctl/call.h"
#include "shopfleet/inventory/v1/inventory.grpc.pb.h"

namespace shopfleet::ctl {

absl::StatusOr<std::vector<Article>> readCatalogue(Fleet& fleet, size_t most)
{
    using inventory::v1::Inventory;
    const auto stub = Inventory::NewStub(fleet.channel("inventory"));
    std::vector<Article> articles;
    inventory::v1::ListProductsRequest request;
    request.set_page_size(1000);
    do {
        const auto page = call(fleet, "inventory", *stub, &Inventory::Stub::ListProducts, request);
        if (!page.ok())
            return page.status();
        for (const auto& product : page->products()) {
            if (product.state() != inventory::v1::PRODUCT_STATE_ACTIVE)
                continue;
            for (const auto& variant : product.variants())
                if (variant.price().minor() > 0
                    && (articles.empty() || articles[0].currency == variant.price().currency()))
                    articles.push_back({.sku = variant.sku(),
                        .productId = product.id(),
                        .title = product.title(),
                        .priceMinor = variant.price().minor(),
                        .currency = variant.price().currency()});
        }
        request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty() && articles.size() < most);
    if (articles.size() > most)
        articles.resize(most);
    return articles;
}

} // namespace shopfleet::ctl
