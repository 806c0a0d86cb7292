// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/table/delimited.h"

#include "app/widgets/table/roles.h"
#include "app/widgets/theme/theme.h"

using namespace Qt::StringLiterals;

namespace table {
namespace {

QString words(const QModelIndex& index)
{
    QString text = index.data().toString();
    if (!text.isEmpty())
        return text;
    return index.data(StatusRole).value<theme::Status>().word;
}

QString quoted(QString text)
{
    if (!text.isEmpty() && u"=+-@\t\r"_s.contains(text.front()))
        text.prepend(u'\'');
    if (text.contains(u'"') || text.contains(u',') || text.contains(u'\n') || text.contains(u'\r'))
        return u'"' + text.replace(u'"', u"\"\""_s) + u'"';
    return text;
}

} // namespace

QString delimited(const QAbstractItemModel& model, const QList<int>& rows,
    const QHeaderView& header, Delimiter delimiter)
{
    const bool comma = delimiter == Delimiter::Comma;
    QList<int> columns;
    for (int visual = 0; visual < header.count(); ++visual)
        if (const int column = header.logicalIndex(visual); !header.isSectionHidden(column))
            columns.append(column);

    QStringList lines;
    if (comma) {
        QStringList titles;
        for (const int column : columns)
            titles.append(quoted(model.headerData(column, Qt::Horizontal).toString()));
        lines.append(titles.join(u','));
    }
    for (const int row : rows) {
        QStringList cells;
        for (const int column : columns) {
            const QString text = words(model.index(row, column));
            cells.append(comma ? quoted(text) : QString(text).replace(u'\t', u' '));
        }
        lines.append(cells.join(comma ? u',' : u'\t'));
    }
    const QString end = comma ? u"\r\n"_s : u"\n"_s;
    return lines.join(end) + (comma ? end : QString());
}

} // namespace table
