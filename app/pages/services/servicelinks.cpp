// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/services/servicelinks.h"

#include "app/api/errors.h"
#include "app/api/ordersclient.h"
#include "app/models/format.h"
#include "app/widgets/parts.h"

#include <QBoxLayout>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

ServiceLinks::ServiceLinks(api::OrdersClient& orders, QWidget* parent)
    : QWidget(parent)
    , m_orders(orders)
    , m_waiting(parts::button({}, "small"))
    , m_traces(parts::button(tr("Traces"), "small"))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme::kUnit);
    row->addWidget(m_waiting);
    row->addWidget(m_traces);
    m_traces->setToolTip(tr("What failed in it, span by span (E)"));
    connect(m_waiting, &QPushButton::clicked, this, &ServiceLinks::openOrders);
    connect(m_traces, &QPushButton::clicked, this, &ServiceLinks::openTraces);
    connect(&m_tick, &QTimer::timeout, this, &ServiceLinks::fetch);
    refresh();
}

void ServiceLinks::showEvent(QShowEvent*)
{
    m_tick.start(1s);
    fetch();
}

void ServiceLinks::hideEvent(QHideEvent*)
{
    m_tick.stop();
}

void ServiceLinks::showService(const QString& service)
{
    m_service = service;
    refresh();
}

void ServiceLinks::openOrders()
{
    Address address{u"orders"_s, {}, {}};
    address.set(u"filter"_s, u"waiting_service = "_s + m_service);
    Q_EMIT openRequested(address);
}

void ServiceLinks::openTraces()
{
    Address address{u"traces"_s, {}, {}};
    address.set(u"filter"_s, u"error = true AND service = "_s + m_service);
    Q_EMIT openRequested(address);
}

void ServiceLinks::openLogs(const QString& replica)
{
    Address address{u"logs"_s, {}, {}};
    address.set(u"service"_s, m_service);
    address.set(u"replica"_s, replica);
    Q_EMIT openRequested(address);
}

void ServiceLinks::openRollout()
{
    Address address{u"rollouts"_s, {}, {}};
    address.set(u"new"_s, m_service);
    Q_EMIT openRequested(address);
}

void ServiceLinks::fetch()
{
    if (m_asking)
        return;
    m_asking = true;
    api::onReply(this, m_orders.getOrderStats({}), [this](auto stats) {
        m_asking = false;
        m_known = stats.ok();
        m_error = stats.ok() ? QString() : api::describe(stats.status());
        if (stats.ok())
            m_stats = *std::move(stats);
        refresh();
    });
}

/// Nobody known to wait is not the same as nobody waiting.
void ServiceLinks::refresh()
{
    qint64 orders = 0;
    qint64 minor = 0;
    for (const auto& on : m_stats.waiting())
        if (format::text(on.service()) == m_service) {
            orders += on.orders();
            minor += on.total_minor();
        }
    m_waiting->setEnabled(m_known && orders > 0);
    m_waiting->setText(!m_known ? tr("Orders: unknown")
            : orders == 0       ? tr("No order waits")
                                : tr("%n orders wait, %1", nullptr, static_cast<int>(orders))
                                .arg(format::money(minor, m_stats.currency())));
    m_waiting->setToolTip(!m_known ? m_error
            : orders == 0          ? QString()
                                   : tr("Lists exactly these (W)"));
}
