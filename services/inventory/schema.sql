-- Append-only: never edit a section that has been released, add the next one.

-- @1 products, stock and reservations

-- `body` is the Product as its owner wrote it: without stock, times and etag. The other columns are what lists ask for.
CREATE TABLE product (
    seq        INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    state      INTEGER NOT NULL,
    title      TEXT NOT NULL,
    price      INTEGER NOT NULL CHECK (price >= 0),
    origin     TEXT NOT NULL,
    version    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    body       BLOB NOT NULL
);
CREATE INDEX product_by_title ON product (title COLLATE NOCASE, seq);
CREATE INDEX product_by_price ON product (price, seq);
CREATE INDEX product_by_update ON product (updated_at, seq);

-- A product is listed under each of its categories and under all that contain them.
CREATE TABLE product_category (
    path    TEXT NOT NULL,
    product INTEGER NOT NULL REFERENCES product (seq) ON DELETE CASCADE,
    PRIMARY KEY (path, product)
) WITHOUT ROWID;
CREATE INDEX product_category_by_product ON product_category (product);

CREATE VIRTUAL TABLE product_fts USING fts5 (
    title, skus, categories, description, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');

-- One shelf per variant. A sale can never take more than is there: the checks hold even if the code does not.
CREATE TABLE stock (
    sku      TEXT NOT NULL COLLATE NOCASE PRIMARY KEY,
    product  INTEGER NOT NULL REFERENCES product (seq),
    position INTEGER NOT NULL,
    on_hand  INTEGER NOT NULL DEFAULT 0 CHECK (on_hand <= 1000000000000),
    reserved INTEGER NOT NULL DEFAULT 0,
    CHECK (reserved >= 0 AND reserved <= on_hand)
);
CREATE INDEX stock_by_product ON stock (product, position, sku, on_hand, reserved);

CREATE TABLE price_change (
    seq      INTEGER PRIMARY KEY,
    product  INTEGER NOT NULL REFERENCES product (seq),
    sku      TEXT NOT NULL,
    currency TEXT NOT NULL,
    price    INTEGER NOT NULL,
    actor    TEXT NOT NULL,
    at       INTEGER NOT NULL
);
CREATE INDEX price_change_by_product ON price_change (product, seq);

-- The stock's ledger: it only grows, and the sum of a SKU's quantities is its on_hand.
CREATE TABLE stock_move (
    seq      INTEGER PRIMARY KEY AUTOINCREMENT,
    sku      TEXT NOT NULL COLLATE NOCASE,
    kind     INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    reason   TEXT NOT NULL,
    holder   TEXT NOT NULL,
    actor    BLOB NOT NULL,
    at       INTEGER NOT NULL
);
CREATE INDEX stock_move_by_sku ON stock_move (sku, seq);
CREATE INDEX stock_move_by_time ON stock_move (at, seq);
CREATE INDEX stock_move_by_holder ON stock_move (holder, seq) WHERE holder <> '';

CREATE TABLE reservation (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL UNIQUE,
    holder     TEXT NOT NULL,
    state      INTEGER NOT NULL,
    reason     TEXT NOT NULL DEFAULT '',
    version    INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at   INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX reservation_by_holder ON reservation (holder, seq);
CREATE INDEX reservation_by_creation ON reservation (created_at, seq);
CREATE INDEX reservation_by_expiry ON reservation (expires_at) WHERE state = 1; -- HELD

-- `held` units are still set aside, `committed` ones have left the shelf; the rest was given back.
CREATE TABLE reservation_line (
    reservation INTEGER NOT NULL REFERENCES reservation (seq),
    sku         TEXT NOT NULL COLLATE NOCASE,
    quantity    INTEGER NOT NULL CHECK (quantity > 0),
    held        INTEGER NOT NULL CHECK (held >= 0),
    committed   INTEGER NOT NULL DEFAULT 0 CHECK (committed >= 0 AND held + committed <= quantity),
    PRIMARY KEY (reservation, sku)
) WITHOUT ROWID;
CREATE INDEX reservation_line_by_sku ON reservation_line (sku, reservation);
