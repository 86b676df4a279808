-- Narrow addresses. Hosts and sources are numbered, kinds and evidence are codes, and of an address stands what its
-- host does not say. `key` is set by the program (`sqlite::keys`) before the next migration makes the indexes.

DROP TRIGGER urls_begin_to_wait;
DROP TRIGGER urls_wait_no_more;
DROP TRIGGER urls_wait_otherwise;
DROP TRIGGER urls_due_again;
DROP TRIGGER urls_begin_share;
DROP TRIGGER urls_change_share;

-- The sources by number, and what of their pages waits for the first visit: so many, with paths of so many bytes. No
-- statement has to count what grows.
CREATE TABLE source_ids (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    waiting_pages INTEGER NOT NULL DEFAULT 0,
    waiting_bytes INTEGER NOT NULL DEFAULT 0
);
INSERT INTO source_ids (name)
SELECT source FROM sources UNION SELECT source FROM host_shares UNION SELECT source FROM urls
UNION SELECT source FROM hosts WHERE source IS NOT NULL;

CREATE TABLE hosts_rebuilt (
    id INTEGER PRIMARY KEY,
    host TEXT NOT NULL UNIQUE,          -- with its port where that is not the scheme's own
    source_id INTEGER,                  -- the source that named it first
    back_off_until INTEGER NOT NULL DEFAULT 0,
    claimed_at INTEGER NOT NULL DEFAULT 0,
    lease_until INTEGER NOT NULL DEFAULT 0,
    lease_owner TEXT,
    visited_at INTEGER,
    turn_at INTEGER NOT NULL DEFAULT 0,
    interval INTEGER
);
INSERT INTO hosts_rebuilt (host, source_id, back_off_until, claimed_at, lease_until, lease_owner, visited_at, turn_at,
                           interval)
SELECT host, (SELECT id FROM source_ids WHERE name = hosts.source), back_off_until, claimed_at, lease_until,
       lease_owner, visited_at, turn_at, interval
FROM hosts ORDER BY host;
-- Hosts that were forgotten while their addresses stayed known.
INSERT INTO hosts_rebuilt (host)
SELECT host FROM (SELECT host FROM urls UNION SELECT host FROM host_shares)
WHERE host NOT IN (SELECT host FROM hosts);
DROP TABLE hosts;
ALTER TABLE hosts_rebuilt RENAME TO hosts;
CREATE INDEX hosts_unclaimed ON hosts (source_id) WHERE claimed_at = 0;

CREATE TABLE host_shares_rebuilt (
    host_id INTEGER NOT NULL,
    source_id INTEGER NOT NULL,
    due_at INTEGER,                     -- nothing of the source is due there before this; null: nothing at all
    claimed_at INTEGER NOT NULL DEFAULT 0,
    claims INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0, -- visits in a row that the host failed
    back_off_until INTEGER NOT NULL DEFAULT 0,
    page_failures INTEGER NOT NULL DEFAULT 0, -- failures of single pages in a row, weighed
    pages_held_until INTEGER NOT NULL DEFAULT 0,
    retry_day INTEGER,                  -- when pages were last tried again, in days since 1970…
    retries INTEGER NOT NULL DEFAULT 0, -- …and how many
    after_entry_point INTEGER NOT NULL DEFAULT 0, -- 1 where the last visit was one to an entry point
    PRIMARY KEY (host_id, source_id)
) WITHOUT ROWID;
INSERT INTO host_shares_rebuilt
SELECT hosts.id, source_ids.id, 0, share.claimed_at, claims, failures, share.back_off_until, page_failures,
       pages_held_until, retry_day, retries, after_entry_point
FROM host_shares AS share JOIN hosts USING (host) JOIN source_ids ON source_ids.name = share.source;
DROP TABLE host_shares;
ALTER TABLE host_shares_rebuilt RENAME TO host_shares;
-- Where sources take turns: what has nothing due is not among them.
CREATE INDEX host_shares_in_turn ON host_shares (claimed_at, claims, host_id, source_id, due_at)
    WHERE due_at IS NOT NULL;
CREATE INDEX host_shares_idle ON host_shares (claimed_at) WHERE due_at IS NULL;

