// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/wiring.h"

#include "app/api/accountsclient.h"
#include "app/api/channels.h"
#include "app/api/controlclient.h"
#include "app/api/deliveriesclient.h"
#include "app/api/inventoryclient.h"
#include "app/api/ordersclient.h"
#include "app/api/tracesclient.h"
#include "app/finder.h"
#include "app/mainwindow.h"
#include "app/models/fleetstate.h"
#include "app/pages/catalogue/cataloguepage.h"
#include "app/pages/customers/customerspage.h"
#include "app/pages/deliveries/deliveriespage.h"
#include "app/pages/events/eventspage.h"
#include "app/pages/incidents/incidentspage.h"
#include "app/pages/logs/logspage.h"
#include "app/pages/orders/orderspage.h"
#include "app/pages/overview/overviewpage.h"
#include "app/pages/rollouts/rolloutspage.h"
#include "app/pages/services/servicespage.h"
#include "app/pages/traces/tracespage.h"
#include "app/specimen.h"

using namespace Qt::StringLiterals;

struct Wiring::Parts {
    explicit Parts(const api::Channels& channels)
        : accounts(api::makeAccountsClient(channels))
        , control(api::makeControlClient(channels))
        , deliveries(api::makeDeliveriesClient(channels))
        , inventory(api::makeInventoryClient(channels))
        , orders(api::makeOrdersClient(channels))
        , traces(api::makeTracesClient(channels))
        , fleet(*control)
    {
    }

    std::unique_ptr<api::AccountsClient> accounts;
    std::unique_ptr<api::ControlClient> control;
    std::unique_ptr<api::DeliveriesClient> deliveries;
    std::unique_ptr<api::InventoryClient> inventory;
    std::unique_ptr<api::OrdersClient> orders;
    std::unique_ptr<api::TracesClient> traces;
    FleetState fleet;
};

Wiring::Wiring(MainWindow& window, const theme::Theme& theme, api::Channels& channels)
    : m_parts(std::make_unique<Parts>(channels))
{
    auto& parts = *m_parts;
    window.addPage(new OverviewPage(theme, *parts.orders, parts.fleet), MainWindow::tr("Overview"),
        u"go-home"_s, u"H"_s);
    window.addSection(MainWindow::tr("Store"));
    window.addPage(new OrdersPage(theme, *parts.orders), MainWindow::tr("Orders"),
        u"view-list-details"_s, u"O"_s);
    window.addPage(
        new CataloguePage(theme, *parts.inventory), MainWindow::tr("Catalogue"), u"tag"_s, u"P"_s);
    window.addPage(new CustomersPage(theme, *parts.accounts, *parts.orders),
        MainWindow::tr("Customers"), u"system-users"_s, u"C"_s);
    window.addPage(new DeliveriesPage(theme, *parts.deliveries), MainWindow::tr("Deliveries"),
        u"package"_s, u"D"_s);
    window.addSection(MainWindow::tr("Fleet"));
    window.addPage(new ServicesPage(theme, parts.fleet, *parts.control, *parts.orders),
        MainWindow::tr("Services"), u"speedometer"_s, u"S"_s);
    window.addPage(
        new IncidentsPage(theme, *parts.control), MainWindow::tr("Incidents"), u"flag"_s, u"I"_s);
    window.addPage(new RolloutsPage(theme, *parts.control, parts.fleet), MainWindow::tr("Rollouts"),
        u"cloud-upload"_s, u"R"_s);
    window.addPage(new TracesPage(theme, *parts.traces), MainWindow::tr("Traces"),
        u"view-calendar-timeline"_s, u"T"_s);
    window.addPage(new LogsPage(theme, *parts.control, parts.fleet), MainWindow::tr("Logs"),
        u"format-justify-left"_s, u"L"_s);
    window.addPage(new EventsPage(theme, *parts.control), MainWindow::tr("Events"),
        u"view-calendar-list"_s, u"E"_s);
    window.addPage(new Specimen(theme), {}, {});
    addFinders(
        window, *parts.orders, *parts.accounts, *parts.inventory, *parts.deliveries, parts.fleet);
}

Wiring::~Wiring() = default;
