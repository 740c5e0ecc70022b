## Known problems

ticket-known = Known: { $title }
staff-problems-title = Known problems
staff-problems-lead = One cause, many tickets: one answer to all, and a word to whoever is about to ask.
staff-problems-empty-title = No known problem
staff-problems-empty-text = As soon as many ask the same, add the cause here and assign the tickets.
staff-problem-create = Add a known problem
staff-problem-one = Known problem
staff-problem-no = None
staff-problem-of = Part of the known problem "{ $title }"
staff-problem-open = Open
staff-problem-solved = Solved
staff-problem-since = Known since
staff-problem-tickets = Tickets
staff-problem-none = None yet. They are assigned on the page of a ticket.
staff-problem-waits = Answer is on its way
staff-problem-lead = { $count ->
    [0] No ticket is assigned yet.
    [one] One ticket is assigned.
   *[other] { $count } tickets are assigned.
 }
staff-problem-spreading = { $all } tickets are assigned; to { $count } of them the answer is on its way.
staff-problem-held =
    { $count ->
        [one] The answer did not reach one ticket; who gave it does not work on tickets any more. Please answer once more: only who lacks it gets it.
       *[other] The answer did not reach { $count } tickets; who gave it does not work on tickets any more. Please answer once more: only who lacks it gets it.
    }
staff-problem-over = Solved. All assigned tickets are answered.
staff-problem-answer = Answer everybody
staff-problem-answer-hint = Goes, in your name, to each assigned ticket that is not closed.
staff-problem-answer-solved = Solved: the problem and its tickets are done with that
staff-problem-answer-send = Send to all
staff-problem-last = Last answer to everybody
staff-problem-name = What it is about
staff-problem-notice = Notice for customers
staff-problem-notice-hint = Stands above the form for new tickets until the problem is solved.
staff-problem-save = Save
staff-problem-then-notice = The notice stands above the form
staff-problem-then-notice-sub = Whoever is about to write a new ticket reads it first. Without a notice nothing stands there.
staff-problem-then-assign = You assign tickets
staff-problem-then-assign-sub = On the page of a ticket you choose the known problem that it is part of.
staff-problem-then-answer = One answer goes to each
staff-problem-then-answer-sub = You write it once, on the page of the problem. Each assigned ticket gets it in your name.
staff-problem-done-created = The problem is added. Now assign tickets.
staff-problem-done-saved = Saved.
staff-problem-done-answered = The answer is on its way to all assigned tickets.
staff-ticket-done-problem = The assignment is saved.
conflict-problem-answering = The last answer is still on its way. Please wait a moment.
conflict-problem-solved = This problem is solved.
conflict-problem-unanswered = No answer waits for this ticket.
