//! What is a customer's. Tickets are closed and emptied before what was written in them goes, so that
//! nothing is written any more; things of the node go when the node has none of it left.

use crate::erase::{Disposal, emptied, goes};

/// In the order in which it is done.
pub(super) const ALL: &[Disposal] = &[
    emptied!("ticket",
    set "subject = '', subject_search = '', object_id = NULL, object_kind = NULL, object_name = NULL, \
         opened_by = NULL, status = 'closed', problem_waits = 0, waiting_since = NULL, closes_at = NULL, \
         follow_up_at = NULL, solved_at = COALESCE(solved_at, last_activity_at), \
         queue_at = CASE WHEN lane = 'done' THEN queue_at ELSE -last_activity_at END, lane = 'done'",
    picked by "SELECT id FROM ticket WHERE customer_id = $1 AND (status <> 'closed' OR subject <> '' \
               OR subject_search <> '' OR object_id IS NOT NULL OR object_kind IS NOT NULL \
               OR object_name IS NOT NULL OR opened_by IS NOT NULL)",
    emptied ["subject", "subject_search", "object_id", "object_kind", "object_name", "opened_by"],
    stays {
        "id": Record, "customer_id": Record, "category": Plain, "priority": Plain, "status": Plain,
        "lane": Plain, "owner": House, "channel": Plain, "problem_id": House,
    }),
    goes!(Removed, "run_effect", "run_effect", "(run_id, place)", 500 at once,
        "SELECT run_id, place FROM run_effect WHERE customer_id = $1"),
    goes!(Removed, "run_recording", "run_recording", "run_id", 20 at once,
        "SELECT run_id FROM run_recording WHERE customer_id = $1"),
    goes!(Removed, "run", "run", "id", 200 at once, "SELECT id FROM run WHERE customer_id = $1"),
    goes!(Removed, "effect_key", "effect_key", "(installation_id, key)", 500 at once,
        "SELECT installation_id, key FROM effect_key WHERE customer_id = $1"),
    goes!(Removed, "installation_secret", "installation_secret", "(installation_id, name)", 500 at once,
        "SELECT installation_id, name FROM installation_secret WHERE customer_id = $1"),
    goes!(Removed, "installation_kv", "installation_kv", "(installation_id, key)", 200 at once,
        "SELECT installation_id, key FROM installation_kv WHERE customer_id = $1"),
    goes!(Removed, "installation_schedule", "installation_schedule", "(installation_id, name)", 500 at once,
        "SELECT installation_id, name FROM installation_schedule WHERE customer_id = $1"),
    goes!(Removed, "installation_use", "installation_use", "(installation_id, day)", 500 at once,
        "SELECT installation_id, day FROM installation_use WHERE customer_id = $1"),
    goes!(Removed, "installation_export", "installation_export", "id", 5 at once,
        "SELECT id FROM installation_export WHERE customer_id = $1"),
    goes!(Removed, "installation", "installation", "id", 200 at once,
        "SELECT id FROM installation WHERE customer_id = $1"),
    // One holds up to some megabytes.
    goes!(Removed, "ticket_attachment", "ticket_attachment", "id", 5 at once,
        "SELECT id FROM ticket_attachment WHERE customer_id = $1"),
    goes!(Removed, "ticket_message", "ticket_message", "id", 500 at once,
        "SELECT id FROM ticket_message WHERE customer_id = $1"),
    goes!(Removed, "ticket_word", "ticket_word", "(word, ticket_id)", 500 at once,
        "SELECT word, ticket_id FROM ticket_word WHERE customer_id = $1"),
    goes!(Removed, "ticket_secret", "ticket_secret", "id", 500 at once,
        "SELECT id FROM ticket_secret WHERE customer_id = $1"),
    goes!(Removed, "ticket_handover_secret", "ticket_handover_secret", "id", 500 at once,
        "SELECT id FROM ticket_handover_secret WHERE customer_id = $1"),
    goes!(Removed, "ticket_handover", "ticket_handover", "id", 500 at once,
        "SELECT id FROM ticket_handover WHERE customer_id = $1"),
    goes!(Removed, "ticket_address", "ticket_address", "ticket_id", 500 at once,
        "SELECT ticket_id FROM ticket_address WHERE customer_id = $1"),
    // Letters that left, to people who never had a login. Those that wait go by themselves within a week.
    goes!(Removed, "outgoing_mail_stranger", "outgoing_mail", "id", 500 at once,
        "SELECT o.id FROM ticket_contact t JOIN outgoing_mail o ON o.recipient = t.email \
         WHERE t.customer_id = $1 AND o.finished_at IS NOT NULL"),
    goes!(Removed, "ticket_contact", "ticket_contact", "ticket_id", 500 at once,
        "SELECT ticket_id FROM ticket_contact WHERE customer_id = $1"),
    goes!(Removed, "caller_proof", "caller_proof", "ticket_id", 500 at once,
        "SELECT ticket_id FROM caller_proof WHERE customer_id = $1"),
    emptied!("instruction",
    set "object_name = '', quote = '', confirmation_id = NULL, confirmed_by_mail_at = NULL",
    picked by "SELECT id FROM instruction WHERE customer_id = $1 \
               AND (quote <> '' OR object_name <> '' OR confirmation_id IS NOT NULL)",
    emptied ["object_name", "quote", "confirmation_id"],
    stays {
        "id": Record, "customer_id": Record, "ticket_id": Record, "object_id": Plain,
        "object_kind": Plain, "given_by": Plain, "ended_by": Plain, "written_by": House,
    }),
    goes!(Removed, "confirmation", "confirmation", "id", 500 at once,
        "SELECT id FROM confirmation WHERE customer_id = $1"),
    emptied!("consent",
    set "reason = ''",
    picked by "SELECT id FROM consent WHERE customer_id = $1 AND reason <> ''",
    emptied ["reason"],
    stays {
        "id": Record, "customer_id": Record, "ticket_id": Record, "asked_by": House, "answer": Plain,
        "answered_by": Plain, "withdrawn_by": Plain, "written_by": House, "extension_id": Record,
    }),
    goes!(Removed, "customer_export_part", "customer_export_part", "(export_id, place)", 5 at once,
        "SELECT export_id, place FROM customer_export_part WHERE customer_id = $1"),
    goes!(Removed, "customer_export", "customer_export", "id", 200 at once,
        "SELECT id FROM customer_export WHERE customer_id = $1"),
    // What names who gains by it is about a member; nothing refers to it.
    goes!(Removed, "approval", "approval", "id", 200 at once,
        "SELECT id FROM approval WHERE customer_id = $1 AND user_id IS NOT NULL"),
    emptied!("approval",
    set "reason = '', answer = CASE WHEN answer IS NULL THEN NULL ELSE '' END",
    picked by "SELECT id FROM approval WHERE customer_id = $1 AND user_id IS NULL \
               AND (reason <> '' OR answer <> '')",
    emptied ["reason", "answer", "user_id"],
    stays {
        "id": Law, "customer_id": Law, "ticket_id": Law, "kind": Plain, "object_id": Plain,
        "arguments": Plain, "requested_by": Law, "ending": Plain, "decided_by": Law,
    }),
    goes!(Removed, "access_log", "access_log", "id", 500 at once,
        "SELECT id FROM access_log WHERE customer_id = $1"),
    goes!(Removed, "access_digest", "access_digest", "(customer_id, user_id)", 500 at once,
        "SELECT customer_id, user_id FROM access_digest WHERE customer_id = $1"),
    goes!(Removed, "idempotency", "idempotency", "(customer_id, key)", 500 at once,
        "SELECT customer_id, key FROM idempotency WHERE customer_id = $1"),
    goes!(Removed, "outgoing_mail_invited", "outgoing_mail", "id", 500 at once,
        "SELECT o.id FROM invitation i JOIN outgoing_mail o ON o.recipient = i.email \
         WHERE i.customer_id = $1 AND o.finished_at IS NOT NULL"),
    goes!(Removed, "invitation", "invitation", "id", 500 at once,
        "SELECT id FROM invitation WHERE customer_id = $1"),
    goes!(Removed, "api_token", "api_token", "id", 500 at once,
        "SELECT id FROM api_token WHERE customer_id = $1"),
    goes!(Removed, "notice", "notice", "id", 500 at once,
        "SELECT id FROM notice WHERE customer_id = $1"),
    goes!(Removed, "factor_loss", "factor_loss", "id", 500 at once,
        "SELECT id FROM factor_loss WHERE customer_id = $1"),
    goes!(Removed, "outgoing_mail_contact", "outgoing_mail", "id", 500 at once,
        "SELECT o.id FROM customer c JOIN outgoing_mail o \
         ON o.recipient IN (c.contact_email, c.second_contact_email) \
         WHERE c.id = $1 AND o.finished_at IS NOT NULL"),
    goes!(Removed, "webspace_host", "webspace_host", "(webspace_id, name)", 500 at once,
        "SELECT webspace_id, name FROM webspace_host WHERE customer_id = $1"),
    goes!(Removed, "webspace_certificate", "webspace_certificate", "webspace_id", 500 at once,
        "SELECT c.webspace_id FROM resource r JOIN webspace_certificate c ON c.webspace_id = r.id \
         WHERE r.customer_id = $1"),
    goes!(Removed, "access_key", "access_key", "id", 500 at once,
        "SELECT id FROM access_key WHERE customer_id = $1"),
    goes!(Removed, "content_use", "content_use", "resource_id", 500 at once,
        "SELECT resource_id FROM content_use WHERE customer_id = $1"),
    goes!(Removed, "mail_address", "mail_address", "address", 500 at once,
        "SELECT m.address FROM resource r JOIN mail_address m ON m.resource_id = r.id \
         WHERE r.customer_id = $1"),
    goes!(Removed, "mailbox", "mailbox", "id", 500 at once,
        "SELECT id FROM mailbox WHERE customer_id = $1"),
    goes!(Removed, "alias", "alias", "id", 500 at once, "SELECT id FROM alias WHERE customer_id = $1"),
    goes!(Removed, "webspace", "webspace", "id", 500 at once,
        "SELECT w.id FROM resource r JOIN webspace w ON w.id = r.id WHERE r.customer_id = $1"),
    goes!(Removed, "database", "database", "id", 500 at once,
        "SELECT d.id FROM resource r JOIN database d ON d.id = r.id WHERE r.customer_id = $1"),
    goes!(Removed, "domain", "domain", "id", 500 at once,
        "SELECT d.id FROM resource r JOIN domain d ON d.id = r.id WHERE r.customer_id = $1"),
    goes!(Removed, "resource", "resource", "id", 500 at once,
        "SELECT id FROM resource WHERE customer_id = $1 AND gone_at IS NOT NULL"),
    goes!(Removed, "usage", "usage", "(customer_id, name)", 500 at once,
        "SELECT customer_id, name FROM usage WHERE customer_id = $1"),
];
