//! The pages of tickets in every state.

mod beside;

use wabe_access::actor::HOUSE;
use wabe_kernel::finding::Level;
use wabe_kernel::id::{
    CannedReplyId, ChangeId, CustomerId, KnownProblemId, PlanId, TicketAttachmentId, TicketId,
    TicketMessageId, TicketSecretId, TicketViewId, UserId,
};
use wabe_kernel::macros::uuid::Uuid;
use wabe_kernel::{FormState, Language};
use wabe_support::attachment::{Attachment, FileKind};
use wabe_support::canned::CannedReply;
use wabe_support::problem::{Answer, KnownProblem, Linked};
use wabe_support::secret::{Kept, Revealed};
use wabe_support::ticket::message::{AuthorKind, TicketEvent};
use wabe_support::ticket::queue::Queued;
use wabe_support::ticket::{
    Category, Channel, Priority, Status, Ticket, TicketNumber, TicketObject,
};
use wabe_web::check::check_samples;
use wabe_web::{Choice, Preview};

use crate::samples::{NOW, errors, sample};
use crate::ticket::action::{ActionPage, Given, Panel};
use crate::ticket::call::CallPage;
use crate::ticket::caller::Callers;
use crate::ticket::canned::{CannedFormPage, CannedPage};
use crate::ticket::card::Card;
use crate::ticket::diagnosis::{Check, DiagnosisPage, Line};
use crate::ticket::filter::Wanted;
use crate::ticket::offer::Offer;
use crate::ticket::owner::OwnerPage;
use crate::ticket::plugin::asked::Act;
use crate::ticket::plugin::tests::sample as plugin_act;
use crate::ticket::plugin::{ActsPart, PluginPage, Slot};
use crate::ticket::problem::{ProblemPage, ProblemsPage, signed};
use crate::ticket::queue::{QueuePage, Row, ViewTab, lanes, lists, words};
use crate::ticket::targets::TargetsPage;
use crate::ticket::tests::beside::{approvals, letter, looking, phone, stranger};
use crate::ticket::view::ViewPage;
use crate::ticket::written::Written;

