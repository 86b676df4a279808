-- How far a copy of another store into this one is: one row a table until all is copied and compared.
CREATE TABLE copy_progress (
    name TEXT COLLATE "C" PRIMARY KEY,   -- of the table
    source TEXT COLLATE "C" NOT NULL,    -- the store that is copied
    position TEXT COLLATE "C",           -- the primary key of the last row that is here, as a JSON list
    filled BIGINT NOT NULL DEFAULT 0     -- 1 where the last row is here
);
