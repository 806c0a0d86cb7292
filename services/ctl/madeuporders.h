// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/accounts/v1/accounts.pb.h"
#include "shopfleet/orders/v1/orders.pb.h"

#include <string>
#include <vector>

namespace shopfleet::ctl {

/// Something that can be ordered.
struct Article {
    std::string sku;
    std::string productId;
    std::string title;
    int64_t priceMinor = 0;
    std::string currency = "GBP";
};

struct MadeUpPlan {
    uint64_t seed = 1;
    int64_t orders = 0;
    int64_t customers = 1;
    int64_t mostLines = 6;
    int64_t days = 365;
    int64_t end = 0; ///< Seconds since 1970: no order is later.
    std::vector<Article> articles = {};
};

/// Orders and customers that nobody ever was, for load and scale work: shaped by the real ones, and
/// marked in id, name, e-mail and origin so that they can never be taken for real. The same plan
/// gives the same ones; any of them can be made at any time and on any thread.
class MadeUpOrders {
public:
    explicit MadeUpOrders(MadeUpPlan plan);

    orders::v1::Order order(int64_t number) const;
    accounts::v1::Customer customer(int64_t number) const;
    const MadeUpPlan& plan() const { return m_plan; }

private:
    std::string customerId(int64_t number) const;

    MadeUpPlan m_plan;
};

/// For a store whose catalogue is empty.
std::vector<Article> madeUpArticles();

} // namespace shopfleet::ctl
