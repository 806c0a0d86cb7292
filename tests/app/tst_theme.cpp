// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/parts.h"
#include "app/widgets/theme/contrast.h"

#include <QTest>

using namespace Qt::StringLiterals;
using theme::Mode;

class TestTheme : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void contrastIsEnough_data();
    void contrastIsEnough();
    void knowsWeakContrast();
    void reachesWhatIsThere();
    void zoomReachesLabels();
};

void TestTheme::contrastIsEnough_data()
{
    QTest::addColumn<QColor>("front");
    QTest::addColumn<QColor>("back");
    QTest::addColumn<double>("needed");
    for (const auto& [name, mode] : {std::pair{u"light"_s, Mode::Light},
             std::pair{u"dark"_s, Mode::Dark}, std::pair{u"high contrast"_s, Mode::HighContrast}})
        for (const theme::Pair& pair : theme::pairs(theme::Theme(mode)))
            QTest::newRow(qPrintable(name + u": "_s + pair.name))
                << pair.front << pair.back << pair.needed;
}

void TestTheme::contrastIsEnough()
{
    QFETCH(QColor, front);
    QFETCH(QColor, back);
    QFETCH(double, needed);
    const double ratio = theme::contrast(front, back);
    QVERIFY2(
        ratio >= needed, qPrintable(u"%1 on %2 is %3"_s.arg(front.name(), back.name()).arg(ratio)));
}

void TestTheme::knowsWeakContrast()
{
    QCOMPARE(qRound(theme::contrast(Qt::black, Qt::white)), 21);
    QVERIFY(theme::contrast(QColor(0x99, 0x99, 0x99), Qt::white) < 4.5);
}

void TestTheme::reachesWhatIsThere()
{
    theme::Theme theme(Mode::Light);
    theme::apply(theme);
    parts::Label label(theme, u"Order"_s, theme::Role::Muted);
    const QColor light = label.palette().color(QPalette::WindowText);
    QCOMPARE(light, theme.muted);
    theme.setMode(Mode::Dark);
    theme::apply(theme);
    QCOMPARE(label.palette().color(QPalette::WindowText), theme.muted);
    QVERIFY(label.palette().color(QPalette::WindowText) != light);
}

void TestTheme::zoomReachesLabels()
{
    theme::Theme theme(Mode::Light);
    theme::apply(theme);
    parts::Label label(theme, u"Order"_s);
    const int before = label.font().pixelSize();
    theme.setZoom(150);
    theme::apply(theme);
    QVERIFY(label.font().pixelSize() > before);
    theme.setZoom(1000);
    QCOMPARE(theme.zoom(), 200);
}

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
