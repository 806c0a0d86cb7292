// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/rollouts/rolloutwords.h"

#include "app/models/fleetwords.h"
#include "app/models/format.h"
#include "app/models/status.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace shopfleet::control::v1;

namespace rolloutwords {
namespace {

constexpr int kNamed = 3;

QString tr(const char* text)
{
    return QCoreApplication::translate("rolloutwords", text);
}

QString percent(double ratio)
{
    return QLocale().toString(ratio * 100, 'f', ratio < 0.1 ? 2 : 1) + u" %"_s;
}

QString milliseconds(double ms)
{
    return QLocale().toString(ms, 'f', ms < 10 ? 1 : 0) + u" ms"_s;
}

const RolloutTarget* present(const Rollout& rollout)
{
    for (const RolloutTarget& target : rollout.targets())
        if (target.phase() != ROLLOUT_PHASE_WATCHED)
            return &target;
    return rollout.targets().empty() ? nullptr : &*rollout.targets().rbegin();
}

} // namespace

QString what(const Rollout& rollout)
{
    if (rollout.targets_size() == 1) {
        const RolloutTarget& target = rollout.targets(0);
        if (target.version() == target.from_version())
            return tr("%1 %2, other flags")
                .arg(format::text(target.service()), format::text(target.version()));
        return u"%1 %2 → %3"_s.arg(format::text(target.service()),
            format::text(target.from_version()), format::text(target.version()));
    }
    QStringList services;
    QStringList versions;
    for (const RolloutTarget& target : rollout.targets()) {
        services << format::text(target.service());
        if (!versions.contains(format::text(target.version())))
            versions << format::text(target.version());
    }
    const auto names = services.size() <= kNamed
        ? services.join(u", "_s)
        : QCoreApplication::translate(
            "rolloutwords", "%n services", nullptr, static_cast<int>(services.size()));
    return names + u" → "_s + versions.join(u", "_s);
}

QString progress(const Rollout& rollout)
{
    const RolloutTarget* target = present(rollout);
    if (isOver(rollout) || !target)
        return {};
    const auto replicas = tr("%1 new, %2 old")
                              .arg(format::count(target->fresh_replicas()),
                                  format::count(target->stable_replicas()));
    switch (target->phase()) {
    case ROLLOUT_PHASE_CANARY:
        return target->step() < rollout.steps_size()
            ? tr("Canary %1 %").arg(rollout.steps(target->step()).weight())
            : replicas;
    case ROLLOUT_PHASE_ROLLING:
    case ROLLOUT_PHASE_BACK:
        return rollout.targets_size() == 1 ? replicas
                                           : format::text(target->service()) + u": "_s + replicas;
    case ROLLOUT_PHASE_WATCHED:
        return tr("Watched");
    default:
        return tr("Waits its turn");
    }
}

QString flags(const RolloutTarget& target)
{
    QStringList changes;
    for (const auto& [name, value] : target.arguments()) {
        const auto before = target.from_arguments().find(name);
        if (before == target.from_arguments().end() || before->second != value)
            changes << u"--%1=%2"_s.arg(format::text(name), format::text(value));
    }
    for (const auto& [name, value] : target.from_arguments())
        if (!target.arguments().contains(name))
            changes << tr("without --%1").arg(format::text(name));
    changes.sort();
    return changes.join(u", "_s);
}

bool isOver(const Rollout& rollout)
{
    return rollout.has_ended_at();
}

static bool isIn(const Rollout& rollout, RolloutPhase phase)
{
    return !isOver(rollout)
        && std::ranges::any_of(rollout.targets(),
            [phase](const RolloutTarget& target) { return target.phase() == phase; });
}

bool isCanary(const Rollout& rollout)
{
    return isIn(rollout, ROLLOUT_PHASE_CANARY);
}

bool isOnTrial(const Rollout& rollout)
{
    return isCanary(rollout) || isIn(rollout, ROLLOUT_PHASE_WATCHED);
}

QList<Timeline::Event> steps(const Rollout& rollout, const RolloutTarget& target)
{
    struct Step {
        QString what;
        QString length;
    };
    QList<Step> all;
    for (const RolloutStep& step : rollout.steps())
        all.append({tr("%1 % of the traffic").arg(step.weight()),
            step.pause()          ? tr("until promoted")
                : step.has_hold() ? format::span(step.hold().seconds())
                                  : format::span(30)});
    all.append({tr("One replica after the other"), {}});
    if (!rollout.is_rollback())
        all.append({tr("Watched"), format::span(rollout.watch_for().seconds())});
    const int rolling = rollout.steps_size();
    const bool back = target.state() == ROLLOUT_STATE_ROLLED_BACK
        || target.state() == ROLLOUT_STATE_ROLLING_BACK;
    int now = -1; // Waits its turn.
    if (target.state() == ROLLOUT_STATE_SUCCEEDED)
        now = static_cast<int>(all.size());
    else if (target.phase() == ROLLOUT_PHASE_WATCHED)
        now = rolling + 1;
    else if (target.phase() != ROLLOUT_PHASE_UNSPECIFIED)
        now = std::min(target.step(), rolling);
    QList<Timeline::Event> events;
    for (int i = 0; i < all.size(); ++i) {
        Timeline::Event event{all[i].what, all[i].length};
        if (i < now) {
            event.shape = theme::Shape::Tick;
            event.tone = theme::Tone::Good;
        } else if (i == now) {
            event.shape = back ? theme::Shape::Square : theme::Shape::Half;
            event.tone = back ? theme::Tone::Bad : theme::Tone::Progress;
        } else {
            event.shape = theme::Shape::Dashed;
        }
        events.append(event);
    }
    return events;
}

QList<Timeline::Event> history(const Rollout& rollout)
{
    QList<Timeline::Event> events;
    for (const Event& event : rollout.events())
        events.append(
            fleetwords::entry(event, rollout.targets_size() > 1 && !event.service().empty()));
    return events;
}

QList<panel::LineList::Line> comparison(const GateResult& gate)
{
    const bool both = gate.canary_requests() > 0;
    const bool known = gate.stable_requests() > 0;
    const auto text = [](bool there, const QString& value) { return there ? value : u"–"_s; };
    const auto latency = [&](bool there, const Figures& figures) {
        return text(there && figures.p95_ms() > 0, milliseconds(figures.p95_ms()));
    };
    QList<panel::LineList::Line> lines{{tr("Requests"), format::count(gate.stable_requests()),
                                           format::count(gate.canary_requests())},
        {tr("Failed"), text(known, percent(gate.stable().error_ratio())),
            text(both, percent(gate.canary().error_ratio()))},
        {tr("95 % within"), latency(known, gate.stable()), latency(both, gate.canary())}};
    if (gate.has_checkouts())
        lines.append({tr("Checkouts that end well"), percent(gate.stable_checkout_success()),
            percent(gate.canary_checkout_success())});
    return lines;
}

} // namespace rolloutwords
