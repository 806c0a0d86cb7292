// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/rollouts/rolloutdialog.h"

#include "app/api/controlclient.h"
#include "app/api/errors.h"
#include "app/models/fleetstate.h"
#include "app/models/format.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QSpinBox>
#include <QUuid>

using namespace Qt::StringLiterals;
using namespace shopfleet::control::v1;
using theme::kUnit;

namespace {

constexpr int kFirstShare = 10;
constexpr int kSecondShare = 50;
constexpr int kMostSeconds = 86'400;

QSpinBox* secondsBox(int value, const QString& name)
{
    auto* box = new QSpinBox;
    box->setButtonSymbols(QSpinBox::NoButtons);
    box->setRange(0, kMostSeconds);
    box->setValue(value);
    box->setSuffix(RolloutDialog::tr(" s"));
    box->setAccessibleName(name);
    return box;
}

} // namespace

RolloutDialog::RolloutDialog(const theme::Theme& theme, api::ControlClient& control,
    const FleetState& fleet, const QString& service, QWidget* parent)
    : QDialog(parent)
    , m_theme(theme)
    , m_control(control)
    , m_fleet(fleet)
    , m_service(new parts::Choice(theme))
    , m_version(new parts::Choice(theme))
    , m_how(new parts::Choice(theme))
    , m_hold(secondsBox(60, tr("Each share for")))
    , m_watch(secondsBox(90, tr("Watched for")))
    , m_reason(new QLineEdit)
    , m_said(new parts::Label(theme, {}, theme::Role::Muted))
    , m_do(new parts::BusyButton(tr("Roll out"), tr("Starting…"), "primary"))
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
    connect(m_do, &QPushButton::clicked, this, &RolloutDialog::perform);
    fetchReleases();
}

void RolloutDialog::build()
{
    setWindowTitle(tr("Roll out"));
    setModal(true);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(3 * kUnit, 3 * kUnit, 3 * kUnit, 2 * kUnit);
    all->setSpacing(2 * kUnit);
    all->addWidget(
        new parts::Label(m_theme, tr("Roll out a version"), theme::Role::Text, parts::Face::Title));
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(2 * kUnit);
    form->setVerticalSpacing(kUnit);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("Service"), m_service);
    form->addRow(tr("Version"), m_version);
    form->addRow(tr("How"), m_how);
    form->addRow(tr("Each share for"), m_hold);
    form->addRow(tr("Watched for"), m_watch);
    form->addRow(tr("Reason"), m_reason);
    all->addLayout(form);
    m_said->setWordWrap(true);
    m_said->setMinimumHeight(m_theme.px(7 * kUnit));
    m_said->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    all->addWidget(m_said, 1);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(kUnit);
    auto* close = parts::button(tr("Close"));
    close->setAutoDefault(false);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    buttons->addStretch(1);
    buttons->addWidget(close);
    buttons->addWidget(m_do);
    all->addLayout(buttons);
    m_do->setDefault(true);
    resize(m_theme.px(520), sizeHint().height());
}

// Those that hold the service's program; the newest is proposed.
void RolloutDialog::fetchReleases()
{
    ListReleasesRequest request;
    request.set_page_size(1'000);
    request.set_service(m_service->currentText().toStdString());
    m_version->clear();
    m_do->setRefusal(tr("The versions are on their way"));
    api::onReply(this, m_control.listReleases(request), [this, mine = ++m_asked](auto releases) {
        if (mine != m_asked)
            return;
        if (!releases.ok()) {
            say(theme::Role::Bad, api::describe(releases.status()));
            m_do->setRefusal(m_said->text());
            return;
        }
        for (const Release& release : releases->releases())
            m_version->addItem(format::text(release.version()));
        inputChanged();
    });
}

void RolloutDialog::inputChanged()
{
    m_requestId = QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString();
    const auto how = static_cast<How>(m_how->currentData().toInt());
    m_hold->setEnabled(how == Canary);
    const Service* service = m_fleet.find(m_service->currentText());
    if (!service || m_version->currentText().isEmpty())
        return;
    const QString now = format::text(service->version());
    const QString version = m_version->currentText();
    if (version == now) {
        say(theme::Role::Muted, tr("%1 runs %2 already.").arg(m_service->currentText(), now));
        m_do->setRefusal(m_said->text());
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
    m_do->setRefusal({});
}

StartRolloutRequest RolloutDialog::request() const
{
    StartRolloutRequest request;
    request.set_request_id(m_requestId);
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
    if (m_do->isBusy() || !m_do->isEnabled())
        return;
    m_do->setBusy(true);
    api::onReply(this, m_control.startRollout(request()), [this](auto rollout) {
        m_do->setBusy(false);
        if (!rollout.ok()) {
            say(theme::Role::Bad, api::describe(rollout.status()));
            return;
        }
        Q_EMIT done(*rollout);
        accept();
    });
}

void RolloutDialog::say(theme::Role role, const QString& text)
{
    m_said->setRole(role);
    m_said->setText(text);
}
