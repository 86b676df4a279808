-- The order in which articles were stored and changed, for those who follow them: counted up by each. Null where
-- nothing has changed since before this column: then the order of storing counts.
ALTER TABLE articles ADD COLUMN change INTEGER;
CREATE INDEX articles_by_change ON articles (COALESCE(change, seq));
