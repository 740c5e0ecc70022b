-- What the hoster's people looked at in one ticket: said in it, and in the letter that ends it.
CREATE INDEX access_log_ticket ON access_log (ticket_id, area) WHERE ticket_id IS NOT NULL;
