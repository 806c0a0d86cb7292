-- Append-only: never edit a section that has been released, add the next one.

-- @1 the provider's books
CREATE TABLE operation (
    key       TEXT NOT NULL PRIMARY KEY,
    kind      INTEGER NOT NULL, -- 0: it was settled before it arrived.
    token     TEXT NOT NULL,    -- Of the card, also for what is about its authorisation.
    currency  TEXT NOT NULL,
    minor     INTEGER NOT NULL,
    about     TEXT NOT NULL,
    outcome   INTEGER NOT NULL,
    reference TEXT NOT NULL,
    reason    TEXT NOT NULL,
    method    TEXT NOT NULL,
    at        INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX operation_about ON operation (about, kind) WHERE about <> '';
CREATE INDEX operation_reference ON operation (reference) WHERE reference <> '';

-- Webhooks that are still to be delivered, written with the operation that they tell of.
CREATE TABLE notice (
    id       INTEGER PRIMARY KEY,
    key      TEXT NOT NULL,
    due      INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX notice_due ON notice (due);
