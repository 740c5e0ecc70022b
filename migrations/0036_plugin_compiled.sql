-- What the compiler said of a version's component: JSON; NULL for versions from before it was kept.
ALTER TABLE plugin_version ADD COLUMN compiled TEXT;
