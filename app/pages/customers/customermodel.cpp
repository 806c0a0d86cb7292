// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/customers/customermodel.h"

#include "app/models/format.h"
#include "app/models/status.h"

using shopfleet::accounts::v1::Customer;
using table::Kind;

CustomerModel::CustomerModel(api::AccountsClient& accounts, QObject* parent)
    : WindowedModel(parent)
    , m_accounts(accounts)
{
}

api::Reply<shopfleet::accounts::v1::ListCustomersResponse> CustomerModel::list(
    const ListQuery& query)
{
    return m_accounts.listCustomers(
        makeRequest<shopfleet::accounts::v1::ListCustomersRequest>(query));
}

std::span<const CustomerModel::Column> CustomerModel::columns() const
{
    static constexpr Column kColumns[] = {
        {QT_TRANSLATE_NOOP("CustomerModel", "Number"), "id", Kind::Strong, 112, "id", 0,
            [](const Customer& c) -> QVariant { return format::text(c.id()); }},
        {QT_TRANSLATE_NOOP("CustomerModel", "Name"), "name", Kind::Text, 0, "name", 0,
            [](const Customer& c) -> QVariant {
                return c.name().empty() ? QStringLiteral("–") : format::text(c.name());
            }},
        {QT_TRANSLATE_NOOP("CustomerModel", "E-mail"), "email", Kind::Text, 216, "email", 760,
            [](const Customer& c) -> QVariant {
                return c.email().empty() ? QStringLiteral("–") : format::text(c.email());
            }},
        {QT_TRANSLATE_NOOP("CustomerModel", "Country"), "country", Kind::Text, 136, "country", 0,
            [](const Customer& c) -> QVariant { return format::text(c.country()); }},
        {QT_TRANSLATE_NOOP("CustomerModel", "Status"), "state", Kind::Badge, 108, "state", 640,
            [](const Customer& c) -> QVariant {
                return QVariant::fromValue(status::of(c.state()));
            }},
        {QT_TRANSLATE_NOOP("CustomerModel", "Customer since"), "created", Kind::Figure, 136,
            "created_at", 0,
            [](const Customer& c) -> QVariant { return format::when(c.created_at()); },
            [](const Customer& c) -> QVariant { return format::moment(c.created_at()); }},
    };
    return kColumns;
}
