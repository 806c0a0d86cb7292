// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/fleetwords.h"

#include "app/models/format.h"
#include "app/models/status.h"

#include <QCoreApplication>
#include <QHash>
#include <QLocale>

using namespace Qt::StringLiterals;
using shopfleet::control::v1::Event;
using shopfleet::control::v1::Evidence;
using shopfleet::control::v1::Suspect;

namespace fleetwords {
namespace {

const QHash<std::string, const char*>& kinds()
{
    static const QHash<std::string, const char*> kWords{
        {"replica.started", QT_TRANSLATE_NOOP("fleetwords", "Started")},
        {"replica.healthy", QT_TRANSLATE_NOOP("fleetwords", "Serves")},
        {"replica.degraded", QT_TRANSLATE_NOOP("fleetwords", "Does not answer as it should")},
        {"replica.exited", QT_TRANSLATE_NOOP("fleetwords", "Ended by itself")},
        {"replica.stopped", QT_TRANSLATE_NOOP("fleetwords", "Stopped")},
        {"replica.killed", QT_TRANSLATE_NOOP("fleetwords", "Ended by force")},
        {"replica.adopted", QT_TRANSLATE_NOOP("fleetwords", "Taken over as it ran")},
        {"replica.drain", QT_TRANSLATE_NOOP("fleetwords", "Drained")},
        {"replica.restart", QT_TRANSLATE_NOOP("fleetwords", "Restarted")},
        {"replica.replacement_failed", QT_TRANSLATE_NOOP("fleetwords", "Its successor failed")},
        {"service.restart", QT_TRANSLATE_NOOP("fleetwords", "Restarted")},
        {"service.scaled", QT_TRANSLATE_NOOP("fleetwords", "Scaled")},
        {"service.policy_set", QT_TRANSLATE_NOOP("fleetwords", "Scaled by policy from now on")},
        {"service.policy_off", QT_TRANSLATE_NOOP("fleetwords", "Policy switched off")},
        {"writer.moved", QT_TRANSLATE_NOOP("fleetwords", "Writes from now on")},
        {"rollout.started", QT_TRANSLATE_NOOP("fleetwords", "Rollout started")},
        {"rollout.service_begun", QT_TRANSLATE_NOOP("fleetwords", "Rollout begun here")},
        {"rollout.step", QT_TRANSLATE_NOOP("fleetwords", "Share reached")},
        {"rollout.paused", QT_TRANSLATE_NOOP("fleetwords", "Rollout paused")},
        {"rollout.resumed", QT_TRANSLATE_NOOP("fleetwords", "Rollout goes on")},
        {"rollout.promoted", QT_TRANSLATE_NOOP("fleetwords", "Promoted to the next step")},
        {"rollout.promoted_fully", QT_TRANSLATE_NOOP("fleetwords", "Promoted to the end")},
        {"rollout.aborted", QT_TRANSLATE_NOOP("fleetwords", "Rollout called off")},
        {"rollout.rolling_back", QT_TRANSLATE_NOOP("fleetwords", "Goes back")},
        {"rollout.service_rolled", QT_TRANSLATE_NOOP("fleetwords", "Every replica is new")},
        {"rollout.succeeded", QT_TRANSLATE_NOOP("fleetwords", "Rollout succeeded")},
        {"rollout.rolled_back", QT_TRANSLATE_NOOP("fleetwords", "The old version is back")},
        {"alert.raised", QT_TRANSLATE_NOOP("fleetwords", "Alert")},
        {"alert.ended", QT_TRANSLATE_NOOP("fleetwords", "Alert over")},
        {"alert.acknowledged", QT_TRANSLATE_NOOP("fleetwords", "Alert acknowledged")},
        {"alert.muted", QT_TRANSLATE_NOOP("fleetwords", "Alert muted")},
        {"alert.unmuted", QT_TRANSLATE_NOOP("fleetwords", "Alert no longer muted")},
        {"alertrule.saved", QT_TRANSLATE_NOOP("fleetwords", "Alert rule saved")},
        {"alertrule.removed", QT_TRANSLATE_NOOP("fleetwords", "Alert rule removed")},
        {"incident.opened", QT_TRANSLATE_NOOP("fleetwords", "Incident")},
        {"incident.suspected", QT_TRANSLATE_NOOP("fleetwords", "Likelier cause of the incident")},
        {"incident.ended", QT_TRANSLATE_NOOP("fleetwords", "Incident over")}};
    return kWords;
}

} // namespace

QString event(const Event& event)
{
    const char* words = kinds().value(event.kind());
    return words ? QCoreApplication::translate("fleetwords", words) : format::text(event.kind());
}

QString subject(const Event& event)
{
    if (!event.replica().empty())
        return format::text(event.replica());
    return event.service().empty() ? QCoreApplication::translate("fleetwords", "the store")
                                   : format::text(event.service());
}

QString actor(const Event& event)
{
    QString id = format::text(event.actor().id());
    if (id == u"control"_s || id.isEmpty())
        return QCoreApplication::translate("fleetwords", "control plane");
    if (id == u"policy"_s)
        return QCoreApplication::translate("fleetwords", "policy");
    return id;
}

Timeline::Event entry(const Event& one, bool withSubject)
{
    QString words = event(one);
    if (withSubject)
        words.prepend(subject(one) + u": "_s);
    if (!one.reason().empty())
        words += u": "_s + format::text(one.reason());
    return {words, format::time(one.at()).toLocalTime().toString(u"HH:mm:ss"_s),
        status::shape(one.severity()), status::tone(one.severity()),
        format::moment(one.at()) + u" · "_s + actor(one)};
}

namespace {

QString percent(double share)
{
    return QLocale().toString(share * 100, 'f', share < 0.1 ? 1 : 0);
}

QString words(const Evidence& fact)
{
    const auto say
        = [](const char* text) { return QCoreApplication::translate("fleetwords", text); };
    const QString subject = format::text(fact.subject());
    const QString ms = format::count(qRound64(fact.value()));
    const QString usualMs = format::count(qRound64(fact.usual()));
    if (fact.kind() == "missing") {
        const QString what = fact.value() >= 1
            ? say(QT_TRANSLATE_NOOP("fleetwords", "It does not serve"))
            : say(QT_TRANSLATE_NOOP("fleetwords", "%1 % of its replicas do not serve"))
                  .arg(percent(fact.value()));
        return subject.isEmpty() ? what : what + u": "_s + subject;
    }
    if (fact.kind() == "began")
        return say(QT_TRANSLATE_NOOP("fleetwords", "%1 % of %2 failed traces began to fail here"))
            .arg(percent(fact.value()), format::count(fact.count()));
    if (fact.kind() == "waited")
        return say(
            QT_TRANSLATE_NOOP("fleetwords", "A trace waits %1 ms for it alone, usually %2 ms"))
            .arg(ms, usualMs);
    if (fact.kind() == "errors")
        return say(QT_TRANSLATE_NOOP("fleetwords", "%1 % of its calls fail, usually %2 %"))
            .arg(percent(fact.value()), percent(fact.usual()));
    if (fact.kind() == "slow")
        return say(
            QT_TRANSLATE_NOOP("fleetwords", "95 % of its calls take up to %1 ms, usually %2 ms"))
            .arg(ms, usualMs);
    if (fact.kind() == "calls")
        return say(QT_TRANSLATE_NOOP("fleetwords", "It calls %1")).arg(subject);
    if (fact.kind() == "first")
        return say(QT_TRANSLATE_NOOP("fleetwords", "It was among the first to change"));
    if (fact.kind() == "change") {
        Event event;
        event.set_kind(fact.subject());
        return say(QT_TRANSLATE_NOOP("fleetwords", "%1, %2 before"))
            .arg(fleetwords::event(event), format::span(qRound64(fact.value())));
    }
    return {};
}

} // namespace

QStringList evidence(const Suspect& suspect)
{
    QStringList all;
    for (int i = 0; i < suspect.evidence_size(); ++i) {
        const QString known = i < suspect.facts_size() ? words(suspect.facts(i)) : QString();
        all << (known.isEmpty() ? format::text(suspect.evidence(i)) : known);
    }
    return all;
}

} // namespace fleetwords
