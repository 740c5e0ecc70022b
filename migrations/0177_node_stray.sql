-- Files that lie where servers of the node read files from, and are none of ours, as last seen. path: beneath the folder
-- of the node's drivers. is_read: whether the server reads it.
CREATE TABLE node_stray (
    path TEXT PRIMARY KEY,
    is_read BIGINT NOT NULL CHECK (is_read IN (0, 1)),
    found_at BIGINT NOT NULL
);
