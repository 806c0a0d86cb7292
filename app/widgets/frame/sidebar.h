// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/theme/theme.h"

#include <QListWidget>

#include <optional>

namespace frame {

inline constexpr int kWide = 208;
inline constexpr int kNarrow = 56;

/// The pages, in sections, with live counts and health. A rail of icons where there is no room.
class Sidebar final : public QWidget {
    Q_OBJECT
public:
    explicit Sidebar(const theme::Theme& theme, QWidget* parent = nullptr);

    void addSection(const QString& title);
    void addPage(
        const QString& name, const QString& title, const QString& icon, const QString& keys);
    void setCount(const QString& name, std::optional<qint64> count);
    void setHealth(const QString& name, const std::optional<theme::Status>& health);
    void setCurrent(const QString& name);
    void setNarrow(bool narrow);

Q_SIGNALS:
    void chosen(const QString& name);

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    QListWidgetItem* item(const QString& name) const;
    void restyle();

    const theme::Theme& m_theme;
    QListWidget* m_list;
    QWidget* m_brand;
    bool m_narrow = false;
};

} // namespace frame
