-- A customer asks, the hoster helps. number is speakable. lane and queue_at say where it stands in the
-- queue of the desk: the next target, the moment it comes back, or minus the moment it ended. Who of
-- the hoster's people takes a ticket on owns it from then on.
CREATE TABLE ticket (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    number BIGINT NOT NULL UNIQUE,
    subject TEXT NOT NULL,
    subject_search TEXT NOT NULL,
    object_id TEXT,
    object_kind TEXT,
    object_name TEXT,
    category TEXT NOT NULL,
    priority TEXT NOT NULL,
    status TEXT NOT NULL,
    lane TEXT NOT NULL,
    queue_at BIGINT NOT NULL,
    owner TEXT,
    opened_by TEXT,
    channel TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    first_answer_at BIGINT,
    first_answer_due BIGINT NOT NULL,
    solution_due BIGINT NOT NULL,
    waiting_since BIGINT,
    solved_at BIGINT,
    closes_at BIGINT,
    follow_up_at BIGINT,
    last_activity_at BIGINT NOT NULL,
    CHECK (owner IS NOT NULL OR status IN ('new', 'solved', 'closed'))
);
CREATE INDEX ticket_customer ON ticket (customer_id, last_activity_at, id);
CREATE INDEX ticket_lane ON ticket (lane, queue_at, id);
CREATE INDEX ticket_status ON ticket (status, queue_at, id);
CREATE INDEX ticket_owner ON ticket (owner, lane, queue_at, id);
CREATE INDEX ticket_category ON ticket (category, lane, queue_at, id);
CREATE INDEX ticket_priority ON ticket (priority, lane, queue_at, id);
CREATE INDEX ticket_closes ON ticket (closes_at) WHERE closes_at IS NOT NULL;
CREATE INDEX ticket_follow_up ON ticket (follow_up_at) WHERE follow_up_at IS NOT NULL;

-- One row: the last number that was given to a ticket.
CREATE TABLE ticket_counter (
    id BIGINT PRIMARY KEY,
    last BIGINT NOT NULL
);
INSERT INTO ticket_counter (id, last) VALUES (1, 10000);

-- What was written. visibility: public, or internal, which no customer ever sees. author_kind: member,
-- staff or system; of the system, event says what happened and body is empty.
CREATE TABLE ticket_message (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    ticket_id TEXT NOT NULL REFERENCES ticket (id),
    author_kind TEXT NOT NULL,
    author TEXT,
    visibility TEXT NOT NULL,
    event TEXT,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX ticket_message_ticket ON ticket_message (ticket_id, id);
CREATE INDEX ticket_message_customer ON ticket_message (customer_id, ticket_id, id);

-- The words of a ticket's subject and of its customer's name, lower case: what the desk searches by.
CREATE TABLE ticket_word (
    word TEXT NOT NULL,
    ticket_id TEXT NOT NULL REFERENCES ticket (id),
    customer_id TEXT NOT NULL REFERENCES customer (id),
    PRIMARY KEY (word, ticket_id)
);
CREATE INDEX ticket_word_ticket ON ticket_word (ticket_id);
CREATE INDEX ticket_word_customer ON ticket_word (customer_id, ticket_id);
