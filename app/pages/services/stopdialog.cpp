// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/services/stopdialog.h"

#include "app/api/controlclient.h"
#include "app/api/errors.h"
#include "app/models/format.h"

#include <QFormLayout>
#include <QLineEdit>
#include <QSpinBox>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace shopfleet::control::v1;

namespace {

constexpr int kDrainSeconds = 10; // The control plane's own, where nothing is said.

QString title(StopDialog::What what, const QString& name)
{
    return what == StopDialog::What::DrainReplica ? StopDialog::tr("Drain %1").arg(name)
                                                  : StopDialog::tr("Restart %1").arg(name);
}

} // namespace

StopDialog::StopDialog(const theme::Theme& theme, api::ControlClient& control, What what,
    const Service& service, const QString& replica, QWidget* parent)
    : FormDialog(theme, title(what, replica.isEmpty() ? format::text(service.name()) : replica),
        title(what, replica.isEmpty() ? format::text(service.name()) : replica),
        what == What::DrainReplica ? tr("Draining…") : tr("Restarting…"), parent)
    , m_control(control)
    , m_what(what)
    , m_service(service)
    , m_replica(replica)
    , m_deadline(parts::secondsBox(kDrainSeconds, tr("Its calls may take")))
    , m_reason(new QLineEdit)
{
    m_reason->setMaxLength(500);
    m_reason->setPlaceholderText(tr("Kept in the history"));
    QFormLayout* form = addForm();
    form->addRow(tr("Its calls may take"), m_deadline);
    form->addRow(tr("Reason"), m_reason);
    connect(m_deadline, &QSpinBox::valueChanged, this, &StopDialog::inputChanged);
    connect(m_reason, &QLineEdit::textChanged, this, &StopDialog::inputChanged);
    resize(m_theme.px(520), sizeHint().height());
    inputChanged();
}

/// How much of the store notices.
QString StopDialog::touched() const
{
    const int replicas = m_service.replicas_size();
    if (replicas <= 1)
        return tr("It is the only replica: another one serves before it goes.");
    if (m_replica.isEmpty())
        return tr(
            "Its %n replicas are drained and replaced one after the other; no request is lost.",
            nullptr, replicas);
    const auto& all = m_service.replicas();
    const auto found = std::ranges::find_if(
        all, [this](const Replica& each) { return format::text(each.id()) == m_replica; });
    QStringList words{
        tr("%n others take over its %1 requests/s; no request is lost.", nullptr, replicas - 1)
            .arg(found == all.end() ? u"0"_s
                                    : format::figure(found->figures().requests_per_second()))};
    if (found != all.end() && found->is_writer())
        words << tr("It writes the database: another one does so first.");
    return words.join(u' ');
}

void StopDialog::weigh()
{
    refuse({});
    const QString calls = m_deadline->value() == 0
        ? tr("Calls that it works on are cut off.")
        : tr("Calls that it works on end first, those of more than %n seconds are cut off.",
            nullptr, m_deadline->value());
    say(m_deadline->value() == 0 ? theme::Role::Bad : theme::Role::Text, touched() + u' ' + calls);
}

void StopDialog::perform()
{
    const auto fill = [this](auto request) {
        request.set_request_id(requestId());
        request.set_service(m_service.name());
        request.set_reason(m_reason->text().trimmed().toStdString());
        return request;
    };
    const auto answered = [this](auto service) {
        if (!service.ok())
            return failed(api::describe(service.status()));
        const QString name = m_replica.isEmpty() ? format::text(m_service.name()) : m_replica;
        Q_EMIT done(m_what == What::DrainReplica ? tr("%1 is being drained.").arg(name)
                                                 : tr("%1 is being restarted.").arg(name));
        accept();
    };
    if (m_what == What::RestartService) {
        auto request = fill(RestartServiceRequest());
        request.mutable_drain_deadline()->set_seconds(m_deadline->value());
        api::onReply(this, m_control.restartService(request), answered);
    } else if (m_what == What::RestartReplica) {
        auto request = fill(RestartReplicaRequest());
        request.set_replica(m_replica.toStdString());
        request.mutable_drain_deadline()->set_seconds(m_deadline->value());
        api::onReply(this, m_control.restartReplica(request), answered);
    } else {
        auto request = fill(DrainReplicaRequest());
        request.set_replica(m_replica.toStdString());
        request.mutable_deadline()->set_seconds(m_deadline->value());
        api::onReply(this, m_control.drainReplica(request), answered);
    }
}
