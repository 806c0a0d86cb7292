// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/table/delimited.h"
#include "app/widgets/table/tableview.h"

#include <QScrollBar>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>

using namespace Qt::StringLiterals;
using table::TableView;

/// As many rows as one likes, made up when they are asked for.
class Rows final : public QAbstractTableModel {
    Q_OBJECT
public:
    explicit Rows(int count)
        : m_count(count)
    {
    }
    int rowCount(const QModelIndex& = {}) const override { return m_count; }
    int columnCount(const QModelIndex& = {}) const override { return 4; }
    QVariant data(const QModelIndex& index, int role) const override
    {
        if (role == table::IdRole)
            return QString::number(index.row());
        if (role == table::StatusRole)
            return QVariant::fromValue(
                theme::Status{u"Paid"_s, theme::Shape::Quarter, theme::Tone::Progress});
        if (role != Qt::DisplayRole)
            return {};
        const QStringList words
            = {u"53%1"_s.arg(index.row()), {}, u"Tea, \"green\""_s, u"£1,335.30"_s};
        return words[index.column()];
    }
    QVariant headerData(int section, Qt::Orientation, int role) const override
    {
        using table::Kind;
        static const Kind kinds[] = {Kind::Strong, Kind::Badge, Kind::Text, Kind::Figure};
        static const int widths[] = {104, 152, 0, 96};
        switch (role) {
        case Qt::DisplayRole:
            return QStringList{u"Order"_s, u"Status"_s, u"Items"_s, u"Total"_s}[section];
        case table::ColumnKindRole:
            return static_cast<int>(kinds[section]);
        case table::ColumnWidthRole:
            return widths[section];
        case table::ColumnKeyRole:
            return QStringList{u"order"_s, u"status"_s, u"items"_s, u"total"_s}[section];
        case table::ColumnHideBelowRole:
            return section == 1 ? 500 : 0;
        case table::ColumnSortableRole:
            return section == 3;
        default:
            return {};
        }
    }
    void sort(int column, Qt::SortOrder order) override
    {
        sorted = column;
        direction = order;
    }
    int sorted = -1;
    Qt::SortOrder direction = Qt::AscendingOrder;

private:
    int m_count;
};

class TestTable : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void columnsFillTheWidth();
    void narrowTablesHideColumns();
    void columnsAreRemembered();
    void keysMove_data();
    void keysMove();
    void enterOpensAndEscapeLeaves();
    void figuresSortFromTheLargest();
    void copies();
    void csvIsSafeToOpen();
    void scrollsAMillionRows();

private:
    theme::Theme m_theme;
};

void TestTable::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(u"shopfleet-test"_s);
    QCoreApplication::setApplicationName(u"tst_table"_s);
}

void TestTable::init()
{
    QSettings().clear();
}

void TestTable::columnsFillTheWidth()
{
    Rows rows(10);
    TableView view(m_theme, u"t"_s);
    view.setModel(&rows);
    view.resize(800, 400);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    QCOMPARE(view.header()->length(), view.viewport()->width());
    QCOMPARE(view.columnWidth(0), 104);
    QCOMPARE(view.rowHeight(0), theme::kRow);
}

void TestTable::narrowTablesHideColumns()
{
    Rows rows(10);
    TableView view(m_theme, u"t"_s);
    view.setModel(&rows);
    view.resize(480, 400);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    QVERIFY(view.isColumnHidden(1));
    view.resize(700, 400);
    QTRY_VERIFY(!view.isColumnHidden(1));
}

void TestTable::columnsAreRemembered()
{
    Rows rows(10);
    {
        TableView view(m_theme, u"orders"_s);
        view.setModel(&rows);
        view.resize(800, 400);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        view.header()->resizeSection(0, 150);
        view.header()->moveSection(3, 1);
        view.header()->setColumnShown(1, false);
        QCOMPARE(view.header()->length(), view.viewport()->width());
    }
    TableView again(m_theme, u"orders"_s);
    again.setModel(&rows);
    again.resize(800, 400);
    again.show();
    QVERIFY(QTest::qWaitForWindowExposed(&again));
    QCOMPARE(again.columnWidth(0), 150);
    QCOMPARE(again.header()->visualIndex(3), 1);
    QVERIFY(again.isColumnHidden(1));
    again.header()->resetColumns();
    QCOMPARE(again.columnWidth(0), 104);
    QCOMPARE(again.header()->visualIndex(3), 3);
    QVERIFY(!again.isColumnHidden(1));
}

