// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/address.h"
#include "app/api/inventoryclient.h"
#include "app/page.h"
#include "app/widgets/panel.h"

/// The selected product: price, stock, variants, and who holds what is reserved.
class ProductPanel final : public panel::Panel {
    Q_OBJECT
public:
    ProductPanel(
        const theme::Theme& theme, api::InventoryClient& inventory, QWidget* parent = nullptr);

    void show(const shopfleet::inventory::v1::Product& product);
    void showNothing();
    bool isReady() const { return !m_loading; }

Q_SIGNALS:
    void openRequested(const Address& address);
    void noticed(const Notice& notice);
    void loaded();

private:
    void fetchHolders();
    void rebuild();
    void addVariants();
    void addHolders();

    api::InventoryClient& m_inventory;
    shopfleet::inventory::v1::Product m_product;
    shopfleet::inventory::v1::ListReservationsResponse m_holders;
    QString m_error;
    bool m_loading = false;
    int m_generation = 0;
};
