-- The transaction that stored an article or changed it last: whoever follows the articles reads what transactions have
-- stored that have ended, in their order. And the worker that did so, which writes it to its files; '' where nobody has
-- said.
ALTER TABLE articles
    ADD COLUMN added_in xid8 NOT NULL DEFAULT pg_current_xact_id(),
    ADD COLUMN worker TEXT COLLATE "C" NOT NULL DEFAULT COALESCE(current_setting('newsprint.worker', true), '');
CREATE INDEX articles_by_change ON articles (added_in, seq);

-- Who crawls: each worker by its name, which it holds by an advisory lock.
CREATE TABLE workers (
    name TEXT COLLATE "C" PRIMARY KEY,
    owner TEXT COLLATE "C" NOT NULL,      -- the process that has the name
    seen_at BIGINT NOT NULL,              -- when it said last that it is there, by the server's clock
    writes BIGINT NOT NULL,               -- 1 where it writes output files
    sources TEXT[] COLLATE "C"            -- those of its pass; null between passes
);

-- When the health of each source was judged last, by the server's clock.
CREATE TABLE health_windows (
    source TEXT COLLATE "C" PRIMARY KEY,
    judged_at BIGINT NOT NULL
);
