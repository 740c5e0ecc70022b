# Tickets: in the portal and at the staff desk.
nav-help = Help
nav-tickets = Tickets
web-help = Help with this

tickets-title = Tickets
tickets-lead = What you asked us, and what we answered.
tickets-search = Search tickets
tickets-search-hint = A word of the subject
tickets-empty-title = Ask us
tickets-empty-text = Your tickets and our answers appear here. On every page, “Help with this” leads to the same form and takes along what it is about.
tickets-nothing-text = No ticket has “{ $text }” in its subject.
ticket-create-button = Open a ticket
ticket-create-title = Open a ticket
ticket-create-lead = Say what you wanted to do and what happened instead. We answer here and by email.
ticket-create-send = Send
ticket-subject = Subject
ticket-subject-hint = In one line, for example: mailbox takes no messages
ticket-body = Message
ticket-body-hint = No passwords, please. We do not need them to help you.
ticket-about = It is about
ticket-about-other = Something else
ticket-category = Topic
ticket-category-website = Website and files
ticket-category-email = Email
ticket-category-domain = Domain and DNS
ticket-category-database = Database
ticket-category-plugin = Plugin
ticket-category-contract = Plan and contract
ticket-category-login = Login and members
ticket-category-other = Something else
ticket-priority = Priority
ticket-priority-low = Can wait
ticket-priority-normal = Normal
ticket-priority-high = High
ticket-priority-urgent = Urgent
ticket-channel-portal = Portal
ticket-channel-api = API
ticket-channel-mail = Email
ticket-channel-phone = Phone
ticket-status-new = Sent
ticket-status-open = At work
ticket-status-waits_for_customer = Waits for you
ticket-status-follow_up = Comes back
ticket-status-solved = Solved
ticket-status-closed = Closed
ticket-happens-sent = Your ticket gets a number
ticket-happens-sent-sub = every member with a fitting role sees it
ticket-happens-answer = Our answer comes here and by email
ticket-happens-answer-sub = you answer here
ticket-happens-access = It shows us none of your data
ticket-happens-access-sub = no files, no mail, no databases
ticket-sent = We have your ticket { $number }. We answer here and by email.
ticket-masked =
    { $count ->
        [one] Your message held something that looked like a password or key. We masked it before it was stored.
       *[other] Your message held something that looked like a password or key in { $count } places. We masked it before it was stored.
    }
ticket-number = Number
ticket-activity = Latest
ticket-opened = Opened
ticket-first-due = Answer by
ticket-follow-up = Comes back on
ticket-conversation = Conversation
ticket-reply-title = Answer
ticket-reply-send = Send answer
ticket-solve = This is solved
ticket-reopen = Not solved after all
ticket-by-staff = Support ({ $name })
ticket-by-gone = Somebody who is gone
ticket-waits-until = We wait for your answer. Without it the ticket closes by itself on { $at }.
ticket-closed-text = This ticket is closed. For anything further, please open a new one.
ticket-no-access = A ticket opens no content: your files, mail and databases stay shut unless you agree to more here.
ticket-event-closed-unanswered = Closed because no answer came.
ticket-event-closed-solved = Closed because it stayed solved.
ticket-event-came-back = Came back.
ticket-event-solved-by-member = Reported as solved.
ticket-event-reopened = Opened again.

conflict-ticket-closed = This ticket is closed. Please open a new one.
conflict-ticket-solved = This ticket is solved already.
conflict-ticket-open = This ticket is still open.
conflict-ticket-not-due = Nothing is due for this ticket yet.
conflict-ticket-without-owner = Nobody has taken this ticket on. Give it to somebody first.
problem-no-such-object = There is no such thing in this customer, or you cannot see it.
problem-no-such-owner = This person does not work on tickets.
problem-not-a-day = Please give a date, such as 2026-12-24.
problem-not-within-a-year = Please give a day within the next twelve months.
problem-not-a-ticket-number = This is not the number of a ticket. It looks like this: T10234.

