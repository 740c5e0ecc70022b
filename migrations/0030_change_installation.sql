-- The installation of a plugin that made a change; who granted its rights stands in actor_user.
ALTER TABLE change ADD COLUMN actor_installation TEXT;
