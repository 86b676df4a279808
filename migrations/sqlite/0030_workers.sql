-- Counts the claims of a host: a worker that lost its lease has an older one, and can store nothing there.
ALTER TABLE hosts ADD COLUMN lease_token INTEGER NOT NULL DEFAULT 0;
-- Counts the changes of a source's settings.
ALTER TABLE sources ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
