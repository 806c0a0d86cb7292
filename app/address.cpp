// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/address.h"

#include <QRegularExpression>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace {

QString encoded(const QString& text, const QByteArray& keep = {})
{
    return QString::fromLatin1(QUrl::toPercentEncoding(text, keep));
}

QString decoded(const QString& text)
{
    return QUrl::fromPercentEncoding(text.toUtf8());
}

} // namespace

void Address::set(const QString& name, const QString& value)
{
    if (value.isEmpty())
        values.remove(name);
    else
        values.insert(name, value);
}

QString Address::toString() const
{
    QString text = u"shopfleet://"_s + page;
    if (!id.isEmpty())
        text += u'/' + encoded(id, "/");
    QStringList pairs;
    for (auto it = values.begin(); it != values.end(); ++it)
        pairs.append(encoded(it.key()) + u'=' + encoded(it.value()));
    return pairs.isEmpty() ? text : text + u'?' + pairs.join(u'&');
}

std::optional<Address> Address::parse(const QString& text)
{
    static const QRegularExpression shape(
        u"^(?:shopfleet://)?([a-z][a-z0-9-]*)(?:/([^?#\\s]*))?(?:\\?([^#\\s]*))?$"_s);
    const auto match = shape.match(text.trimmed());
    if (!match.hasMatch())
        return {};
    Address address;
    address.page = match.captured(1);
    address.id = decoded(match.captured(2));
    while (address.id.endsWith(u'/'))
        address.id.chop(1);
    for (const QString& pair : match.captured(3).split(u'&', Qt::SkipEmptyParts)) {
        const qsizetype at = pair.indexOf(u'=');
        if (at <= 0)
            return {};
        address.set(decoded(pair.left(at)), decoded(pair.mid(at + 1)));
    }
    return address;
}