done-ticket-create = Ticket “{ $name }” opened.
done-ticket-reply = Answered in the ticket “{ $name }”.
done-ticket-solve = Ticket “{ $name }” reported as solved.
done-ticket-reopen = Ticket “{ $name }” opened again.
done-ticket-answer = Ticket “{ $name }” answered.
done-ticket-note = Noted something internally on the ticket “{ $name }”.
done-ticket-assign = Ticket “{ $name }” taken on.
done-ticket-answer-by-problem = Ticket “{ $name }” answered with the answer to a known problem.
done-ticket-set-problem = Ticket “{ $name }” put to a known problem, or taken from it.
done-ticket-set-status = Changed where the ticket “{ $name }” stands.
done-ticket-set-priority = Changed the priority of the ticket “{ $name }”.
done-ticket-set-category = Changed the topic of the ticket “{ $name }”.
done-ticket-follow-up = Ticket “{ $name }” put aside until a date.
done-ticket-call = Took a call down as the ticket “{ $name }”.
done-ticket-lapse = Ticket “{ $name }” came due.
act-ticket-create = open tickets
act-ticket-reply = answer in tickets
act-ticket-solve = report tickets as solved
act-ticket-reopen = open tickets again
field-subject = Subject
field-category = Topic
field-priority = Priority
field-status = State
field-object = It is about
field-follow_up_at = Comes back on
field-noted = Internal note
token-group-ticket = Tickets
token-scope-ticket-read = Read tickets
token-scope-ticket-write = Open tickets and answer in them
api-op-ticket-list = The tickets, latest activity first.
api-op-ticket-show = A ticket.
api-op-ticket-messages = What both sides wrote in a ticket.
api-op-staff-ticket-list = Every customer's tickets, as they stand at the desk.

staff-nav-tickets = Tickets
staff-tickets-title = Tickets
staff-tickets-lead = What is to be done, the most pressing first.
staff-tickets-lanes = Where they stand
ticket-lane-working = Our turn
ticket-lane-waiting = Waiting
ticket-lane-done = Done
staff-tickets-search = Search tickets
staff-tickets-search-hint = Number, customer number, words of subject or name
staff-tickets-filter = Narrow the tickets
staff-tickets-narrow = Narrow
staff-tickets-none-title = No ticket
staff-tickets-none-text = There is no such ticket.
staff-tickets-empty-title = Nothing to be done
staff-tickets-empty-text = Tickets appear here when it is our turn.
staff-ticket-any = All
staff-ticket-me = Mine
staff-ticket-nobody = Nobody
staff-ticket-owner = Owner
staff-ticket-customer = Customer
staff-ticket-due = Due
staff-ticket-due-overdue = Overdue
staff-ticket-due-today = Within 24 hours
staff-ticket-late = Overdue since { $at }
staff-ticket-back = Comes back on { $at }
staff-ticket-closes = Closes on { $at }
staff-ticket-status-new = New
staff-ticket-status-open = At work
staff-ticket-status-waits_for_customer = Waits for an answer
staff-ticket-status-follow_up = Follow-up
staff-ticket-status-solved = Solved
staff-ticket-status-closed = Closed
staff-ticket-lead = { $customer } · { $number }
staff-ticket-take = Take it on
staff-ticket-nothing = Nobody has written anything yet.
staff-ticket-internal = Internal note
staff-ticket-write = Write
staff-ticket-write-as = Who reads it
staff-ticket-as-answer = Answer
staff-ticket-as-answer-text = The customer reads it and gets an email.
staff-ticket-as-note = Internal note
staff-ticket-as-note-text = Only we read it, never the customer.
staff-ticket-then = Afterwards
staff-ticket-then-waits_for_customer = wait for an answer
staff-ticket-then-open = stay at work
staff-ticket-then-solved = solved
staff-ticket-write-send = Add
staff-ticket-asked = Asked by
staff-ticket-channel = Way
staff-ticket-targets = Targets
staff-ticket-first = First answer
staff-ticket-first-due = First answer by
staff-ticket-solution-due = Solution by
staff-ticket-work = Work
staff-ticket-set = Change
staff-ticket-noted = Your look at this ticket stands in the customer's access log.
staff-ticket-done-answer = The answer is on its way.
staff-ticket-done-note = The note is there for us alone.
staff-ticket-done-assign = Somebody has the ticket.
staff-ticket-done-status = Its state is changed.
staff-ticket-done-priority = Priority and targets are changed.
staff-ticket-done-category = The topic is changed.
staff-ticket-done-follow_up = The ticket comes back on this day.
staff-ticket-done-call = The call is a ticket.

