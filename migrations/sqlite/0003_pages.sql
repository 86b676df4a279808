-- Pages as they came, for as long as `keep_pages` says, so that they can be extracted again.
CREATE TABLE pages (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,           -- as asked for
    final_url TEXT NOT NULL,            -- after redirects
    source TEXT NOT NULL,
    fetched_at INTEGER NOT NULL,
    status INTEGER NOT NULL,
    content_type TEXT,
    x_robots_tag TEXT,
    is_article INTEGER NOT NULL,        -- 1 where an article was found in it
    length INTEGER NOT NULL,            -- of the page; `packed` is compressed with Zstandard
    packed BLOB NOT NULL
);
CREATE INDEX pages_by_source ON pages (source, fetched_at, id);
CREATE INDEX pages_by_age ON pages (fetched_at);
