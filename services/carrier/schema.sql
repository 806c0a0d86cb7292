-- Append-only: never edit a section that has been released, add the next one.

-- @1 the carrier's books
-- `body` is the whole Parcel message with every station of its way, also those that are still ahead.
CREATE TABLE parcel (
    serial          INTEGER NOT NULL PRIMARY KEY,
    key             TEXT NOT NULL UNIQUE,
    tracking_number TEXT NOT NULL UNIQUE,
    body            BLOB NOT NULL
);

-- Stations that deliveries is still to hear of, as PARCEL#NUMBER, written with the parcel.
CREATE TABLE report (
    id       INTEGER PRIMARY KEY,
    key      TEXT NOT NULL,
    due      INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX report_due ON report (due);
