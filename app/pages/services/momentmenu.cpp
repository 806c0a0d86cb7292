// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/services/momentmenu.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QMenu>

#include <cmath>

using namespace Qt::StringLiterals;

namespace {

constexpr double kLeastAround = 5; ///< Seconds: what is seen at a moment began a little before.

QString isoTime(double seconds)
{
    return QDateTime::fromSecsSinceEpoch(qint64(seconds), Qt::UTC).toString(Qt::ISODate);
}

QString tr(const char* words)
{
    return QCoreApplication::translate("MomentMenu", words);
}

} // namespace

QMenu* momentMenu(QWidget* parent, const QString& service, double seconds, double width,
    std::function<void(const Address&)> open)
{
    const double around = std::max(kLeastAround, width);
    const QString from = isoTime(std::floor(seconds - around));
    const QString to = isoTime(std::ceil(seconds + around));
    auto* menu = new QMenu(parent);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const QString clock
        = QDateTime::fromSecsSinceEpoch(qint64(seconds)).time().toString(u"HH:mm:ss"_s);
    const auto traces = [=](const QString& more) {
        Address address{u"traces"_s, {}, {}};
        address.set(u"filter"_s,
            u"%1service = %2 AND started_at >= \"%3\" AND started_at <= \"%4\""_s.arg(
                more, service, from, to));
        return address;
    };
    Address logs{u"logs"_s, {}, {}};
    logs.set(u"service"_s, service);
    logs.set(u"from"_s, from);
    logs.set(u"to"_s, to);
    const std::pair<const char*, Address> ways[]
        = {{QT_TRANSLATE_NOOP("MomentMenu", "Traces of %1"), traces({})},
            {QT_TRANSLATE_NOOP("MomentMenu", "What failed at %1"), traces(u"error = true AND "_s)},
            {QT_TRANSLATE_NOOP("MomentMenu", "Logs of %1"), logs}};
    for (const auto& [words, address] : ways)
        menu->addAction(tr(words).arg(clock), parent, [open, address = address] { open(address); });
    return menu;
}