ticket-secrets = Credentials
ticket-secrets-text = Should we ever need credentials, they belong here: kept sealed, readable once by one person, and deleted as soon as the ticket is solved.
ticket-secret-name = What for
ticket-secret-name-hint = For example: login of the old shop
ticket-secret-value = Password or key
ticket-secret-put = Seal it
ticket-secret-sealed = sealed, read by nobody yet
ticket-secret-read = read by support on { $at }, deleted since
conflict-too-many-secrets = This ticket has twenty credentials already. Solve it, or open a new one.
conflict-secret-revealed = Somebody has read these credentials; they are deleted.
done-ticket-put-secret = Sealed credentials in the ticket “{ $name }”.
done-ticket-reveal-secret = Read credentials of the ticket “{ $name }”.
done-canned-reply-create = Canned reply “{ $name }” made.
done-canned-reply-set = Canned reply “{ $name }” changed.
done-canned-reply-delete = Canned reply “{ $name }” deleted.
staff-ticket-secrets = Credentials
staff-ticket-reveal = Read once
staff-ticket-revealed = Credentials, this once
staff-ticket-revealed-once = They are deleted now. That you read them stands in the customer's record.
staff-canned = Canned reply
staff-canned-use = Insert
staff-canned-title = Canned replies
staff-canned-lead = Answers that are needed again and again.
staff-canned-one = Canned reply
staff-canned-places = Filled in are {"{"}customer{"}"}, {"{"}name{"}"}, {"{"}number{"}"} and {"{"}object{"}"}.
staff-canned-name = Title
staff-canned-create = New canned reply
staff-canned-edit = Change
staff-canned-save = Save canned reply
staff-canned-delete = Delete canned reply
staff-canned-empty-title = No canned replies yet
staff-canned-empty-text = Answers that you need again and again appear here. In a ticket you insert them with one click.
staff-canned-done-saved = The canned reply is saved.
staff-canned-done-deleted = The canned reply is deleted.
staff-tickets-keys = Keyboard: j and k go from ticket to ticket, Enter opens.
staff-call-title = Who is calling?
staff-call-label = Find the caller
staff-call-lead = One hit is enough, and the call is a ticket.
staff-call-hint = Customer number, name, domain, email address, telephone number
staff-call-none-text = There is no customer for “{ $who }”.
staff-call-take = Take the call down
staff-call-subject = Call on { $at }

staff-targets-title = Targets for tickets
staff-targets-lead = By when tickets under the plan { $plan } are answered and solved.
staff-targets-answer = Hours to the first answer
staff-targets-hint = A high priority halves both, an urgent ticket has a quarter.
staff-targets-solution = Hours to the solution
staff-targets-waiting = Time in which we wait for the customer does not count.
staff-targets-button = Save targets
staff-plan-done-targets = The targets hold for new tickets.
done-plan-set-targets = Changed the targets of the plan “{ $name }”.

api-param-lane = Only tickets where it is the hoster's turn (working), that wait (waiting), or that are done (done).
api-param-status = Only tickets in this state.
api-param-owner = Only tickets of this owner.
api-param-priority = Only tickets of this priority.
api-param-category = Only tickets on this topic.
api-param-object = The id of the thing that is asked about; what the ticket is about without it.
api-param-due-before = Only tickets that are due before this moment.
search-words-tickets = ticket tickets help support question contact
api-op-instruction-list = What was asked for in a ticket.
api-op-ticket-action-list = What can be done in a ticket on instruction, and which plugins can be asked about it.
api-op-ticket-action = Changes something for a customer on instruction, and writes it into the ticket.
ticket-event-acted = Something was changed on your instruction.
conflict-ticket-not-open = This ticket is not open any more.

