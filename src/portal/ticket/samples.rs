//! Samples of the pages of tickets.

use wabe_access::Reach;
use wabe_identity::approval::model::Ending;
use wabe_kernel::FormState;
use wabe_kernel::id::{
    ApprovalId, ChangeId, ConsentId, CustomerId, InstructionId, TicketAttachmentId,
    TicketHandoverId, TicketId, TicketMessageId, TicketSecretId, UserId,
};
use wabe_kernel::macros::uuid::Uuid;
use wabe_support::attachment::{Attachment, FileKind};
use wabe_support::secret::{Kept, Revealed};
use wabe_support::ticket::message::{AuthorKind, TicketEvent};
use wabe_support::ticket::{
    Category, Channel, Priority, Status, Ticket, TicketNumber, TicketObject,
};
use wabe_web::check::check_samples;
use wabe_web::{Choice, Face, Sample, Visitor};

use crate::mailbox::samples::sample;
use crate::samples::{NOW, conflict, errors, visitor};
use crate::ticket::approval::Decision;
use crate::ticket::consent::Wish;
use crate::ticket::create::{AboutThing, CreatePage};
use crate::ticket::handover::Waiting;
use crate::ticket::helped::Helped;
use crate::ticket::instruction::{Card, Given};
use crate::ticket::list::{ListPage, Row};
use crate::ticket::show::{ShowPage, Written};

fn ticket(status: Status) -> Ticket {
    let id = Uuid::from_u128(9);
    let mut ticket = Ticket {
        id: TicketId::from_uuid(id),
        customer: CustomerId::from_uuid(id),
        number: TicketNumber(10_234),
        subject: "Das <Postfach> der Bestellannahme nimmt seit heute früh nichts mehr an"
            .to_owned(),
        object: (status != Status::Open).then(|| TicketObject {
            id: "mbx_01kaj8xv00e0m9f8w2v3x4y5z6".to_owned(),
            kind: "mailbox".to_owned(),
            name: "bestellannahme@sonnenkorn-baeckerei.example".to_owned(),
        }),
        category: Category::Email,
        priority: Priority::Normal,
        status: Status::New,
        owner: Some(UserId::from_uuid(id)),
        opened_by: Some(UserId::from_uuid(id)),
        channel: Channel::Portal,
        opened_at: NOW.plus_days(-2),
        first_answer_at: None,
        first_answer_due: NOW.plus_seconds(7_200),
        solution_due: NOW.plus_days(2),
        waiting_since: None,
        solved_at: None,
        closes_at: None,
        follow_up_at: None,
        last_activity_at: NOW.plus_seconds(-600),
    };
    ticket.turn(status, NOW.plus_seconds(-600));
    if status == Status::FollowUp {
        ticket.follow_up_at = Some(NOW.plus_days(9));
    }
    ticket
}

fn list(filled: bool, search: &str) -> ListPage {
    let rows = Status::ALL.iter().map(|status| Row(ticket(*status)));
    ListPage {
        search: search.to_owned(),
        rows: if filled { rows.collect() } else { Vec::new() },
        next: if filled {
            "/tickets?after=YQ".to_owned()
        } else {
            String::new()
        },
        may_write: true,
    }
}

sample!(
    ListPage,
    vec![list(true, ""), list(false, ""), list(false, "niemand")]
);

fn create(form: FormState, about: bool) -> CreatePage {
    CreatePage {
        note: form.has_errors().then(conflict).flatten(),
        form,
        about: about.then(|| AboutThing {
            id: "mbx_01kaj8xv00e0m9f8w2v3x4y5z6".to_owned(),
            kind: "mailbox",
            name: "bestellannahme@sonnenkorn-baeckerei.example".to_owned(),
        }),
        categories: vec![Choice {
            value: "email".to_owned(),
            title: "E-Mail".to_owned(),
            text: String::new(),
        }],
        known: if about {
            Vec::new()
        } else {
            let notice = "Mails kommen <später> an.\n\nWir arbeiten daran.";
            vec![("Verzögerte <E-Mails>".to_owned(), notice.to_owned())]
        },
    }
}

