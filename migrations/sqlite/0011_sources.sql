-- Where a source stands in the settings; null while they do not name it.
ALTER TABLE sources ADD COLUMN position INTEGER;

-- The sites (registrable domains) that a source's entry points have led to, besides those of the settings.
CREATE TABLE source_sites (
    source TEXT NOT NULL,
    site TEXT NOT NULL,
    PRIMARY KEY (source, site)
) WITHOUT ROWID;

-- Pages: the sources whose settings have refused it, as a JSON array, where another has taken it over.
ALTER TABLE urls ADD COLUMN refused_by TEXT;
