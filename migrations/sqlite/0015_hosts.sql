-- Bounds on what one source makes the store keep of hosts.

-- The source that named the host first: it may name so many before some of them have been visited.
ALTER TABLE hosts ADD COLUMN source TEXT;
CREATE INDEX hosts_unclaimed ON hosts (source) WHERE claimed_at = 0;

-- A host that has nothing due for long is forgotten; it is back when something there is due again. Where the statement
-- that fires a trigger says what a conflict does, that holds in the trigger too: OR IGNORE would not be heeded here.
CREATE TRIGGER urls_due_again AFTER UPDATE OF due_at ON urls
WHEN OLD.due_at IS NULL AND NEW.due_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM hosts WHERE host = NEW.host)
BEGIN
    INSERT INTO hosts (host) VALUES (NEW.host);
END;

-- Large files of robots.txt, of which only so many bytes are kept.
CREATE INDEX robots_large ON robots (LENGTH(file)) WHERE LENGTH(file) > 32768;
