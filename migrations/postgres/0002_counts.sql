-- Whoever inserts pages counts them (`Naming::insert_pages`), once for a batch. Changes are counted here.
CREATE FUNCTION urls_wait_no_more() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.due_at IS NOT NULL AND OLD.visits = 0 THEN
        UPDATE source_ids SET waiting_pages = waiting_pages - 1, waiting_bytes = waiting_bytes - LENGTH(OLD.path)
        WHERE id = OLD.source_id;
    END IF;
    IF OLD.outcome IS NOT NULL OR OLD.due_at IS NOT NULL THEN
        UPDATE found_pages SET pages = pages - 1 WHERE source_id = OLD.source_id AND found_at = OLD.found_at;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER urls_wait_no_more AFTER DELETE ON urls
FOR EACH ROW WHEN (OLD.kind = 0) EXECUTE FUNCTION urls_wait_no_more();

CREATE FUNCTION urls_wait_otherwise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.due_at IS NOT NULL AND OLD.visits = 0 THEN
        UPDATE source_ids SET waiting_pages = waiting_pages - 1, waiting_bytes = waiting_bytes - LENGTH(OLD.path)
        WHERE id = OLD.source_id;
    END IF;
    IF NEW.due_at IS NOT NULL AND NEW.visits = 0 THEN
        UPDATE source_ids SET waiting_pages = waiting_pages + 1, waiting_bytes = waiting_bytes + LENGTH(NEW.path)
        WHERE id = NEW.source_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER urls_wait_otherwise AFTER UPDATE OF due_at, visits, source_id ON urls
FOR EACH ROW
WHEN (NEW.kind = 0
      AND ((OLD.due_at IS NOT NULL AND OLD.visits = 0) <> (NEW.due_at IS NOT NULL AND NEW.visits = 0)
           OR OLD.source_id <> NEW.source_id))
EXECUTE FUNCTION urls_wait_otherwise();

CREATE FUNCTION urls_found_otherwise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.outcome IS NOT NULL OR OLD.due_at IS NOT NULL THEN
        UPDATE found_pages SET pages = pages - 1 WHERE source_id = OLD.source_id AND found_at = OLD.found_at;
    END IF;
    IF NEW.found_at IS NOT NULL AND (NEW.outcome IS NOT NULL OR NEW.due_at IS NOT NULL) THEN
        INSERT INTO found_pages (source_id, found_at, pages) VALUES (NEW.source_id, NEW.found_at, 1)
        ON CONFLICT (source_id, found_at) DO UPDATE SET pages = found_pages.pages + 1;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER urls_found_otherwise AFTER UPDATE OF due_at, outcome, source_id, found_at ON urls
FOR EACH ROW
WHEN (NEW.kind = 0
      AND ((OLD.outcome IS NOT NULL OR OLD.due_at IS NOT NULL) <> (NEW.outcome IS NOT NULL OR NEW.due_at IS NOT NULL)
           OR OLD.source_id <> NEW.source_id OR OLD.found_at IS DISTINCT FROM NEW.found_at))
EXECUTE FUNCTION urls_found_otherwise();

-- A source has its turn at a host from when something of it is due there.
CREATE FUNCTION urls_due_earlier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO host_shares (host_id, source_id, due_at) VALUES (NEW.host_id, NEW.source_id, NEW.due_at)
    ON CONFLICT (host_id, source_id) DO UPDATE SET due_at = excluded.due_at
        WHERE host_shares.due_at IS NULL OR host_shares.due_at > excluded.due_at;
    RETURN NULL;
END $$;
CREATE TRIGGER urls_due_earlier AFTER UPDATE OF due_at, source_id ON urls
FOR EACH ROW
WHEN (NEW.due_at IS NOT NULL
      AND (OLD.due_at IS NULL OR NEW.due_at < OLD.due_at OR OLD.source_id <> NEW.source_id))
EXECUTE FUNCTION urls_due_earlier();