sample!(CreatePage, {
    vec![
        create(FormState::new(), true),
        create(FormState::new(), false),
        create(errors("body", "required"), false),
    ]
});

fn written(by: AuthorKind, event: Option<TicketEvent>) -> Written {
    Written {
        by,
        name: if by == AuthorKind::Staff {
            "MW"
        } else {
            "Ada <Lang>"
        }
        .to_owned(),
        initials: "AL".to_owned(),
        event,
        card: (event == Some(TicketEvent::Acted)).then(|| Card {
            change: ChangeId::from_uuid(Uuid::from_u128(9)),
            title: "Speicherplatz von <info@…> geändert.".to_owned(),
            rows: crate::samples::preview().rows,
            count: 1,
            undo: Some("/changes/chg_1/undo?next=%2Ftickets".to_owned()),
        }),
        plugin: (event == Some(TicketEvent::PluginRan))
            .then(|| ("E-Mail <Prüfung>".to_owned(), "run_1".to_owned())),
        body: "Guten Tag,\n\n<b>nichts</b> kommt an.".to_owned(),
        files: vec![Attachment {
            id: TicketAttachmentId::from_uuid(Uuid::from_u128(4)),
            message_id: TicketMessageId::from_uuid(Uuid::from_u128(5)),
            name: "<Bildschirmfoto> der Bestellannahme.png".to_owned(),
            kind: FileKind::Png,
            bytes: 284_000,
            digest: "0".repeat(64),
            created_at: NOW.plus_days(-1),
        }],
        by_mail: by == AuthorKind::Member,
        heard_by: (by == AuthorKind::Member).then(|| "MW".to_owned()),
        at: NOW.plus_days(-1),
    }
}

/// Events that have no card.
const EVENTS: [TicketEvent; 11] = [
    TicketEvent::ClosedUnanswered,
    TicketEvent::ClosedSolved,
    TicketEvent::CameBack,
    TicketEvent::SolvedByMember,
    TicketEvent::Reopened,
    TicketEvent::FilesLeftOut,
    TicketEvent::InstructionAsked,
    TicketEvent::InstructionConfirmed,
    TicketEvent::InstructionDeclined,
    TicketEvent::HandedOver,
    TicketEvent::ContactProved,
];

/// What staff ask for, and what they were given.
fn wishes(status: Status, by_telephone: bool) -> Vec<Wish> {
    [(11, None), (12, Some(NOW.plus_days(7)))]
        .map(|(id, until)| Wish {
            id: ConsentId::from_uuid(Uuid::from_u128(id)),
            reason: "Um zu sehen, warum die Seite <leer> bleibt.".to_owned(),
            asks: if status == Status::Open {
                Reach::default()
            } else {
                Reach::EVERYTHING
            },
            reach: Reach {
                reads_mail: until.is_some() && status != Status::Open,
                ..Reach::default()
            },
            until,
            agreed: until
                .filter(|_| status != Status::Open)
                .map(|at| at.plus_days(20)),
            holds: until.is_some() && status != Status::WaitsForCustomer,
            waits: until.is_some() && status == Status::WaitsForCustomer && by_telephone,
            by_telephone,
        })
        .into()
}

pub(crate) fn approvals(waits: bool) -> Vec<Decision> {
    Ending::ALL
        .iter()
        .map(|ending| Some(*ending))
        .chain([None])
        .flat_map(|ending| ["owner", "content", "export", "erasure"].map(|kind| (ending, kind)))
        .map(|(ending, kind)| Decision {
            id: ApprovalId::from_uuid(Uuid::from_u128(15)),
            ticket: TicketId::from_uuid(Uuid::from_u128(1)),
            heir: (kind == "owner").then(|| "Ben <Adler>".to_owned()),
            until: (kind == "content").then(|| NOW.plus_days(30)),
            kind,
            by: "MW".to_owned(),
            ending,
            waits: waits && kind == "owner",
            at: NOW.plus_days(1),
            may_stop: waits && ending.is_none(),
        })
        .collect()
}