void TestTable::keysMove_data()
{
    QTest::addColumn<int>("key");
    QTest::addColumn<int>("row");
    QTest::newRow("J goes on") << int(Qt::Key_J) << 6;
    QTest::newRow("K goes back") << int(Qt::Key_K) << 4;
    QTest::newRow("down") << int(Qt::Key_Down) << 6;
    QTest::newRow("up") << int(Qt::Key_Up) << 4;
    QTest::newRow("Home") << int(Qt::Key_Home) << 0;
    QTest::newRow("End") << int(Qt::Key_End) << 99;
    QTest::newRow("another letter is not ours") << int(Qt::Key_R) << 5;
}

void TestTable::keysMove()
{
    QFETCH(int, key);
    Rows rows(100);
    TableView view(m_theme, u"t"_s);
    view.setModel(&rows);
    view.setCurrentRow(5);
    QTest::keyClick(&view, static_cast<Qt::Key>(key));
    QTEST(view.currentIndex().row(), "row");
    QCOMPARE(view.currentId(), QString::number(view.currentIndex().row()));
}

void TestTable::enterOpensAndEscapeLeaves()
{
    Rows rows(100);
    TableView view(m_theme, u"t"_s);
    view.setModel(&rows);
    view.setCurrentRow(5);
    QSignalSpy opened(&view, &TableView::opened);
    QSignalSpy escaped(&view, &TableView::escaped);
    QTest::keyClick(&view, Qt::Key_Return);
    QTest::keyClick(&view, Qt::Key_Escape);
    QCOMPARE(opened.count(), 1);
    QCOMPARE(escaped.count(), 1);
}

void TestTable::figuresSortFromTheLargest()
{
    Rows rows(100);
    TableView view(m_theme, u"t"_s);
    view.setModel(&rows);
    Q_EMIT view.header()->sectionClicked(2); // Not sortable.
    QCOMPARE(rows.sorted, -1);
    Q_EMIT view.header()->sectionClicked(3);
    QCOMPARE(rows.sorted, 3);
    QCOMPARE(rows.direction, Qt::DescendingOrder);
}

void TestTable::copies()
{
    Rows rows(100);
    TableView view(m_theme, u"t"_s);
    view.setModel(&rows);
    view.resize(800, 400);
    view.selectRow(2);
    QCOMPARE(view.selectionAsText(), u"532\tPaid\tTea, \"green\"\t£1,335.30"_s);
    QCOMPARE(view.selectionAsCsv(),
        u"Order,Status,Items,Total\r\n532,Paid,\"Tea, \"\"green\"\"\",\"£1,335.30\"\r\n"_s);
}

void TestTable::csvIsSafeToOpen()
{
    class Formula final : public QAbstractTableModel {
    public:
        int rowCount(const QModelIndex&) const override { return 1; }
        int columnCount(const QModelIndex&) const override { return 1; }
        QVariant data(const QModelIndex&, int role) const override
        {
            return role == Qt::DisplayRole ? QVariant(u"=HYPERLINK(\"x\")"_s) : QVariant();
        }
    } formula;
    QHeaderView header(Qt::Horizontal);
    header.setModel(&formula);
    QVERIFY(table::delimited(formula, {0}, header, table::Delimiter::Comma)
                .endsWith(u"\"'=HYPERLINK(\"\"x\"\")\"\r\n"_s));
}

void TestTable::scrollsAMillionRows()
{
    Rows rows(1'000'000);
    TableView view(m_theme, u"t"_s);
    view.setModel(&rows);
    view.resize(1200, 800);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    QScrollBar* bar = view.verticalScrollBar();
    for (int i = 0; i < 200; ++i) {
        bar->setValue(static_cast<int>(qint64(bar->maximum()) * i / 199));
        view.viewport()->repaint();
    }
    QCOMPARE(view.rowAt(view.viewport()->height() - 2), 999'999);
}

QTEST_MAIN(TestTable)
#include "tst_table.moc"
