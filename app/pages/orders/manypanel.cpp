// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/orders/manypanel.h"

#include "app/api/errors.h"
#include "app/models/eventwords.h"
#include "app/models/format.h"
#include "app/models/status.h"

#include <QGridLayout>
#include <QUuid>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace shopfleet::orders::v1;
using theme::kUnit;

namespace {

constexpr int kAtOnce = 8;
constexpr int kShown = 50;

/// "£12.40 · €3.00": money of different currencies is never added up.
QString sumOf(const QList<shopfleet::common::v1::Money>& amounts)
{
    QMap<QString, qint64> sums;
    for (const auto& amount : amounts)
        sums[format::text(amount.currency())] += amount.minor();
    QStringList words;
    for (auto [currency, minor] : sums.asKeyValueRange()) {
        shopfleet::common::v1::Money money;
        money.set_currency(currency.toStdString());
        money.set_minor(minor);
        words << format::money(money);
    }
    return words.join(u" · "_s);
}

} // namespace

ManyPanel::ManyPanel(const theme::Theme& theme, api::OrdersClient& orders, QWidget* parent)
    : Panel(theme, parent)
    , m_orders(orders)
{
}

void ManyPanel::show(QList<Order> orders, int selected)
{
    if (isBusy())
        return;
    m_rows.clear();
    for (Order& order : orders)
        m_rows.append({std::move(order)});
    m_selected = selected;
    rebuild();
}

bool ManyPanel::hasAnswers() const
{
    return isBusy() || countOf(Outcome::Done) + countOf(Outcome::Failed) > 0;
}

int ManyPanel::countOf(Outcome outcome) const
{
    return static_cast<int>(std::ranges::count(m_rows, outcome, &Row::outcome));
}

void ManyPanel::rebuild()
{
    clear();
    addHead();
    addRows();
    addActions();
}

void ManyPanel::addHead()
{
    content()->addWidget(new parts::Label(
        m_theme, tr("%n orders", nullptr, m_selected), theme::Role::Text, parts::Face::Title));
    QMap<QString, int> holders;
    QList<shopfleet::common::v1::Money> money;
    for (const Row& row : m_rows) {
        money << row.order.total();
        if (row.order.has_waiting())
            ++holders[format::text(row.order.waiting().service())];
    }
    QStringList words;
    for (auto [service, count] : holders.asKeyValueRange())
        words << tr("%1 of them wait on %2").arg(format::count(count), service);
    content()->addWidget(new parts::ElidedLabel(m_theme,
        words.isEmpty() ? tr("None of them waits on anything") : words.join(u" · "_s),
        theme::Role::Muted));
    if (m_rows.size() < m_selected)
        content()->addWidget(new parts::ElidedLabel(m_theme,
            tr("%n of them are not loaded and left out", nullptr,
                m_selected - static_cast<int>(m_rows.size())),
            theme::Role::Muted));
    addGap();
    content()->addWidget(new panel::Figure(m_theme, sumOf(money), tr("in all")));
}

void ManyPanel::addRows()
{
    addRule();
    const int answered = countOf(Outcome::Done) + countOf(Outcome::Failed);
    const bool begun = answered + countOf(Outcome::Asked) > 0;
    content()->addWidget(panel::heading(m_theme, tr("Orders"),
        begun ? tr("%1 of %2").arg(format::count(answered), format::count(m_rows.size()))
              : QString()));
    // Failures first: they are why somebody looks.
    QList<const Row*> shown;
    for (const Row& row : m_rows)
        shown << &row;
    std::stable_partition(
        shown.begin(), shown.end(), [](const Row* row) { return row->outcome == Outcome::Failed; });
    auto* rows = new QGridLayout;
    rows->setHorizontalSpacing(kUnit);
    rows->setVerticalSpacing(0);
    rows->setColumnStretch(2, 1);
    for (const Row* row : shown.first(std::min<qsizetype>(kShown, shown.size())))
        addRow(*rows, *row);
    content()->addLayout(rows);
    if (shown.size() > kShown)
        content()->addWidget(new parts::Label(m_theme,
            tr("and %n more", nullptr, static_cast<int>(shown.size()) - kShown),
            theme::Role::Muted));
    content()->addStretch(1);
}

