-- When a host has its next turn, where a pass has left it because that was far off, and the milliseconds that it wants
-- between two requests.
ALTER TABLE hosts ADD COLUMN turn_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE hosts ADD COLUMN interval INTEGER;
