// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/customers/customerspage.h"

#include "app/api/errors.h"
#include "app/models/format.h"
#include "app/pages/customers/customermodel.h"
#include "app/pages/customers/customerpanel.h"
#include "app/widgets/table/tableview.h"

using namespace Qt::StringLiterals;
using namespace shopfleet::accounts::v1;

CustomersPage::CustomersPage(const theme::Theme& theme, api::AccountsClient& accounts,
    api::OrdersClient& orders, QWidget* parent)
    : CustomersPage(
        theme, accounts, new CustomerModel(accounts), new CustomerPanel(theme, orders), parent)
{
}

CustomersPage::CustomersPage(const theme::Theme& theme, api::AccountsClient& accounts,
    CustomerModel* model, CustomerPanel* panel, QWidget* parent)
    : ListPage(theme, u"customers"_s, model, panel,
        {tr("Customers"), tr("Number, name, e-mail, phone, place"), tr("No customers yet"),
            tr("They appear here when they sign up or place an order."), u"accounts"_s,
            {{tr("Everybody"), {}}, {tr("Active"), u"state = ACTIVE"_s},
                {tr("Blocked"), u"state = BLOCKED"_s}}},
        parent)
    , m_accounts(accounts)
    , m_model(model)
    , m_panel(panel)
    , m_feed(accounts.watchCustomers(
          [model](const WatchCustomersResponse& news) { model->update(news.customers()); }))
{
    setFeed(m_feed.get());
    connect(panel, &CustomerPanel::openRequested, this, &Page::openRequested);
    connect(panel, &CustomerPanel::loaded, this, &Page::changed);
    connect(model, &QAbstractItemModel::dataChanged, this,
        [this](const QModelIndex& from, const QModelIndex& to) {
            const int row = table().currentIndex().row();
            if (row >= from.row() && row <= to.row())
                showRow(row);
        });
}

CustomersPage::~CustomersPage() = default;

QString CustomersPage::countText(int total, bool capped) const
{
    return capped ? tr("more than %1 customers").arg(format::count(total - 1))
                  : tr("%Ln customers", nullptr, total);
}

void CustomersPage::showRow(int row)
{
    if (const Customer* customer = m_model->item(row)) {
        m_shown = format::text(customer->id());
        m_panel->show(*customer);
    }
}

void CustomersPage::showId(const QString& id)
{
    m_shown = id;
    if (const int row = m_model->rowOfId(id.toStdString()); row >= 0) {
        table().setCurrentRow(row);
        return;
    }
    table().setCurrentIndex({});
    m_fetching = true;
    GetCustomerRequest request;
    request.set_id(id.toStdString());
    api::onReply(this, m_accounts.getCustomer(request), [this, id](auto customer) {
        m_fetching = false;
        if (m_shown != id)
            return;
        if (customer.ok())
            m_panel->show(*customer);
        else
            setNotice({theme::Tone::Bad,
                tr("Customer %1: %2").arg(id, api::describe(customer.status()))});
        Q_EMIT changed();
    });
}

bool CustomersPage::isPanelReady() const
{
    return !m_fetching && m_panel->isReady();
}
