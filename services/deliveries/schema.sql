-- Append-only: never edit a section that has been released, add the next one.

-- @1 shipments
-- `body` is the whole Shipment message, the truth; the other columns repeat what lists filter, sort and find by.
CREATE TABLE shipment (
    id              TEXT NOT NULL PRIMARY KEY,
    order_id        TEXT NOT NULL,
    direction       INTEGER NOT NULL,
    fulfilment      INTEGER NOT NULL,
    customer_id     TEXT NOT NULL,
    state           INTEGER NOT NULL,
    carrier         TEXT NOT NULL,
    tracking_number TEXT NOT NULL,
    country         TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    body            BLOB NOT NULL
);
CREATE UNIQUE INDEX shipment_order ON shipment (order_id, direction, fulfilment);
CREATE UNIQUE INDEX shipment_tracking_number ON shipment (tracking_number) WHERE tracking_number <> '';
CREATE INDEX shipment_created_at ON shipment (created_at, id);
CREATE INDEX shipment_state ON shipment (state, created_at);
CREATE INDEX shipment_country ON shipment (country, created_at);
CREATE VIRTUAL TABLE shipment_text USING fts5 (id, order_id, tracking_number, name, place, prefix = '2 3');

-- @2 tracking numbers
CREATE TABLE tracking_serial (last INTEGER NOT NULL);
INSERT INTO tracking_serial (last) VALUES (0);

-- @3 handing over
-- Shipments that the carrier was asked to take over and has not answered for, with the request that asked first.
CREATE TABLE handover (
    shipment_id TEXT NOT NULL PRIMARY KEY,
    request     BLOB NOT NULL, -- DispatchShipmentRequest
    due         INTEGER NOT NULL -- When it is asked again.
) WITHOUT ROWID;
CREATE INDEX handover_due ON handover (due);
DROP TABLE tracking_serial; -- The carrier counts its parcels.

-- @4 parts
ALTER TABLE shipment ADD COLUMN part INTEGER NOT NULL DEFAULT 0;
DROP INDEX shipment_order;
CREATE UNIQUE INDEX shipment_order ON shipment (order_id, direction, fulfilment, part);
