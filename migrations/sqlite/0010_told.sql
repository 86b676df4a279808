-- Who changed an output file: 1 while more is being written to it than `length` says. Files of earlier versions
-- may be torn.
ALTER TABLE output_files ADD COLUMN unfinished INTEGER NOT NULL DEFAULT 1;

-- What was wrong with each source after its last pass, by the names of its health issues, as a JSON list.
CREATE TABLE source_health (
    source TEXT PRIMARY KEY,
    issues TEXT NOT NULL,
    changed_at INTEGER NOT NULL         -- when they were last others than before
) WITHOUT ROWID;
