// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QPointer>
#include <QPushButton>
#include <QWidget>

class QMenu;

namespace panel {

/// A row of buttons that never cuts one off: those that do not fit stand in a menu at its end, with
/// the same words, hints and keys. The last ones go first.
class ActionBar final : public QWidget {
    Q_OBJECT
public:
    explicit ActionBar(QWidget* parent = nullptr);

    /// `key` is shown in the menu; the page listens for it.
    void add(QPushButton* button, const QString& key = {});
    void clear();

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override;

private:
    struct Action {
        QPointer<QPushButton> button;
        QString key;
    };

    void arrange();
    void fillMenu();

    QList<Action> m_actions;
    QPushButton* m_more;
    QMenu* m_menu;
};

} // namespace panel
