// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/theme/theme.h"

#include <QObject>

class QDBusVariant;

namespace theme {

/// What the desktop environment wants: asked of the XDG settings portal, told again at each change.
/// Qt 6.4 does not know this by itself. Without a portal: the darkness of the palette at start.
class SystemTheme final : public QObject {
    Q_OBJECT
public:
    explicit SystemTheme(QObject* parent = nullptr);

    Mode mode() const;

Q_SIGNALS:
    void changed(theme::Mode mode);

private Q_SLOTS:
    void noteSetting(const QString& group, const QString& key, const QDBusVariant& value);

private:
    void ask(const QString& key);
    void take(const QString& key, uint value);

    bool m_dark = false;
    bool m_contrast = false;
};

} // namespace theme
