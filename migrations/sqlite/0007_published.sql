-- When an address was published, as the feed or news sitemap that named it has it: the date of articles
-- whose pages state none, also when a page is extracted again.
ALTER TABLE urls ADD COLUMN published INTEGER;
ALTER TABLE pages ADD COLUMN published INTEGER;
