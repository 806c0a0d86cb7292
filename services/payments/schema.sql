-- Append-only: never edit a section that has been released, add the next one.

-- @1 payments
-- `body` is the whole Payment message, the truth; the other columns repeat what lists filter, sort and find by.
CREATE TABLE payment (
    id                 TEXT NOT NULL PRIMARY KEY,
    order_id           TEXT NOT NULL,
    attempt            INTEGER NOT NULL,
    customer_id        TEXT NOT NULL,
    state              INTEGER NOT NULL,
    amount             INTEGER NOT NULL,
    authorised         INTEGER NOT NULL,
    captured           INTEGER NOT NULL,
    refunded           INTEGER NOT NULL,
    currency           TEXT NOT NULL,
    provider           TEXT NOT NULL,
    provider_reference TEXT NOT NULL,
    created_at         INTEGER NOT NULL,
    updated_at         INTEGER NOT NULL,
    body               BLOB NOT NULL,
    -- The last line behind the rules. A refund of a sale made elsewhere has nothing captured here.
    CHECK (0 <= captured AND captured <= authorised AND authorised <= amount),
    CHECK (0 <= refunded AND (refunded <= captured OR provider <> 'sandbox'))
);
CREATE UNIQUE INDEX payment_order ON payment (order_id, attempt);
CREATE INDEX payment_created_at ON payment (created_at, id);
CREATE INDEX payment_customer ON payment (customer_id, created_at);
CREATE INDEX payment_state ON payment (state, created_at);
CREATE VIRTUAL TABLE payment_text USING fts5 (id, order_id, provider_reference, prefix = '2 3');

-- @2 what the provider was asked
-- Written before the provider is asked, so that a crash leaves a question to repeat and never a charge to guess.
CREATE TABLE operation (
    key            TEXT NOT NULL PRIMARY KEY, -- The provider's idempotency key.
    payment_id     TEXT NOT NULL,
    request_id     TEXT NOT NULL,
    kind           INTEGER NOT NULL,
    minor          INTEGER NOT NULL CHECK (minor > 0),
    outcome        INTEGER NOT NULL, -- 0 asked, then ProviderAnswer::Outcome.
    reason         TEXT NOT NULL,
    actor          TEXT NOT NULL,
    decline_reason TEXT NOT NULL,
    at             INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX operation_request ON operation (payment_id, request_id);

-- @3 ledger
CREATE TABLE ledger (
    sequence       INTEGER NOT NULL PRIMARY KEY,
    transaction_id TEXT NOT NULL,
    account        TEXT NOT NULL,
    amount_minor   INTEGER NOT NULL,
    currency       TEXT NOT NULL,
    payment_id     TEXT NOT NULL,
    order_id       TEXT NOT NULL,
    at             INTEGER NOT NULL,
    chain          BLOB NOT NULL
);
CREATE INDEX ledger_payment ON ledger (payment_id);
CREATE INDEX ledger_order ON ledger (order_id);
CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END;
CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END;

-- @4 the sandbox provider's own books
CREATE TABLE sandbox_request (
    key       TEXT NOT NULL PRIMARY KEY,
    kind      INTEGER NOT NULL,
    token     TEXT NOT NULL,
    currency  TEXT NOT NULL,
    minor     INTEGER NOT NULL,
    about     TEXT NOT NULL, -- The reference of the authorisation that a later request uses.
    outcome   INTEGER NOT NULL,
    reference TEXT NOT NULL,
    reason    TEXT NOT NULL,
    method    TEXT NOT NULL,
    at        INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sandbox_request_about ON sandbox_request (about, kind);
CREATE INDEX sandbox_request_reference ON sandbox_request (reference, kind);

-- @5 the provider has become a program with books of its own
DROP TABLE sandbox_request;
CREATE INDEX operation_open ON operation (at) WHERE outcome IN (0, 3);
