-- For `status`: the hosts of a source that are left alone for a while.
CREATE INDEX host_shares_of_source ON host_shares (source_id);
