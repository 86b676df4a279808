-- Pages by how their last visit ended, to be counted and listed without all others.
CREATE INDEX urls_by_outcome ON urls (source_id, outcome, id) WHERE kind = 0 AND outcome IS NOT NULL;
-- What is counted of a source's articles stands in the index: records are long, and none has to be read for it.
DROP INDEX articles_by_source;
CREATE INDEX articles_by_source ON articles (source, fetched_at, words, filled);
