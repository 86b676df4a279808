-- What one source made of a host binds no other: how often its visits failed there, and what is held for it. Each
-- source has its turn at a host. Kept by triggers, so that whoever takes an address in need not know.
CREATE TABLE host_shares (
    host TEXT NOT NULL,
    source TEXT NOT NULL,
    claimed_at INTEGER NOT NULL DEFAULT 0,
    claims INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0, -- visits in a row that the host failed
    back_off_until INTEGER NOT NULL DEFAULT 0,
    page_failures INTEGER NOT NULL DEFAULT 0, -- failures of single pages in a row, weighed
    pages_held_until INTEGER NOT NULL DEFAULT 0,
    retry_day INTEGER,                  -- when pages were last tried again, in days since 1970…
    retries INTEGER NOT NULL DEFAULT 0, -- …and how many
    after_entry_point INTEGER NOT NULL DEFAULT 0, -- 1 where the last visit was one to an entry point
    PRIMARY KEY (host, source)
) WITHOUT ROWID;
INSERT INTO host_shares (host, source, claimed_at, failures, back_off_until, page_failures, pages_held_until,
                         retry_day, retries)
SELECT DISTINCT hosts.host, urls.source, hosts.claimed_at, hosts.failures, hosts.back_off_until, hosts.page_failures,
       hosts.pages_held_until, hosts.retry_day, hosts.retries
FROM urls JOIN hosts ON hosts.host = urls.host;
ALTER TABLE hosts DROP COLUMN failures;
ALTER TABLE hosts DROP COLUMN page_failures;
ALTER TABLE hosts DROP COLUMN pages_held_until;
ALTER TABLE hosts DROP COLUMN retry_day;
ALTER TABLE hosts DROP COLUMN retries;

CREATE TRIGGER urls_begin_share AFTER INSERT ON urls
WHEN NOT EXISTS (SELECT 1 FROM host_shares WHERE host = NEW.host AND source = NEW.source)
BEGIN
    INSERT INTO host_shares (host, source) VALUES (NEW.host, NEW.source);
END;
CREATE TRIGGER urls_change_share AFTER UPDATE OF source, due_at ON urls
WHEN NEW.due_at IS NOT NULL
 AND NOT EXISTS (SELECT 1 FROM host_shares WHERE host = NEW.host AND source = NEW.source)
BEGIN
    INSERT INTO host_shares (host, source) VALUES (NEW.host, NEW.source);
END;

-- What is due of a source at a host, each queue in the order in which it is claimed.
DROP INDEX urls_due_entry_points;
DROP INDEX urls_due_fresh;
DROP INDEX urls_due_new;
DROP INDEX urls_due_retries;
DROP INDEX urls_due_refetches;
CREATE INDEX urls_due_entry_points ON urls (host, source, due_at) WHERE due_at IS NOT NULL AND kind <> 'page';
CREATE INDEX urls_due_fresh ON urls (host, source, found_at DESC)
    WHERE due_at IS NOT NULL AND kind = 'page' AND visits = 0 AND evidence IN ('feed', 'news', 'link');
CREATE INDEX urls_due_new ON urls (host, source, hint DESC)
    WHERE due_at IS NOT NULL AND kind = 'page' AND visits = 0;
CREATE INDEX urls_due_retries ON urls (host, source, due_at)
    WHERE due_at IS NOT NULL AND kind = 'page' AND visits > 0 AND stored_at IS NULL;
CREATE INDEX urls_due_refetches ON urls (host, source, due_at)
    WHERE due_at IS NOT NULL AND kind = 'page' AND visits > 0 AND stored_at IS NOT NULL;

-- Crawl traps are those of one source: what it finds no article on, another may.
CREATE TABLE shapes_rebuilt (
    shape TEXT NOT NULL,
    source TEXT NOT NULL DEFAULT '',    -- '' where a dry run copies an older store
    host TEXT NOT NULL,
    barren INTEGER NOT NULL,            -- visits in a row without an article
    barren_since INTEGER,               -- the first of them
    fruit_at INTEGER,                   -- the last visit that brought one
    visited_at INTEGER NOT NULL,
    PRIMARY KEY (shape, source)
) WITHOUT ROWID;
INSERT INTO shapes_rebuilt (shape, source, host, barren, barren_since, fruit_at, visited_at)
SELECT shapes.shape, host_shares.source, shapes.host, shapes.barren, shapes.barren_since, shapes.fruit_at,
       shapes.visited_at
FROM shapes JOIN host_shares ON host_shares.host = shapes.host;
DROP TABLE shapes;
ALTER TABLE shapes_rebuilt RENAME TO shapes;
CREATE INDEX shapes_by_host ON shapes (host, source, fruit_at);
