-- The full-text index. It holds words alone, as `search::words` makes them, and nothing that the articles do not have:
-- whatever is missing here is indexed again. The rowid is an entry: when the article was published (seconds), and its seq
-- in the last 30 bits, so that the index is in the order in which articles are listed. `filters` has words for sources,
-- languages and kinds.
CREATE VIRTUAL TABLE search_words USING fts5(
    title, author, tag, section, text, filters,
    content = '', contentless_delete = 1, tokenize = 'ascii'
);
-- Which entry an article has.
CREATE TABLE search_entries (
    seq INTEGER PRIMARY KEY,
    entry INTEGER NOT NULL
);
-- The sources by the numbers that they have in the index.
CREATE TABLE search_sources (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL
);
-- How far the articles are indexed: a place in the order of changes; '' before the first.
CREATE TABLE search_position (
    id INTEGER PRIMARY KEY,
    position TEXT NOT NULL
);
INSERT INTO search_position VALUES (1, '');
