//! The ways to commands on tickets, and on what staff are allowed in them.

use crate::noun::Noun;
use crate::ways::Act::{Create, Do};
use crate::ways::{Way, way};

/// The way to every command on tickets that a token may run.
pub(crate) const WAYS: &[Way] = &[
    way(
        "ticket.create",
        Create,
        Noun::Ticket,
        "/api/v1/tickets",
        r#"{"subject":"Mailbox takes no messages","body":"Since this morning everything comes back.","object":"mbx_01kaj8xv00e0m9f8w2v3x4y5z6"}"#,
    ),
    way(
        "ticket.reply",
        Do,
        Noun::TicketMessage,
        "/api/v1/tickets/{id}/replies",
        r#"{"body":"It works again. Thank you!"}"#,
    ),
    way(
        "ticket.put_secret",
        Do,
        Noun::Ticket,
        "/api/v1/tickets/{id}/put_secret",
        r#"{"name":"Login of the old shop","value":"two words and a number 7"}"#,
    ),
    way(
        "instruction.give",
        Do,
        Noun::TicketMessage,
        "/api/v1/tickets/{id}/instructions",
        r#"{"object":"mbx_01kaj8xv00e0m9f8w2v3x4y5z6","quote":"Please give it two gigabytes more."}"#,
    ),
    way(
        "instruction.end",
        Do,
        Noun::Instruction,
        "/api/v1/instructions/{id}/end",
        "",
    ),
    way(
        "consent.give",
        Do,
        Noun::Consent,
        "/api/v1/consents/{id}/give",
        r#"{"days":7}"#,
    ),
    way(
        "consent.refuse",
        Do,
        Noun::Consent,
        "/api/v1/consents/{id}/refuse",
        "",
    ),
    way(
        "consent.withdraw",
        Do,
        Noun::Consent,
        "/api/v1/consents/{id}/withdraw",
        "",
    ),
    way(
        "access.end",
        Do,
        Noun::Access,
        "/api/v1/accesses/{id}/end",
        "",
    ),
    way(
        "notice.set_access_digest",
        Do,
        Noun::Own,
        "/api/v1/notices/set_access_digest",
        r#"{"cadence":"weekly"}"#,
    ),
    way(
        "ticket.solve",
        Do,
        Noun::Ticket,
        "/api/v1/tickets/{id}/solve",
        "",
    ),
    way(
        "ticket.reopen",
        Do,
        Noun::Ticket,
        "/api/v1/tickets/{id}/reopen",
        "",
    ),
];
