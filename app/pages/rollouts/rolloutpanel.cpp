// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/rollouts/rolloutpanel.h"

#include "app/api/controlclient.h"
#include "app/api/errors.h"
#include "app/models/format.h"
#include "app/models/status.h"
#include "app/pages/rollouts/rolloutwords.h"

#include <QBoxLayout>
#include <QMessageBox>
#include <QUuid>

using namespace Qt::StringLiterals;
using namespace shopfleet::control::v1;
using theme::kUnit;

RolloutPanel::RolloutPanel(const theme::Theme& theme, api::ControlClient& control, QWidget* parent)
    : Panel(theme, parent)
    , m_control(control)
{
    showNothing();
}

void RolloutPanel::showNothing()
{
    ++m_generation;
    m_loading = false;
    m_rollout.Clear();
    rebuild();
}

void RolloutPanel::show(const Rollout& rollout)
{
    const bool same = rollout.id() == m_rollout.id();
    const bool changed = !same || rollout.etag() != m_rollout.etag();
    const auto events = m_rollout.events();
    m_rollout = rollout;
    if (same)
        *m_rollout.mutable_events() = events;
    if (!changed) {
        showFigures();
        return;
    }
    if (!same)
        rebuild();
    fetch();
}

void RolloutPanel::fetch()
{
    m_loading = true;
    GetRolloutRequest request;
    request.set_id(m_rollout.id());
    api::onReply(this, m_control.getRollout(request), [this, mine = ++m_generation](auto whole) {
        if (mine != m_generation)
            return;
        m_loading = false;
        if (whole.ok())
            m_rollout = *std::move(whole);
        rebuild(); // Without its history where that did not come.
        if (rolloutwords::isOver(m_rollout))
            m_refusal.clear(); // It ended just before the key: that has been told.
        tellRefusal();
        Q_EMIT loaded();
    });
}

void RolloutPanel::rebuild()
{
    clear();
    m_comparisons.clear();
    m_buttons.clear();
    if (m_rollout.id().empty()) {
        auto* words = new parts::Label(m_theme,
            tr("A release is a directory of programs with a version. It is added by "
               "“shopfleetctl release”, and comes to the services from here."),
            theme::Role::Muted);
        words->setWordWrap(true);
        content()->addWidget(words);
        content()->addStretch(1);
        addActions();
        return;
    }
    addHead();
    for (const RolloutTarget& target : m_rollout.targets())
        addTarget(target);
    if (!m_rollout.events().empty()) {
        addRule();
        content()->addWidget(panel::heading(m_theme, tr("History")));
        content()->addWidget(new Timeline(m_theme, rolloutwords::history(m_rollout)));
    }
    content()->addStretch(1);
    addActions();
}

void RolloutPanel::addHead()
{
    auto* row = new QHBoxLayout;
    row->setSpacing(kUnit);
    row->addWidget(new parts::ElidedLabel(m_theme, rolloutwords::what(m_rollout), theme::Role::Text,
                       parts::Face::Title),
        1);
    row->addWidget(new parts::Badge(m_theme, status::of(m_rollout.state())));
    content()->addLayout(row);
    QStringList words{tr("Rollout %1").arg(format::text(m_rollout.id()))};
    if (m_rollout.is_rollback())
        words << tr("back to what was");
    words << tr("started %1").arg(format::when(m_rollout.started_at()))
          << format::text(m_rollout.actor().id());
    content()->addWidget(new parts::ElidedLabel(m_theme, words.join(u" · "_s), theme::Role::Muted));
    if (!m_rollout.reason().empty()) {
        auto* reason = new parts::Label(m_theme, format::text(m_rollout.reason()));
        reason->setWordWrap(true);
        content()->addWidget(reason);
    }
    if (!m_rollout.outcome().empty()) {
        addGap();
        content()->addWidget(new panel::CauseBanner(m_theme, theme::Tone::Bad,
            rolloutwords::isOver(m_rollout) ? tr("The old version is back") : tr("Going back"),
            format::text(m_rollout.outcome())));
    } else if (m_rollout.state() == ROLLOUT_STATE_PAUSED) {
        addGap();
        content()->addWidget(new panel::CauseBanner(m_theme, theme::Tone::Warn, tr("Paused"),
            tr("It goes on when somebody promotes or resumes it. It is still taken back by itself "
               "if the new version is worse.")));
    }
}

