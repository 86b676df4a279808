-- Who changed an output file: 1 while more is being written to it than `length` says. Files of earlier versions
-- may be torn.
ALTER TABLE output_files ADD COLUMN unfinished INTEGER NOT NULL DEFAULT 1;

-- What was wrong with each source after its last pass: the names of its health issues, as a JSON list.
CREATE TABLE source_health (
    source TEXT PRIMARY KEY,
    issues TEXT NOT NULL,
    changed_at INTEGER NOT NULL         -- when they were last others than before
) WITHOUT ROWID;

-- The id of the article that an address led to.
ALTER TABLE urls ADD COLUMN article TEXT;
UPDATE urls SET article = known.id
FROM (SELECT id, json_extract(record, '$.url') AS url FROM articles) AS known
WHERE urls.url = known.url AND urls.kind = 'page';

CREATE INDEX urls_article ON urls (article) WHERE article IS NOT NULL;

-- What `status` counts: pages found, and pages that are lost.
CREATE INDEX urls_found ON urls (source, found_at) WHERE kind = 'page';
CREATE INDEX urls_lost ON urls (source, COALESCE(visited_at, found_at))
    WHERE kind = 'page' AND stored_at IS NULL AND article IS NULL AND outcome IS NOT NULL;
