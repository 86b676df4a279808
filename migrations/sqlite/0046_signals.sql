-- What robots.txt, headers and licences stated of the use of a page when it was fetched, as the record has it, so that
-- a page that is extracted again keeps it.
ALTER TABLE pages ADD COLUMN content_signal TEXT;
ALTER TABLE pages ADD COLUMN content_usage TEXT;
ALTER TABLE pages ADD COLUMN rsl TEXT;
