-- Which lines are being written to an unfinished output file, as hashes: another store may write to the same file.
-- NULL where an earlier version began to write.
ALTER TABLE output_files ADD COLUMN lines TEXT;
