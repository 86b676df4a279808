-- The indexes of the addresses, each led by what the statements that use it know. What waits has three: by key, the
-- oldest of its source, and the newest of its source at a host.
CREATE INDEX urls_by_key ON urls (key) WHERE kind = 0;
CREATE UNIQUE INDEX urls_entry_points ON urls (source_id, host_id, path) WHERE kind <> 0;
CREATE INDEX urls_waiting ON urls (source_id, hint DESC) WHERE kind = 0 AND due_at IS NOT NULL AND visits = 0;
-- What is due of a source at a host, each queue in the order in which it is claimed.
CREATE INDEX urls_due_entry_points ON urls (host_id, source_id, due_at) WHERE due_at IS NOT NULL AND kind <> 0;
CREATE INDEX urls_due_fresh ON urls (host_id, source_id, found_at DESC, hint DESC)
    WHERE due_at IS NOT NULL AND kind = 0 AND visits = 0 AND evidence IN (1, 3, 4);
CREATE INDEX urls_due_new ON urls (host_id, source_id, hint DESC)
    WHERE due_at IS NOT NULL AND kind = 0 AND visits = 0;
CREATE INDEX urls_due_retries ON urls (host_id, source_id, due_at)
    WHERE due_at IS NOT NULL AND kind = 0 AND visits > 0 AND stored_at IS NULL;
CREATE INDEX urls_due_refetches ON urls (host_id, source_id, due_at)
    WHERE due_at IS NOT NULL AND kind = 0 AND visits > 0 AND stored_at IS NOT NULL;
-- The pages of a source that are due again.
CREATE INDEX urls_due_again ON urls (source_id, due_at, stored_at)
    WHERE due_at IS NOT NULL AND kind = 0 AND visits > 0;
CREATE INDEX urls_too_old ON urls (source_id, hint) WHERE outcome = 'too_old' AND visits = 0;
CREATE INDEX urls_article ON urls (article) WHERE article IS NOT NULL;
CREATE INDEX urls_lost ON urls (source_id, COALESCE(visited_at, found_at))
    WHERE kind = 0 AND stored_at IS NULL AND article IS NULL AND outcome IS NOT NULL;
CREATE INDEX urls_lost_in_order ON urls (id)
    WHERE kind = 0 AND stored_at IS NULL AND article IS NULL AND outcome IS NOT NULL;
CREATE INDEX urls_stored ON urls (source_id, stored_at) WHERE stored_at IS NOT NULL;
CREATE INDEX urls_refused ON urls (refused_by) WHERE refused_by IS NOT NULL;

-- Whoever inserts pages counts them (`Naming::insert_pages`), once for a batch. Changes are counted here.
CREATE TRIGGER urls_wait_no_more AFTER DELETE ON urls
WHEN OLD.kind = 0
BEGIN
    UPDATE source_ids SET waiting_pages = waiting_pages - 1, waiting_bytes = waiting_bytes - LENGTH(OLD.path)
    WHERE id = OLD.source_id AND OLD.due_at IS NOT NULL AND OLD.visits = 0;
    UPDATE found_pages SET pages = pages - 1
    WHERE source_id = OLD.source_id AND found_at = OLD.found_at
      AND (OLD.outcome IS NOT NULL OR OLD.due_at IS NOT NULL);
END;
CREATE TRIGGER urls_wait_otherwise AFTER UPDATE OF due_at, visits, source_id ON urls
WHEN NEW.kind = 0
 AND ((OLD.due_at IS NOT NULL AND OLD.visits = 0) <> (NEW.due_at IS NOT NULL AND NEW.visits = 0)
      OR OLD.source_id <> NEW.source_id)
BEGIN
    UPDATE source_ids SET waiting_pages = waiting_pages - 1, waiting_bytes = waiting_bytes - LENGTH(OLD.path)
    WHERE id = OLD.source_id AND OLD.due_at IS NOT NULL AND OLD.visits = 0;
    UPDATE source_ids SET waiting_pages = waiting_pages + 1, waiting_bytes = waiting_bytes + LENGTH(NEW.path)
    WHERE id = NEW.source_id AND NEW.due_at IS NOT NULL AND NEW.visits = 0;
END;
CREATE TRIGGER urls_found_otherwise AFTER UPDATE OF due_at, outcome, source_id, found_at ON urls
WHEN NEW.kind = 0
 AND ((OLD.outcome IS NOT NULL OR OLD.due_at IS NOT NULL) <> (NEW.outcome IS NOT NULL OR NEW.due_at IS NOT NULL)
      OR OLD.source_id <> NEW.source_id OR OLD.found_at IS NOT NEW.found_at)
BEGIN
    UPDATE found_pages SET pages = pages - 1
    WHERE source_id = OLD.source_id AND found_at = OLD.found_at
      AND (OLD.outcome IS NOT NULL OR OLD.due_at IS NOT NULL);
    INSERT INTO found_pages (source_id, found_at, pages)
    SELECT NEW.source_id, NEW.found_at, 1
    WHERE NEW.found_at IS NOT NULL AND (NEW.outcome IS NOT NULL OR NEW.due_at IS NOT NULL)
    ON CONFLICT DO UPDATE SET pages = pages + 1;
END;
-- A source has its turn at a host from when something of it is due there. Where the statement that fires a trigger
-- says what a conflict does, that holds in the trigger too: OR IGNORE would not be heeded here.
CREATE TRIGGER urls_due_earlier AFTER UPDATE OF due_at, source_id ON urls
WHEN NEW.due_at IS NOT NULL
 AND (OLD.due_at IS NULL OR NEW.due_at < OLD.due_at OR OLD.source_id <> NEW.source_id)
BEGIN
    INSERT INTO host_shares (host_id, source_id, due_at) VALUES (NEW.host_id, NEW.source_id, NEW.due_at)
    ON CONFLICT DO UPDATE SET due_at = excluded.due_at WHERE due_at IS NULL OR due_at > excluded.due_at;
END;
