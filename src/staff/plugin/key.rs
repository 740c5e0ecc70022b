//! `GET` and `POST /staff/keys`, `GET` and `POST /staff/keys/{id}/remove`: whose signatures count.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::Permission;
use wabe_automation::trusted_key::{self, AddTrustedKey, RemoveTrustedKey, TrustedKey};
use wabe_kernel::FormState;
use wabe_kernel::id::TrustedKeyId;
use wabe_web::filters;
use wabe_web::{Failure, Form, Page, Path, Query, Routes, StaffMember, see_other};

use crate::act::{Acted, Again, act, prove, prove_first};
use crate::plugin::{PLACE, READ, WRITE};
use crate::{STAFF, Staff};

const PAGE: &str = "/staff/keys";
const FORM: &str = "/staff/keys/new";
/// What the page can say was done: the messages `staff-key-done-{word}`.
const DONE: [&str; 2] = ["added", "removed"];

/// The trusted keys.
#[derive(Template)]
#[template(path = "staff/plugin/keys.html")]
pub(crate) struct KeysPage {
    /// The keys.
    pub keys: Vec<TrustedKey>,
    /// Whether the employee may add and remove.
    pub writes: bool,
    /// What was just done, a word of a closed list.
    pub done: Option<&'static str>,
}

/// The form for another one.
#[derive(Template)]
#[template(path = "staff/plugin/key_add.html")]
pub(crate) struct KeyAddPage {
    /// What was typed.
    pub form: FormState,
    /// What stands in the way as a whole.
    pub note: Option<String>,
}

/// The question before one is removed.
#[derive(Template)]
#[template(path = "staff/plugin/key_remove.html")]
pub(crate) struct KeyRemovePage {
    /// Which one.
    pub key: TrustedKey,
    /// What was typed.
    pub form: FormState,
    /// What stands in the way as a whole.
    pub note: Option<String>,
}

pub(super) fn routes() -> Routes<Staff> {
    let remove = "/staff/keys/{id}/remove";
    Routes::new(&STAFF)
        .get(PAGE, READ, list)
        .get(FORM, WRITE, new)
        .post(PAGE, WRITE, add)
        .get(remove, WRITE, ask)
        .id("tky")
        .post(remove, WRITE, take)
        .id("tky")
}

async fn keys(staff: &Staff, member: &StaffMember) -> Result<Vec<TrustedKey>, Failure> {
    let (mut tx, scope) = staff.read(member).await?;
    let keys = trusted_key::list(&mut tx, &scope).await?;
    tx.rollback().await?;
    Ok(keys)
}

async fn list(
    member: StaffMember,
    State(staff): State<Staff>,
    query: Query,
) -> Result<Page<KeysPage>, Failure> {
    Ok(member.at(PLACE).page(KeysPage {
        keys: keys(&staff, &member).await?,
        writes: member.visitor.has(Permission::PluginWrite),
        done: DONE.into_iter().find(|word| *word == query.get("done")),
    }))
}

fn adding(member: &StaffMember, again: Again) -> Page<KeyAddPage> {
    let Again { form, note } = again;
    member.at(PLACE).page(KeyAddPage { form, note })
}

async fn new(member: StaffMember) -> Response {
    if let Some(first) = prove_first(&member, FORM) {
        return first;
    }
    adding(&member, Again::default()).into_response()
}

async fn add(
    member: StaffMember,
    State(staff): State<Staff>,
    form: Form,
) -> Result<Response, Failure> {
    match act::<AddTrustedKey>(&staff, &member, &form).await? {
        Acted::Done(_) => Ok(see_other("/staff/keys?done=added")),
        Acted::Prove => Ok(prove(FORM)),
        Acted::Again(again) => Ok(adding(&member, again).invalid()),
    }
}

async fn removing(
    staff: &Staff,
    member: &StaffMember,
    id: TrustedKeyId,
    again: Again,
) -> Result<Page<KeyRemovePage>, Failure> {
    let mut keys = keys(staff, member).await?.into_iter();
    let key = keys.find(|key| key.id == id).ok_or(Failure::NotFound)?;
    let Again { form, note } = again;
    Ok(member.at(PLACE).page(KeyRemovePage { key, form, note }))
}

async fn ask(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<TrustedKeyId>,
) -> Result<Response, Failure> {
    if let Some(first) = prove_first(&member, &format!("{PAGE}/{id}/remove")) {
        return Ok(first);
    }
    let page = removing(&staff, &member, id, Again::default()).await?;
    Ok(page.into_response())
}

async fn take(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<TrustedKeyId>,
    mut form: Form,
) -> Result<Response, Failure> {
    form.fields.insert("id".to_owned(), id.to_string());
    match act::<RemoveTrustedKey>(&staff, &member, &form).await? {
        Acted::Done(_) => Ok(see_other("/staff/keys?done=removed")),
        Acted::Prove => Ok(prove(&format!("{PAGE}/{id}/remove"))),
        Acted::Again(again) => Ok(removing(&staff, &member, id, again).await?.invalid()),
    }
}
