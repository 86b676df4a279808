-- Counts the claims of a host: a worker that lost its lease has an older one, and can store nothing there.
ALTER TABLE hosts ADD COLUMN lease_token BIGINT NOT NULL DEFAULT 0;
-- Counts the changes of a source's settings.
ALTER TABLE sources ADD COLUMN generation BIGINT NOT NULL DEFAULT 0;
-- Every visit writes to both: with room on a page, no index is touched.
ALTER TABLE hosts SET (fillfactor = 70);
-- Claims walk the index of the shares from its beginning, where each leaves a dead entry.
ALTER TABLE host_shares SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.1);
-- What is due at a host is read in the order of these indexes, to the last column: else all that waits there would be
-- sorted for a claim.
DROP INDEX urls_due_fresh;
CREATE INDEX urls_due_fresh ON urls (host_id, source_id, found_at DESC NULLS LAST, hint DESC NULLS LAST, id)
    WHERE due_at IS NOT NULL AND kind = 0 AND visits = 0 AND evidence IN (1, 3, 4);
DROP INDEX urls_due_new;
CREATE INDEX urls_due_new ON urls (host_id, source_id, hint DESC NULLS LAST, id)
    WHERE due_at IS NOT NULL AND kind = 0 AND visits = 0;
DROP INDEX urls_due_retries;
CREATE INDEX urls_due_retries ON urls (host_id, source_id, due_at, id)
    WHERE due_at IS NOT NULL AND kind = 0 AND visits > 0 AND stored_at IS NULL;
DROP INDEX urls_due_refetches;
CREATE INDEX urls_due_refetches ON urls (host_id, source_id, due_at, id)
    WHERE due_at IS NOT NULL AND kind = 0 AND visits > 0 AND stored_at IS NOT NULL;
