-- Append-only: never edit a section that has been released, add the next one.

-- @1 orders

-- key is the time of placing in seconds times 1024, plus a running number: rows lie in the order in which people read them, and the
-- full text, which goes by key, gives the latest first without sorting. body is an Order without what has a column of its own; lines
-- comes last so that a list never reads it.
CREATE TABLE orders (
    key             INTEGER PRIMARY KEY,
    id              TEXT NOT NULL UNIQUE,
    kind            INTEGER NOT NULL,
    state           INTEGER NOT NULL,
    customer_id     TEXT NOT NULL,
    customer_name   TEXT NOT NULL,
    email           TEXT NOT NULL,
    country         TEXT NOT NULL,
    currency        TEXT NOT NULL,
    total           INTEGER NOT NULL,
    units           INTEGER NOT NULL,
    placed_at       INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    origin          TEXT NOT NULL,
    channel         TEXT NOT NULL,
    tags            TEXT NOT NULL,              -- Each between line breaks.
    held            INTEGER NOT NULL DEFAULT 0,
    waiting_service TEXT NOT NULL DEFAULT '',
    waiting_method  TEXT NOT NULL DEFAULT '',
    waiting_since   INTEGER NOT NULL DEFAULT 0,
    stuck           INTEGER NOT NULL DEFAULT 0, -- A try has failed.
    needs_person    INTEGER NOT NULL DEFAULT 0,
    trace_id        TEXT NOT NULL,
    payment_id      TEXT NOT NULL,              -- The last one.
    shipment_id     TEXT NOT NULL,              -- Likewise.
    version         INTEGER NOT NULL DEFAULT 1,
    request_id      TEXT NOT NULL DEFAULT '',   -- Of PlaceOrder, for ever: the same one gives this order.
    request_hash    INTEGER NOT NULL DEFAULT 0,
    cart_id         TEXT NOT NULL DEFAULT '',
    import_hash     INTEGER NOT NULL DEFAULT 0, -- Of what was imported last; 0: was not.
    body            BLOB NOT NULL,
    lines           BLOB NOT NULL
);
CREATE INDEX orders_placed ON orders (placed_at);
CREATE INDEX orders_state ON orders (state, placed_at);
CREATE INDEX orders_customer ON orders (customer_id, placed_at);
CREATE INDEX orders_country ON orders (country, placed_at);
CREATE INDEX orders_total ON orders (total);
CREATE INDEX orders_units ON orders (units);
CREATE INDEX orders_updated ON orders (updated_at);
CREATE INDEX orders_email ON orders (email) WHERE email <> '';
CREATE INDEX orders_trace ON orders (trace_id) WHERE trace_id <> '';
CREATE INDEX orders_payment ON orders (payment_id) WHERE payment_id <> '';
CREATE INDEX orders_shipment ON orders (shipment_id) WHERE shipment_id <> '';
CREATE INDEX orders_waiting ON orders (waiting_service, waiting_method, waiting_since, needs_person, total, currency)
    WHERE waiting_service <> '';
CREATE INDEX orders_stuck ON orders (stuck, placed_at) WHERE stuck = 1;
CREATE INDEX orders_held ON orders (held, placed_at) WHERE held = 1;
CREATE INDEX orders_person ON orders (needs_person, placed_at) WHERE needs_person = 1;
CREATE INDEX orders_tags ON orders (tags, placed_at) WHERE tags <> '';
CREATE UNIQUE INDEX orders_request ON orders (request_id) WHERE request_id <> '';
-- A cart becomes one order, unless that was rejected or cancelled: then it may be tried again.
CREATE UNIQUE INDEX orders_cart ON orders (cart_id) WHERE cart_id <> '' AND state NOT IN (7, 8);

CREATE TABLE event (
    order_id TEXT NOT NULL,
    number   INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    body     BLOB NOT NULL,
    PRIMARY KEY (order_id, number)
) WITHOUT ROWID;

-- The unfinished: a row is gone once its order has nothing left to do.
CREATE TABLE saga (
    order_id      TEXT PRIMARY KEY,
    goal          INTEGER NOT NULL,
    step          INTEGER NOT NULL,
    done          INTEGER NOT NULL,
    payment_token TEXT NOT NULL,
    reason        TEXT NOT NULL,
    actor         TEXT NOT NULL
) WITHOUT ROWID;

-- The last number given to an order of our own.
CREATE TABLE sequence (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO sequence VALUES ('order', 1000000);

-- Figures for the overview, kept with every write; they also tell where the 700,000th order lies. scale: 60, 3,600 or 86,400 seconds.
CREATE TABLE tally (
    scale    INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    state    INTEGER NOT NULL,
    currency TEXT NOT NULL,
    orders   INTEGER NOT NULL,
    revenue  INTEGER NOT NULL,
    units    INTEGER NOT NULL,
    PRIMARY KEY (scale, at, state, currency)
) WITHOUT ROWID;
CREATE TABLE state_count (
    state    INTEGER NOT NULL,
    currency TEXT NOT NULL,
    orders   INTEGER NOT NULL,
    PRIMARY KEY (state, currency)
) WITHOUT ROWID;

-- Words come folded (searchtext.h), so the plain tokenizer does; two and three letters are indexed as beginnings.
CREATE VIRTUAL TABLE order_text USING fts5(words, content='', detail='none', columnsize=0, prefix='2 3', tokenize='ascii');
-- The words of letters alone in it: a longer beginning is looked up here and searched as these.
CREATE TABLE word (word TEXT PRIMARY KEY) WITHOUT ROWID;

-- @2 shipping, refunds and returns

-- Which refund or return of the order it is about.
ALTER TABLE saga ADD COLUMN subject TEXT NOT NULL DEFAULT '';

-- What deliveries has told of each order's shipments. progress: how far along its way one is (newsstore.cpp), which only grows.
CREATE TABLE shipment (
    id        TEXT PRIMARY KEY,
    order_id  TEXT NOT NULL,
    direction INTEGER NOT NULL,
    progress  INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX shipment_order ON shipment (order_id);

-- How far each stream of news was taken in, written with what was learnt from it.
CREATE TABLE inbox (source TEXT PRIMARY KEY, token TEXT NOT NULL) WITHOUT ROWID;

-- @3 the answers to PlaceOrder
-- What the customer was told when the order was decided: whoever asks again within a day is told the same.
CREATE TABLE answer (
    number   INTEGER PRIMARY KEY, -- Rows lie in the order of their age.
    order_id TEXT NOT NULL UNIQUE,
    body     BLOB NOT NULL,
    at       INTEGER NOT NULL
);

-- @4 parts
-- Of a parcel that was called off while others of its order were not: what was in it, until the order is without it.
ALTER TABLE shipment ADD COLUMN goods BLOB NOT NULL DEFAULT x'';
