// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/services/serviceverbs.h"

#include "app/models/fleetstate.h"
#include "app/models/format.h"
#include "app/pages/services/policydialog.h"

using namespace shopfleet::control::v1;

ServiceVerbs::ServiceVerbs(
    const theme::Theme& theme, api::ControlClient& control, const FleetState& fleet, Page& page)
    : QObject(&page)
    , m_theme(theme)
    , m_control(control)
    , m_fleet(fleet)
    , m_page(page)
{
}

void ServiceVerbs::setPolicy(const QString& service)
{
    const Service* known = m_fleet.find(service);
    if (!known)
        return;
    auto* dialog = new PolicyDialog(m_theme, m_control, *known, m_page.window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &PolicyDialog::done, this, [this, service](const Service& now) {
        Q_EMIT said({theme::Tone::Good,
            now.policy().enabled() ? tr("%1 follows its load now.").arg(service)
                                   : tr("%1 keeps its number of replicas.").arg(service)});
    });
    dialog->open();
}

void ServiceVerbs::stop(StopDialog::What what, const QString& service, const QString& replica)
{
    const Service* known = m_fleet.find(service);
    if (!known)
        return;
    if (what == StopDialog::What::DrainReplica && replica.isEmpty()) {
        Q_EMIT said(
            {theme::Tone::Warn, tr("Choose one of the replicas of %1 first.").arg(service)});
        return;
    }
    auto* dialog = new StopDialog(m_theme, m_control, what, *known, replica, m_page.window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &StopDialog::done, this, [this](const QString& words) {
        Q_EMIT said({theme::Tone::Good, words});
    });
    dialog->open();
}