/// A new password: still there or not, for who looks or seen by somebody.
fn waiting((open, own): (bool, bool)) -> Waiting {
    Waiting {
        id: TicketHandoverId::from_uuid(Uuid::from_u128(14)),
        name: "bestellannahme@sonnenkorn-baeckerei.example".to_owned(),
        until: open.then(|| NOW.plus_days(3)),
        seen_at: (!open && own).then_some(NOW),
        mine: open && own,
    }
}

/// What came of it: content read or not, something changed or not.
fn helped(status: Status, changed: bool) -> Helped {
    let said = |some: bool, words: &str| {
        if some {
            words.to_owned()
        } else {
            String::new()
        }
    };
    Helped {
        changed: i64::from(changed),
        read: said(status == Status::Open, "E-Mails 2-mal"),
        seen: said(status != Status::Closed, "Einstellungen 3-mal"),
    }
}

fn show(status: Status, may_write: bool) -> ShowPage {
    let ticket = ticket(status);
    let mut all = vec![
        written(AuthorKind::Member, None),
        written(AuthorKind::Staff, None),
        written(AuthorKind::Contact, None),
    ];
    all.push(written(AuthorKind::Staff, Some(TicketEvent::Acted)));
    all.push(written(AuthorKind::Staff, Some(TicketEvent::PluginRan)));
    all.push(written(AuthorKind::Member, Some(TicketEvent::ConsentGiven)));
    all.extend(EVENTS.map(|event| written(AuthorKind::System, Some(event))));
    ShowPage {
        title: "T10234".to_owned(),
        about: ticket
            .object
            .as_ref()
            .map(|_| "/mailboxes/mbx_1".to_owned()),
        ticket,
        written: all,
        form: FormState::new(),
        note: None,
        may_write,
        secrets: [None, Some(NOW)]
            .map(|revealed_at| Kept {
                id: TicketSecretId::from_uuid(Uuid::from_u128(4)),
                name: "Zugang <alter Shop>".to_owned(),
                created_at: NOW.plus_days(-1),
                revealed_at,
            })
            .into(),
        waiting: [(true, true), (true, false), (false, true), (false, false)]
            .map(waiting)
            .into(),
        revealed: (may_write && status == Status::Open).then(|| Revealed {
            name: "bestellannahme@sonnenkorn-baeckerei.example".to_owned(),
            value: "k7hzq-3<pt>-vvw2n-m8rtd".to_owned(),
        }),
        given: vec![
            Given {
                id: InstructionId::from_uuid(Uuid::from_u128(9)),
                name: "bestellannahme@sonnenkorn-baeckerei.example".to_owned(),
                by: may_write.then(|| "Ada <Lang>".to_owned()),
                quote: "Bitte geben Sie <ihm> mehr Platz.".to_owned(),
                written_by: (status == Status::Open).then(|| "MW".to_owned()),
                by_mail: status == Status::New,
            };
            usize::from(status != Status::Closed)
        ],
        may_give: may_write && status != Status::Closed,
        wishes: wishes(status, may_write),
        approvals: approvals(may_write),
        days: vec![
            Choice {
                value: "7".to_owned(),
                title: "7 Tage".to_owned(),
                text: String::new(),
            };
            usize::from(may_write)
        ],
        is_new: may_write,
        masked: i64::from(may_write),
        helped: (status != Status::New).then(|| helped(status, may_write)),
    }
}

sample!(ShowPage, {
    let mut all: Vec<Self> = Status::ALL
        .iter()
        .map(|status| show(*status, true))
        .collect();
    all.push(Self {
        form: errors("body", "required"),
        note: conflict(),
        ..show(Status::Open, true)
    });
    all.push(show(Status::Open, false));
    all
});

#[test]
fn the_pages_are_sound_in_both_languages() {
    let none = Vec::<String>::new();
    assert_eq!(check_samples::<ListPage>(), none);
    assert_eq!(check_samples::<CreatePage>(), none);
    assert_eq!(check_samples::<ShowPage>(), none);
}
