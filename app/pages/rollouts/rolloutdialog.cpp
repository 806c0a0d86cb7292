// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/rollouts/rolloutdialog.h"

#include "app/api/controlclient.h"
#include "app/api/errors.h"
#include "app/models/fleetstate.h"
#include "app/models/format.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QSpinBox>

using namespace Qt::StringLiterals;
using namespace shopfleet::control::v1;

namespace {

constexpr int kFirstShare = 10;
constexpr int kSecondShare = 50;

} // namespace

RolloutDialog::RolloutDialog(const theme::Theme& theme, api::ControlClient& control,
    const FleetState& fleet, const QString& service, QWidget* parent)
    : FormDialog(theme, tr("Roll out a version"), tr("Roll out"), tr("Starting…"), parent)
    , m_control(control)
    , m_fleet(fleet)
    , m_service(new parts::Choice(theme))
    , m_version(new parts::Choice(theme))
    , m_how(new parts::Choice(theme))
    , m_hold(parts::secondsBox(60, tr("Each share for")))
    , m_watch(parts::secondsBox(90, tr("Watched for")))
    , m_reason(new QLineEdit)
{
    for (const Service& each : fleet.services())
        m_service->addItem(format::text(each.name()));
    m_service->setCurrentText(service);
    m_how->addItem(tr("One replica after the other"), OneByOne);
    m_how->addItem(tr("Canary: %1 %, %2 %, then all").arg(kFirstShare).arg(kSecondShare), Canary);
    m_how->addItem(tr("Canary: %1 % until I promote it").arg(kFirstShare), CanaryThatWaits);
    m_reason->setMaxLength(500);
    m_reason->setPlaceholderText(tr("Kept in the history"));
    build();
    connect(m_service, &QComboBox::currentIndexChanged, this, &RolloutDialog::fetchReleases);
    connect(m_version, &QComboBox::currentIndexChanged, this, &RolloutDialog::inputChanged);
    connect(m_how, &QComboBox::currentIndexChanged, this, &RolloutDialog::inputChanged);
    connect(m_hold, &QSpinBox::valueChanged, this, &RolloutDialog::inputChanged);
    connect(m_watch, &QSpinBox::valueChanged, this, &RolloutDialog::inputChanged);
    connect(m_reason, &QLineEdit::textChanged, this, &RolloutDialog::inputChanged);
    fetchReleases();
}

void RolloutDialog::build()
{
    QFormLayout* form = addForm();
    form->addRow(tr("Service"), m_service);
    form->addRow(tr("Version"), m_version);
    form->addRow(tr("How"), m_how);
    form->addRow(tr("Each share for"), m_hold);
    form->addRow(tr("Watched for"), m_watch);
    form->addRow(tr("Reason"), m_reason);
    resize(m_theme.px(520), sizeHint().height());
}

// Those that hold the service's program; the newest is proposed.
void RolloutDialog::fetchReleases()
{
    ListReleasesRequest request;
    request.set_page_size(1'000);
    request.set_service(m_service->currentText().toStdString());
    m_version->clear();
    refuse(tr("The versions are on their way"));
    api::onReply(this, m_control.listReleases(request), [this, mine = ++m_asked](auto releases) {
        if (mine != m_asked)
            return;
        if (!releases.ok()) {
            refuse(api::describe(releases.status()));
            say(theme::Role::Bad, refusal());
            return;
        }
        for (const Release& release : releases->releases())
            m_version->addItem(format::text(release.version()));
        inputChanged();
    });
}

void RolloutDialog::weigh()
{
    const auto how = static_cast<How>(m_how->currentData().toInt());
    m_hold->setEnabled(how == Canary);
    const Service* service = m_fleet.find(m_service->currentText());
    if (!service || m_version->currentText().isEmpty())
        return;
    const QString now = format::text(service->version());
    const QString version = m_version->currentText();
    if (version == now) {
        refuse(tr("%1 runs %2 already.").arg(m_service->currentText(), now));
        say(theme::Role::Muted, refusal());
        return;
    }
    QStringList words{
        tr("%1 goes from %2 to %3, %n replicas.", nullptr, service->desired_replicas())
            .arg(m_service->currentText(), now, version)};
    if (how != OneByOne)
        words << (service->database()
                ? tr("The share is one of the reads; the writer follows at the end.")
                : tr("The old version stays whole meanwhile."));
    words << tr("It is taken back by itself if a new replica ends or is not ready, or if it is "
                "worse than the old version.");
    say(theme::Role::Text, words.join(u' '));
    refuse({});
}

StartRolloutRequest RolloutDialog::request() const
{
    StartRolloutRequest request;
    request.set_request_id(requestId());
    request.set_reason(m_reason->text().toStdString());
    auto& target = *request.add_targets();
    target.set_service(m_service->currentText().toStdString());
    target.set_version(m_version->currentText().toStdString());
    request.mutable_watch_for()->set_seconds(m_watch->value());
    const auto how = static_cast<How>(m_how->currentData().toInt());
    if (how == OneByOne)
        return request;
    auto& first = *request.add_steps();
    first.set_weight(kFirstShare);
    first.mutable_hold()->set_seconds(m_hold->value());
    first.set_pause(how == CanaryThatWaits);
    if (how == Canary) {
        auto& second = *request.add_steps();
        second.set_weight(kSecondShare);
        second.mutable_hold()->set_seconds(m_hold->value());
    }
    return request;
}

void RolloutDialog::perform()
{
    api::onReply(this, m_control.startRollout(request()), [this](auto rollout) {
        if (!rollout.ok())
            return failed(api::describe(rollout.status()));
        Q_EMIT done(*rollout);
        accept();
    });
}