ticket-approval-asked = Our team asked that { $name } becomes the owner of your account.
ticket-approval-two = It was asked for by { $by }. Two people of our team must agree before that happens. Owners stop it here, or with the link that they got by email.
ticket-approval-from = Decided at the earliest:
ticket-approval-over-approved = Two people of our team agreed: { $name } is the owner.
ticket-approval-over-refused = The second person of our team did not agree: { $name } does not become the owner.
ticket-approval-over-retracted = Our request that { $name } becomes the owner was taken back.
ticket-approval-over-stopped = An owner stopped that { $name } becomes the owner.
ticket-approval-over-lapsed = Our request that { $name } becomes the owner lapsed.
ticket-approval-stop = Stop the change
ticket-approval-see = See the ticket
ticket-approval-longer = Our team would like to read for longer than a day with your consent, until { $at } at most.
ticket-approval-longer-two = It was asked for by { $by }. You allowed that long; a second person of our team still has to agree.
ticket-approval-stop-longer = No longer than a day
ticket-longer-over-approved = Two people of our team agreed: your consent holds for as long as you allowed.
ticket-longer-over-refused = The second person of our team did not agree: your consent holds no longer than a day.
ticket-longer-over-retracted = Our request to read for longer than a day was taken back.
ticket-longer-over-stopped = Your account stopped that we read for longer than a day.
ticket-longer-over-lapsed = Our request to read for longer than a day lapsed.
conflict-not-asked-about = Nobody asked about this in this ticket.
conflict-not-this-thing = This changes another thing than the one it was started for. Start it for that thing.
conflict-not-instructed = Nobody asked for this in this ticket. Ask somebody of the customer to give the instruction.
conflict-instruction-ended = This instruction has ended already.
conflict-nothing-was-done = Nothing was changed that belongs into the ticket.
done-instruction-give = Instruction given for “{ $name }”.
done-instruction-end = Instruction for “{ $name }” ended.
done-ticket-keep-action = Change kept in the ticket “{ $name }”.
# Actions in tickets.
ticket-action-mailbox-set-quota = Change the mailbox's storage
ticket-words-mailbox-set-quota = full room bigger more raise increase quota takes no mail
ticket-action-mailbox-restore = Take the mailbox out of the trash
ticket-words-mailbox-restore = deleted gone restore back
ticket-action-alias-set-targets = Change where the alias delivers to
ticket-words-alias-set-targets = forwarding address redirect
ticket-action-alias-restore = Take the alias out of the trash
ticket-words-alias-restore = forwarding deleted gone restore back
ticket-action-database-set-quota = Change the database's storage
ticket-words-database-set-quota = full room bigger more raise increase quota sql
ticket-action-database-restore = Take the database out of the trash
ticket-words-database-restore = deleted gone restore back sql
ticket-action-webspace-set-quota = Change the webspace's storage
ticket-words-webspace-set-quota = site full room bigger more raise increase quota
ticket-action-webspace-set-document-root = Change the webspace's document root
ticket-words-webspace-set-document-root = site folder directory public
ticket-action-webspace-set-https-redirect = Switch the redirect to HTTPS on or off
ticket-words-webspace-set-https-redirect = site ssl certificate http secure
ticket-action-webspace-restore = Take the webspace out of the trash
ticket-words-webspace-restore = site deleted gone restore back
ticket-action-domain-set-redirect = Change where the domain redirects to
ticket-words-domain-set-redirect = forward target url
ticket-action-domain-verify = Look for the domain's proof now
ticket-words-domain-verify = dns record check verify waits
ticket-action-domain-restore = Take the domain out of the trash
ticket-words-domain-restore = deleted gone restore back
staff-actions = Actions
staff-actions-search = Search actions
staff-actions-search-hint = for example: mailbox full
staff-actions-nothing = No action fits “{ $text }”.
staff-actions-too-far = Whoever gave this instruction may not change that themselves. Ask somebody with a fitting role.
staff-actions-none = There is no instruction in this ticket. Without one we change nothing of the customer's.
staff-actions-none-how = Somebody of the customer gives one by asking for help with a particular thing, or with “Allow the change” in the ticket.
staff-actions-ask = Ask for an instruction
staff-ticket-ask-instruction = Hello, to change this for you we need your instruction. In this ticket, under “What support may change”, please say in one sentence what you want, and press “Allow the change”. If there is no such field, please open a new ticket with “Help with this” on the page of the thing itself.
staff-ticket-given = Instruction
staff-ticket-given-by = { $by } asked about { $name }:
staff-action-wish = What is changed
staff-action-size-hint = for example 8 GB
staff-action-card = Before and after then stand in the ticket
staff-action-back = Both sides can undo it
staff-action-no-back = It cannot be undone with one click
staff-action-run = Carry it out
staff-action-noted = This preview stands in the customer's access log, with the ticket as its reason.
staff-ticket-done-action = Carried out and kept in the ticket.
staff-ticket-done-undo = Undone and kept in the ticket.
staff-card-done = Changed on instruction. What was read here, the customer sees in their ticket.
staff-card-said = Changed on instruction, nothing read.
ticket-card-said =
    { $count ->
        [0] { $name } acted on your instruction and read nothing.
        [one] { $name } changed 1 setting on your instruction and read nothing.
       *[other] { $name } changed { $count } settings on your instruction and read nothing.
    }
