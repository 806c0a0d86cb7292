// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/orders/orderverbs.h"

#include "app/models/format.h"
#include "app/pages/orders/orderpanel.h"

#include <google/protobuf/util/message_differencer.h>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace shopfleet::orders::v1;

namespace orderverbs {
namespace {

template <class Request>
Request requestOf(const Order& order, const VerbDialog::Input& input, bool validateOnly)
{
    Request request;
    request.set_request_id(input.requestId);
    request.set_id(order.id());
    request.set_etag(order.etag());
    request.set_reason(input.reason);
    request.set_validate_only(validateOnly);
    for (const RefundLine& line : input.lines) {
        if constexpr (requires { request.add_out(); })
            *request.add_out() = line;
        else
            *request.add_lines() = line;
    }
    return request;
}

UpdateOrderRequest updateOf(const Order& order, const VerbDialog::Input& input, bool validateOnly)
{
    UpdateOrderRequest request;
    request.set_request_id(input.requestId);
    request.set_validate_only(validateOnly);
    request.mutable_order()->set_id(order.id());
    request.mutable_order()->set_etag(order.etag());
    return request;
}

qint64 mostReturnable(const OrderLine& line)
{
    return line.shipped() - line.returned();
}

} // namespace

VerbDialog::Verb refund(api::OrdersClient& orders, const Order& order)
{
    VerbDialog::Verb verb;
    verb.title = OrderPanel::tr("Refund order %1").arg(format::text(order.id()));
    verb.busy = OrderPanel::tr("Refunding…");
    verb.takesMoney = verb.asksRestock = true;
    verb.most = [](const OrderLine& line) { return line.quantity() - line.refunded(); };
    verb.ask = [&orders, order](const VerbDialog::Input& input, bool validateOnly) {
        auto request = requestOf<RefundOrderRequest>(order, input, validateOnly);
        if (input.shipping.minor() != 0)
            *request.mutable_shipping() = input.shipping;
        if (input.amount.minor() != 0)
            *request.mutable_amount() = input.amount;
        return orders.refundOrder(request);
    };
    verb.words = [method = order.payment_method()](const OrderChange& change) {
        const QString money = format::money(change.refund());
        return method.empty() ? OrderPanel::tr("Refund %1").arg(money)
                              : OrderPanel::tr("Refund %1 to %2").arg(money, format::text(method));
    };
    return verb;
}

VerbDialog::Verb takeBack(api::OrdersClient& orders, const Order& order)
{
    VerbDialog::Verb verb;
    verb.title = OrderPanel::tr("Return goods of order %1").arg(format::text(order.id()));
    verb.busy = OrderPanel::tr("Asking…");
    verb.asksRestock = true;
    verb.most = mostReturnable;
    verb.ask = [&orders, order](const VerbDialog::Input& input, bool validateOnly) {
        return orders.returnOrder(requestOf<ReturnOrderRequest>(order, input, validateOnly));
    };
    verb.words = [](const OrderChange& change) {
        return OrderPanel::tr("A return is expected; %1 go back to the customer when it arrives")
            .arg(format::money(change.refund()));
    };
    return verb;
}

VerbDialog::Verb exchange(api::OrdersClient& orders, const Order& order)
{
    VerbDialog::Verb verb;
    verb.title = OrderPanel::tr("Exchange goods of order %1").arg(format::text(order.id()));
    verb.busy = OrderPanel::tr("Asking…");
    verb.asksRestock = verb.asksGoods = true;
    verb.most = mostReturnable;
    verb.ask = [&orders, order](const VerbDialog::Input& input, bool validateOnly) {
        auto request = requestOf<ExchangeOrderRequest>(order, input, validateOnly);
        for (const ExchangeGoods& goods : input.goods)
            *request.add_in() = goods;
        return orders.exchangeOrder(request);
    };
    verb.words = [](const OrderChange& change) {
        QStringList sent;
        if (!change.order().reships().empty())
            for (const OrderLine& line : change.order().lines())
                if (line.kind() == LINE_KIND_PRODUCT
                    && line.exchange_id() == change.order().reships().rbegin()->exchange_id())
                    sent << u"%1 × %2"_s.arg(format::count(line.quantity()),
                        format::text(line.title().empty() ? line.sku() : line.title()));
        const QString words = OrderPanel::tr("Send %1 instead").arg(sent.join(u", "_s));
        return change.refund().minor() > 0
            ? OrderPanel::tr("%1; %2 go back to the customer when the goods arrive")
                  .arg(words, format::money(change.refund()))
            : words;
    };
    return verb;
}

VerbDialog::Verb sendAgain(api::OrdersClient& orders, const Order& order)
{
    VerbDialog::Verb verb;
    verb.title = OrderPanel::tr("Send goods of order %1 again").arg(format::text(order.id()));
    verb.busy = OrderPanel::tr("Asking…");
    verb.most = [](const OrderLine& line) { return line.shipped() - line.refunded(); };
    verb.ask = [&orders, order](const VerbDialog::Input& input, bool validateOnly) {
        return orders.reshipOrder(requestOf<ReshipOrderRequest>(order, input, validateOnly));
    };
    verb.words = [](const OrderChange& change) {
        qint64 units = 0;
        if (!change.order().reships().empty())
            for (const RefundLine& line : change.order().reships().rbegin()->lines())
                units += line.quantity();
        return OrderPanel::tr(
            "%n units are sent again, free of charge", nullptr, static_cast<int>(units));
    };
    return verb;
}

VerbDialog::Verb takeOut(api::OrdersClient& orders, const Order& order)
{
    VerbDialog::Verb verb;
    verb.title = OrderPanel::tr("Take goods out of order %1").arg(format::text(order.id()));
    verb.busy = OrderPanel::tr("Asking…");
    verb.asksReason = false;
    verb.most = [](const OrderLine& line) { return line.quantity(); };
    verb.ask = [&orders, order](const VerbDialog::Input& input, bool validateOnly) {
        auto request = updateOf(order, input, validateOnly);
        request.mutable_update_mask()->add_paths("lines");
        for (const OrderLine& line : order.lines()) {
            const auto out = std::ranges::find(input.lines, line.id(), &RefundLine::line_id);
            const qint64 left = line.quantity() - (out == input.lines.end() ? 0 : out->quantity());
            if (line.kind() != LINE_KIND_PRODUCT || left <= 0)
                continue;
            OrderLine& stays = *request.mutable_order()->add_lines();
            stays.set_id(line.id());
            stays.set_quantity(left);
        }
        return orders.updateOrder(request);
    };
    verb.words = [before = order.total()](const OrderChange& change) {
        auto total = before;
        total.set_minor(before.minor() - change.refund().minor());
        return OrderPanel::tr("Charge %1 instead of %2")
            .arg(format::money(total), format::money(before));
    };
    return verb;
}

VerbDialog::Verb readdress(api::OrdersClient& orders, const Order& order)
{
    VerbDialog::Verb verb;
    verb.title = OrderPanel::tr("Change where order %1 goes").arg(format::text(order.id()));
    verb.busy = OrderPanel::tr("Changing…");
    verb.asksReason = false;
    verb.asksAddress = true;
    verb.ask = [&orders, order](const VerbDialog::Input& input, bool validateOnly) {
        auto request = updateOf(order, input, validateOnly);
        request.mutable_order()->set_email(input.email);
        *request.mutable_order()->mutable_shipping_address() = input.address;
        if (!google::protobuf::util::MessageDifferencer::Equals(
                input.address, order.shipping_address()))
            request.mutable_update_mask()->add_paths("shipping_address");
        if (input.email != order.email())
            request.mutable_update_mask()->add_paths("email");
        return orders.updateOrder(request);
    };
    verb.words = [](const OrderChange& change) {
        const auto& address = change.order().has_address_change()
            ? change.order().address_change().address()
            : change.order().shipping_address();
        QStringList parts;
        for (const std::string* part : {&address.name(), &address.line1(), &address.line2(),
                 &address.postal_code(), &address.city(), &address.region(), &address.country()})
            if (!part->empty())
                parts << format::text(*part);
        return OrderPanel::tr("It goes to %1").arg(parts.join(u", "_s));
    };
    return verb;
}

} // namespace orderverbs