CREATE TABLE urls_rebuilt (
    id INTEGER PRIMARY KEY,
    host_id INTEGER NOT NULL,
    source_id INTEGER NOT NULL,
    kind INTEGER NOT NULL,              -- 0 page, 1 start, 2 feed, 3 sitemap
    key INTEGER NOT NULL,               -- what the addresses of one page have in common (`sqlite::keys`)
    path TEXT NOT NULL,                 -- '/…' is https://HOST/…, ':/…' is http://HOST/…, all else the whole address
    depth INTEGER NOT NULL,
    given INTEGER NOT NULL,             -- 1 where the configuration names it, 2 for a guess, else 0
    due_at INTEGER,                     -- null: never again
    visits INTEGER NOT NULL DEFAULT 0,  -- visits in all
    stored_at INTEGER,                  -- when its article was first stored
    evidence INTEGER,                   -- the best that named it: 1 link, 2 sitemap, 3 news sitemap, 4 feed
    hint INTEGER,                       -- about when it was published; of a link without a date, when it was found
    published INTEGER,                  -- as the feed or news sitemap that named it has it
    found_at INTEGER,                   -- when it was first named
    named_at INTEGER,                   -- when the address `named_by` last named it; null: when it was found
    named_by INTEGER,                   -- id of the entry point (or page) that names it
    attempts INTEGER NOT NULL DEFAULT 0, -- visits in a row that failed and count
    visited_at INTEGER,
    outcome TEXT,
    reason TEXT,
    status INTEGER,
    etag TEXT,
    last_modified TEXT,
    article TEXT,                       -- id of the article that it led to
    refused_by TEXT,                    -- sources that visited it and stored nothing, before another took it over
    recheck INTEGER,                    -- entry points: the time between visits
    read_at INTEGER,                    -- entry points: when it was last read in full, undamaged
    links_followed INTEGER,             -- entry points: at the last reading, how many links were followed…
    links_passed INTEGER,               -- …and how many were passed over
    too_old INTEGER,                    -- …and how many were older than `max_age` and have no row of their own
    left_out INTEGER,                   -- …and how many have none because too many wait
    damaged INTEGER NOT NULL DEFAULT 0  -- entry points: 1 where the last reading was damaged
);
INSERT INTO urls_rebuilt
SELECT urls.id, hosts.id, source_ids.id,
       CASE urls.kind WHEN 'page' THEN 0 WHEN 'start' THEN 1 WHEN 'feed' THEN 2 ELSE 3 END,
       0x4000000000000000 + urls.id,
       CASE WHEN substr(url, 1, 9 + LENGTH(urls.host)) = 'https://' || urls.host || '/'
            THEN substr(url, 9 + LENGTH(urls.host))
            WHEN substr(url, 1, 8 + LENGTH(urls.host)) = 'http://' || urls.host || '/'
            THEN ':' || substr(url, 8 + LENGTH(urls.host))
            ELSE url END,
       depth, given, due_at, visits, stored_at,
       CASE evidence WHEN 'link' THEN 1 WHEN 'sitemap' THEN 2 WHEN 'news' THEN 3 WHEN 'feed' THEN 4 END,
       hint, published, found_at, NULLIF(named_at, found_at), named_by, attempts, urls.visited_at, outcome, reason, status, etag,
       last_modified, article, refused_by, recheck, read_at, links_followed, links_passed, too_old, left_out, damaged
FROM urls CROSS JOIN hosts ON hosts.host = urls.host CROSS JOIN source_ids ON source_ids.name = urls.source
ORDER BY urls.id;
DROP TABLE urls;
ALTER TABLE urls_rebuilt RENAME TO urls;
DROP TABLE source_waiting;
UPDATE source_ids SET
    waiting_pages = waiting.pages, waiting_bytes = waiting.bytes
FROM (SELECT source_id, COUNT(*) AS pages, SUM(LENGTH(path)) AS bytes FROM urls
      WHERE kind = 0 AND due_at IS NOT NULL AND visits = 0 GROUP BY source_id) AS waiting
WHERE waiting.source_id = source_ids.id;

-- How many of a source's pages were first named at which time.
CREATE TABLE found_pages (
    source_id INTEGER NOT NULL,
    found_at INTEGER NOT NULL,
    pages INTEGER NOT NULL,
    PRIMARY KEY (source_id, found_at)
) WITHOUT ROWID;
INSERT INTO found_pages (source_id, found_at, pages)
SELECT source_id, found_at, COUNT(*) FROM urls
WHERE kind = 0 AND found_at IS NOT NULL AND (outcome IS NOT NULL OR due_at IS NOT NULL)
GROUP BY source_id, found_at;
