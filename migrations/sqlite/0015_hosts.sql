-- Bounds on what one source makes the store keep of hosts.

-- The source that named the host first: it may name so many before some of them have been visited.
ALTER TABLE hosts ADD COLUMN source TEXT;
CREATE INDEX hosts_unclaimed ON hosts (source) WHERE claimed_at = 0;

-- A host that has nothing due for long is forgotten; it is back when something there is due again.
CREATE TRIGGER urls_due_again AFTER UPDATE OF due_at ON urls
WHEN OLD.due_at IS NULL AND NEW.due_at IS NOT NULL
BEGIN
    INSERT OR IGNORE INTO hosts (host) VALUES (NEW.host);
END;

-- Large files of robots.txt, of which only so many bytes are kept.
CREATE INDEX robots_large ON robots (LENGTH(file)) WHERE LENGTH(file) > 32768;
