// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/services/policydialog.h"

#include "app/api/controlclient.h"
#include "app/api/errors.h"
#include "app/models/format.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLineEdit>

using namespace shopfleet::control::v1;
using theme::kUnit;

namespace {

// The control plane's own limits.
constexpr double kMostRequests = 1e6;
constexpr double kMostMs = 60'000;
constexpr double kMostCpu = 6'400; // Per cent of one core.
constexpr int kMostReplicas = 64;

/// 0 is no target.
QDoubleSpinBox* targetBox(
    double value, double most, int decimals, const QString& suffix, const QString& name)
{
    auto* box = new QDoubleSpinBox;
    box->setButtonSymbols(QDoubleSpinBox::NoButtons);
    box->setDecimals(decimals);
    box->setRange(0, most);
    box->setValue(value);
    box->setSuffix(suffix);
    box->setSpecialValueText(PolicyDialog::tr("no target"));
    box->setAccessibleName(name);
    return box;
}

QSpinBox* countBox(int value, int least, int most, const QString& name)
{
    auto* box = new QSpinBox;
    box->setButtonSymbols(QSpinBox::NoButtons);
    box->setRange(least, most);
    box->setValue(value);
    box->setAccessibleName(name);
    return box;
}

QWidget* pair(const theme::Theme& theme, QWidget* first, const QString& between, QWidget* second)
{
    auto* both = new QWidget;
    auto* row = new QHBoxLayout(both);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kUnit);
    row->addWidget(first, 1);
    row->addWidget(new parts::Label(theme, between, theme::Role::Muted));
    row->addWidget(second, 1);
    return both;
}

} // namespace

PolicyDialog::PolicyDialog(
    const theme::Theme& theme, api::ControlClient& control, const Service& service, QWidget* parent)
    : FormDialog(theme, tr("Scaling policy of %1").arg(format::text(service.name())),
        tr("Set policy"), tr("Setting…"), parent)
    , m_control(control)
    , m_service(service)
    , m_enabled(new QCheckBox(tr("The number of replicas follows the load")))
    , m_requests(targetBox(service.policy().requests_per_second(), kMostRequests, 1,
          tr(" requests/s per replica"), tr("Requests")))
    , m_latency(targetBox(service.policy().p95_ms(), kMostMs, 0, tr(" ms"), tr("Latency, p95")))
    , m_cpu(targetBox(service.policy().cpu_share() * 100, kMostCpu, 0,
          tr(" % of a core per replica"), tr("CPU")))
    , m_least(countBox(service.min_replicas(), 0, kMostReplicas, tr("Fewest replicas")))
    , m_most(countBox(service.max_replicas(), 1, kMostReplicas, tr("Most replicas")))
    , m_up(parts::secondsBox(
          static_cast<int>(service.policy().up_window().seconds()), tr("More after")))
    , m_down(parts::secondsBox(
          static_cast<int>(service.policy().down_window().seconds()), tr("Fewer after")))
    , m_step(countBox(service.policy().max_step(), 0, kMostReplicas, tr("At once at most")))
    , m_reason(new QLineEdit)
{
    m_enabled->setChecked(service.policy().enabled());
    m_step->setSpecialValueText(tr("no limit"));
    m_reason->setMaxLength(500);
    m_reason->setPlaceholderText(tr("Kept in the history"));
    build();
    connect(m_enabled, &QCheckBox::toggled, this, &PolicyDialog::inputChanged);
    for (auto* box : {m_requests, m_latency, m_cpu})
        connect(box, &QDoubleSpinBox::valueChanged, this, &PolicyDialog::inputChanged);
    for (auto* box : {m_least, m_most, m_up, m_down, m_step})
        connect(box, &QSpinBox::valueChanged, this, &PolicyDialog::inputChanged);
    connect(m_reason, &QLineEdit::textChanged, this, &PolicyDialog::inputChanged);
    resize(m_theme.px(560), sizeHint().height());
    inputChanged();
}

void PolicyDialog::build()
{
    QFormLayout* form = addForm();
    form->addRow(m_enabled);
    form->addRow(tr("Requests"), m_requests);
    form->addRow(tr("Latency, p95"), m_latency);
    form->addRow(tr("CPU"), m_cpu);
    form->addRow(tr("Replicas"), pair(m_theme, m_least, tr("to"), m_most));
    form->addRow(tr("More after"), pair(m_theme, m_up, tr("fewer after"), m_down));
    form->addRow(tr("At once at most"), m_step);
    form->addRow(tr("Reason"), m_reason);
}

QString PolicyDialog::loadNow() const
{
    const Figures& now = m_service.figures();
    const int replicas = std::max(1, m_service.replicas_size());
    return tr("Now: %1 requests/s and %2 % of a core on each of %n replicas, p95 %3.", nullptr,
        m_service.replicas_size())
        .arg(format::figure(now.requests_per_second() / replicas),
            format::figure(now.cpu_share() * 100 / replicas),
            now.has_requests() ? tr("%1 ms").arg(format::figure(now.p95_ms())) : tr("unknown"));
}

UpdateScalingPolicyRequest PolicyDialog::input() const
{
    UpdateScalingPolicyRequest request;
    auto& policy = *request.mutable_policy();
    policy.set_enabled(m_enabled->isChecked());
    policy.set_requests_per_second(m_requests->value());
    policy.set_p95_ms(m_latency->value());
    policy.set_cpu_share(m_cpu->value() / 100);
    policy.mutable_up_window()->set_seconds(m_up->value());
    policy.mutable_down_window()->set_seconds(m_down->value());
    policy.set_max_step(m_step->value());
    request.set_min_replicas(m_least->value());
    request.set_max_replicas(m_most->value());
    for (const char* path : {"policy", "min_replicas", "max_replicas"})
        request.mutable_update_mask()->add_paths(path);
    return request;
}

void PolicyDialog::weigh()
{
    const auto wanted = input();
    const bool enabled = wanted.policy().enabled();
    const bool hasTarget = wanted.policy().requests_per_second() > 0 || wanted.policy().p95_ms() > 0
        || wanted.policy().cpu_share() > 0;
    QString why;
    if (wanted.min_replicas() > wanted.max_replicas())
        why = tr("The fewest replicas are more than the most.");
    else if (enabled && !hasTarget)
        why = tr("It needs a target: requests, latency or CPU.");
    refuse(why);
    if (!why.isEmpty())
        return say(theme::Role::Bad, why + u' ' + loadNow());
    if (!enabled)
        return say(theme::Role::Text,
            tr("It stays at %n replicas until somebody sets another number.", nullptr,
                std::clamp(
                    m_service.desired_replicas(), wanted.min_replicas(), wanted.max_replicas())));
    say(theme::Role::Text,
        loadNow() + u' '
            + tr("The target that asks for the most replicas counts. Each decision is kept with "
                 "the figures behind it."));
}

void PolicyDialog::perform()
{
    auto request = input();
    request.set_request_id(requestId());
    request.set_service(m_service.name());
    request.set_etag(m_service.etag());
    request.set_reason(m_reason->text().trimmed().toStdString());
    api::onReply(this, m_control.updateScalingPolicy(request), [this](auto service) {
        if (!service.ok())
            return failed(api::describe(service.status()));
        Q_EMIT done(*service);
        accept();
    });
}
