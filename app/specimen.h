// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/page.h"

class QBoxLayout;

/// Every token, every state and every part on one page, for those who work on the desktop:
/// shopfleet --page tokens.
class Specimen final : public Page {
    Q_OBJECT
public:
    explicit Specimen(const theme::Theme& theme);

    QString name() const override { return QStringLiteral("tokens"); }
    PageInfo info() const override;
    QWidget* panel() override { return m_panel; }
    QWidget* keyboardStart() override { return m_focus; }
    bool open(const Address&) override { return true; }
    Address address() const override { return {name(), {}, {}}; }
    bool isReady() const override { return true; }

private:
    QBoxLayout* group(const QString& title);
    QLayout* colours();
    QLayout* words();
    QLayout* badges();
    QLayout* controls();
    QLayout* messages();
    QWidget* buildPanel();

    const theme::Theme& m_theme;
    QWidget* m_focus = nullptr;
    QWidget* m_panel = nullptr;
};
