-- Connections that programs may hold at once: to one database on a server, and what a plan allows of them, for
-- one database and for all of a customer together. Plans from before keep room for every database they allow.
ALTER TABLE database ADD COLUMN connections BIGINT NOT NULL DEFAULT 20;
ALTER TABLE plan ADD COLUMN database_connections BIGINT NOT NULL DEFAULT 20;
ALTER TABLE plan ADD COLUMN database_connections_sum BIGINT NOT NULL DEFAULT 200;
UPDATE plan SET database_connections_sum = 10000;
