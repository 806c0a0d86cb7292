-- Append-only: never edit a section that has been released, add the next one.

-- @1 metrics
-- Figures by service, replica and method, in three tiers: seconds for an hour, ten seconds for a day, minutes for thirty days. `body` is
-- the points of one row, packed: of the first tier ten of them, of the others one.
CREATE TABLE track (
    n       INTEGER PRIMARY KEY,
    service TEXT NOT NULL,
    replica TEXT NOT NULL,
    method  TEXT NOT NULL,
    UNIQUE (service, replica, method)
);
CREATE TABLE points (
    tier  INTEGER NOT NULL,
    track INTEGER NOT NULL,
    at    INTEGER NOT NULL,
    body  BLOB NOT NULL,
    PRIMARY KEY (tier, track, at)
) WITHOUT ROWID;
CREATE INDEX points_age ON points (tier, at);
