// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/logs/logpanel.h"

#include "app/models/format.h"
#include "app/pages/logs/logmodel.h"

#include <QBoxLayout>

using namespace Qt::StringLiterals;
using shopfleet::control::v1::LogLine;
using theme::kUnit;

namespace {

constexpr qint64 kAround = 5; ///< Seconds before and after.

QString isoTime(qint64 seconds)
{
    return QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC).toString(Qt::ISODate);
}

} // namespace

LogPanel::LogPanel(const theme::Theme& theme, QWidget* parent)
    : Panel(theme, parent)
{
}

void LogPanel::showNothing()
{
    m_line.Clear();
    clear();
}

void LogPanel::show(const LogLine& line)
{
    m_line = line;
    clear();
    auto* row = new QHBoxLayout;
    row->setSpacing(kUnit);
    row->addWidget(new parts::ElidedLabel(m_theme, format::text(line.replica()), theme::Role::Text,
                       parts::Face::Title),
        1);
    row->addWidget(new parts::Badge(m_theme, LogModel::levelOf(line)));
    content()->addLayout(row);
    content()->addWidget(
        new parts::ElidedLabel(m_theme, format::moment(line.at()), theme::Role::Muted));
    addGap();
    auto* message = new parts::Label(m_theme, LogModel::messageOf(line));
    message->setTextFormat(Qt::PlainText);
    message->setWordWrap(true);
    message->setTextInteractionFlags(Qt::TextSelectableByMouse);
    content()->addWidget(message);
    QMap<QString, QString> fields;
    for (const auto& [name, value] : line.fields())
        fields[format::text(name)] = format::text(value);
    if (!line.trace_id().empty())
        fields[tr("trace")] = format::text(line.trace_id());
    if (!line.order_id().empty())
        fields[tr("order")] = format::text(line.order_id());
    if (!fields.isEmpty()) {
        addRule();
        content()->addWidget(panel::heading(m_theme, tr("Fields")));
        for (auto field = fields.cbegin(); field != fields.cend(); ++field)
            content()->addWidget(panel::fact(m_theme, field.key(), field.value()));
    }
    content()->addStretch(1);

    const auto add = [this](const QString& text, const QString& tip, const QString& key,
                         const char* kind, void (LogPanel::*act)()) {
        auto* button = parts::button(text, kind);
        button->setToolTip(tip);
        connect(button, &QPushButton::clicked, this, act);
        actions()->add(button, key);
    };
    if (!line.trace_id().empty())
        add(tr("Trace"), tr("What the services did for it, span by span (V)"), u"V"_s, "primary",
            &LogPanel::openTrace);
    if (!line.order_id().empty())
        add(tr("Order %1").arg(format::text(line.order_id())), tr("What came of it (O)"), u"O"_s,
            "", &LogPanel::openOrder);
    add(tr("Show %1").arg(format::text(line.service())), tr("How the service fares (S)"), u"S"_s,
        "", &LogPanel::openService);
    add(tr("All at that moment"), tr("What all services wrote five seconds before and after (A)"),
        u"A"_s, "", &LogPanel::openMoment);
}

void LogPanel::openTrace()
{
    if (!m_line.trace_id().empty())
        Q_EMIT openRequested({u"traces"_s, format::text(m_line.trace_id()), {}});
}

void LogPanel::openOrder()
{
    if (!m_line.order_id().empty())
        Q_EMIT openRequested({u"orders"_s, format::text(m_line.order_id()), {}});
}

void LogPanel::openService()
{
    if (!m_line.service().empty())
        Q_EMIT openRequested({u"services"_s, format::text(m_line.service()), {}});
}

void LogPanel::openMoment()
{
    if (!m_line.has_at())
        return;
    Address address{u"logs"_s, {}, {}};
    address.set(u"from"_s, isoTime(m_line.at().seconds() - kAround));
    address.set(u"to"_s, isoTime(m_line.at().seconds() + kAround));
    Q_EMIT openRequested(address);
}
