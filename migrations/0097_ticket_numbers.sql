-- What the figures about tickets are made of, in the order in which they are asked for; nobody's name.
CREATE INDEX ticket_opened ON ticket
    (opened_at, category, first_answer_at, first_answer_due, solved_at, solution_due);
