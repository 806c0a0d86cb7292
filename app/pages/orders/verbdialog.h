// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/api/reply.h"
#include "app/widgets/formdialog.h"
#include "shopfleet/orders/v1/orders.pb.h"

#include <QTimer>

#include <functional>
#include <vector>

class QCheckBox;
class QGridLayout;
class QLineEdit;
class QSpinBox;
class QVBoxLayout;

/// Asks what a verb of support should do to an order's lines, shows what the service says would
/// come of it, and does it.
///
/// Nothing is worked out here: money, stock and state in the preview are the service's answer to
/// the same request with validate_only.
class VerbDialog final : public FormDialog {
    Q_OBJECT
public:
    using Change = shopfleet::orders::v1::OrderChange;

    struct Input {
        std::string requestId;
        std::vector<shopfleet::orders::v1::RefundLine> lines;
        std::vector<shopfleet::orders::v1::ExchangeGoods> goods;
        shopfleet::common::v1::Money shipping;
        shopfleet::common::v1::Money amount;
        std::string reason;
        shopfleet::common::v1::Address address;
        std::string email;
    };

    /// A verb, in words and deeds.
    struct Verb {
        QString title; ///< "Refund order 1043"
        QString busy; ///< "Refunding…"
        bool takesMoney = false; ///< Shipping and a free amount beside the lines.
        bool asksRestock = false; ///< Whether the goods go back to stock.
        bool asksGoods = false; ///< What is sent instead of the lines.
        bool asksReason = true;
        bool asksAddress = false; ///< Where the order goes, and the customer's e-mail.
        /// How many of a line it can still be done to; null where it is not about lines.
        std::function<qint64(const shopfleet::orders::v1::OrderLine&)> most;
        std::function<api::Reply<Change>(const Input&, bool validateOnly)> ask;
        /// The button and the first line of the preview: "Refund £12.40 to Visa •••• 4242".
        std::function<QString(const Change&)> words;
    };

    VerbDialog(const theme::Theme& theme, const shopfleet::orders::v1::Order& order, Verb verb,
        QWidget* parent);

Q_SIGNALS:
    void done(const QString& words);

private:
    struct Row {
        std::string id;
        QSpinBox* quantity;
        QCheckBox* restock;
    };

    void addLines(QVBoxLayout* all);
    void addMoney(QGridLayout* form);
    void addGoods(QGridLayout* form);
    void addAddress(QGridLayout* form);
    void addReason(QGridLayout* form);
    QLineEdit* addField(QGridLayout* form, const QString& name, const QString& hint);
    void weigh() override;
    /// Says what cannot be read; nothing if all can.
    QString read(Input& input) const;
    bool readGoods(Input& input) const;
    bool isAsked(const Input& input) const;
    bool readMoney(const QLineEdit* field, shopfleet::common::v1::Money& money) const;
    void preview();
    void perform() override;

    const shopfleet::orders::v1::Order m_order;
    const Verb m_verb;
    std::vector<Row> m_rows;
    QLineEdit* m_shipping = nullptr;
    QLineEdit* m_amount = nullptr;
    QLineEdit* m_goods = nullptr;
    QLineEdit* m_reason = nullptr;
    QLineEdit* m_email = nullptr;
    std::vector<std::pair<const char*, QLineEdit*>> m_address; ///< By the message's fields.
    QTimer m_pause; ///< Before the service is asked: after the last key, or when it was away.
    QString m_words; ///< What the last preview promises; empty: nothing can be done.
    int m_generation = 0;
};
