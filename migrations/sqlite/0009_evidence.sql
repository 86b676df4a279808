-- The state of a record, counted up by every change: what changes while it is being written to the output
-- files is not noted as written.
ALTER TABLE articles ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
-- The id of the canonical URL that the article's page states, where that is the address of another page
-- and not believed until that page has been seen to be the same text.
ALTER TABLE articles ADD COLUMN stated_id TEXT;
CREATE INDEX articles_by_stated_id ON articles (stated_id) WHERE stated_id IS NOT NULL;

-- 1 where something was served in place of the page: a wall, a bot check, 'not found'.
ALTER TABLE pages ADD COLUMN stands_in INTEGER NOT NULL DEFAULT 0;
-- Pages that were refused: those that another extractor or other rules judged are judged again.
CREATE INDEX pages_refused ON pages (source, judged_by, fetched_at) WHERE is_article = 0;
-- By what the source's pages are judged, as in `pages`.
ALTER TABLE sources ADD COLUMN judged_by TEXT;
