-- What staff do for a customer stands on something that holds at that moment: an instruction about exactly that
-- thing, in that ticket, which is open; where that is not enough, a consent there besides. The columns say that
-- there is one, this says that it holds. What is only an entry's own, such as its place in the tree, is written
-- later and not asked again. Source: bar 3.8 T1, T6.
CREATE TRIGGER change_stands_new BEFORE INSERT ON change
WHEN NEW.authority IN ('instructed', 'consented')
BEGIN
    SELECT RAISE(ABORT, 'no instruction holds for this change') WHERE NOT EXISTS (
        SELECT 1 FROM instruction i JOIN ticket t ON t.id = i.ticket_id
        WHERE i.id = NEW.instruction_id AND i.customer_id = NEW.customer_id
        AND i.ticket_id = NEW.ticket_id AND i.object_id = NEW.object_id
        AND (i.ended_at IS NULL OR i.ended_at > NEW.at) AND t.customer_id = NEW.customer_id
        AND (t.status NOT IN ('solved', 'closed') OR t.last_activity_at >= NEW.at));
    SELECT RAISE(ABORT, 'no consent holds for this change')
    WHERE NEW.authority = 'consented' AND NOT EXISTS (
        SELECT 1 FROM consent c WHERE c.id = NEW.consent_id AND c.customer_id = NEW.customer_id
        AND c.ticket_id = NEW.ticket_id AND c.acts = 1 AND c.until > NEW.at
        AND (c.withdrawn_at IS NULL OR c.withdrawn_at > NEW.at));
END;
CREATE TRIGGER change_stands BEFORE UPDATE OF customer_id, at, object_id, authority, ticket_id, instruction_id,
    consent_id ON change
WHEN NEW.authority IN ('instructed', 'consented')
BEGIN
    SELECT RAISE(ABORT, 'no instruction holds for this change') WHERE NOT EXISTS (
        SELECT 1 FROM instruction i JOIN ticket t ON t.id = i.ticket_id
        WHERE i.id = NEW.instruction_id AND i.customer_id = NEW.customer_id
        AND i.ticket_id = NEW.ticket_id AND i.object_id = NEW.object_id
        AND (i.ended_at IS NULL OR i.ended_at > NEW.at) AND t.customer_id = NEW.customer_id
        AND (t.status NOT IN ('solved', 'closed') OR t.last_activity_at >= NEW.at));
    SELECT RAISE(ABORT, 'no consent holds for this change')
    WHERE NEW.authority = 'consented' AND NOT EXISTS (
        SELECT 1 FROM consent c WHERE c.id = NEW.consent_id AND c.customer_id = NEW.customer_id
        AND c.ticket_id = NEW.ticket_id AND c.acts = 1 AND c.until > NEW.at
        AND (c.withdrawn_at IS NULL OR c.withdrawn_at > NEW.at));
END;

-- What staff see on a look is noted with that look: theirs, of that customer and ticket, ended by nobody, on a
-- consent that nobody took back.
CREATE TRIGGER access_log_stands BEFORE INSERT ON access_log
WHEN NEW.actor_kind = 'staff' AND NEW.grant_id IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'no look holds for this note') WHERE NOT EXISTS (
        SELECT 1 FROM access_grant g JOIN consent c ON c.id = g.consent_id
        WHERE g.id = NEW.grant_id AND g.customer_id = NEW.customer_id AND g.ticket_id = NEW.ticket_id
        AND g.staff_user = NEW.user_id AND (g.ended_at IS NULL OR g.ended_at > NEW.at)
        AND (c.withdrawn_at IS NULL OR c.withdrawn_at > NEW.at));
END;

-- Two people: who asks for a consent does not give it.
CREATE TRIGGER consent_by_another BEFORE UPDATE OF answer, answered_by, asked_by ON consent
WHEN NEW.answer = 'given' AND NEW.answered_by = NEW.asked_by
BEGIN
    SELECT RAISE(ABORT, 'who asks for a consent does not give it');
END;

-- What is a customer's own, the hoster's people change on an instruction or not at all: not with the hoster's
-- authority, and not as work on a ticket.
CREATE TRIGGER change_of_a_customer BEFORE INSERT ON change
WHEN NEW.actor_kind IN ('staff', 'token') AND NEW.authority IN ('hoster', 'ticket')
    AND NEW.customer_id <> 'cus_00000000000000000000000000'
    AND (NEW.command LIKE 'webspace.%' OR NEW.command LIKE 'mailbox.%' OR NEW.command LIKE 'alias.%'
        OR NEW.command LIKE 'database.%' OR NEW.command LIKE 'access_key.%' OR NEW.command LIKE 'cron_job.%'
        OR NEW.command LIKE 'installation.%' OR NEW.command LIKE 'member.%' OR NEW.command LIKE 'user.set_%'
        OR NEW.command = 'user.unlock' OR (NEW.command LIKE 'domain.%' AND NEW.command <> 'domain.import'))
BEGIN
    SELECT RAISE(ABORT, 'what is a customer''s stands on an instruction');
END;