void RolloutPanel::addTarget(const RolloutTarget& target)
{
    addRule();
    content()->addWidget(panel::heading(m_theme, format::text(target.service()),
        target.from_version() == target.version()
            ? format::text(target.version())
            : u"%1 → %2"_s.arg(
                format::text(target.from_version()), format::text(target.version()))));
    if (const QString flags = rolloutwords::flags(target); !flags.isEmpty())
        content()->addWidget(panel::fact(m_theme, tr("Flags"), flags));
    content()->addWidget(new Timeline(m_theme, rolloutwords::steps(m_rollout, target)));
    panel::LineList* comparison = nullptr;
    if (target.has_now() && !m_rollout.is_rollback()) {
        addGap(1);
        content()->addWidget(panel::heading(m_theme, tr("In the last minute"),
            target.now().from_before() ? tr("before · new") : tr("stable · new")));
        comparison = new panel::LineList(m_theme);
        content()->addWidget(comparison);
        comparison->setLines(rolloutwords::comparison(target.now()));
    }
    m_comparisons.append(comparison);
    auto* link = parts::button(tr("Show %1").arg(format::text(target.service())), "link");
    connect(link, &QPushButton::clicked, this, [this, service = format::text(target.service())] {
        Q_EMIT openRequested({u"services"_s, service, {}});
    });
    content()->addWidget(link, 0, Qt::AlignLeft);
}

// Only figures: the words beside them may be read, and the buttons pressed, at this moment.
void RolloutPanel::showFigures()
{
    for (int i = 0; i < m_rollout.targets_size(); ++i) {
        auto* comparison = m_comparisons.value(i);
        const bool comes = m_rollout.targets(i).has_now() && !m_rollout.is_rollback();
        if (comes && !comparison)
            return rebuild();
        if (comparison)
            comparison->setLines(rolloutwords::comparison(m_rollout.targets(i).now()));
    }
}

void RolloutPanel::addActions()
{
    const auto add = [this](const QString& text, const QString& busy, const char* kind,
                         const QString& tip, const QString& key, auto act) {
        auto* button = new parts::BusyButton(text, busy, kind);
        button->setToolTip(u"%1 (%2)"_s.arg(tip, key));
        button->setBusy(m_asking);
        connect(button, &QPushButton::clicked, this, act);
        actions()->add(button, key);
        m_buttons.append(button);
    };
    const bool active = !m_rollout.id().empty() && !rolloutwords::isOver(m_rollout)
        && m_rollout.state() != ROLLOUT_STATE_ROLLING_BACK;
    if (active && rolloutwords::isOnTrial(m_rollout))
        add(tr("Promote"), tr("Promoting…"), rolloutwords::isCanary(m_rollout) ? "primary" : "",
            tr("On to the next step at once"), u"P"_s, [this] { promote(false); });
    if (active) {
        const bool paused = m_rollout.state() == ROLLOUT_STATE_PAUSED;
        add(paused ? tr("Resume") : tr("Pause"), paused ? tr("Resuming…") : tr("Pausing…"), "",
            paused ? tr("Let it go on") : tr("Leave it as it is for now"), u"H"_s,
            [this] { pauseOrResume(); });
        add(tr("Call off…"), tr("Calling off…"), "", tr("Bring the old version back"), u"X"_s,
            [this] { callOff(); });
    }
    if (active && rolloutwords::isOnTrial(m_rollout))
        add(tr("Promote to the end"), tr("Promoting…"), "",
            tr("All replicas, without the steps that are left"), u"Shift+P"_s,
            [this] { promote(true); });
    if (m_rollout.state() == ROLLOUT_STATE_SUCCEEDED && m_rollout.targets_size() == 1)
        add(tr("Roll back…"), tr("Rolling back…"), "", tr("Bring back what ran before"), u"B"_s,
            [this] { rollBack(); });
    auto* fresh = parts::button(tr("Roll out…"), m_rollout.id().empty() ? "primary" : "");
    fresh->setToolTip(tr("Bring a version to a service (N)"));
    connect(fresh, &QPushButton::clicked, this, &RolloutPanel::newRequested);
    actions()->add(fresh, u"N"_s);
}

