// SPDX-License-Identifier: GPL-3.0-or-later
// What support types becomes one wish: read as it is meant or refused in words, asked for under one
// request_id, and kept when the service did not answer. `tst_dialogs` does it with real services.
#include "app/pages/orders/verbdialog.h"

#include <QLineEdit>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>

#include <algorithm>
#include <deque>

using namespace Qt::StringLiterals;
using namespace shopfleet::orders::v1;

class TestVerbDialog : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup() { delete m_dialog; }
    void readsWhatIsSentInstead_data();
    void readsWhatIsSentInstead();
    void sameInputIsTheSameRequest();
    void staysWhenNobodyAnswered();
    void pressedTwiceIsAskedOnce();

private:
    using Answer = absl::StatusOr<OrderChange>;
    struct Asked {
        VerbDialog::Input input;
        bool validateOnly = false;
    };

    void type(const QString& goods);
    void takeOne();
    void press(); ///< Once it may be pressed.

    theme::Theme m_theme{theme::Mode::Light};
    QPointer<VerbDialog> m_dialog;
    parts::BusyButton* m_do = nullptr;
    std::vector<Asked> m_asked;
    std::deque<absl::Status> m_failures; ///< The next real requests end so; then they are done.
};

void TestVerbDialog::init()
{
    m_asked.clear();
    m_failures.clear();
    Order order;
    order.set_id("1043");
    order.mutable_total()->set_currency("GBP");
    auto& line = *order.add_lines();
    line.set_id("1");
    line.set_kind(LINE_KIND_PRODUCT);
    line.set_sku("85123A");
    line.set_quantity(3);
    VerbDialog::Verb verb;
    verb.title = u"Exchange"_s;
    verb.busy = u"Asking"_s;
    verb.asksGoods = true;
    verb.most = [](const OrderLine& each) { return each.quantity(); };
    verb.words = [](const OrderChange&) { return u"Send it"_s; };
    verb.ask = [this](const VerbDialog::Input& input, bool validateOnly) {
        m_asked.push_back({input, validateOnly});
        Answer answer = OrderChange();
        if (!validateOnly && !m_failures.empty()) {
            answer = m_failures.front();
            m_failures.pop_front();
        }
        return QtFuture::makeReadyFuture(answer);
    };
    m_dialog = new VerbDialog(m_theme, order, verb, nullptr);
    m_do = m_dialog->findChild<parts::BusyButton*>();
    m_dialog->show();
}

void TestVerbDialog::type(const QString& goods)
{
    auto* edit = m_dialog->findChild<QLineEdit*>(u"goods"_s);
    edit->setText(goods);
    Q_EMIT edit->textEdited(goods); // As if by hand, also for what no keyboard has.
}

void TestVerbDialog::takeOne()
{
    m_dialog->findChild<QSpinBox*>()->setValue(1);
}

void TestVerbDialog::press()
{
    QTRY_VERIFY(m_do->isEnabled());
    m_do->click();
}

void TestVerbDialog::readsWhatIsSentInstead_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("read"); // Empty: nothing is asked for.
    QTest::newRow("one") << u"22423"_s << u"22423:1"_s;
    QTest::newRow("several") << u" 22423, 85123A × 2 "_s << u"22423:1 85123A:2"_s;
    QTest::newRow("without spaces") << u"22423×12"_s << u"22423:12"_s;
    QTest::newRow("a plain x") << u"22423 x 2,POST X3"_s << u"22423:2 POST:3"_s;
    QTest::newRow("a star") << u"22423 *2"_s << u"22423:2"_s;
    QTest::newRow("an x in the code") << u"BOX2"_s << u"BOX2:1"_s;
    QTest::newRow("commas too many") << u",22423,,"_s << u"22423:1"_s;
    QTest::newRow("no number") << u"22423 ×"_s << QString();
    QTest::newRow("a number too large") << u"22423 × 99999999999999999999"_s << QString();
    QTest::newRow("twice") << u"22423 ×× 2"_s << QString();
    QTest::newRow("nothing") << u" , "_s << QString();
}

void TestVerbDialog::readsWhatIsSentInstead()
{
    QFETCH(QString, typed);
    QFETCH(QString, read);
    takeOne();
    type(typed);
    if (read.isEmpty()) {
        QTest::qWait(500); // More than the pause before it would ask.
        QVERIFY(m_asked.empty());
        QVERIFY(!m_do->isEnabled());
        return;
    }
    QTRY_COMPARE(m_asked.size(), std::size_t(1));
    QStringList goods;
    for (const ExchangeGoods& each : m_asked[0].input.goods)
        goods << u"%1:%2"_s.arg(QString::fromStdString(each.sku())).arg(each.quantity());
    QCOMPARE(goods.join(u' '), read);
    QVERIFY(m_asked[0].validateOnly);
}

void TestVerbDialog::sameInputIsTheSameRequest()
{
    takeOne();
    type(u"22423"_s);
    QTRY_COMPARE(m_asked.size(), std::size_t(1));
    type(u"22424"_s);
    QVERIFY(!m_do->isEnabled()); // What was previewed says nothing of this.
    QTRY_COMPARE(m_asked.size(), std::size_t(2));
    QVERIFY(m_asked[1].input.requestId != m_asked[0].input.requestId);
    press();
    QTRY_VERIFY(!m_dialog || !m_dialog->isVisible());
    QCOMPARE(m_asked.back().input.requestId, m_asked[1].input.requestId);
    QVERIFY(!m_asked.back().validateOnly);
}

void TestVerbDialog::staysWhenNobodyAnswered()
{
    m_failures = {absl::UnavailableError("orders is away"), absl::UnavailableError("still away")};
    QSignalSpy done(m_dialog, &VerbDialog::done);
    takeOne();
    type(u"22423"_s);
    for (int tries = 0; tries < 3; ++tries) {
        QVERIFY(m_dialog->isVisible());
        QCOMPARE(m_dialog->findChild<QLineEdit*>(u"goods"_s)->text(), u"22423"_s);
        const std::size_t before = m_asked.size();
        press();
        QTRY_VERIFY(m_asked.size() > before);
        QTRY_VERIFY(!m_dialog->isVisible() || !m_do->isBusy());
    }
    QCOMPARE(done.count(), 1);
    for (const Asked& asked : m_asked)
        QCOMPARE(asked.input.requestId, m_asked[0].input.requestId);
}

void TestVerbDialog::pressedTwiceIsAskedOnce()
{
    takeOne();
    type(u"22423"_s);
    QTRY_VERIFY(m_do->isEnabled());
    m_do->click();
    m_do->click();
    QTRY_VERIFY(!m_dialog->isVisible());
    QCOMPARE(std::ranges::count(m_asked, false, &Asked::validateOnly), 1);
}

QTEST_MAIN(TestVerbDialog)
#include "tst_verbdialog.moc"
