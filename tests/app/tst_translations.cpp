// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

/// The Russian texts are those of the sources, each of them, under the name that tr() looks for.
class TestTranslations : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void russianIsComplete();
};

void TestTranslations::russianIsComplete()
{
    const QString kept = QStringLiteral(SOURCE_ROOT "/resources/translations/shopfleet_ru.ts");
    QTemporaryDir folder;
    const QString fresh = folder.filePath(u"shopfleet_ru.ts"_s);
    QVERIFY(QFile::copy(kept, fresh));
    QProcess lupdate;
    lupdate.start(QStringLiteral(LUPDATE),
        {u"-silent"_s, u"-no-obsolete"_s, u"-I"_s, QStringLiteral(SOURCE_ROOT), u"-locations"_s,
            u"none"_s, QStringLiteral(SOURCE_ROOT "/app"), u"-ts"_s, fresh});
    QVERIFY(lupdate.waitForFinished(30'000));
    QCOMPARE(lupdate.exitCode(), 0);

    const auto lines = [](const QString& path) {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll().split('\n') : QList<QByteArray>();
    };
    const auto now = lines(fresh);
    QVERIFY(now.contains("    <name>frame::StatusBar</name>"));
    for (const QByteArray& line : now)
        QVERIFY2(!line.contains("unfinished"), "a text has no translation: update_translations");
    QCOMPARE(now, lines(kept));
}

QTEST_GUILESS_MAIN(TestTranslations)
#include "tst_translations.moc"
