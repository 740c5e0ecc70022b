-- The run of a plugin, where a message is what one found at a ticket: its text is the body. plugin is what it
-- was called then; the run itself is kept for a shorter time.
ALTER TABLE ticket_message ADD COLUMN run_id TEXT;
ALTER TABLE ticket_message ADD COLUMN plugin TEXT;
