-- Pages that are gone (`fallback` of a source): null where no archive is to be asked for a copy, 1 and up for the look-up
-- that is due, 0 once an archive was asked.
ALTER TABLE urls ADD COLUMN fallback INTEGER;
