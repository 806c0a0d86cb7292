// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/madeuporders.h"

#include "services/ctl/randomness.h"

#include <algorithm>
#include <fmt/format.h>

namespace shopfleet::ctl {
namespace {

constexpr char kOrigin[] = "load";
constexpr int64_t kDay = 86'400;

/// Quantiles in steps of a twentieth over the sales of the Online Retail data (December 2010 to
/// June 2011); the maximum, which one buyer in thousands reaches, is left out.
constexpr int kLines[] = {1, 1, 2, 3, 4, 6, 8, 9, 11, 13, 15, 17, 19, 21, 24, 28, 33, 41, 51, 72};
constexpr int kUnits[] = {1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 6, 8, 10, 12, 12, 24, 28};
/// Sales per hour of the day, from 7 to 20 o'clock.
constexpr int kHours[] = {21, 277, 732, 1189, 1200, 1489, 1302, 1188, 1144, 622, 298, 101, 88, 8};
constexpr int kFirstHour = 7;

struct Country {
    const char* name;
    int perMille;
};
constexpr Country kCountries[] = {{"United Kingdom", 909}, {"Germany", 21}, {"France", 19},
    {"EIRE", 13}, {"Belgium", 5}, {"Netherlands", 5}, {"Spain", 4}, {"Australia", 3},
    {"Portugal", 3}, {"Switzerland", 2}, {"Sweden", 2}, {"Italy", 14}};

/// Of a table with weights, the entry where a random point falls.
template <class Table, class Weight>
size_t drawn(Randomness& random, const Table& table, Weight weight)
{
    int64_t sum = 0;
    for (const auto& entry : table)
        sum += weight(entry);
    int64_t point = random.below(sum);
    size_t index = 0;
    for (; point >= weight(table[index]); ++index)
        point -= weight(table[index]);
    return index;
}

const char* country(Randomness& random)
{
    return kCountries[drawn(random, kCountries, [](const Country& c) { return c.perMille; })].name;
}

int64_t secondOfDay(Randomness& random)
{
    const auto hour = drawn(random, kHours, [](int sales) { return sales; });
    return (kFirstHour + static_cast<int64_t>(hour)) * 3600 + random.below(3600);
}

/// Past orders only: the last two days' are still on their way.
orders::v1::OrderState state(Randomness& random, int64_t age)
{
    const int64_t point = random.below(1000);
    if (point < 30)
        return orders::v1::ORDER_STATE_CANCELLED;
    if (age < 2 * kDay)
        return orders::v1::ORDER_STATE_SHIPPED;
    return point < 45 ? orders::v1::ORDER_STATE_RETURNED : orders::v1::ORDER_STATE_DELIVERED;
}

} // namespace

MadeUpOrders::MadeUpOrders(MadeUpPlan plan)
    : m_plan(std::move(plan))
{
}

std::string MadeUpOrders::customerId(int64_t number) const
{
    return fmt::format("LOAD-{}-C{:07}", m_plan.seed, number);
}

accounts::v1::Customer MadeUpOrders::customer(int64_t number) const
{
    Randomness random(m_plan.seed, static_cast<uint64_t>(number) * 2 + 1);
    accounts::v1::Customer customer;
    customer.set_id(customerId(number));
    customer.set_state(accounts::v1::CUSTOMER_STATE_ACTIVE);
    customer.set_name(fmt::format("Load Shopper {:07}", number));
    customer.set_email(fmt::format("load-{}-{:07}@load.invalid", m_plan.seed, number));
    customer.set_country(country(random));
    customer.set_origin(kOrigin);
    customer.mutable_created_at()->set_seconds(m_plan.end - m_plan.days * kDay);
    return customer;
}

orders::v1::Order MadeUpOrders::order(int64_t number) const
{
    Randomness random(m_plan.seed, static_cast<uint64_t>(number) * 2);
    orders::v1::Order order;
    order.set_id(fmt::format("LOAD-{}-{:08}", m_plan.seed, number));
    order.set_kind(orders::v1::ORDER_KIND_SALE);
    // Later numbers are later orders, as in a real store.
    const int64_t span = m_plan.days * kDay;
    const double place
        = (static_cast<double>(number) + random.share()) / static_cast<double>(m_plan.orders);
    const auto into = static_cast<int64_t>(place * static_cast<double>(span));
    const int64_t day = into - into % kDay;
    const int64_t placedAt = m_plan.end - span + day + secondOfDay(random);
    order.mutable_placed_at()->set_seconds(placedAt);
    order.set_state(state(random, m_plan.end - placedAt));

    const int64_t customerNumber = random.below(m_plan.customers);
    const accounts::v1::Customer who = customer(customerNumber);
    order.set_customer_id(who.id());
    order.set_customer_name(who.name());
    order.set_email(who.email());
    order.set_country(who.country());
    order.mutable_shipping_address()->set_country(who.country());
    order.set_origin(kOrigin);
    order.set_channel("load");

    const int64_t lines = std::min(random.fromQuantiles(kLines), m_plan.mostLines);
    int64_t total = 0;
    std::string currency;
    for (int64_t i = 0; i < lines; ++i) {
        // Cubed: a fifth of the articles sells three fifths of the goods.
        const double u = random.share();
        const auto index
            = static_cast<size_t>(u * u * u * static_cast<double>(m_plan.articles.size()));
        const Article& article = m_plan.articles[index];
        const int64_t units = random.fromQuantiles(kUnits);
        auto* line = order.add_lines();
        line->set_id(std::to_string(i + 1));
        line->set_kind(orders::v1::LINE_KIND_PRODUCT);
        line->set_sku(article.sku);
        line->set_product_id(article.productId);
        line->set_title(article.title);
        line->set_quantity(units);
        line->mutable_unit_price()->set_currency(article.currency);
        line->mutable_unit_price()->set_minor(article.priceMinor);
        line->mutable_total()->set_currency(article.currency);
        line->mutable_total()->set_minor(article.priceMinor * units);
        total += article.priceMinor * units;
        currency = article.currency;
    }
    order.mutable_total()->set_currency(currency);
    order.mutable_total()->set_minor(total);
    return order;
}

std::vector<Article> madeUpArticles()
{
    std::vector<Article> articles;
    for (int i = 1; i <= 500; ++i)
        articles.push_back({.sku = fmt::format("LOAD{:04}", i),
            .productId = fmt::format("LOAD{:04}", i),
            .title = fmt::format("Load article {:04}", i),
            .priceMinor = 85 + i * 7 % 1500});
    return articles;
}

} // namespace shopfleet::ctl
