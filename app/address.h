// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QString>

#include <optional>

/// Where something is to be seen: shopfleet://orders/1043?filter=state%20%3D%20STUCK&sort=total.
/// What a page is open at, what Ctrl+Shift+C copies, and what the command line takes.
struct Address {
    QString page; ///< "orders"
    QString id; ///< "1043"; empty for the list alone. May hold slashes.
    QMap<QString, QString> values; ///< "filter", "sort", "search", "range", …

    QString value(const QString& name) const { return values.value(name); }
    /// Sets a value, or takes an empty one away.
    void set(const QString& name, const QString& value);
    QString toString() const;

    /// Also takes the short form without the scheme: "orders/1043". Nothing, if it is no address.
    static std::optional<Address> parse(const QString& text);

    bool operator==(const Address&) const = default;
};
