-- One cause of many tickets. notice: what customers read before they ask, empty when nothing. answer is
-- written into every linked ticket that is not closed, by who gave it; then_status is where those stand
-- afterwards.
CREATE TABLE known_problem (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    notice TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    solved_at BIGINT,
    answer TEXT,
    answered_by TEXT,
    answered_at BIGINT,
    then_status TEXT,
    CHECK ((answer IS NULL) = (answered_by IS NULL) AND (answer IS NULL) = (answered_at IS NULL)
        AND (answer IS NULL) = (then_status IS NULL))
);
CREATE INDEX known_problem_open ON known_problem (opened_at) WHERE solved_at IS NULL;
CREATE INDEX known_problem_opened ON known_problem (opened_at);

-- problem_waits is 1 until the answer of the problem is written into the ticket.
ALTER TABLE ticket ADD COLUMN problem_id TEXT REFERENCES known_problem (id);
ALTER TABLE ticket ADD COLUMN problem_waits BIGINT NOT NULL DEFAULT 0;
CREATE INDEX ticket_problem ON ticket (problem_id, id) WHERE problem_id IS NOT NULL;
CREATE INDEX ticket_problem_waits ON ticket (problem_waits, id) WHERE problem_waits = 1;
