// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/filtertext.h"

#include <QStringList>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace filtertext {
namespace {

bool isPlain(const QString& word)
{
    return word != "AND"_L1 && word != "OR"_L1 && word != "NOT"_L1
        && std::all_of(word.begin(), word.end(), [](QChar c) { return c.isLetterOrNumber(); });
}

} // namespace

QString quoted(const QString& text)
{
    QString inside = text;
    inside.replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s);
    return u'"' + inside + u'"';
}

QString combine(const QString& condition, const QString& words)
{
    QStringList parts;
    const QStringList typed = words.simplified().split(u' ', Qt::SkipEmptyParts);
    if (!condition.isEmpty())
        parts << (typed.isEmpty() ? condition : u'(' + condition + u')');
    for (qsizetype i = 0; i < typed.size(); ++i)
        parts << (i + 1 == typed.size() && isPlain(typed[i]) ? typed[i] : quoted(typed[i]));
    return parts.join(u' ');
}

} // namespace filtertext
