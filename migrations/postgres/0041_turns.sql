-- Who has something due has its turn in the order in which that began to wait. What is due later stands behind all of
-- these: a claim does not read it.
DROP INDEX host_shares_in_turn;
CREATE INDEX host_shares_in_turn ON host_shares (GREATEST(claimed_at, due_at), claims, host_id, source_id)
    WHERE due_at IS NOT NULL;
