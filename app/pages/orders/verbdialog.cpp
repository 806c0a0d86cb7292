// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/orders/verbdialog.h"

#include "app/api/errors.h"
#include "app/models/format.h"
#include "app/models/status.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QRegularExpression>
#include <QSpinBox>

#include <google/protobuf/util/message_differencer.h>

#include <chrono>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace shopfleet::orders::v1;
using theme::kUnit;

namespace {

const google::protobuf::FieldDescriptor* fieldOf(
    const google::protobuf::Message& message, const char* name)
{
    return message.GetDescriptor()->FindFieldByName(name);
}

constexpr auto kPause = 200ms;
constexpr auto kAskedAgain = 1s; ///< What would come of it, of a service that did not answer.

bool isAway(const absl::Status& status)
{
    return status.code() == absl::StatusCode::kUnavailable
        || status.code() == absl::StatusCode::kDeadlineExceeded;
}

} // namespace

VerbDialog::VerbDialog(const theme::Theme& theme, const Order& order, Verb verb, QWidget* parent)
    : FormDialog(theme, verb.title, verb.title, verb.busy, parent)
    , m_order(order)
    , m_verb(std::move(verb))
{
    if (m_verb.most)
        addLines(&content());

    auto* form = new QGridLayout;
    form->setHorizontalSpacing(2 * kUnit);
    form->setVerticalSpacing(kUnit);
    form->setColumnStretch(1, 1);
    if (m_verb.takesMoney)
        addMoney(form);
    if (m_verb.asksGoods)
        addGoods(form);
    if (m_verb.asksAddress)
        addAddress(form);
    if (m_verb.asksReason)
        addReason(form);
    content().addLayout(form);
    m_pause.setSingleShot(true);
    connect(&m_pause, &QTimer::timeout, this, &VerbDialog::preview);
    resize(m_theme.px(560), sizeHint().height());
    inputChanged();
}

void VerbDialog::addLines(QVBoxLayout* all)
{
    auto* lines = parts::area(m_theme);
    auto* grid = new QGridLayout(lines);
    grid->setContentsMargins(kUnit, kUnit, kUnit, kUnit);
    grid->setHorizontalSpacing(2 * kUnit);
    grid->setVerticalSpacing(kUnit);
    grid->setColumnStretch(0, 1);
    for (const OrderLine& line : m_order.lines()) {
        const qint64 most = m_verb.most(line);
        if (line.kind() != LINE_KIND_PRODUCT || most <= 0)
            continue;
        const QString title = format::text(line.title().empty() ? line.sku() : line.title());
        auto* quantity = parts::unitsBox(
            most, tr(" of %1").arg(format::count(most)), tr("How many of %1").arg(title));
        const int row = grid->rowCount();
        grid->addWidget(new parts::ElidedLabel(m_theme, title), row, 0);
        grid->addWidget(
            new parts::FigureLabel(m_theme, format::money(line.unit_price()), theme::Role::Muted),
            row, 1);
        grid->addWidget(quantity, row, 2);
        QCheckBox* restock = nullptr;
        if (m_verb.asksRestock) {
            restock = new QCheckBox(tr("Back to stock"));
            restock->setEnabled(false);
            grid->addWidget(restock, row, 3);
            connect(restock, &QCheckBox::toggled, this, &VerbDialog::inputChanged);
        }
        connect(quantity, &QSpinBox::valueChanged, this, [this, restock](int value) {
            if (restock)
                restock->setEnabled(value > 0);
            inputChanged();
        });
        m_rows.push_back({line.id(), quantity, restock});
    }
    if (m_rows.empty()) {
        all->addWidget(new parts::Label(
            m_theme, tr("There is no line left to do this to."), theme::Role::Muted));
        delete lines;
        return;
    }
    all->addWidget(parts::scrolled(m_theme, lines, 300), 1);
}

QLineEdit* VerbDialog::addField(QGridLayout* form, const QString& name, const QString& hint)
{
    auto* edit = new QLineEdit;
    edit->setPlaceholderText(hint);
    edit->setAccessibleName(name);
    const int row = form->rowCount();
    form->addWidget(new parts::Label(m_theme, name), row, 0);
    form->addWidget(edit, row, 1);
    connect(edit, &QLineEdit::textEdited, this, &VerbDialog::inputChanged);
    return edit;
}

void VerbDialog::addMoney(QGridLayout* form)
{
    if (m_order.shipping().minor() > 0)
        m_shipping
            = addField(form, tr("Shipping"), tr("up to %1").arg(format::money(m_order.shipping())));
    m_amount = addField(form, tr("Free amount"), tr("beside lines and shipping"));
    m_amount->setObjectName(u"amount"_s);
}

void VerbDialog::addGoods(QGridLayout* form)
{
    m_goods = addField(form, tr("Sent instead"), tr("for example %1").arg(u"22423, 85123A × 2"_s));
    m_goods->setObjectName(u"goods"_s);
    m_goods->setToolTip(tr("Stock codes, with × and how many where it is more than one"));
}

