// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/finder.h"

#include "app/api/accountsclient.h"
#include "app/api/deliveriesclient.h"
#include "app/api/inventoryclient.h"
#include "app/api/ordersclient.h"
#include "app/mainwindow.h"
#include "app/models/filtertext.h"
#include "app/models/fleetstate.h"
#include "app/models/format.h"
#include "app/models/status.h"

#include <QCoreApplication>

#include <google/protobuf/repeated_ptr_field.h>

using namespace Qt::StringLiterals;
using palette::Entry;
using namespace shopfleet;

namespace {

constexpr int kMost = 5; ///< Of each kind: who wants more goes to its page.
constexpr qsizetype kShortest = 2;

QString joined(const QStringList& words)
{
    QStringList some;
    for (const QString& word : words)
        if (!word.isEmpty())
            some << word;
    return some.join(u" · "_s);
}

struct Group {
    QString title;
    QString page; ///< Where what was found opens.
};

/// Asks a List… method for what was typed; `entryOf` makes one line of one thing.
template <class Client, class Request, class Response, class Item>
void add(MainWindow& window, const Group& group, Client& client,
    api::Reply<Response> (Client::*list)(Request),
    const google::protobuf::RepeatedPtrField<Item>& (Response::*itemsOf)() const,
    Entry (*entryOf)(const Item&))
{
    window.addProvider(group.title,
        [&window, &client, list, itemsOf, page = group.page, entryOf](
            const QString& text, const palette::Answer& answer) {
            if (text.size() < kShortest)
                return answer({});
            Request request;
            request.set_page_size(kMost);
            request.set_filter(filtertext::combine({}, text).toStdString());
            api::onReply(&window, (client.*list)(request),
                [&window, itemsOf, page, entryOf, answer](const auto& found) {
                    QList<Entry> entries;
                    if (found.ok())
                        for (const Item& item : ((*found).*itemsOf)()) {
                            Entry entry = entryOf(item);
                            entry.run = [&window, page, id = format::text(item.id())] {
                                window.open({page, id, {}});
                            };
                            entries.append(entry);
                        }
                    answer(entries);
                });
        });
}

Entry orderEntry(const orders::v1::Order& order)
{
    return {QCoreApplication::translate("Finder", "Order %1").arg(format::text(order.id())),
        joined({format::money(order.total()), status::of(order).word,
            format::text(
                order.customer_name().empty() ? order.customer_id() : order.customer_name())})};
}

Entry customerEntry(const accounts::v1::Customer& customer)
{
    return {format::text(customer.name().empty() ? customer.id() : customer.name()),
        joined({format::text(customer.email()), format::text(customer.country())})};
}

Entry productEntry(const inventory::v1::Product& product)
{
    return {format::text(product.title()),
        product.variants().empty() ? QString()
                                   : joined({format::text(product.variants(0).sku()),
                                       format::money(product.variants(0).price())})};
}

Entry shipmentEntry(const deliveries::v1::Shipment& shipment)
{
    return {QCoreApplication::translate("Finder", "Shipment %1").arg(format::text(shipment.id())),
        joined({status::of(shipment.state()).word, format::text(shipment.tracking_number())})};
}

} // namespace

void addFinders(MainWindow& window, api::OrdersClient& orders, api::AccountsClient& accounts,
    api::InventoryClient& inventory, api::DeliveriesClient& deliveries, const FleetState& fleet)
{
    add(window, {QCoreApplication::translate("Finder", "Orders"), u"orders"_s}, orders,
        &api::OrdersClient::listOrders, &orders::v1::ListOrdersResponse::orders, &orderEntry);
    add(window, {QCoreApplication::translate("Finder", "Customers"), u"customers"_s}, accounts,
        &api::AccountsClient::listCustomers, &accounts::v1::ListCustomersResponse::customers,
        &customerEntry);
    add(window, {QCoreApplication::translate("Finder", "Products"), u"catalogue"_s}, inventory,
        &api::InventoryClient::listProducts, &inventory::v1::ListProductsResponse::products,
        &productEntry);
    add(window, {QCoreApplication::translate("Finder", "Shipments"), u"deliveries"_s}, deliveries,
        &api::DeliveriesClient::listShipments, &deliveries::v1::ListShipmentsResponse::shipments,
        &shipmentEntry);
    window.addProvider(QCoreApplication::translate("Finder", "Services"),
        [&window, &fleet](const QString& text, const palette::Answer& answer) {
            QList<Entry> entries;
            for (const auto& service : fleet.services()) {
                const QString name = format::text(service.name());
                if (!text.isEmpty() && palette::matches(name, text))
                    entries.append({name, status::of(service.state()).word, {}, [&window, name] {
                                        window.open({u"services"_s, name, {}});
                                    }});
            }
            answer(entries);
        });
}