template <class Request, class Ask>
void RolloutPanel::ask(Request request, Ask ask)
{
    if (m_asking)
        return;
    request.set_request_id(QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString());
    m_asking = true;
    for (auto* button : std::as_const(m_buttons))
        button->setBusy(true);
    const bool wasOver = rolloutwords::isOver(m_rollout);
    api::onReply(this, ask(std::move(request)), [this, wasOver](auto rollout) {
        m_asking = false;
        for (auto* button : std::as_const(m_buttons))
            button->setBusy(false);
        if (!rollout.ok()) // What was done is seen: the stream tells of it.
            m_refusal = api::describe(rollout.status());
        if (wasOver || m_rollout.id().empty())
            tellRefusal();
        if (!m_rollout.id().empty())
            fetch();
    });
}

void RolloutPanel::tellRefusal()
{
    if (const QString why = std::exchange(m_refusal, {}); !why.isEmpty())
        Q_EMIT noticed({theme::Tone::Bad, why});
}

bool RolloutPanel::confirm(const QString& title, const QString& why, const QString& action)
{
    QMessageBox box(QMessageBox::NoIcon, title, title, QMessageBox::NoButton, window());
    box.setInformativeText(why);
    auto* yes = box.addButton(action, QMessageBox::AcceptRole);
    box.setDefaultButton(box.addButton(tr("Close"), QMessageBox::RejectRole));
    box.exec();
    return box.clickedButton() == yes;
}

void RolloutPanel::promote(bool all)
{
    if (rolloutwords::isOver(m_rollout) || !rolloutwords::isOnTrial(m_rollout))
        return;
    PromoteRolloutRequest request;
    request.set_id(m_rollout.id());
    request.set_all(all);
    ask(request, [this](auto asked) { return m_control.promoteRollout(std::move(asked)); });
}

void RolloutPanel::pauseOrResume()
{
    if (m_rollout.state() == ROLLOUT_STATE_PAUSED) {
        ResumeRolloutRequest request;
        request.set_id(m_rollout.id());
        ask(request, [this](auto asked) { return m_control.resumeRollout(std::move(asked)); });
    } else if (m_rollout.state() == ROLLOUT_STATE_RUNNING) {
        PauseRolloutRequest request;
        request.set_id(m_rollout.id());
        ask(request, [this](auto asked) { return m_control.pauseRollout(std::move(asked)); });
    }
}

void RolloutPanel::callOff()
{
    if (m_rollout.state() != ROLLOUT_STATE_RUNNING && m_rollout.state() != ROLLOUT_STATE_PAUSED)
        return;
    if (!confirm(tr("Call off %1?").arg(rolloutwords::what(m_rollout)),
            tr("The old version comes back replica by replica; no request is lost."),
            tr("Call off")))
        return;
    AbortRolloutRequest request;
    request.set_id(m_rollout.id());
    request.set_reason("desktop");
    ask(request, [this](auto asked) { return m_control.abortRollout(std::move(asked)); });
}

void RolloutPanel::rollBack()
{
    if (m_rollout.state() != ROLLOUT_STATE_SUCCEEDED || m_rollout.targets_size() != 1)
        return;
    const RolloutTarget& target = m_rollout.targets(0);
    const QString service = format::text(target.service());
    const QString version = format::text(target.from_version());
    if (!confirm(tr("Roll %1 back to %2?").arg(service, version),
            tr("It comes back replica by replica, with the flags it had; no request is lost."),
            tr("Roll back")))
        return;
    RollbackServiceRequest request;
    request.set_service(target.service());
    request.set_version(target.from_version());
    request.set_reason("desktop");
    ask(request, [this](auto asked) { return m_control.rollBackService(std::move(asked)); });
}
