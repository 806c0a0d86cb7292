// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/formdialog.h"

#include <QBoxLayout>
#include <QFormLayout>
#include <QSpinBox>
#include <QUuid>

using theme::kUnit;

namespace {

constexpr int kMostSeconds = 86'400;
constexpr int kLinesOfWords = 3;

} // namespace

FormDialog::FormDialog(const theme::Theme& theme, const QString& title, const QString& verb,
    const QString& busy, QWidget* parent)
    : QDialog(parent)
    , m_theme(theme)
    , m_content(new QVBoxLayout)
    , m_said(new parts::Label(theme, {}, theme::Role::Muted))
    , m_do(new parts::BusyButton(verb, busy, "primary"))
{
    setWindowTitle(title);
    setModal(true);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(3 * kUnit, 3 * kUnit, 3 * kUnit, 2 * kUnit);
    all->setSpacing(2 * kUnit);
    all->addWidget(new parts::Label(theme, title, theme::Role::Text, parts::Face::Title));
    m_content->setSpacing(2 * kUnit);
    all->addLayout(m_content, 1);
    m_said->setWordWrap(true);
    m_said->setMinimumHeight(theme.px(kLinesOfWords * 2 * kUnit));
    m_said->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    all->addWidget(m_said);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(kUnit);
    auto* close = parts::button(tr("Close"));
    close->setAutoDefault(false);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    buttons->addStretch(1);
    buttons->addWidget(close);
    buttons->addWidget(m_do);
    all->addLayout(buttons);
    m_do->setDefault(true);
    connect(m_do, &QPushButton::clicked, this, [this] {
        if (m_do->isBusy() || !m_refusal.isEmpty())
            return;
        m_do->setBusy(true);
        perform();
    });
}

QFormLayout* FormDialog::addForm()
{
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(2 * kUnit);
    form->setVerticalSpacing(kUnit);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_content->addLayout(form);
    return form;
}

void FormDialog::inputChanged()
{
    m_requestId = QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString();
    weigh();
}

void FormDialog::say(theme::Role role, const QString& words)
{
    m_said->setRole(role);
    m_said->setText(words);
}

void FormDialog::refuse(const QString& why)
{
    m_refusal = why;
    m_do->setRefusal(why);
}

void FormDialog::failed(const QString& why)
{
    m_do->setBusy(false);
    say(theme::Role::Bad, why);
}

QSpinBox* parts::secondsBox(int value, const QString& name)
{
    auto* box = new QSpinBox;
    box->setButtonSymbols(QSpinBox::NoButtons);
    box->setRange(0, kMostSeconds);
    box->setValue(value);
    box->setSuffix(FormDialog::tr(" s"));
    box->setAccessibleName(name);
    return box;
}
