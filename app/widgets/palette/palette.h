// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/theme/theme.h"

#include <QFrame>
#include <QList>

#include <functional>

class QLineEdit;
class QListWidget;

/// Finds anything and acts on it: providers answer what is typed, each in its own time.
namespace palette {

struct Entry {
    QString title; ///< "Order 537420"
    QString more = {}; ///< "£335.30 · stuck for 23 min", quiet.
    QString keys = {}; ///< A shortcut that does the same.
    std::function<void()> run = {};
};

/// Called on the UI thread; may answer at once or later, once for each question. Late answers to
/// an old question are dropped.
using Answer = std::function<void(QList<Entry>)>;
using Provider = std::function<void(const QString& text, Answer answer)>;

class Palette final : public QFrame {
    Q_OBJECT
public:
    Palette(const theme::Theme& theme, QWidget* window);

    /// Results stand under `group`, groups in the order of being added.
    void addProvider(const QString& group, Provider provider);
    void open(const QString& text = {});
    bool isWaiting() const; ///< Some provider has not answered yet.

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void ask(const QString& text);
    void refill();
    void runCurrent();
    void move(int step);

    struct Group {
        QString name;
        Provider provider;
        QList<Entry> entries;
        bool waiting = false;
    };

    const theme::Theme& m_theme;
    QLineEdit* m_edit;
    QListWidget* m_list;
    QList<Group> m_groups;
    int m_question = 0;
    bool m_runsWhenAnswered = false; ///< Return was pressed before the answers were there.
};

/// True if each word of `typed` begins some word of `text`, in any case.
bool matches(const QString& text, const QString& typed);

} // namespace palette
