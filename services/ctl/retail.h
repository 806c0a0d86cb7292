// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ctl/retailrow.h"
#include "shopfleet/orders/v1/orders.pb.h"

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace shopfleet::ctl {

struct RetailLine {
    std::string sku;
    std::string title;
    orders::v1::LineKind kind = orders::v1::LINE_KIND_PRODUCT;
    int64_t quantity = 0;
    int64_t priceMicros = 0;
    int64_t totalMinor = 0;
};

struct RetailOrder {
    std::string id;
    orders::v1::OrderKind kind = orders::v1::ORDER_KIND_SALE;
    std::string customer = {}; ///< Empty: a guest.
    std::string country = {};
    int64_t placedAt = 0;
    std::vector<RetailLine> lines = {};
};

struct RetailProduct {
    std::string sku;
    std::string title;
    int64_t priceMinor = 0; ///< 0: never sold for money.
    int64_t soldUnits = 0;
};

struct RetailCustomer {
    std::string id;
    std::string country;
    int64_t firstOrderAt = 0;
};

/// What a file holds, in a fixed order: the same rows give the same book.
struct RetailBook {
    std::vector<RetailProduct> products;
    std::vector<RetailCustomer> customers;
    std::vector<RetailOrder> orders;
    int64_t sumMicros = 0;
    int64_t sumMinor = 0;
};

/// Collects rows into orders, products and customers by the rules of resources/sample/RULES.md.
/// Knows nothing of services.
class RetailBookBuilder {
public:
    /// False when the sum of all rows would no longer fit; the row is then not taken.
    bool add(const RetailRow& row);

    RetailBook finish();

private:
    struct Votes {
        std::map<std::string, int> sold; ///< Descriptions on lines sold for money, by how often.
        std::map<std::string, int> other;
        std::map<int64_t, int> prices;
        int64_t soldUnits = 0;
    };

    void vote(const RetailRow& row);
    void addCustomers(RetailBook* book) const;
    void addProducts(RetailBook* book) const;

    std::vector<RetailOrder> m_orders;
    std::unordered_map<std::string, size_t> m_orderAt;
    std::map<std::string, Votes> m_products;
    int64_t m_sumMicros = 0;
    int64_t m_sumMinor = 0;
};

} // namespace shopfleet::ctl
