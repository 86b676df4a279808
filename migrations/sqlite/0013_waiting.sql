-- Bounds on what waits, in pages and in bytes.

-- The pages of each source that wait for their first visit, and the bytes of their addresses. Kept by triggers, so
-- that no statement has to count what grows.
CREATE TABLE source_waiting (
    name TEXT PRIMARY KEY,              -- of the source
    pages INTEGER NOT NULL,
    bytes INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO source_waiting (name, pages, bytes)
SELECT source, COUNT(*), SUM(LENGTH(url)) FROM urls
WHERE kind = 'page' AND due_at IS NOT NULL AND visits = 0
GROUP BY source;

CREATE TRIGGER urls_begin_to_wait AFTER INSERT ON urls
WHEN NEW.kind = 'page' AND NEW.due_at IS NOT NULL AND NEW.visits = 0
BEGIN
    INSERT INTO source_waiting (name, pages, bytes) VALUES (NEW.source, 1, LENGTH(NEW.url))
    ON CONFLICT DO UPDATE SET pages = pages + 1, bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER urls_wait_no_more AFTER DELETE ON urls
WHEN OLD.kind = 'page' AND OLD.due_at IS NOT NULL AND OLD.visits = 0
BEGIN
    UPDATE source_waiting SET pages = pages - 1, bytes = bytes - LENGTH(OLD.url) WHERE name = OLD.source;
END;
CREATE TRIGGER urls_wait_otherwise AFTER UPDATE OF due_at, visits, source, kind ON urls
WHEN (OLD.kind = 'page' AND OLD.due_at IS NOT NULL AND OLD.visits = 0)
     <> (NEW.kind = 'page' AND NEW.due_at IS NOT NULL AND NEW.visits = 0)
  OR OLD.source <> NEW.source
BEGIN
    UPDATE source_waiting SET pages = pages - 1, bytes = bytes - LENGTH(OLD.url)
    WHERE name = OLD.source AND OLD.kind = 'page' AND OLD.due_at IS NOT NULL AND OLD.visits = 0;
    INSERT INTO source_waiting (name, pages, bytes)
    SELECT NEW.source, 1, LENGTH(NEW.url)
    WHERE NEW.kind = 'page' AND NEW.due_at IS NOT NULL AND NEW.visits = 0
    ON CONFLICT DO UPDATE SET pages = pages + 1, bytes = bytes + excluded.bytes;
END;

-- What waits, the oldest first: that goes where more waits than may. Everything else that is due has an index of
-- its own.
CREATE INDEX urls_waiting ON urls (source, hint, due_at) WHERE kind = 'page' AND due_at IS NOT NULL AND visits = 0;
DROP INDEX urls_due_by_source;
CREATE INDEX urls_due_by_source ON urls (source, kind, due_at)
    WHERE due_at IS NOT NULL AND (kind <> 'page' OR visits > 0);

-- Entry points: how many of the pages that it names have no row, as too many of its source wait. It is read in full
-- again.
ALTER TABLE urls ADD COLUMN left_out INTEGER;
