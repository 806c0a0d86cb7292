// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/actionbar.h"
#include "app/widgets/parts.h"

#include <QMenu>
#include <QtTest>

using namespace Qt::StringLiterals;

/// No button is cut off, and none is lost.
class TestActionBar : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_bar.reset(); }
    void showsAllWhereThereIsRoom();
    void putsTheRestIntoAMenu_data();
    void putsTheRestIntoAMenu();
    void menuDoesWhatTheButtonDoes();
    void makesRoomForABusyButton();
    void isEmptyOnceCleared();

private:
    QStringList shown() const;
    QStringList inMenu();
    QPushButton* more() const;

    std::unique_ptr<panel::ActionBar> m_bar;
    QList<parts::BusyButton*> m_buttons;
    QStringList m_clicked;
};

void TestActionBar::init()
{
    m_bar = std::make_unique<panel::ActionBar>();
    m_buttons.clear();
    m_clicked.clear();
    for (const auto& name : {u"Refund…"_s, u"Return…"_s, u"Exchange…"_s, u"Send again…"_s}) {
        auto* button = new parts::BusyButton(name, u"A long time is spent on this…"_s);
        connect(button, &QPushButton::clicked, this, [this, name] { m_clicked << name; });
        m_buttons << button;
        m_bar->add(button, name.first(1));
    }
    m_bar->resize(m_bar->sizeHint());
    m_bar->show();
}

QStringList TestActionBar::shown() const
{
    QStringList names;
    for (const auto* button : m_buttons)
        if (button->isVisible())
            names << button->text();
    return names;
}

QPushButton* TestActionBar::more() const
{
    for (auto* button : m_bar->findChildren<QPushButton*>())
        if (button->menu())
            return button;
    return nullptr;
}

QStringList TestActionBar::inMenu()
{
    Q_EMIT more()->menu()->aboutToShow();
    QStringList names;
    for (const auto* action : more()->menu()->actions())
        names << action->text();
    return names;
}

void TestActionBar::showsAllWhereThereIsRoom()
{
    QCOMPARE(shown().size(), 4);
    QVERIFY(!more()->isVisible());
}

void TestActionBar::putsTheRestIntoAMenu_data()
{
    QTest::addColumn<int>("percent");
    for (const int percent : {99, 80, 60, 40, 25, 10})
        QTest::addRow("%d %%", percent) << percent;
}

void TestActionBar::putsTheRestIntoAMenu()
{
    QFETCH(int, percent);
    m_bar->resize(m_bar->sizeHint().width() * percent / 100, m_bar->height());
    QVERIFY(more()->isVisible());
    const auto names = shown();
    QVERIFY(names.size() < 4);
    QCOMPARE(names, (QStringList{u"Refund…"_s, u"Return…"_s, u"Exchange…"_s}.first(names.size())));
    for (const auto* button : m_bar->findChildren<QPushButton*>()) {
        if (!button->isVisible())
            continue;
        QVERIFY(button->width() >= button->sizeHint().width()); // Never cut off.
        QVERIFY(button->geometry().right() < m_bar->width() || button == more());
    }
    const auto rest = inMenu();
    QCOMPARE(rest.size(), 4 - names.size());
    QCOMPARE(rest.last(), u"Send again…\tS"_s);
}

void TestActionBar::menuDoesWhatTheButtonDoes()
{
    m_buttons[2]->setRefusal(u"Not now"_s);
    m_bar->resize(m_bar->minimumSizeHint().width(), m_bar->height());
    QCOMPARE(inMenu().size(), 4);
    const auto actions = more()->menu()->actions();
    QVERIFY(!actions[2]->isEnabled());
    QCOMPARE(actions[2]->toolTip(), u"Not now"_s);
    actions[2]->trigger();
    actions[3]->trigger();
    QCOMPARE(m_clicked, QStringList{u"Send again…"_s});
}

void TestActionBar::makesRoomForABusyButton()
{
    m_buttons[0]->setBusy(true);
    QTRY_VERIFY(more()->isVisible());
    QVERIFY(m_buttons[0]->isVisible());
    QVERIFY(m_buttons[0]->width() >= m_buttons[0]->sizeHint().width());
    m_buttons[0]->setBusy(false);
    QTRY_COMPARE(shown().size(), 4);
}

void TestActionBar::isEmptyOnceCleared()
{
    m_bar->clear();
    QCOMPARE(m_bar->sizeHint().width(), 0);
    QVERIFY(!more()->isVisible());
    m_bar->add(parts::button(u"Again"_s));
    QVERIFY(m_bar->sizeHint().width() > 0);
}

QTEST_MAIN(TestActionBar)
#include "tst_actionbar.moc"