pub(crate) fn queued(status: Status) -> Queued {
    let id = Uuid::from_u128(9);
    let mut ticket = Ticket {
        id: TicketId::from_uuid(id),
        customer: CustomerId::from_uuid(id),
        number: TicketNumber(10_234),
        subject: "Das <Postfach> der Bestellannahme nimmt seit heute früh nichts mehr an"
            .to_owned(),
        object: Some(TicketObject {
            id: "mbx_01kaj8xv00e0m9f8w2v3x4y5z6".to_owned(),
            kind: "mailbox".to_owned(),
            name: "bestellannahme@sonnenkorn-baeckerei.example".to_owned(),
        }),
        category: Category::Email,
        priority: Priority::Urgent,
        status: Status::New,
        owner: Some(UserId::from_uuid(id)),
        opened_by: Some(UserId::from_uuid(id)),
        channel: Channel::Phone,
        opened_at: NOW.plus_days(-2),
        first_answer_at: (status == Status::Open).then(|| NOW.plus_days(-1)),
        first_answer_due: NOW.plus_seconds(-7_200),
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
    Queued {
        customer_id: if status == Status::New {
            HOUSE
        } else {
            ticket.customer
        },
        customer_number: "K10234".to_owned(),
        customer_name: "Bäckerei Sonnenkorn <& Söhne> GmbH & Co. KG".to_owned(),
        owner: ticket.owner,
        due: ticket.is_open().then(|| ticket.due()),
        ticket,
    }
}

fn owners() -> Vec<Choice> {
    vec![Choice {
        value: UserId::from_uuid(Uuid::from_u128(9)).to_string(),
        title: "Mira <Wendt>".to_owned(),
        text: String::new(),
    }]
}

fn queue(filled: bool, search: &str) -> QueuePage {
    let row = |status: &Status| Row {
        queued: queued(*status),
        owner: if *status == Status::New {
            ""
        } else {
            "Mira Wendt"
        }
        .to_owned(),
        late: *status == Status::New,
    };
    QueuePage {
        search: search.to_owned(),
        wanted: Wanted {
            lane: "working".to_owned(),
            status: if filled { "open" } else { "" }.to_owned(),
            ..Wanted::default()
        },
        lanes: lanes("working"),
        lists: lists(Language::De, owners()),
        views: ["Meine <dringenden>", "Heute fällig"]
            .iter()
            .zip(1..)
            .map(|(name, id)| ViewTab {
                id: TicketViewId::from_uuid(Uuid::from_u128(id)),
                href: "/staff/tickets?lane=working&owner=me".to_owned(),
                name: (*name).to_owned(),
                current: !filled && id == 2,
            })
            .collect(),
        form: if filled {
            errors(&["name"])
        } else {
            FormState::new()
        },
        rows: if filled {
            Status::ALL.iter().map(row).collect()
        } else {
            Vec::new()
        },
        next: if filled {
            "/staff/tickets?after=YQ"
        } else {
            ""
        }
        .to_owned(),
    }
}

fn written(by: AuthorKind, internal: bool, event: Option<TicketEvent>) -> Written {
    Written {
        by,
        name: "Ada <Lang>".to_owned(),
        initials: "AL".to_owned(),
        internal,
        event,
        card: (event == Some(TicketEvent::Acted)).then(|| Card {
            change: ChangeId::from_uuid(Uuid::from_u128(9)),
            title: "Speicherplatz von <info@…> geändert.".to_owned(),
            rows: preview().rows,
            back: true,
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
        heard_by: (by == AuthorKind::Member).then(|| "Mira <Wendt>".to_owned()),
        at: NOW.plus_days(-1),
    }
}

fn preview() -> Preview {
    let quota = |bytes: i64| serde_json::json!({ "quota_bytes": bytes });
    let both = (quota(5_000_000_000), quota(8_000_000_000));
    Preview::of(Language::De, (&both.0, &both.1), &["configure-mailbox"])
}

fn given() -> Given {
    Given {
        by: "Ada <Lang>".to_owned(),
        quote: "Bitte mehr <b>Platz</b>.".to_owned(),
        written_by: Some("Mira <Wendt>".to_owned()),
        by_mail: true,
        object: "mbx_01kaj8xv00e0m9f8w2v3x4y5z6".to_owned(),
        name: "bestellannahme@sonnenkorn-baeckerei.example".to_owned(),
    }
}

fn check() -> Check {
    Check {
        title: "Wo sind meine E-Mails?".to_owned(),
        name: "bestellannahme@sonnenkorn-baeckerei.example".to_owned(),
        href: "/staff/tickets/tkt_1/diagnosis?object=mbx_1".to_owned(),
    }
}

fn diagnosis(bad: bool) -> DiagnosisPage {
    let line = |level, mend: bool| Line {
        level,
        said: "Es ist kein <Platz> mehr: 100 % sind belegt.".to_owned(),
        advice: (level != Level::Good).then(|| "Geben Sie mehr Platz.".to_owned()),
        mend: mend.then(|| {
            (
                "/staff/tickets/tkt_1".to_owned(),
                "Speicherplatz".to_owned(),
            )
        }),
    };
    DiagnosisPage {
        queued: queued(Status::Open),
        check: check(),
        open: if bad {
            vec![line(Level::Bad, true), line(Level::Note, false)]
        } else {
            Vec::new()
        },
        good: vec![line(Level::Good, false)],
    }
}

fn panel(filled: bool, search: &str) -> Panel {
    Panel {
        search: search.to_owned(),
        offers: if filled {
            vec![
                Offer::sample("mailbox.set_quota", vec!["quota_bytes"]),
                resetting(true).offer,
            ]
        } else {
            Vec::new()
        },
        total: if filled { 2 } else { 0 },
        plugins: if filled {
            vec![Slot {
                plugin: "E-Mail <Prüfung>".to_owned(),
                name: "bestellannahme@sonnenkorn-baeckerei.example".to_owned(),
                href: "/staff/tickets/tkt_1/plugins/ins_1?object=mbx_1".to_owned(),
                load: "/staff/tickets/tkt_1/plugins/ins_1/acts?object=mbx_1&do=".to_owned(),
            }]
        } else {
            Vec::new()
        },
        given: if filled { vec![given()] } else { Vec::new() },
        lacks: filled,
        checks: if filled { vec![check()] } else { Vec::new() },
    }
}

fn action(command: &'static str, fields: Vec<&'static str>, form: FormState) -> ActionPage {
    let whole = !form.has_errors();
    ActionPage {
        queued: queued(Status::Open),
        offer: Offer::sample(command, fields),
        given: Some(given()),
        note: (!whole).then(|| "staff-limit-reached".to_owned()),
        form,
        preview: whole.then(preview),
        back: whole,
        php: vec!["8.2".to_owned(), "8.4".to_owned()],
    }
}

/// A sensitive action: with consent, or without.
fn resetting(waits: bool) -> ActionPage {
    let mut page = action("mailbox.reset_password", Vec::new(), FormState::new());
    (page.offer.sensitive, page.offer.waits, page.back) = (true, waits, false);
    page.offer.makes_secret = true;
    if waits {
        page.preview = None;
        page.note = Some("conflict-acts-not-consented".to_owned());
    }
    page
}

fn plugin_page(act: bool, trouble: Option<&str>) -> PluginPage {
    PluginPage {
        queued: queued(Status::Open),
        plugin: "E-Mail <Prüfung>".to_owned(),
        action: "/staff/tickets/tkt_1/plugins/ins_1".to_owned(),
        object: "mbx_01kaj8xv00e0m9f8w2v3x4y5z6".to_owned(),
        name: "bestellannahme@sonnenkorn-baeckerei.example".to_owned(),
        acts: vec![plugin_act()],
        act: act.then(plugin_act),
        given: given(),
        trouble: trouble.map(str::to_owned),
    }
}

fn plugin_part(acts: Vec<Act>, narrowed: bool, trouble: Option<&str>) -> ActsPart {
    ActsPart {
        plugin: "E-Mail <Prüfung>".to_owned(),
        name: "bestellannahme@sonnenkorn-baeckerei.example".to_owned(),
        acts,
        narrowed,
        trouble: trouble.map(str::to_owned),
    }
}

fn problem(id: u128) -> KnownProblem {
    KnownProblem {
        id: KnownProblemId::from_uuid(Uuid::from_u128(id)),
        title: "Störung <Mail>".to_owned(),
        notice: "Mails kommen <später> an.".to_owned(),
        opened_at: NOW.plus_days(-1),
        solved_at: (id == 2).then_some(NOW),
        answer: (id != 3).then(|| Answer {
            body: "Es geht <wieder>.".to_owned(),
            by: UserId::from_uuid(Uuid::from_u128(7)),
            at: NOW,
            then: Status::Solved,
        }),
        tickets: 6,
        waiting: i64::from(id < 3) * 4,
        orphaned: id == 2,
    }
}

fn linked(status: Status, waits: bool) -> Linked {
    let queued = queued(status);
    Linked {
        id: queued.ticket.id,
        number: queued.ticket.number,
        subject: queued.ticket.subject,
        status,
        waits,
        customer: queued.customer_id,
        customer_name: queued.customer_name,
    }
}

fn view(status: Status, form: FormState, works: bool) -> ViewPage {
    let all = |stem: &str, all: &[&str]| words(Language::De, stem, all);
    ViewPage {
        queued: queued(status),
        contact: stranger(status, works),
        owner: "Mira Wendt".to_owned(),
        opened_by: "Ada Lang".to_owned(),
        readings: i64::from(!works),
        written: vec![
            written(AuthorKind::Member, false, None),
            written(AuthorKind::Staff, false, None),
            written(AuthorKind::Staff, true, None),
            written(AuthorKind::Contact, false, None),
            written(AuthorKind::System, false, Some(TicketEvent::CameBack)),
            written(AuthorKind::Member, false, Some(TicketEvent::ConsentGiven)),
            written(AuthorKind::Staff, false, Some(TicketEvent::Acted)),
            written(AuthorKind::Staff, false, Some(TicketEvent::PluginRan)),
        ],
        panel: works.then(|| panel(status == Status::Open, "platz")),
        looking: looking(status),
        approvals: approvals(works),
        form,
        note: (!works).then(|| "conflict-ticket-closed".to_owned()),
        owners: owners(),
        statuses: all("ticket-status-", &["open", "solved"]),
        priorities: all("ticket-priority-", &["low", "normal", "high", "urgent"]),
        categories: all("ticket-category-", &["email", "other"]),
        thens: all(
            "staff-ticket-then-",
            &["waits_for_customer", "open", "solved"],
        ),
        late: works,
        works,
        mine: !works,
        callers: Callers {
            choices: if works { owners() } else { Vec::new() },
            without: vec!["Ben <Adler>".to_owned(), "Ida Lang".to_owned()],
            proved: works.then(|| ("Ada <Lang>".to_owned(), NOW, NOW.plus_seconds(900))),
        },
        phone: works.then(|| phone(status)),
        letter: works.then(|| letter(status)),
        secrets: [None, Some(NOW)]
            .map(|revealed_at| Kept {
                id: TicketSecretId::from_uuid(Uuid::from_u128(4)),
                name: "Zugang <alter Shop>".to_owned(),
                created_at: NOW.plus_days(-1),
                revealed_at,
            })
            .into(),
        revealed: (!works).then(|| Revealed {
            name: "Zugang".to_owned(),
            value: "<geheim>".to_owned(),
        }),
        canned: owners(),
        problem: works.then(|| {
            (
                KnownProblemId::from_uuid(Uuid::from_u128(6)),
                "Störung <Mail>".to_owned(),
            )
        }),
        problems: owners(),
        done: works.then_some("answer"),
    }
}

sample! {
    DiagnosisPage: vec![diagnosis(true), diagnosis(false)];
    ActionPage: vec![
        action("mailbox.set_quota", vec!["quota_bytes"], FormState::new()),
        action("mailbox.set_quota", vec!["quota_bytes"], errors(&["quota_bytes"])),
        action("alias.set_targets", vec!["targets"], FormState::new()),
        action("webspace.set_https_redirect", vec!["https_redirect"], FormState::new()),
        action("domain.set_redirect", vec!["redirect"], FormState::new()),
        action("webspace.set_php", vec!["php"], FormState::new().with("php", "8.4")),
        action("webspace.set_redirects", vec!["redirects"], FormState::new()),
        action("webspace.set_error_pages", vec!["error_pages"], errors(&["error_pages"])),
        action("webspace.set_upload_size", vec!["upload_bytes"], FormState::new()),
        action("mailbox.suspend", vec!["reason"], errors(&["reason"])),
        action("mailbox.restore", Vec::new(), FormState::new()),
        action("user.unlock", Vec::new(), FormState::new()),
        resetting(false),
        resetting(true),
    ];
    PluginPage: vec![
        plugin_page(true, None),
        plugin_page(true, Some("Nicht <geschafft>.")),
        plugin_page(false, None),
        PluginPage { acts: Vec::new(), ..plugin_page(false, Some("Weg.")) },
        PluginPage { acts: Vec::new(), ..plugin_page(false, None) },
    ];
    QueuePage: vec![queue(true, ""), queue(false, ""), queue(false, "nichts <da>")];
    ViewPage: {
        let all = Status::ALL.iter();
        let mut all: Vec<Self> =
            all.map(|status| view(*status, FormState::new(), true)).collect();
        all.push(view(Status::Open, errors(&["body", "day"]).with("act", "note"), true));
        all.push(view(Status::Open, FormState::new(), false));
        for word in ["note", "assign", "status", "priority", "category", "follow_up", "call", "caller", "said", "answered", "asked", "handed", "action", "plugin", "undo", "owner", "extension"] {
            let page = view(Status::Open, FormState::new(), true);
            all.push(Self { done: Some(word), ..page });
        }
        all
    };
    OwnerPage: {
        let page = |waits: bool, form, note| OwnerPage {
            queued: queued(Status::Open),
            members: if waits { owners() } else { Vec::new() },
            owners: vec![
                ("Ada <Lang>".to_owned(), waits),
                ("Ida Lang".to_owned(), false),
            ],
            waits,
            form,
            note,
        };
        vec![
            page(true, FormState::new(), None),
            page(false, FormState::new(), None),
            page(true, errors(&["member", "reason"]), None),
            page(true, errors(&[]), Some("conflict-approval-open".to_owned())),
        ]
    };
    CallPage: vec![
        CallPage { who: String::new(), subject: "Anruf".to_owned(), found: Vec::new() },
        CallPage { who: "niemand <da>".to_owned(), subject: "Anruf".to_owned(), found: Vec::new() },
        CallPage {
            who: "sonne".to_owned(),
            subject: "Anruf".to_owned(),
            found: ["number", "name"].map(crate::customer::sample_found).into(),
        },
    ];
    TargetsPage: {
        let page = |form, note: Option<&str>| TargetsPage {
            id: PlanId::from_uuid(Uuid::from_u128(3)),
            plan: "Handwerk <M>".to_owned(),
            form,
            note: note.map(str::to_owned),
        };
        let filled = FormState::new().with("answer_hours", "8");
        vec![
            page(filled, None),
            page(errors(&["answer_hours", "solution_hours", "purpose"]), None),
        ]
    };
    CannedPage: {
        let reply = |title: &str| CannedReply {
            id: CannedReplyId::from_uuid(Uuid::from_u128(5)),
            title: title.to_owned(),
            body: "Guten Tag {name},\n<b>danke</b>".to_owned(),
        };
        let page = |replies: Vec<CannedReply>, done: Option<&'static str>| CannedPage { replies, works: done != Some("deleted"), done };
        vec![
            page(Vec::new(), None),
            page(vec![reply("Gruß <kurz>"), reply("Umzug")], Some("saved")),
            page(vec![reply("Umzug")], Some("deleted")),
        ]
    };
    ProblemsPage: {
        let page = |problems, works| ProblemsPage { problems, works };
        vec![page(Vec::new(), true), page(vec![problem(1), problem(2)], false)]
    };
    ProblemPage: {
        let page = |id: Option<u128>, form, note: Option<&str>| ProblemPage {
            linked: id.map(|id| Status::ALL.iter().map(|one| signed(linked(*one, id == 1))).collect()).unwrap_or_default(),
            problem: id.map(problem),
            works: id != Some(3),
            form,
            note: note.map(str::to_owned),
            done: id.map(|_| "answered"),
        };
        let one = |done| ProblemPage { done, ..page(Some(1), FormState::new(), None) };
        vec![
            page(None, errors(&["title"]), None),
            page(Some(1), errors(&["body"]), Some("conflict-problem-answering")),
            page(Some(2), errors(&["notice"]), Some("conflict-problem-solved")),
            page(Some(3), FormState::new(), None),
            one(Some("created")),
            one(Some("saved")),
        ]
    };
    CannedFormPage: {
        let id = CannedReplyId::from_uuid(Uuid::from_u128(5));
        vec![
            CannedFormPage { id: None, form: FormState::new(), note: None },
            CannedFormPage { id: Some(id), form: errors(&["title", "body", "purpose"]), note: None },
        ]
    };
}

#[test]
fn the_pages_of_tickets_are_whole() {
    let found = [
        check_samples::<QueuePage>(),
        check_samples::<ViewPage>(),
        check_samples::<CallPage>(),
        check_samples::<OwnerPage>(),
        check_samples::<TargetsPage>(),
        check_samples::<CannedPage>(),
        check_samples::<ProblemsPage>(),
        check_samples::<ProblemPage>(),
        check_samples::<CannedFormPage>(),
        check_samples::<ActionPage>(),
        check_samples::<DiagnosisPage>(),
        check_samples::<PluginPage>(),
    ];
    assert_eq!(found.concat(), Vec::<String>::new());
}

/// What a plugin offers comes into a page; the check wants a whole one.
#[test]
fn what_plugins_offer_is_sound_in_a_page() {
    use askama::Template as _;
    let visitor = crate::samples::visitor();
    for language in [Language::De, Language::En] {
        let theme = wabe_web::Theme::Auto;
        let view =
            wabe_web::check::sample_view(&crate::STAFF, Some(visitor.clone()), language, theme);
        for part in [
            plugin_part(vec![plugin_act()], false, None),
            plugin_part(Vec::new(), true, None),
            plugin_part(Vec::new(), false, None),
            plugin_part(Vec::new(), false, Some("Nicht <da>.")),
        ] {
            let html = part.render_with_values(&view).unwrap();
            let page = format!(
                "<!DOCTYPE html><html lang=\"de\"><head><title>x</title></head><body>\
                 <main><h1>x</h1>{html}</main></body></html>"
            );
            assert_eq!(wabe_web::check_html(&page), Vec::<String>::new());
            assert!(!html.contains("<Prüfung>") && !html.contains("Nicht <da>"));
        }
    }
}
