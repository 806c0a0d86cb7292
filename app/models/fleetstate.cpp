// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/fleetstate.h"

#include <algorithm>
#include <limits>

using namespace shopfleet::control::v1;

namespace {

constexpr qsizetype kRates = 120;

/// From well to ill; what is not known is worse than what is slow and better than what is known to
/// be down.
int badness(State state)
{
    switch (state) {
    case STATE_HEALTHY:
        return 0;
    case STATE_DRAINING:
        return 1;
    case STATE_STARTING:
        return 2;
    case STATE_DEGRADED:
        return 3;
    case STATE_DOWN:
        return 5;
    default:
        return 4;
    }
}

} // namespace

FleetState::FleetState(api::ControlClient& control, QObject* parent)
    : QObject(parent)
    , m_feed(control.watchFleet([this](const WatchFleetResponse& news) { take(news); }))
    , m_events(control.watchEvents([this](const WatchEventsResponse& news) {
        for (const Event& event : news.events())
            Q_EMIT happened(event);
    }))
{
    connect(m_feed.get(), &api::Feed::freshnessChanged, this, &FleetState::freshnessChanged);
}

FleetState::~FleetState() = default;

const Service* FleetState::find(const QString& name) const
{
    const auto found = std::find_if(m_services.begin(), m_services.end(),
        [wanted = name.toStdString()](const Service& service) { return service.name() == wanted; });
    return found == m_services.end() ? nullptr : &*found;
}

State FleetState::state() const
{
    if (!m_known || freshness().state != api::Freshness::State::Live)
        return STATE_UNKNOWN;
    State worst = STATE_HEALTHY;
    for (const Service& service : m_services)
        if (badness(service.state()) > badness(worst))
            worst = service.state();
    return worst;
}

void FleetState::take(const WatchFleetResponse& news)
{
    if (news.has_fleet()) {
        m_environment = QString::fromStdString(news.fleet().environment());
        m_services.clear();
        for (const Service& service : news.fleet().services())
            put(service);
        m_integrity = news.fleet().integrity();
        m_known = true;
    }
    if (news.has_integrity())
        m_integrity = news.integrity();
    for (const Service& service : news.services())
        put(service);
    for (const std::string& name : news.removed_services())
        m_services.removeIf([&name](const Service& service) { return service.name() == name; });
    m_updated = QDateTime::currentDateTimeUtc();
    Q_EMIT changed();
}

void FleetState::put(const Service& service)
{
    const auto known = std::find_if(m_services.begin(), m_services.end(),
        [&service](const Service& other) { return other.name() == service.name(); });
    if (known == m_services.end())
        m_services.append(service);
    else
        *known = service;
    remember(QString::fromStdString(service.name()), service.figures());
    for (const Replica& replica : service.replicas())
        remember(QString::fromStdString(replica.id()), replica.figures());
}

void FleetState::remember(const QString& key, const Figures& figures)
{
    const qint64 at = figures.at().seconds();
    qint64& last = m_rateAt[key];
    if (at == 0 || at <= last)
        return; // The same figures once more, or none yet.
    auto& rates = m_rates[key];
    // Seconds that nobody told of are a gap, not a line across it.
    if (last != 0)
        for (qint64 missing = last + 2; missing < at && rates.size() < 2 * kRates; ++missing)
            rates.append(std::numeric_limits<double>::quiet_NaN());
    rates.append(figures.requests_per_second());
    last = at;
    if (rates.size() > kRates)
        rates.remove(0, rates.size() - kRates);
}