void VerbDialog::addReason(QGridLayout* form)
{
    m_reason = addField(form, tr("Reason"), tr("Stays in the order's timeline"));
    m_reason->setObjectName(u"reason"_s);
    m_reason->setMaxLength(1'000);
}

void VerbDialog::addAddress(QGridLayout* form)
{
    const std::pair<const char*, QString> fields[] = {{"name", tr("Name")},
        {"line1", tr("Street and number")}, {"line2", tr("Second line")}, {"city", tr("City")},
        {"region", tr("Region")}, {"postal_code", tr("Postal code")}, {"country", tr("Country")}};
    const auto& address = m_order.shipping_address();
    for (const auto& [field, name] : fields) {
        auto* edit = addField(form, name, {});
        edit->setObjectName(QLatin1String(field));
        edit->setText(
            format::text(address.GetReflection()->GetString(address, fieldOf(address, field))));
        m_address.emplace_back(field, edit);
    }
    m_email = addField(form, tr("E-mail"), {});
    m_email->setObjectName(u"email"_s);
    m_email->setText(format::text(m_order.email()));
}

bool VerbDialog::readMoney(const QLineEdit* field, shopfleet::common::v1::Money& money) const
{
    if (!field || field->text().trimmed().isEmpty())
        return true;
    const auto minor = format::parseMoney(field->text(), m_order.total().currency());
    if (!minor)
        return false;
    money.set_currency(m_order.total().currency());
    money.set_minor(*minor);
    return true;
}

bool VerbDialog::readGoods(Input& input) const
{
    if (!m_goods)
        return true;
    // "85123A", "85123A × 2", "85123A x 2": a space before the x, for codes that have one.
    static const QRegularExpression quantified(u"^(.+?)(?:\\s*×|\\s+[xX*])\\s*([0-9]+)$"_s);
    for (const QString& part : m_goods->text().split(u',', Qt::SkipEmptyParts)) {
        const QString text = part.trimmed();
        if (text.isEmpty())
            continue;
        const auto match = quantified.match(text);
        bool isNumber = true;
        ExchangeGoods goods;
        goods.set_sku((match.hasMatch() ? match.captured(1) : text).toStdString());
        goods.set_quantity(match.hasMatch() ? match.captured(2).toLongLong(&isNumber) : 1);
        if (!isNumber || goods.sku().find("×") != std::string::npos)
            return false;
        input.goods.push_back(std::move(goods));
    }
    return true;
}

QString VerbDialog::read(Input& input) const
{
    input.requestId = requestId();
    if (m_reason)
        input.reason = m_reason->text().trimmed().toStdString();
    for (const auto& [field, edit] : m_address)
        input.address.GetReflection()->SetString(
            &input.address, fieldOf(input.address, field), edit->text().trimmed().toStdString());
    if (m_email)
        input.email = m_email->text().trimmed().toStdString();
    for (const Row& row : m_rows) {
        if (row.quantity->value() == 0)
            continue;
        RefundLine line;
        line.set_line_id(row.id);
        line.set_quantity(row.quantity->value());
        line.set_restock(row.restock && row.restock->isChecked());
        input.lines.push_back(line);
    }
    if (!readMoney(m_shipping, input.shipping) || !readMoney(m_amount, input.amount))
        return tr("That amount cannot be read. Write it as %1.")
            .arg(format::money(1240, m_order.total().currency()));
    if (!readGoods(input))
        return tr("What is sent instead cannot be read. Write it as %1.")
            .arg(u"22423, 85123A × 2"_s);
    return {};
}

bool VerbDialog::isAsked(const Input& input) const
{
    if (m_verb.asksAddress)
        return input.email != m_order.email()
            || !google::protobuf::util::MessageDifferencer::Equals(
                input.address, m_order.shipping_address());
    if (m_verb.asksGoods)
        return !input.lines.empty() && !input.goods.empty();
    return !input.lines.empty() || input.shipping.minor() > 0 || input.amount.minor() > 0;
}

// Another input is another request: what was previewed or tried before says nothing of it.
void VerbDialog::weigh()
{
    ++m_generation;
    m_words.clear();
    Input input;
    const QString unreadable = read(input);
    const bool asked = isAsked(input);
    refuse(m_verb.asksAddress ? tr("Nothing is changed yet") : tr("Say first what of the order"));
    if (!unreadable.isEmpty())
        say(theme::Role::Bad, unreadable);
    else if (!asked)
        say(theme::Role::Muted,
            m_verb.asksAddress     ? tr("Change what is wrong.")
                : m_verb.asksGoods ? tr("Choose how many of which line come back, and what is "
                                        "sent instead.")
                                   : tr("Choose how many of which line."));
    if (unreadable.isEmpty() && asked)
        m_pause.start(kPause);
    else
        m_pause.stop();
}

void VerbDialog::preview()
{
    Input input;
    if (isBusy() || !read(input).isEmpty())
        return;
    api::onReply(this, m_verb.ask(input, true), [this, mine = m_generation](auto change) {
        if (mine != m_generation)
            return; // Something else was typed meanwhile.
        if (!change.ok()) {
            const QString why = api::describe(change.status());
            refuse(why);
            say(theme::Role::Bad,
                isAway(change.status()) ? tr("%1 It is asked again by itself.").arg(why) : why);
            if (isAway(change.status()))
                m_pause.start(kAskedAgain);
            return;
        }
        m_words = m_verb.words(*change);
        QStringList said = {m_words
            + tr(". The order is then %1.").arg(status::of(change->order()).word.toLower())};
        if (change->restocked_skus_size() > 0) {
            QStringList skus;
            for (const std::string& sku : change->restocked_skus())
                skus << format::text(sku);
            said << tr("Back to stock: %1.").arg(skus.join(u", "_s));
        }
        for (const std::string& warning : change->warnings())
            said << format::text(warning);
        refuse({});
        say(theme::Role::Text, said.join(u'\n'));
    });
}

void VerbDialog::perform()
{
    Input input;
    read(input); // It could be: else nothing was promised.
    api::onReply(this, m_verb.ask(input, false), [this, words = m_words](auto change) {
        if (!change.ok()) {
            const QString why = api::describe(change.status());
            return failed(isAway(change.status())
                    ? tr("%1 Press again: it is done once, however often you do.").arg(why)
                    : why);
        }
        Q_EMIT done(words);
        accept();
    });
}
