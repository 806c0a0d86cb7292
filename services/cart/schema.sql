-- Append-only: never edit a section that has been released, add the next one.

-- @1 carts

CREATE TABLE cart (
    seq         INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    customer_id TEXT NOT NULL DEFAULT '',
    state       INTEGER NOT NULL,
    currency    TEXT NOT NULL,
    order_id    TEXT NOT NULL DEFAULT '',
    merged_into TEXT NOT NULL DEFAULT '',
    version     INTEGER NOT NULL DEFAULT 1,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
);
-- A customer has one open cart.
CREATE UNIQUE INDEX cart_by_customer ON cart (customer_id) WHERE state = 1 AND customer_id <> '';
CREATE INDEX cart_by_update ON cart (updated_at, seq);

CREATE TABLE cart_item (
    seq      INTEGER PRIMARY KEY AUTOINCREMENT, -- The order in which things were put in.
    cart     INTEGER NOT NULL REFERENCES cart (seq) ON DELETE CASCADE,
    sku      TEXT NOT NULL COLLATE NOCASE,
    quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 1000000),
    added_at INTEGER NOT NULL,
    UNIQUE (cart, sku)
);