void ManyPanel::addActions()
{
    const int failed = countOf(Outcome::Failed);
    auto* again = new parts::BusyButton(
        failed > 0 && !isBusy() ? tr("Try %n orders again", nullptr, failed) : tr("Try again now"),
        tr("Trying…"));
    again->setToolTip(tr("Tries what each order waits on (T)"));
    again->setBusy(isBusy());
    again->setEnabled(isBusy() || std::ranges::any_of(m_rows, [](const Row& row) {
        return row.outcome != Outcome::Done && row.order.has_waiting();
    }));
    connect(again, &QPushButton::clicked, this, &ManyPanel::resume);
    actions()->add(again);
    if (isBusy()) {
        auto* end = parts::button(tr("Stop"));
        connect(end, &QPushButton::clicked, this, &ManyPanel::stop);
        actions()->add(end);
    }
}

void ManyPanel::addRow(QGridLayout& rows, const Row& row)
{
    const int line = rows.rowCount();
    rows.addWidget(new parts::Label(m_theme, format::text(row.order.id())), line, 0);
    theme::Status status = status::of(row.order);
    QString words = eventwords::reason(row.order.waiting());
    switch (row.outcome) {
    case Outcome::None:
        break;
    case Outcome::Waiting:
    case Outcome::Asked:
        status = {tr("Trying"), theme::Shape::Quarter, theme::Tone::Progress};
        words.clear();
        break;
    case Outcome::Done:
        status = {tr("Tried again"), theme::Shape::Tick, theme::Tone::Good};
        words.clear();
        break;
    case Outcome::Failed:
        status = {tr("Failed"), theme::Shape::Square, theme::Tone::Bad};
        words = row.words;
        break;
    }
    rows.addWidget(new parts::Badge(m_theme, status), line, 1, Qt::AlignLeft);
    auto* why = new parts::ElidedLabel(m_theme, words, theme::Role::Muted);
    why->setToolTip(words);
    rows.addWidget(why, line, 2);
}

void ManyPanel::resume()
{
    if (isBusy())
        return; // Pressed twice does nothing twice.
    const bool again = countOf(Outcome::Failed) > 0;
    for (int i = 0; i < m_rows.size(); ++i) {
        Row& row = m_rows[i];
        const bool wanted = again ? row.outcome == Outcome::Failed : row.order.has_waiting();
        if (!wanted || row.outcome == Outcome::Done)
            continue;
        row.outcome = Outcome::Waiting;
        m_queue.enqueue(i);
    }
    askNext();
    rebuild();
}

void ManyPanel::askNext()
{
    while (m_underWay < kAtOnce && !m_queue.isEmpty()) {
        const int at = m_queue.dequeue();
        ++m_underWay;
        m_rows[at].outcome = Outcome::Asked;
        ResumeOrderRequest request;
        request.set_request_id(QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString());
        request.set_id(m_rows[at].order.id());
        api::onReply(this, m_orders.resumeOrder(request),
            [this, at](const auto& order) { answered(at, order.status()); });
    }
}

void ManyPanel::answered(int row, const absl::Status& status)
{
    --m_underWay;
    m_rows[row].outcome = status.ok() ? Outcome::Done : Outcome::Failed;
    m_rows[row].words = status.ok() ? QString() : api::describe(status);
    askNext();
    rebuild();
    if (isBusy())
        return;
    const int failed = countOf(Outcome::Failed);
    const int done = countOf(Outcome::Done);
    Q_EMIT noticed({failed > 0 ? theme::Tone::Bad : theme::Tone::Good,
        failed > 0 ? tr("%1 of %2 orders are tried again; the others say why not.")
                         .arg(format::count(done), format::count(done + failed))
                   : tr("%n orders are tried again now.", nullptr, done)});
}

void ManyPanel::stop()
{
    for (const int row : std::exchange(m_queue, {}))
        m_rows[row].outcome = Outcome::None;
    rebuild();
}
