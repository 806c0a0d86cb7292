// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/catalogue/cataloguepage.h"

#include "app/api/errors.h"
#include "app/models/format.h"
#include "app/pages/catalogue/productmodel.h"
#include "app/pages/catalogue/productpanel.h"
#include "app/widgets/table/tableview.h"

using namespace Qt::StringLiterals;
using namespace shopfleet::inventory::v1;

CataloguePage::CataloguePage(
    const theme::Theme& theme, api::InventoryClient& inventory, QWidget* parent)
    : CataloguePage(
        theme, inventory, new ProductModel(inventory), new ProductPanel(theme, inventory), parent)
{
}

CataloguePage::CataloguePage(const theme::Theme& theme, api::InventoryClient& inventory,
    ProductModel* model, ProductPanel* panel, QWidget* parent)
    : ListPage(theme, u"catalogue"_s, model, panel,
        {tr("Catalogue"), tr("Title, code, category"), tr("No products yet"),
            tr("Import a catalogue with shopfleetctl, or create the first product."),
            u"inventory"_s,
            {{tr("Everything"), {}}, {tr("On sale"), u"state = ACTIVE"_s},
                {tr("Sold out"), u"available <= 0"_s}, {tr("Reserved"), u"reserved > 0"_s},
                {tr("Drafts"), u"state = DRAFT"_s}}},
        parent)
    , m_inventory(inventory)
    , m_model(model)
    , m_panel(panel)
    , m_feed(inventory.watchProducts(
          [model](const WatchProductsResponse& news) { model->update(news.products()); }))
{
    setFeed(m_feed.get());
    connect(panel, &ProductPanel::openRequested, this, &Page::openRequested);
    connect(panel, &ProductPanel::noticed, this, &ListPage::setNotice);
    connect(panel, &ProductPanel::loaded, this, &Page::changed);
    connect(model, &QAbstractItemModel::dataChanged, this,
        [this](const QModelIndex& from, const QModelIndex& to) {
            const int row = table().currentIndex().row();
            if (row >= from.row() && row <= to.row())
                showRow(row);
        });
}

CataloguePage::~CataloguePage() = default;

QString CataloguePage::countText(int total, bool capped) const
{
    return capped ? tr("more than %1 products").arg(format::count(total - 1))
                  : tr("%Ln products", nullptr, total);
}

void CataloguePage::showRow(int row)
{
    if (const Product* product = m_model->item(row)) {
        m_shown = format::text(product->id());
        m_panel->show(*product);
    }
}

void CataloguePage::showId(const QString& id)
{
    m_shown = id;
    if (const int row = m_model->rowOfId(id.toStdString()); row >= 0) {
        table().setCurrentRow(row);
        return;
    }
    table().setCurrentIndex({});
    m_fetching = true;
    GetProductRequest request;
    request.set_id(id.toStdString());
    api::onReply(this, m_inventory.getProduct(request), [this, id](auto product) {
        m_fetching = false;
        if (m_shown != id)
            return;
        if (product.ok())
            m_panel->show(*product);
        else
            setNotice(
                {theme::Tone::Bad, tr("Product %1: %2").arg(id, api::describe(product.status()))});
        Q_EMIT changed();
    });
}

bool CataloguePage::isPanelReady() const
{
    return !m_fetching && m_panel->isReady();
}
