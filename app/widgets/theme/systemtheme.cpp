// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/theme/systemtheme.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>

using namespace Qt::StringLiterals;

namespace theme {
namespace {

const QString kPortal = u"org.freedesktop.portal.Desktop"_s;
const QString kPath = u"/org/freedesktop/portal/desktop"_s;
const QString kSettings = u"org.freedesktop.portal.Settings"_s;
const QString kAppearance = u"org.freedesktop.appearance"_s;
const QString kScheme = u"color-scheme"_s;
const QString kContrast = u"contrast"_s;

} // namespace

SystemTheme::SystemTheme(QObject* parent)
    : QObject(parent)
    , m_dark(QApplication::palette().color(QPalette::Window).lightness() < 128)
{
    auto bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    bus.connect(kPortal, kPath, kSettings, u"SettingChanged"_s, this,
        SLOT(noteSetting(QString, QString, QDBusVariant)));
    ask(kScheme);
    ask(kContrast);
}

void SystemTheme::ask(const QString& key)
{
    auto question = QDBusMessage::createMethodCall(kPortal, kPath, kSettings, u"Read"_s);
    question << kAppearance << key;
    auto* watcher = new QDBusPendingCallWatcher(
        QDBusConnection::sessionBus().asyncCall(question, 2000), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, key, watcher] {
        watcher->deleteLater();
        const QDBusPendingReply<QDBusVariant> reply = *watcher;
        if (reply.isError())
            return;
        QVariant value = reply.value().variant();
        if (value.canConvert<QDBusVariant>()) // Read() wraps it twice.
            value = value.value<QDBusVariant>().variant();
        take(key, value.toUInt());
    });
}

void SystemTheme::noteSetting(const QString& group, const QString& key, const QDBusVariant& value)
{
    if (group == kAppearance)
        take(key, value.variant().toUInt());
}

void SystemTheme::take(const QString& key, uint value)
{
    const Mode before = mode();
    if (key == kScheme && value != 0) // 0: no preference.
        m_dark = value == 1;
    else if (key == kContrast)
        m_contrast = value == 1;
    if (mode() != before)
        Q_EMIT changed(mode());
}

Mode SystemTheme::mode() const
{
    return m_contrast ? Mode::HighContrast : m_dark ? Mode::Dark : Mode::Light;
}

} // namespace theme
