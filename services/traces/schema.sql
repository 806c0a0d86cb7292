-- Append-only: never edit a section that has been released, add the next one.

-- @1 traces
-- `body` is the whole Trace message, compressed, the truth; the other columns and tables repeat what lists filter, sort and find by.
CREATE TABLE trace (
    n           INTEGER PRIMARY KEY,
    trace_id    TEXT NOT NULL UNIQUE,
    order_id    TEXT NOT NULL,
    root        TEXT NOT NULL,
    service     TEXT NOT NULL, -- Where it begins: each has its share of the room.
    services    TEXT NOT NULL, -- "gateway orders payments"
    started_at  INTEGER NOT NULL,
    duration_us INTEGER NOT NULL,
    spans       INTEGER NOT NULL,
    errors      INTEGER NOT NULL,
    worth       INTEGER NOT NULL, -- 0 ordinary, 1 slow, 2 failed: what goes first when room is short.
    bytes       INTEGER NOT NULL
);
CREATE INDEX trace_started_at ON trace (started_at);
CREATE INDEX trace_order ON trace (order_id, started_at) WHERE order_id <> '';
CREATE INDEX trace_share ON trace (service, worth, started_at);
CREATE TABLE body (trace INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE call (
    trace   INTEGER NOT NULL,
    service TEXT NOT NULL,
    method  TEXT NOT NULL,
    PRIMARY KEY (trace, service, method)
) WITHOUT ROWID;
CREATE TABLE attribute (
    trace INTEGER NOT NULL,
    key   TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (trace, key, value)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE trace_text USING fts5 (words, prefix = '2 3');
CREATE TABLE share (
    service TEXT NOT NULL,
    worth   INTEGER NOT NULL,
    bytes   INTEGER NOT NULL,
    PRIMARY KEY (service, worth)
) WITHOUT ROWID;

-- @2 callgraph
-- What all traces say together, in steps of ten seconds; the node with no name is the sum over traces.
CREATE TABLE node (
    at      INTEGER NOT NULL,
    service TEXT NOT NULL,
    traces  INTEGER NOT NULL,
    failed  INTEGER NOT NULL,
    began   INTEGER NOT NULL,
    own_us  INTEGER NOT NULL,
    PRIMARY KEY (at, service)
) WITHOUT ROWID;
CREATE TABLE edge (
    at      INTEGER NOT NULL,
    caller  TEXT NOT NULL,
    callee  TEXT NOT NULL,
    calls   INTEGER NOT NULL,
    failed  INTEGER NOT NULL,
    took_us INTEGER NOT NULL,
    PRIMARY KEY (at, caller, callee)
) WITHOUT ROWID;
