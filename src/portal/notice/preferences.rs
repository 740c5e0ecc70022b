//! `GET /notices/preferences`, `POST /notices/preferences`

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use wabe_access::{Mode, Permission, Refusal};
use wabe_jobs::access_digest::{self, Cadence, SetAccessDigest};
use wabe_jobs::notice::{SetPreferences, preferences};
use wabe_jobs::text::NoticeKind;
use wabe_kernel::{Fault, FormState, Language, Problem};
use wabe_store::Tx;
use wabe_web::filters;
use wabe_web::{Choice, Failure, Form, Member, Message, Needs, Page, Query, Routes, see_other};

use crate::notice::PLACE;
use crate::{PORTAL, Portal};

const PAGE: &str = "/notices/preferences";
const NEEDS: Needs = Needs::Permission(Permission::SelfWrite);

/// One kind of notice, as the form shows it.
#[derive(Debug, Clone)]
pub(crate) struct Kind {
    /// The kind's word.
    pub word: &'static str,
    /// Whether it is mailed.
    pub wanted: bool,
}

/// Which notices are mailed.
#[derive(Template)]
#[template(path = "portal/notice/preferences.html")]
pub(crate) struct PreferencesPage {
    /// The kinds to choose from.
    pub kinds: Vec<Kind>,
    /// The kinds that are always mailed.
    pub fixed: Vec<&'static str>,
    /// How often accesses are mailed, to choose; empty for who may not see them.
    pub cadences: Vec<Choice>,
    /// What is chosen.
    pub form: FormState,
    /// Whether something was just saved.
    pub done: bool,
}

/// How often accesses can be mailed, in words.
pub(super) fn cadences(language: Language) -> Vec<Choice> {
    let text = |id: String| Message::new(language, id).to_string();
    let choice = |cadence: &Cadence| Choice {
        value: cadence.word().to_owned(),
        title: text(format!("notices-digest-{cadence}")),
        text: text(format!("notices-digest-{cadence}-text")),
    };
    Cadence::ALL.iter().map(choice).collect()
}

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get(PAGE, NEEDS, show)
        .post(PAGE, NEEDS, set)
}

/// The kinds that no preference turns off, of those that may reach this person.
pub(super) fn fixed(staff: bool) -> Vec<&'static str> {
    NoticeKind::fixed(staff).map(NoticeKind::word).collect()
}

/// What may reach this person and they may turn off, with whether it is mailed.
async fn choices(tx: &mut Tx, member: &Member) -> Result<Vec<(NoticeKind, bool)>, Fault> {
    let staff = member.visitor.staff;
    let mut all = preferences(tx, member.visitor.user).await?;
    all.retain(|(kind, _)| staff || kind.for_customers());
    Ok(all)
}

async fn show(
    member: Member,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Page<PreferencesPage>, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    let user = member.visitor.user;
    let chosen = choices(&mut tx, &member).await?;
    let cadence = access_digest::chosen(&mut tx, (scope.customer(), user)).await?;
    tx.rollback().await?;
    let kind = |(kind, wanted): (NoticeKind, bool)| Kind {
        word: kind.word(),
        wanted,
    };
    let kinds = chosen.into_iter().map(kind).collect();
    let done = query.get("done") == "1";
    let sees = scope.has(Permission::ChangeRead);
    Ok(member.at(PLACE).page(PreferencesPage {
        kinds,
        fixed: fixed(member.visitor.staff),
        cadences: if sees {
            cadences(member.language)
        } else {
            Vec::new()
        },
        form: FormState::new().with("digest", cadence.word()),
        done,
    }))
}

/// One change for each kind that is chosen otherwise than before, and for how often accesses are mailed.
async fn set(
    member: Member,
    State(portal): State<Portal>,
    form: Form,
) -> Result<Response, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    let user = member.visitor.user;
    let before = choices(&mut tx, &member).await?;
    let digest = access_digest::chosen(&mut tx, (scope.customer(), user)).await?;
    tx.rollback().await?;
    // Who may not see accesses is not asked.
    let cadence = match form.get("digest") {
        "" => digest,
        word => word
            .parse::<Cadence>()
            .map_err(|_unknown| Refusal::field("digest", Problem::new("not-a-choice")))?,
    };
    if cadence != digest {
        let command = SetAccessDigest { cadence };
        Box::pin(portal.gate.run(member.actor(), command, Mode::Commit)).await?;
    }
    for (kind, was_wanted) in before {
        let wanted = form.get("mailed").lines().any(|word| word == kind.word());
        if wanted != was_wanted {
            let command = SetPreferences { kind, wanted };
            Box::pin(portal.gate.run(member.actor(), command, Mode::Commit)).await?;
        }
    }
    Ok(see_other("/notices/preferences?done=1"))
}
