-- Whether a version has cards for the dashboard, so that the others are not read for it. Of versions
-- from before it is not known.
ALTER TABLE plugin_version ADD COLUMN cards BIGINT NOT NULL DEFAULT 1;
