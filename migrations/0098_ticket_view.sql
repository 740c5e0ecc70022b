-- A way through the queue that an employee comes back to: words of closed lists, as the address has
-- them. owner: an employee, or me.
CREATE TABLE ticket_view (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES wabe_user (id),
    name TEXT NOT NULL,
    lane TEXT NOT NULL,
    status TEXT NOT NULL,
    owner TEXT NOT NULL,
    priority TEXT NOT NULL,
    category TEXT NOT NULL,
    due TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (user_id, name)
);
