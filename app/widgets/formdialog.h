// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/parts.h"

#include <QDialog>

#include <string>

class QFormLayout;
class QSpinBox;
class QVBoxLayout;

/// What a verb has to know before it is done: fields, what would come of it in words, and its
/// button. What was typed stays until it is done, and is one wish however often the button is
/// pressed.
class FormDialog : public QDialog {
    Q_OBJECT
public:
    FormDialog(const theme::Theme& theme, const QString& title, const QString& verb,
        const QString& busy, QWidget* parent);

protected:
    QVBoxLayout& content() { return *m_content; } ///< Between the title and the words.
    /// Named fields, one below the other, at the end of content() as it is now.
    QFormLayout* addForm();
    /// To be called at the end of the constructor, and for each thing that is changed: another
    /// input is another wish.
    void inputChanged();
    const std::string& requestId() const { return m_requestId; }

    void say(theme::Role role, const QString& words);
    const QString& refusal() const { return m_refusal; }
    /// Why it cannot be done now, on the button; empty: it can.
    void refuse(const QString& why);
    bool isBusy() const { return m_do->isBusy(); }
    /// It was not done. The same wish can be sent again.
    void failed(const QString& why);

    const theme::Theme& m_theme;

private:
    virtual void weigh() = 0; ///< Says what would come of the input, and refuses what cannot be.
    virtual void perform() = 0; ///< Sends it: ends in failed(), or in accept().

    QVBoxLayout* m_content;
    parts::Label* m_said;
    parts::BusyButton* m_do;
    QString m_refusal;
    std::string m_requestId;
};

namespace parts {

/// A whole number of seconds, a day at most.
QSpinBox* secondsBox(int value, const QString& name);

} // namespace parts
