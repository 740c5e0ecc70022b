-- What the figures about tickets are read from: the tickets that were opened on one day (days since the
-- epoch, UTC) about one topic, and of those that were answered, and solved, how many in time and how many
-- within which time. Each change of a ticket changes its row in the same transaction. What still waits is
-- counted as it stands, since it becomes late without a change.
CREATE TABLE ticket_total (
    day BIGINT NOT NULL,
    category TEXT NOT NULL,
    opened BIGINT NOT NULL,
    answered_in_time BIGINT NOT NULL,
    solved_in_time BIGINT NOT NULL,
    answered_quarter BIGINT NOT NULL,
    answered_hour BIGINT NOT NULL,
    answered_four_hours BIGINT NOT NULL,
    answered_eight_hours BIGINT NOT NULL,
    answered_day BIGINT NOT NULL,
    answered_three_days BIGINT NOT NULL,
    answered_week BIGINT NOT NULL,
    answered_longer BIGINT NOT NULL,
    solved_quarter BIGINT NOT NULL,
    solved_hour BIGINT NOT NULL,
    solved_four_hours BIGINT NOT NULL,
    solved_eight_hours BIGINT NOT NULL,
    solved_day BIGINT NOT NULL,
    solved_three_days BIGINT NOT NULL,
    solved_week BIGINT NOT NULL,
    solved_longer BIGINT NOT NULL,
    PRIMARY KEY (day, category)
);
INSERT INTO ticket_total (
    day, category, opened, answered_in_time, solved_in_time, answered_quarter, answered_hour,
    answered_four_hours, answered_eight_hours, answered_day, answered_three_days, answered_week,
    answered_longer, solved_quarter, solved_hour, solved_four_hours, solved_eight_hours, solved_day,
    solved_three_days, solved_week, solved_longer
)
    SELECT day, category,
        count(*), sum(CASE WHEN first_answer_at <= first_answer_due THEN 1 ELSE 0 END),
        sum(CASE WHEN solved_at <= solution_due THEN 1 ELSE 0 END),
        sum(CASE WHEN answer <= 900000000 THEN 1 ELSE 0 END),
        sum(CASE WHEN answer > 900000000 AND answer <= 3600000000 THEN 1 ELSE 0 END),
        sum(CASE WHEN answer > 3600000000 AND answer <= 14400000000 THEN 1 ELSE 0 END),
        sum(CASE WHEN answer > 14400000000 AND answer <= 28800000000 THEN 1 ELSE 0 END),
        sum(CASE WHEN answer > 28800000000 AND answer <= 86400000000 THEN 1 ELSE 0 END),
        sum(CASE WHEN answer > 86400000000 AND answer <= 259200000000 THEN 1 ELSE 0 END),
        sum(CASE WHEN answer > 259200000000 AND answer <= 604800000000 THEN 1 ELSE 0 END),
        sum(CASE WHEN answer > 604800000000 THEN 1 ELSE 0 END),
        sum(CASE WHEN solution <= 900000000 THEN 1 ELSE 0 END),
        sum(CASE WHEN solution > 900000000 AND solution <= 3600000000 THEN 1 ELSE 0 END),
        sum(CASE WHEN solution > 3600000000 AND solution <= 14400000000 THEN 1 ELSE 0 END),
        sum(CASE WHEN solution > 14400000000 AND solution <= 28800000000 THEN 1 ELSE 0 END),
        sum(CASE WHEN solution > 28800000000 AND solution <= 86400000000 THEN 1 ELSE 0 END),
        sum(CASE WHEN solution > 86400000000 AND solution <= 259200000000 THEN 1 ELSE 0 END),
        sum(CASE WHEN solution > 259200000000 AND solution <= 604800000000 THEN 1 ELSE 0 END),
        sum(CASE WHEN solution > 604800000000 THEN 1 ELSE 0 END)
    FROM (SELECT opened_at / 86400000000 AS day, category, first_answer_at, first_answer_due, solved_at,
        solution_due, first_answer_at - opened_at AS answer, solved_at - opened_at AS solution FROM ticket) AS took
    GROUP BY day, category;

-- What the index of all tickets was for; those that wait are few.
DROP INDEX ticket_opened;
CREATE INDEX ticket_unanswered ON ticket (opened_at, category, first_answer_due, first_answer_at)
    WHERE first_answer_at IS NULL;
CREATE INDEX ticket_unsolved ON ticket (opened_at, category, solution_due, solved_at) WHERE solved_at IS NULL;
