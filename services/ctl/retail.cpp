// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/retail.h"

#include "services/ctl/charges.h"
#include "services/ctl/decimal.h"
#include "services/ctl/text.h"
#include "services/runtime/money.h"

#include <algorithm>

namespace shopfleet::ctl {
namespace {

/// The value with the most votes; of equals the smallest, so that the order of rows does not
/// matter.
template <class Value>
Value winner(const std::map<Value, int>& votes)
{
    const auto most = std::max_element(votes.begin(), votes.end(),
        [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == votes.end() ? Value() : most->first;
}

orders::v1::OrderKind kindOf(const RetailOrder& order)
{
    if (order.id.starts_with('C'))
        return orders::v1::ORDER_KIND_CREDIT;
    const bool money = std::any_of(order.lines.begin(), order.lines.end(),
        [](const RetailLine& line) { return line.priceMicros != 0; });
    // "A" invoices adjust bad debt; without money an invoice only counts stock.
    if (order.id.starts_with('A') || !money)
        return orders::v1::ORDER_KIND_ADJUSTMENT;
    int64_t total = 0;
    for (const RetailLine& line : order.lines)
        total += line.totalMinor;
    return total < 0 ? orders::v1::ORDER_KIND_CREDIT : orders::v1::ORDER_KIND_SALE;
}

} // namespace

bool RetailBookBuilder::add(const RetailRow& row)
{
    const int64_t minor = roundToMinor(row.amountMicros);
    const auto sum = runtime::checkedAdd(m_sumMicros, row.amountMicros);
    if (!sum)
        return false;
    m_sumMicros = *sum;
    m_sumMinor += minor; // Smaller by a factor of 10,000: fits when the other does.

    const auto [at, isNew] = m_orderAt.try_emplace(row.invoice, m_orders.size());
    if (isNew)
        m_orders.push_back({.id = row.invoice, .placedAt = row.placedAt});
    RetailOrder& order = m_orders[at->second];
    order.placedAt = std::min(order.placedAt, row.placedAt);
    if (order.customer.empty())
        order.customer = row.customer;
    if (order.country.empty())
        order.country = row.country;
    const auto kind = lineKindOf(row.code);
    order.lines.push_back({.sku = row.code,
        .title = calm(row.description),
        .kind = kind,
        .quantity = row.quantity,
        .priceMicros = row.priceMicros,
        .totalMinor = minor});
    if (kind == orders::v1::LINE_KIND_PRODUCT)
        vote(row);
    return true;
}

void RetailBookBuilder::vote(const RetailRow& row)
{
    Votes& votes = m_products[row.code];
    const bool sold = row.quantity > 0 && row.priceMicros > 0;
    if (!row.description.empty())
        ++(sold ? votes.sold : votes.other)[calm(row.description)];
    if (sold && roundToMinor(row.priceMicros) > 0) {
        ++votes.prices[roundToMinor(row.priceMicros)];
        votes.soldUnits += row.quantity;
    }
}

void RetailBookBuilder::addProducts(RetailBook* book) const
{
    for (const auto& [sku, votes] : m_products) {
        const std::string title = winner(votes.sold.empty() ? votes.other : votes.sold);
        book->products.push_back({.sku = sku,
            .title = title.empty() ? sku : title,
            .priceMinor = winner(votes.prices),
            .soldUnits = votes.soldUnits});
    }
}

void RetailBookBuilder::addCustomers(RetailBook* book) const
{
    struct Seen {
        int64_t first = 0;
        int64_t last = 0;
        std::string country;
    };
    std::map<std::string, Seen> customers;
    for (const RetailOrder& order : m_orders) {
        if (order.customer.empty())
            continue;
        const auto [at, isNew] = customers.try_emplace(order.customer);
        Seen& seen = at->second;
        seen.first = isNew ? order.placedAt : std::min(seen.first, order.placedAt);
        if (isNew || order.placedAt >= seen.last) {
            seen.last = order.placedAt;
            seen.country = order.country;
        }
    }
    for (auto& [id, seen] : customers)
        book->customers.push_back({.id = id, .country = seen.country, .firstOrderAt = seen.first});
}

RetailBook RetailBookBuilder::finish()
{
    RetailBook book;
    addCustomers(&book);
    addProducts(&book);
    std::unordered_map<std::string_view, const RetailProduct*> products;
    for (const RetailProduct& product : book.products)
        products.emplace(product.sku, &product);
    for (RetailOrder& order : m_orders) {
        order.kind = kindOf(order);
        for (RetailLine& line : order.lines) {
            if (line.title.empty()) {
                const auto product = products.find(line.sku);
                line.title = product == products.end() ? line.sku : product->second->title;
            }
            // Goods that leave a sale again, for money: the sale's own lines stay positive.
            if (order.kind == orders::v1::ORDER_KIND_SALE && line.quantity < 0
                && line.kind == orders::v1::LINE_KIND_PRODUCT)
                line.kind = orders::v1::LINE_KIND_ADJUSTMENT;
        }
    }
    book.orders = std::move(m_orders);
    std::stable_sort(book.orders.begin(), book.orders.end(),
        [](const RetailOrder& a, const RetailOrder& b) { return a.placedAt < b.placedAt; });
    book.sumMicros = m_sumMicros;
    book.sumMinor = m_sumMinor;
    return book;
}

} // namespace shopfleet::ctl
