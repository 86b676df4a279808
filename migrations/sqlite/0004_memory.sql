-- What each host's articles have in common: one row a host, of bounded size (`extract::memory`).
CREATE TABLE site_memory (
    host TEXT PRIMARY KEY,              -- without `www.`
    memory BLOB NOT NULL
) WITHOUT ROWID;
