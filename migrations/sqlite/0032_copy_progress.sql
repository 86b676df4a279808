-- How far a copy of another store into this one is: one row a table until all is copied and compared.
CREATE TABLE copy_progress (
    name TEXT PRIMARY KEY,              -- of the table
    source TEXT NOT NULL,               -- the store that is copied
    position TEXT,                      -- the primary key of the last row that is here, as a JSON list
    filled INTEGER NOT NULL DEFAULT 0   -- 1 where the last row is here
) WITHOUT ROWID;