ticket-card-done =
    { $count ->
        [0] { $name } acted on your instruction. What was read in this ticket is said below.
        [one] { $name } changed 1 setting on your instruction. What was read in this ticket is said below.
       *[other] { $name } changed { $count } settings on your instruction. What was read in this ticket is said below.
    }
ticket-helped =
    { $count ->
        [0] Support changed nothing in this ticket.
        [one] Support changed something once in this ticket.
       *[other] Support changed something { $count } times in this ticket.
    }
ticket-helped-nothing = They read nothing of your content.
ticket-helped-read = They read: { $what }.
ticket-helped-seen = They looked at: { $what }.
ticket-helped-undo = What can be undone has a button for that above.
ticket-helped-more = One by one in the access log
ticket-helped-mail = email ({ $count })
ticket-helped-files = files ({ $count })
ticket-helped-rows = tables ({ $count })
ticket-helped-logs = logs ({ $count })
ticket-helped-settings = settings ({ $count })
ticket-helped-checks = why something does not work ({ $count })
ticket-given = What support may change
ticket-given-you = Support may change the settings of { $name } because you wrote:
ticket-given-other = Support may change the settings of { $name } because { $by } wrote:
ticket-given-end = End this
ticket-give-text = Support changes nothing of { $name } unless you ask for it. What is in it stays shut all the same.
ticket-give-quote = What shall be changed?
ticket-give = Allow the change

## Numbers

staff-numbers-title = Numbers
staff-numbers-lead = How many tickets came in 26 weeks, and how long they took. Never about a person.
staff-numbers-empty-title = No tickets yet
staff-numbers-empty-text = As soon as tickets come, their figures appear here.
staff-numbers-opened = New tickets
staff-numbers-opened-all = { $count } in 26 weeks
staff-numbers-opened-label = New tickets by week
staff-numbers-answered = First answer in time
staff-numbers-answered-label = First answers in time by week, in percent
staff-numbers-solved = Solution in time
staff-numbers-solved-label = Solutions in time by week, in percent
staff-numbers-week = Week from
staff-numbers-of = Due
staff-numbers-in-time = In time
staff-numbers-spread = How long it took
staff-numbers-range = Duration
staff-numbers-first = First answer
staff-numbers-solution = Solution
staff-numbers-hours = { $hours ->
    [0] up to 15 minutes
    [1] up to 1 hour
    [24] up to 1 day
    [72] up to 3 days
    [168] up to 7 days
   *[other] up to { $hours } hours
 }
staff-numbers-longer = longer
staff-numbers-percent = { $percent } %
staff-numbers-topics = By topic
staff-numbers-small-team = Fewer than five people work on tickets. Times would speak of single people here, so they are not shown.

staff-views = Saved views
staff-view-name = Save this selection as
staff-view-save = Save
staff-view-delete = Delete the view "{ $name }"
