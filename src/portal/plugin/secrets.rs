//! The secrets that a plugin uses: typed here, used by it, read again by nobody.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use wabe_access::{Mode, Refusal};
use wabe_automation::installation::{Installed, SetSecret};
use wabe_kernel::id::InstallationId;
use wabe_kernel::{Field, FieldErrors, FormState, Language, Problem, Secret};
use wabe_package::Manifest;
use wabe_web::filters;
use wabe_web::{Arrival, Failure, Form, Member, Path, Query, see_other};

use crate::Portal;
use crate::carry_out::refused_page;
use crate::plugin::frame::Frame;
use crate::plugin::sensitive::{self, SECRET};
use crate::plugin::{PLACE, find, path};
use crate::proof::{self, Proving};
use crate::refused::{self, Note, Refused};
use crate::undo::{self, DoneBar, done_path};

/// One secret on a page.
#[derive(Debug, Clone)]
pub(crate) struct SecretField {
    /// The field's name and id.
    pub(crate) id: String,
    /// The secret's name.
    pub(crate) name: String,
    /// What stands above it.
    pub(crate) title: String,
    /// Whether the plugin works without it.
    pub(crate) optional: bool,
    /// Whether there is one.
    pub(crate) set: bool,
}

/// The page.
#[derive(Template)]
#[template(path = "portal/plugin/secrets.html")]
pub(crate) struct SecretsPage {
    pub(crate) frame: Frame,
    pub(crate) secrets: Vec<SecretField>,
    pub(crate) form: FormState,
    pub(crate) note: Option<Note>,
    pub(crate) proof: bool,
    pub(crate) done: Option<DoneBar>,
}

/// A secret that somebody typed, or that is taken away.
pub(super) struct Typed {
    name: String,
    value: Option<Secret>,
}

fn id(name: &str) -> String {
    format!("{SECRET}{name}")
}

/// The secrets of a manifest; `set` are there.
pub(super) fn fields(language: Language, manifest: &Manifest, set: &[String]) -> Vec<SecretField> {
    let slots = manifest.secrets.iter();
    slots
        .map(|slot| SecretField {
            id: id(slot.name.as_str()),
            name: slot.name.to_string(),
            title: slot.title.get(language).to_owned(),
            optional: slot.optional,
            set: set.iter().any(|name| name == slot.name.as_str()),
        })
        .collect()
}

/// What the form says about these secrets: typed ones, and those to be taken away.
pub(super) fn typed(manifest: &Manifest, form: &Form, errors: &mut FieldErrors) -> Vec<Typed> {
    let mut all = Vec::new();
    for slot in &manifest.secrets {
        let (name, id) = (slot.name.to_string(), id(slot.name.as_str()));
        if form.get("remove").lines().any(|line| line == name) {
            all.push(Typed { name, value: None });
        } else if !form.get(&id).is_empty() {
            match Secret::from_text(form.get(&id)) {
                Ok(value) => all.push(Typed {
                    name,
                    value: Some(value),
                }),
                Err(problem) => errors.add(&id, problem),
            }
        }
    }
    all
}

fn command(id: InstallationId, typed: Typed) -> Result<SetSecret, Failure> {
    Ok(SetSecret {
        id,
        name: typed.name.parse().map_err(|_no_line| Failure::NotFound)?,
        value: typed.value,
    })
}

/// Gives an installation these secrets.
pub(super) async fn keep(
    portal: &Portal,
    member: &Member,
    installation: InstallationId,
    typed: Vec<Typed>,
) -> Result<(), Failure> {
    for one in typed {
        let command = command(installation, one)?;
        Box::pin(portal.gate.run(member.actor(), command, Mode::Commit)).await?;
    }
    Ok(())
}

fn page(member: &Member, found: &Installed, refused: Refused) -> SecretsPage {
    let Refused { form, note } = refused;
    SecretsPage {
        frame: Frame::of(member, found),
        secrets: fields(member.language, &found.version.manifest, &found.secrets),
        form,
        note,
        proof: proof::needed(member.visitor.authenticated_at, member.now),
        done: None,
    }
}

pub(super) async fn secrets(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<InstallationId>,
    query: Query,
) -> Result<Response, Failure> {
    let found = find(&portal, &member, id).await?;
    let mut page = page(&member, &found, FormState::new().into());
    let (mut tx, _scope) = portal.read(&member).await?;
    page.done = undo::bar(&portal, &mut tx, &member, &query).await?;
    tx.rollback().await?;
    Ok(member.at(PLACE).page(page).into_response())
}

pub(super) async fn set(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<InstallationId>,
    arrival: Arrival,
    form: Form,
) -> Result<Response, Failure> {
    let proving = proof::member(&portal, member, &form, &arrival).await?;
    let answer = set_as(&portal, &proving, id, &form).await;
    Ok(proving.finish(answer))
}

async fn set_as(
    portal: &Portal,
    proving: &Proving,
    id: InstallationId,
    form: &Form,
) -> Result<Response, Failure> {
    let member = &proving.member;
    let found = find(portal, member, id).await?;
    let hidden = sensitive::hidden(form);
    let mut errors = FieldErrors::default();
    let typed = typed(&found.version.manifest, form, &mut errors);
    let back = |refused: Refused| {
        let noted = refused.note.is_some();
        refused_page(member.at(PLACE).page(page(member, &found, refused)), noted)
    };
    if let Some(wrong) = &proving.wrong {
        return Ok(back(proof::asked(form, &hidden, wrong.clone()).into()));
    }
    if !errors.is_empty() {
        return Ok(back(FormState::of(&form.fields, errors, &hidden).into()));
    }
    let mut last = None;
    for one in typed {
        let command = command(id, one)?;
        match Box::pin(portal.gate.run(member.actor(), command, Mode::Commit)).await {
            Ok(done) => last = Some(done.change),
            Err(Refusal::StepUp) => {
                let problem = Problem::new("proof-needed");
                return Ok(back(proof::asked(form, &hidden, problem).into()));
            }
            Err(refusal) => return Ok(back(refused::again(form, &hidden, refusal)?)),
        }
    }
    let page = format!("{}/secrets", path(id));
    Ok(see_other(
        &last.map_or(page.clone(), |change| done_path(&page, change)),
    ))
}
