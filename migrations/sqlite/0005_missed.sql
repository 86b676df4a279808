-- The `article` selectors that found nothing on the article's page, where some were written.
ALTER TABLE articles ADD COLUMN missed TEXT;
