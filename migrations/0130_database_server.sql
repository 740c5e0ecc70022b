-- What a database is called on a server, where it is on one, and what the server verifies its password with.
ALTER TABLE database ADD COLUMN server_name TEXT;
ALTER TABLE database ADD COLUMN password_verifier TEXT;
-- No two databases of a server have the same name, whose they ever are.
CREATE UNIQUE INDEX database_server_name ON database (engine, server_name) WHERE server_name IS NOT NULL;

-- The database servers of the node, as they were looked at last. No engine that is not here is offered.
CREATE TABLE database_server (
    engine TEXT PRIMARY KEY,
    host TEXT NOT NULL,
    port BIGINT NOT NULL,
    version TEXT NOT NULL,
    answers BIGINT NOT NULL CHECK (answers IN (0, 1)),
    changed_at BIGINT NOT NULL
);
