-- What is done grows without end: a topic and a priority together find their tickets there at once.
CREATE INDEX ticket_category_priority ON ticket (category, priority, lane, queue_at, id);
