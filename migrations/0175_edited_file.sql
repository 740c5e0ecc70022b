-- Files of nodes that somebody edited by hand, as last seen: one of each webspace. mark: stands for exactly what was
-- written. state: open until somebody answered, left when it is to stay, released when it may be written over. aside:
-- why it does not lie in its place any more, where it does not. reading: the settings that say the same, or the lines
-- that none says.
CREATE TABLE edited_file (
    webspace_id TEXT PRIMARY KEY REFERENCES webspace (id),
    customer_id TEXT NOT NULL REFERENCES customer (id),
    mark TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'left', 'released')),
    aside TEXT,
    difference TEXT NOT NULL,
    reading TEXT NOT NULL,
    found_at BIGINT NOT NULL
);
CREATE INDEX edited_file_customer ON edited_file (customer_id, webspace_id);
CREATE INDEX edited_file_found ON edited_file (found_at);
