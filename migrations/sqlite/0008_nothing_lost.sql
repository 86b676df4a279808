-- What it takes to say of every address what became of it, and to try again where an answer is not final.

-- A page's address is unique among pages; an entry point (a front page, a feed, a sitemap) is unique within its
-- source, so that two sources may read the same feed. SQLite can't drop the old constraint: the table is made anew.
CREATE TABLE urls_rebuilt (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL,
    host TEXT NOT NULL,
    source TEXT NOT NULL,
    kind TEXT NOT NULL,                 -- page, start, feed, sitemap
    depth INTEGER NOT NULL,
    given INTEGER NOT NULL,             -- 1 where the configuration names it, 2 for a guess, else 0
    due_at INTEGER,                     -- null: never again
    hint INTEGER,                       -- about when it was published; of a link without a date, when it was found
    recheck INTEGER,                    -- entry points: the time between visits
    attempts INTEGER NOT NULL DEFAULT 0, -- visits in a row that failed and count
    visited_at INTEGER,
    outcome TEXT,
    reason TEXT,
    status INTEGER,
    etag TEXT,
    last_modified TEXT,
    spelling TEXT,                      -- what the URLs of one page have in common (`canonical::dedup_key`)
    stored_at INTEGER,                  -- when its article was first stored
    published INTEGER,                  -- as the feed or news sitemap that named it has it
    found_at INTEGER,                   -- when it was first named
    named_at INTEGER,                   -- when the address `named_by` last named it
    named_by INTEGER,                   -- id of the entry point (or page) that names it
    evidence TEXT,                      -- the best that named it: feed, news (a news sitemap), sitemap, link
    visits INTEGER NOT NULL DEFAULT 0,  -- visits in all
    read_at INTEGER,                    -- entry points: when it was last read in full, undamaged
    links_followed INTEGER,             -- entry points: at the last reading, how many links were followed…
    links_passed INTEGER,               -- …and how many were passed over
    too_old INTEGER,                    -- …and how many were older than `max_age` and have no row of their own
    damaged INTEGER NOT NULL DEFAULT 0  -- entry points: 1 where the last reading was damaged
);
INSERT INTO urls_rebuilt
    (id, url, host, source, kind, depth, given, due_at, hint, recheck, attempts, visited_at, outcome, reason,
     status, etag, last_modified, spelling, stored_at, published, found_at, visits)
SELECT id, url, host, source, kind, depth, given, due_at, hint, recheck, attempts, visited_at, outcome, reason,
       status, etag, last_modified, spelling, stored_at, published, visited_at,
       CASE WHEN visited_at IS NULL THEN 0 ELSE MAX(attempts, 1) END
FROM urls;
DROP TABLE urls;
ALTER TABLE urls_rebuilt RENAME TO urls;
CREATE UNIQUE INDEX urls_pages ON urls (url) WHERE kind = 'page';
CREATE UNIQUE INDEX urls_entry_points ON urls (url, source) WHERE kind <> 'page';
-- What is due at a host, each queue in the order in which it is claimed.
CREATE INDEX urls_due_entry_points ON urls (host, due_at) WHERE due_at IS NOT NULL AND kind <> 'page';
CREATE INDEX urls_due_fresh ON urls (host, found_at DESC)
    WHERE due_at IS NOT NULL AND kind = 'page' AND visits = 0 AND evidence IN ('feed', 'news', 'link');
CREATE INDEX urls_due_new ON urls (host, hint DESC) WHERE due_at IS NOT NULL AND kind = 'page' AND visits = 0;
CREATE INDEX urls_due_retries ON urls (host, due_at)
    WHERE due_at IS NOT NULL AND kind = 'page' AND visits > 0 AND stored_at IS NULL;
CREATE INDEX urls_due_refetches ON urls (host, due_at)
    WHERE due_at IS NOT NULL AND kind = 'page' AND visits > 0 AND stored_at IS NOT NULL;
CREATE INDEX urls_due_by_source ON urls (source, kind, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX urls_too_old ON urls (source, hint) WHERE outcome = 'too_old' AND visits = 0;
CREATE INDEX urls_by_spelling ON urls (spelling) WHERE spelling IS NOT NULL;

-- Failures of single pages, which a host that answers nothing else has in a row, and how many pages were tried again
-- on which day (days since 1970).
ALTER TABLE hosts ADD COLUMN page_failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE hosts ADD COLUMN pages_held_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE hosts ADD COLUMN retry_day INTEGER;
ALTER TABLE hosts ADD COLUMN retries INTEGER NOT NULL DEFAULT 0;

-- The settings that end visits (`max_body`, `max_age`, …), as JSON.
ALTER TABLE sources ADD COLUMN limits TEXT;

-- The extractor that judged a page last, and what named it, as in `urls`.
ALTER TABLE pages ADD COLUMN judged_by TEXT;
ALTER TABLE pages ADD COLUMN evidence TEXT;

-- Until now, errors counted as visits that brought no article.
UPDATE shapes SET barren = 0, barren_since = NULL;
