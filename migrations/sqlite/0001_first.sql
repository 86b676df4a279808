-- Times are unix milliseconds, UTC. Never edit this file after a release: add another.

-- A record is kept as its JSON text, as scripts get it: it is always read whole, and it grows.
-- Beside it stand only the columns that queries choose by.
CREATE TABLE articles (
    seq INTEGER PRIMARY KEY,            -- the order in which they were stored
    id TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    fetched_at INTEGER NOT NULL,
    written_at INTEGER,                 -- when it was appended to the output files
    record TEXT NOT NULL
);
CREATE INDEX articles_by_text ON articles (content_hash);
CREATE INDEX articles_by_source ON articles (source, fetched_at);
CREATE INDEX articles_unwritten ON articles (seq) WHERE written_at IS NULL;

-- How long the output files that many articles share are known to be.
CREATE TABLE output_files (
    path TEXT PRIMARY KEY,
    length INTEGER NOT NULL
) WITHOUT ROWID;

-- One row a source and pass.
CREATE TABLE runs (
    source TEXT NOT NULL,
    started INTEGER NOT NULL,
    ended INTEGER,                      -- null while it runs, and for ever if it was killed
    PRIMARY KEY (source, started)
) WITHOUT ROWID;

CREATE TABLE run_outcomes (
    source TEXT NOT NULL,
    started INTEGER NOT NULL,
    entry_point INTEGER NOT NULL,       -- 1 for front pages, feeds and sitemaps
    outcome TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (source, started, entry_point, outcome)
) WITHOUT ROWID;

-- Every address that is known.
CREATE TABLE urls (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    host TEXT NOT NULL,
    source TEXT NOT NULL,
    kind TEXT NOT NULL,                 -- page, start, feed, sitemap
    depth INTEGER NOT NULL,
    given INTEGER NOT NULL,             -- 1 where the configuration names it
    due_at INTEGER,                     -- null: never again
    hint INTEGER,                       -- about when it was published: the newest go first
    recheck INTEGER,                    -- entry points: the time between visits
    attempts INTEGER NOT NULL DEFAULT 0, -- visits in a row that failed
    visited_at INTEGER,
    outcome TEXT,
    reason TEXT,
    status INTEGER,
    etag TEXT,
    last_modified TEXT
);
CREATE INDEX urls_due_by_host ON urls (host, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX urls_due_by_source ON urls (source, kind, due_at) WHERE due_at IS NOT NULL;

CREATE TABLE hosts (
    host TEXT PRIMARY KEY,
    failures INTEGER NOT NULL DEFAULT 0, -- visits in a row that the host failed
    back_off_until INTEGER NOT NULL DEFAULT 0,
    claimed_at INTEGER NOT NULL DEFAULT 0,
    lease_until INTEGER NOT NULL DEFAULT 0,
    lease_owner TEXT
) WITHOUT ROWID;

-- The settings of each source that decide what is found.
CREATE TABLE sources (
    source TEXT PRIMARY KEY,
    settings TEXT NOT NULL
) WITHOUT ROWID;
