// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/csv.h"

#include <QTest>

#include <algorithm>
#include <cstring>

using namespace Qt::StringLiterals;
using shopfleet::ctl::CsvReader;
using shopfleet::ctl::CsvRecord;

class TestCsvReader : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void reads_data();
    void reads();
    void readsInAnyPieces();
    void countsLines();
    void handsOnTheSourcesError();
};

namespace {

/// Rows as "a|b|c", problems as "!problem", each after its line number.
QStringList readAll(const QByteArray& text, size_t columns, size_t piece)
{
    size_t at = 0;
    CsvReader reader(
        [&](char* to, size_t size) -> absl::StatusOr<size_t> {
            const size_t count = std::min({piece, size, static_cast<size_t>(text.size()) - at});
            std::memcpy(to, text.constData() + at, count);
            at += count;
            return count;
        },
        columns);
    QStringList rows;
    CsvRecord record;
    for (;;) {
        const auto more = reader.next(&record);
        if (!more.ok() || !*more)
            return rows;
        QStringList fields;
        for (const std::string& field : record.fields)
            fields.append(QString::fromStdString(field));
        rows.append(QString::number(record.line) + u' '
            + (record.problem.empty() ? fields.join(u'|')
                                      : u'!' + QString::fromStdString(record.problem)));
    }
}

} // namespace

void TestCsvReader::reads_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QStringList>("rows");

    const auto row = [](const char* name, QByteArray text, QStringList rows) {
        QTest::newRow(name) << text << rows;
    };
    row("nothing at all", "", {});
    row("plain", "a,b,c\n", {u"1 a|b|c"_s});
    row("no line break at the end", "a,b,c", {u"1 a|b|c"_s});
    row("empty fields", ",,\n", {u"1 ||"_s});
    row("CRLF", "a,b,c\r\nd,e,f\r\n", {u"1 a|b|c"_s, u"2 d|e|f"_s});
    row("CR at the very end", "a,b,c\r", {u"1 a|b|c"_s});
    row("a CR inside is a character", "a\rb,b,c\n", {u"1 a\rb|b|c"_s});
    row("byte order mark",
        "\xEF\xBB\xBF"
        "a,b,c\n",
        {u"1 a|b|c"_s});
    row("quotes", "\"a\",\"b,x\",\"c\"\n", {u"1 a|b,x|c"_s});
    row("doubled quotes", "\"say \"\"hi\"\"\",b,c\n", {u"1 say \"hi\"|b|c"_s});
    row("a quoted line break", "\"a\nz\",b,c\nd,e,f\n", {u"1 a\nz|b|c"_s, u"3 d|e|f"_s});
    row("an empty quoted field", "\"\",b,c\n", {u"1 |b|c"_s});
    row("a quote at the end of the file", "a,b,\"c\"", {u"1 a|b|c"_s});
    row("too few fields", "a,b\nd,e,f\n", {u"1 !has 2 fields instead of 3"_s, u"2 d|e|f"_s});
    row("too many fields", "a,b,c,d\nd,e,f\n", {u"1 !has 4 fields instead of 3"_s, u"2 d|e|f"_s});
    row("a blank line", "a,b,c\n\nd,e,f\n",
        {u"1 a|b|c"_s, u"2 !the line is blank"_s, u"3 d|e|f"_s});
    row("a stray quote inside", "a,b\"x,c\nd,e,f\n",
        {u"1 !a quote stands inside a field"_s, u"2 d|e|f"_s});
    row("text after a closed quote", "\"a\"x,b,c\nd,e,f\n",
        {u"1 !a quote stands inside a field"_s, u"2 d|e|f"_s});
    row("an open quote costs one line, not the file", "a,\"b,c\nd,e,f\ng,h,i\n",
        {u"1 !a quote is not closed"_s, u"2 d|e|f"_s, u"3 g|h|i"_s});
    row("an open quote that another one seems to close", "a,\"b,c\nd,\"e\",f\n",
        {u"1 !a quote stands inside a field"_s, u"2 d|e|f"_s});
    row("a NUL byte", QByteArray("a,b\0,c\nd,e,f\n", 13), {u"1 !holds a NUL byte"_s, u"2 d|e|f"_s});
    row("an open quote before more than a row can hold",
        "a,\"b,c\n" + QByteArray("d,e,f\n").repeated(20'000).chopped(6) + "g,h,i\n", [] {
            QStringList rows{u"1 !a quote is not closed"_s};
            for (int i = 0; i < 19'999; ++i)
                rows.append(QString::number(i + 2) + u" d|e|f"_s);
            return rows << u"20001 g|h|i"_s;
        }());
    row("an endless line", QByteArray(70'000, 'x') + "\nd,e,f\n",
        {u"1 !the row is too long"_s, u"2 d|e|f"_s});
}

void TestCsvReader::reads()
{
    QFETCH(QByteArray, text);
    QTEST(readAll(text, 3, 1 << 20), "rows");
}

void TestCsvReader::readsInAnyPieces()
{
    const QByteArray text = "\xEF\xBB\xBF"
                            "a,\"b\"\"\nx\",c\r\n\"d\",e,\"f\"\r\ng,h,i";
    const QStringList whole = readAll(text, 3, 1000);
    QCOMPARE(whole.size(), 3);
    for (size_t piece = 1; piece < 12; ++piece)
        QCOMPARE(readAll(text, 3, piece), whole);
}

void TestCsvReader::countsLines()
{
    QCOMPARE(readAll("a,b,c\n\"1\n2\n3\",b,c\nx\nd,e,f\n", 3, 100),
        QStringList(
            {u"1 a|b|c"_s, u"2 1\n2\n3|b|c"_s, u"5 !has 1 fields instead of 3"_s, u"6 d|e|f"_s}));
}

void TestCsvReader::handsOnTheSourcesError()
{
    int calls = 0;
    CsvReader reader(
        [&calls](char* to, size_t) -> absl::StatusOr<size_t> {
            if (++calls > 1)
                return absl::DataLossError("truncated");
            std::memcpy(to, "a,b\nc,", 6);
            return 6;
        },
        2);
    CsvRecord record;
    QVERIFY(*reader.next(&record));
    QCOMPARE(reader.next(&record).status(), absl::DataLossError("truncated"));
}

QTEST_GUILESS_MAIN(TestCsvReader)
#include "tst_csvreader.moc"
