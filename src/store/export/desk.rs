//! What was written and allowed in tickets, and who looked at what. Notes of the hoster's people among
//! themselves are theirs.

use crate::export::{Holding, given};

/// In the order of the file.
pub(super) const GIVEN: &[Holding] = &[
    given!("ticket", whose "customer_id = $1", by "id", 200 at once, {
        "id": Text, "customer_id": Text, "number": Number, "subject": Text, "object_id": Text,
        "object_kind": Text, "object_name": Text, "category": Text, "priority": Text, "status": Text,
        "opened_by": Person, "channel": Text, "opened_at": Time, "first_answer_at": Time,
        "first_answer_due": Time, "solution_due": Time, "waiting_since": Time, "solved_at": Time,
        "closes_at": Time, "follow_up_at": Time, "last_activity_at": Time,
    }, without {
        "subject_search": Derived, "lane": House, "queue_at": House, "owner": House,
        "problem_id": House, "problem_waits": House,
    }),
    given!("ticket_message", whose "customer_id = $1 AND visibility = 'public'", by "id", 100 at once, {
        "id": Text, "customer_id": Text, "ticket_id": Text, "author_kind": Text, "author": Person,
        "visibility": Text, "event": Text, "body": Text, "created_at": Time, "change_id": Text,
        "by_mail": Flag, "written_by": Person, "run_id": Text, "plugin": Text,
    }, without {}),
    // One holds up to some megabytes.
    given!("ticket_attachment", whose "customer_id = $1 AND visibility = 'public'", by "id", 1 at once, {
        "id": Text, "customer_id": Text, "ticket_id": Text, "message_id": Text, "visibility": Text,
        "name": Text, "kind": Text, "bytes": Number, "created_at": Time, "content": Text,
    }, without { "digest": Derived }),
    given!("ticket_contact", whose "customer_id = $1", by "ticket_id", 200 at once, {
        "ticket_id": Text, "customer_id": Text, "name": Text, "email": Text, "language": Text,
        "written_at": Time, "proved_at": Time,
    }, without { "token_digest": Secret, "expires_at": Machinery }),
    given!("ticket_secret", whose "customer_id = $1", by "id", 200 at once, {
        "id": Text, "customer_id": Text, "ticket_id": Text, "name": Text, "created_at": Time,
        "revealed_at": Time,
    }, without { "sealed": Secret }),
    given!("ticket_handover", whose "customer_id = $1", by "id", 200 at once, {
        "id": Text, "customer_id": Text, "ticket_id": Text, "object_id": Text, "object_kind": Text,
        "object_name": Text, "made_at": Time, "expires_at": Time, "emptied_at": Time,
        "collected_by": Person,
    }, without {}),
    given!("confirmation", whose "customer_id = $1", by "id", 200 at once, {
        "id": Text, "customer_id": Text, "ticket_id": Text, "user_id": Person, "object_id": Text,
        "object_kind": Text, "object_name": Text, "quote": Text, "asked_by": Person, "asked_at": Time,
        "expires_at": Time, "ended_at": Time, "ending": Text,
    }, without { "token_digest": Secret }),
    given!("instruction", whose "customer_id = $1", by "id", 200 at once, {
        "id": Text, "customer_id": Text, "ticket_id": Text, "object_id": Text, "object_kind": Text,
        "object_name": Text, "quote": Text, "given_by": Person, "given_at": Time, "ended_by": Person,
        "ended_at": Time, "written_by": Person, "proved_at": Time, "confirmation_id": Text,
        "confirmed_by_mail_at": Time,
    }, without {}),
    given!("approval", whose "customer_id = $1", by "id", 200 at once, {
        "id": Text, "customer_id": Text, "ticket_id": Text, "kind": Text, "object_id": Text,
        "user_id": Person, "requested_by": Person, "requested_at": Time, "due_at": Time,
        "expires_at": Time, "ended_at": Time, "ending": Text, "decided_by": Person,
    }, without {
        "arguments": House, "reason": House, "told_at": House, "escalated_at": House, "answer": House,
    }),
    given!("consent_extension", whose "customer_id = $1", by "id", 200 at once, {
        "id": Text, "customer_id": Text, "approval_id": Text, "ending": Text, "agreed_by": Person,
    }, without {}),
    given!("consent", whose "customer_id = $1", by "id", 200 at once, {
        "id": Text, "customer_id": Text, "ticket_id": Text, "reason": Text, "asked_by": Person,
        "asked_at": Time, "answer": Text, "answered_by": Person, "answered_at": Time, "until": Time,
        "withdrawn_by": Person, "withdrawn_at": Time, "written_by": Person, "proved_at": Time,
        "asks_mail": Flag, "asks_files": Flag, "asks_rows": Flag, "asks_acts": Flag,
        "reads_mail": Flag, "reads_files": Flag, "reads_rows": Flag, "acts": Flag,
        "agreed_until": Time, "extension_id": Text,
    }, without {}),
    given!("access_grant", whose "customer_id = $1", by "id", 200 at once, {
        "id": Text, "customer_id": Text, "ticket_id": Text, "consent_id": Text, "staff_user": Person,
        "started_at": Time, "until": Time, "ended_by": Person, "ended_at": Time,
    }, without {}),
    given!("grant_reach",
        whose "customer_id = $1 AND grant_id IN (SELECT id FROM access_grant WHERE customer_id = $1)",
        by "id", 200 at once, {
        "id": Text, "customer_id": Text, "grant_id": Text, "consent_id": Text, "content": Text,
        "reads_mail": Flag, "reads_files": Flag, "reads_rows": Flag,
    }, without {}),
    given!("caller_proof", whose "customer_id = $1", by "ticket_id", 200 at once, {
        "ticket_id": Text, "customer_id": Text, "user_id": Person, "typed_by": Person,
        "proved_at": Time,
    }, without {}),
    given!("access_log", whose "customer_id = $1", by "id", 500 at once, {
        "id": Text, "customer_id": Text, "at": Time, "user_id": Person, "area": Text,
        "object_id": Text, "ticket_id": Text, "grant_id": Text, "actor_kind": Text, "token_id": Text,
        "detail": Text, "reach_id": Text,
    }, without { "address": Person }),
    given!("customer_export", whose "customer_id = $1", by "id", 200 at once, {
        "id": Text, "customer_id": Text, "asked_by": Person, "asked_at": Time, "approval_id": Text,
        "agreed_by": Person, "lines": Number, "bytes": Number, "ready_at": Time, "expires_at": Time,
        "ended_at": Time, "ending": Text,
    }, without {
        "approval_ending": Derived, "place": Machinery, "after_key": Machinery, "parts": Machinery,
    }),
    given!("customer_erasure", whose "customer_id = $1", by "id", 200 at once, {
        "id": Text, "customer_id": Text, "contract_ended_at": Time, "asked_by": Person, "asked_at": Time,
        "approval_id": Text, "agreed_by": Person, "agreed_at": Time, "due_at": Time, "ended_at": Time,
        "ending": Text, "begun_at": Time, "done_at": Time,
    }, without {
        "approval_ending": Derived, "place": Machinery, "touched": Machinery, "past_seq": Machinery,
        "past_read_at": Machinery, "erased_rows": Machinery, "erased_people": Machinery,
        "key_gone_at": Machinery,
    }),
];
