-- What a crawl needs that runs for years: revisions, near-duplicates, robots.txt between passes,
-- spellings, traps, and what each source's own past was like.

-- For a source's health: how long its texts are, and which fields they fill (bits, see `store::health`).
ALTER TABLE articles ADD COLUMN words INTEGER;
ALTER TABLE articles ADD COLUMN filled INTEGER;

-- What a record said before its text changed.
CREATE TABLE revisions (
    id TEXT NOT NULL,                   -- of the article
    revision INTEGER NOT NULL,
    replaced_at INTEGER NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (id, revision)
) WITHOUT ROWID;

-- Texts that share a band may be nearly the same (MinHash with banding, see `store::likeness`).
CREATE TABLE text_bands (
    band INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (band, seq)
) WITHOUT ROWID;
CREATE INDEX text_bands_by_article ON text_bands (seq);

-- robots.txt by origin, as long as it may be believed.
CREATE TABLE robots (
    origin TEXT PRIMARY KEY,            -- https://news.example.org
    file BLOB,                          -- null: there is none, all is open
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;

-- When a host was last asked for something, so that its pace holds from pass to pass.
ALTER TABLE hosts ADD COLUMN visited_at INTEGER;

-- What the spellings of one page have in common (`canonical::spelling`).
ALTER TABLE urls ADD COLUMN spelling TEXT;
CREATE INDEX urls_by_spelling ON urls (spelling) WHERE spelling IS NOT NULL;
-- When its article was first stored, where it holds one.
ALTER TABLE urls ADD COLUMN stored_at INTEGER;

-- Crawl traps: makes of address (`discover::shape`), and what visits to them brought.
CREATE TABLE shapes (
    shape TEXT PRIMARY KEY,
    host TEXT NOT NULL,
    barren INTEGER NOT NULL,            -- visits in a row without an article
    barren_since INTEGER,               -- the first of them
    fruit_at INTEGER,                   -- the last visit that brought one
    visited_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX shapes_by_host ON shapes (host, fruit_at);
