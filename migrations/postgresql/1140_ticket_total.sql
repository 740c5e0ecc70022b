-- Tickets are behind their policies by now: the system counts them, also where the owner of the tables could.
SET LOCAL ROLE wabe_system;
DELETE FROM ticket_total;
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
RESET ROLE;
