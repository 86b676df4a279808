-- What the archive (`[output] warc`) has of an address since its last whole answer: when it was fetched, the digest of
-- the payload, the file. Null where there is no archive, and where the address is never visited again.
ALTER TABLE urls ADD COLUMN archived TEXT;
