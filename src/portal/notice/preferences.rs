//! `GET /notices/preferences`, `POST /notices/preferences`

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use wabe_access::{Mode, Permission};
use wabe_jobs::notice::{SetPreferences, preferences};
use wabe_jobs::text::NoticeKind;
use wabe_web::filters;
use wabe_web::{Failure, Form, Member, Needs, Page, Query, Routes, see_other};

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
    /// Whether something was just saved.
    pub done: bool,
}

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get(PAGE, NEEDS, show)
        .post(PAGE, NEEDS, set)
}

/// The kinds that no preference turns off.
pub(super) fn fixed() -> Vec<&'static str> {
    let fixed = NoticeKind::ALL.iter().filter(|kind| kind.always_mailed());
    fixed.map(|kind| kind.word()).collect()
}

async fn show(
    member: Member,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Page<PreferencesPage>, Failure> {
    let (mut tx, _) = portal.read(&member).await?;
    let chosen = preferences(&mut tx, member.visitor.user).await?;
    tx.rollback().await?;
    let kind = |(kind, wanted): (NoticeKind, bool)| Kind {
        word: kind.word(),
        wanted,
    };
    let kinds = chosen.into_iter().map(kind).collect();
    let done = query.get("done") == "1";
    Ok(member.at(PLACE).page(PreferencesPage {
        kinds,
        fixed: fixed(),
        done,
    }))
}

/// One change for each kind that is chosen otherwise than before.
async fn set(
    member: Member,
    State(portal): State<Portal>,
    form: Form,
) -> Result<Response, Failure> {
    let (mut tx, _) = portal.read(&member).await?;
    let before = preferences(&mut tx, member.visitor.user).await?;
    tx.rollback().await?;
    for (kind, was_wanted) in before {
        let wanted = form.get("mailed").lines().any(|word| word == kind.word());
        if wanted != was_wanted {
            let command = SetPreferences { kind, wanted };
            Box::pin(portal.gate.run(member.actor(), command, Mode::Commit)).await?;
        }
    }
    Ok(see_other("/notices/preferences?done=1"))
}
