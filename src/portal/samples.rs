//! What the samples of pages are made of: a visitor, standings, refusals.

use wabe_access::standing::Standing;
use wabe_access::{Actor, Permission, Work};
use wabe_kernel::id::{CustomerId, SessionId, UserId};
use wabe_kernel::macros::uuid::Uuid;
use wabe_kernel::{
    FieldErrors, FormState, Language, Problem, ResourceKind, Secret, State, Timestamp,
};
use wabe_web::check::sample_view;
use wabe_web::{CustomerBrief, ProvedBy, Theme, Visitor};

use crate::condition::Condition;
use crate::refused::Note;
use crate::undo::DoneBar;

/// The moment at which samples are looked at.
pub(crate) const NOW: Timestamp = Timestamp(1_795_266_300_000_000);

/// Somebody who may do everything.
pub(crate) fn visitor() -> Visitor {
    let id = Uuid::from_u128(7);
    let (user, customer) = (UserId::from_uuid(id), CustomerId::from_uuid(id));
    Visitor {
        session: SessionId::from_uuid(id),
        user,
        name: "Annemarie Schmidt-Rottluff".to_owned(),
        initials: "AS".to_owned(),
        email: "annemarie@sonnenkorn.example".to_owned(),
        language: Language::De,
        theme: Theme::Auto,
        staff: false,
        actor: Actor::member(user, customer, NOW),
        permissions: Permission::ALL.iter().copied().collect(),
        customer: Some(CustomerBrief {
            id: customer,
            number: "K10234".to_owned(),
            name: "Bäckerei Sonnenkorn Handwerksbetriebe GmbH & Co. KG".to_owned(),
            plan: "Handwerk M".to_owned(),
            suspended: None,
            erased_at: None,
        }),
        customers: 2,
        on_both_sides: true,
        look: None,
        watched: None,
        counts: [("mailboxes", 12)].into(),
        csrf: Secret::new("00".repeat(32)),
        must_change_password: false,
        authenticated_at: NOW,
        proved_by: ProvedBy::Password,
    }
}

/// What a larger quota would change.
pub(crate) fn preview() -> wabe_web::Preview {
    let quota = |bytes: i64| serde_json::json!({ "quota_bytes": bytes });
    let both = (quota(5_000_000_000), quota(8_000_000_000));
    wabe_web::Preview::of(Language::De, (&both.0, &both.1), &["configure-mailbox"])
}

/// A standing in this state.
pub(crate) fn standing(state: State) -> Standing {
    let reason = match state {
        State::Failed => Some("mail-disk".to_owned()),
        State::Suspended => Some("Saisonkraft, ab März wieder <da>".to_owned()),
        _ => None,
    };
    Standing {
        state,
        reason,
        retry_at: (state == State::Failed).then(|| NOW.plus_seconds(600)),
        deleted_at: (state == State::Deleting).then(|| NOW.plus_days(-2)),
        created_at: NOW.plus_days(-400),
        updated_at: NOW.plus_seconds(-240),
    }
}

/// The condition of a thing in this state.
pub(crate) fn condition(kind: ResourceKind, state: State) -> Condition {
    let view = sample_view(&crate::PORTAL, None, Language::De, Theme::Auto);
    let work = working(kind, state);
    let found = Condition::of(&view, kind, &standing(state), work.as_ref());
    Condition {
        retry: (state == State::Failed).then(|| crate::retry::path(kind, "web_1")),
        ..found
    }
}

/// The work on a thing in this state, half through; nobody has planned what is only pending.
fn working(kind: ResourceKind, state: State) -> Option<Work> {
    let steps: &[&'static str] = match kind {
        ResourceKind::Webspace => &[
            "make-folder",
            "issue-certificate",
            "configure-site",
            "probe-site",
        ],
        ResourceKind::Mailbox => &["make-maildir", "configure-mailbox"],
        ResourceKind::Alias => &["configure-alias"],
        ResourceKind::Database => &["make-database", "configure-database"],
        ResourceKind::Domain => &[],
    };
    (state != State::Pending).then(|| Work {
        steps: steps.to_vec(),
        done: steps.len() / 2,
    })
}

/// A form in which this field is wrong.
pub(crate) fn errors(field: &str, code: &'static str) -> FormState {
    let typed = [(field.to_owned(), "so <getippt>".to_owned())].into();
    FormState::of(&typed, FieldErrors::one(field, Problem::new(code)), &[])
}

/// A refusal because of the thing's state.
#[expect(clippy::unnecessary_wraps, reason = "pages hold it as an option")]
pub(crate) fn conflict() -> Option<Note> {
    Some(Note::Conflict("in-trash"))
}

/// A bar after a change.
#[expect(clippy::unnecessary_wraps, reason = "pages hold it as an option")]
pub(crate) fn done(command: &str) -> Option<DoneBar> {
    Some(DoneBar {
        command: command.to_owned(),
        name: "donaudampfschiff@sonnenkorn-baeckerei.example".to_owned(),
        undo: Some("/changes/chg_1/undo?next=%2Fmailboxes".to_owned()),
    })
}
