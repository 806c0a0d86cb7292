-- Append-only: never edit a section that has been released, add the next one.

-- @1 customers
-- `body` is the whole Customer message, the truth; the other columns repeat what lists filter, sort and find by.
CREATE TABLE customer (
    id         TEXT NOT NULL PRIMARY KEY,
    state      INTEGER NOT NULL,
    name       TEXT NOT NULL,
    email      TEXT NOT NULL,
    phone      TEXT NOT NULL,
    country    TEXT NOT NULL,
    origin     TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    body       BLOB NOT NULL
);
CREATE UNIQUE INDEX customer_email ON customer (lower(email)) WHERE email <> '';
CREATE INDEX customer_created_at ON customer (created_at, id);
CREATE INDEX customer_name ON customer (name, id);
CREATE INDEX customer_country ON customer (country, created_at);
CREATE VIRTUAL TABLE customer_text USING fts5 (id, name, email, phone, place, prefix = '2 3');

-- @2 sign-in
-- Argon2id hashes alone. `changed_by` is the request that set the password: its repeat is answered, not refused.
CREATE TABLE credential (
    customer_id TEXT NOT NULL PRIMARY KEY,
    hash        TEXT NOT NULL,
    changed_by  TEXT NOT NULL
) WITHOUT ROWID;
-- What a sign-up did, for its repeats. The answer itself holds tokens and is kept nowhere.
CREATE TABLE sign_up (
    request_id  TEXT NOT NULL PRIMARY KEY,
    customer_id TEXT NOT NULL,
    at          INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sign_up_at ON sign_up (at);
-- Refresh tokens by their SHA-256. A used one stays until its family's end, so that a second use is seen.
CREATE TABLE refresh_token (
    hash        TEXT NOT NULL PRIMARY KEY,
    family      TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    expires_at  INTEGER NOT NULL,
    used_by     TEXT NOT NULL,
    next        TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX refresh_token_family ON refresh_token (family);
CREATE INDEX refresh_token_customer ON refresh_token (customer_id);
CREATE INDEX refresh_token_expires_at ON refresh_token (expires_at);
CREATE TABLE sign_in_failure (
    email    TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    at       INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sign_in_failure_at ON sign_in_failure (at);
