//! Samples of what stands beside a ticket.

use wabe_access::Reach;
use wabe_identity::approval::model::Ending;
use wabe_kernel::id::{ApprovalId, TicketMessageId};
use wabe_kernel::macros::uuid::Uuid;
use wabe_support::ticket::Status;

use crate::samples::NOW;
use crate::ticket::contact::Stranger;
use crate::ticket::letter::Letter;
use crate::ticket::look::Looking;
use crate::ticket::owner::Asked;
use crate::ticket::phone::Phone;
use crate::ticket::tests::owners;

/// Who wrote without an account, in a ticket that is no customer's and in one that became one's.
pub(super) fn stranger(status: Status, works: bool) -> Option<Stranger> {
    let house = status == Status::New;
    (house || status == Status::Solved).then(|| Stranger {
        name: "Ben <Adler>".to_owned(),
        email: "ben@adler.example".to_owned(),
        proved_at: works.then_some(NOW),
        of_house: house,
    })
}

/// What can be written down for whoever calls: much, or nothing that a search found.
pub(super) fn phone(status: Status) -> Phone {
    Phone {
        things: if status == Status::Open {
            owners()
        } else {
            Vec::new()
        },
        search: "<shop>".to_owned(),
        more: status != Status::WaitsForCustomer,
        days: owners(),
    }
}

/// What who wrote by mail can be asked to confirm: much, or nothing that a search found.
pub(super) fn letter(status: Status) -> Letter {
    let much = status == Status::Open;
    Letter {
        message: TicketMessageId::from_uuid(Uuid::from_u128(5)),
        by: "Ada <Lang>".to_owned(),
        things: if much { owners() } else { Vec::new() },
        search: if status == Status::New { "" } else { "<shop>" }.to_owned(),
        more: much,
        named: String::new(),
        quote: "Bitte <mehr> Platz.".to_owned(),
        needs_login: status == Status::FollowUp,
        waiting: vec![("info@<sonne>.test".to_owned(), NOW.plus_days(3))],
    }
}

/// How it stands with the customer's consent, in each of its states.
pub(super) fn looking(status: Status) -> Looking {
    match status {
        Status::New => Looking {
            asked_at: Some(NOW),
            asks: Reach::EVERYTHING,
            ..Looking::default()
        },
        Status::Open => Looking {
            until: Some(NOW.plus_days(1)),
            agreed: Some(NOW.plus_days(7)),
            open_until: Some(NOW.plus_days(1)),
            reach: Reach::EVERYTHING,
            ..Looking::default()
        },
        Status::WaitsForCustomer => Looking {
            until: Some(NOW.plus_days(7)),
            ..Looking::default()
        },
        Status::FollowUp => Looking {
            agreed: Some(NOW.plus_days(7)),
            waits: true,
            ..Looking::default()
        },
        _ => Looking {
            refused: true,
            ..Looking::default()
        },
    }
}

/// What takes two people, at every end it can have; what waits is for who works on the ticket.
pub(super) fn approvals(works: bool) -> Vec<Asked> {
    Ending::ALL
        .iter()
        .map(|ending| Some(*ending))
        .chain([None])
        .map(|ending| Asked {
            id: ApprovalId::from_uuid(Uuid::from_u128(8)),
            heir: works.then(|| "Ben <Adler>".to_owned()),
            kind: match (works, ending) {
                (true, _) => "owner",
                (false, Some(Ending::Approved)) => "export",
                (false, Some(Ending::Refused)) => "erasure",
                (false, _) => "content",
            },
            by: "Mira <Wendt>".to_owned(),
            ending,
            at: NOW.plus_days(5),
        })
        .filter(|asked| works || asked.ending.is_some())
        .collect()
}
