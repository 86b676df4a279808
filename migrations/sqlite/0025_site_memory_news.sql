-- What was learned of a host since its memory was last written: a memory is some 30 KB, what one article adds 2 KB.
-- Numbered from 1 for each host; the last that the memory holds stays without its fingerprint.
CREATE TABLE site_memory_news (
    host TEXT NOT NULL,
    number INTEGER NOT NULL,
    fingerprint BLOB,
    PRIMARY KEY (host, number)
) WITHOUT ROWID;
