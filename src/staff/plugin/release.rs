//! `GET` and `POST` of `/staff/plugins/{id}/release`: the review lets a version out, and says how much any
//! customer may grant it.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Map, Value, json};

use wabe_access::Permission;
use wabe_automation::plugin::{self, PluginVersion, ReleasePlugin, VersionState};
use wabe_kernel::id::PluginVersionId;
use wabe_kernel::{FormState, Language};
use wabe_web::filters;
use wabe_web::{Failure, Form, Needs, Page, Path, Routes, StaffMember, see_other};

use crate::act::{Acted, Again, act, prove, prove_first};
use crate::plugin::version::{AskRow, asks, uploader};
use crate::plugin::{PLACE, because, path};
use crate::{STAFF, Staff};

const NEEDS: Needs = Needs::Staff(Permission::PluginRelease);
/// The field with the capabilities that customers may grant.
const ALLOW: &str = "allow";

/// The form.
#[derive(Template)]
#[template(path = "staff/plugin/release.html")]
pub(crate) struct ReleasePage {
    /// The version.
    pub version: PluginVersion,
    /// In which language its words are shown.
    pub language: Language,
    /// Who uploaded it.
    pub uploader: Option<String>,
    /// Whether it was the employee.
    pub own: bool,
    /// What it asks for, and what of it is ticked.
    pub asks: Vec<AskRow>,
    /// What was typed.
    pub form: FormState,
    /// What stands in the way as a whole.
    pub note: Option<String>,
}

impl ReleasePage {
    /// What the plugin is called.
    #[must_use]
    pub(crate) fn name(&self) -> &str {
        self.version.manifest.name.get(self.language)
    }

    /// The message that says what is done here.
    #[must_use]
    pub(crate) fn title(&self) -> &'static str {
        if self.is_released() {
            "staff-plugin-ceiling"
        } else {
            "staff-plugin-release"
        }
    }

    /// Whether it is out already, and only its ceiling changes.
    #[must_use]
    pub(crate) fn is_released(&self) -> bool {
        self.version.state == VersionState::Released
    }
}

pub(super) fn routes() -> Routes<Staff> {
    let route = "/staff/plugins/{id}/release";
    Routes::new(&STAFF)
        .get(route, NEEDS, ask)
        .id("plv")
        .post(route, NEEDS, release)
        .id("plv")
}

/// The name of the box for one field of a capability.
pub(crate) fn field_box(word: &str) -> String {
    format!("fields.{word}")
}

/// Ticks what the form had ticked.
fn ticked(mut asks: Vec<AskRow>, form: &FormState) -> Vec<AskRow> {
    let lines =
        |name: &str| -> Vec<String> { form.value(name).lines().map(str::to_owned).collect() };
    let allowed = lines(ALLOW);
    for ask in &mut asks {
        ask.allowed = allowed.contains(&ask.word);
        ask.allowed_fields = lines(&field_box(&ask.word));
    }
    asks
}

/// The ceiling that is ticked; nothing when it is everything that the plugin asks for.
pub(crate) fn ceiling(asks: &[AskRow]) -> Option<Value> {
    let whole = |ask: &AskRow| {
        ask.allowed
            && ask
                .fields
                .iter()
                .all(|field| ask.allowed_fields.contains(field))
    };
    if asks.iter().all(whole) {
        return None;
    }
    let allowed = asks.iter().filter(|ask| ask.allowed);
    let grant = |ask: &AskRow| {
        // A capability whose fields are all struck out is none.
        let none = !ask.fields.is_empty() && ask.allowed_fields.is_empty();
        let value = if ask.fields.is_empty() {
            json!(true)
        } else {
            json!({ "fields": ask.allowed_fields })
        };
        (!none).then(|| (ask.word.clone(), value))
    };
    let ceiling: Map<String, Value> = allowed.filter_map(grant).collect();
    Some(Value::Object(ceiling))
}

async fn page(
    staff: &Staff,
    member: &StaffMember,
    id: PluginVersionId,
    again: Option<Again>,
) -> Result<Page<ReleasePage>, Failure> {
    let (mut tx, scope) = staff.read(member).await?;
    let version = plugin::load(&mut tx, &scope, id).await?;
    let uploader = uploader(&mut tx, &version).await?;
    tx.rollback().await?;
    if version.state == VersionState::Withdrawn {
        return Err(Failure::Conflict("version-withdrawn"));
    }
    let language = member.language;
    let asks = asks(&version, language);
    let (asks, form, note) = match again {
        Some(Again { form, note }) => (ticked(asks, &form), form, note),
        None => (asks, FormState::new(), None),
    };
    let own = version.uploaded_by == Some(member.visitor.user);
    Ok(member.at(PLACE).page(ReleasePage {
        version,
        language,
        uploader,
        own,
        asks,
        form,
        note,
    }))
}

async fn ask(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<PluginVersionId>,
) -> Result<Response, Failure> {
    if let Some(first) = prove_first(&member, &format!("{}/release", path(id))) {
        return Ok(first);
    }
    Ok(page(&staff, &member, id, None).await?.into_response())
}

async fn release(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<PluginVersionId>,
    mut form: Form,
) -> Result<Response, Failure> {
    let (mut tx, scope) = staff.read(&member).await?;
    let version = plugin::load(&mut tx, &scope, id).await?;
    tx.rollback().await?;
    let typed = FormState::of(&form.fields, wabe_kernel::FieldErrors::default(), &[]);
    let asks = ticked(asks(&version, member.language), &typed);
    form.fields.insert("id".to_owned(), id.to_string());
    form.fields.remove("ceiling");
    if let Some(ceiling) = ceiling(&asks) {
        form.fields
            .insert("ceiling".to_owned(), ceiling.to_string());
    }
    because(&mut form, "note");
    match act::<ReleasePlugin>(&staff, &member, &form).await? {
        Acted::Done(_) => Ok(see_other(&format!("{}?done=released", path(id)))),
        Acted::Prove => Ok(prove(&format!("{}/release", path(id)))),
        Acted::Again(again) => {
            let status = match again.note {
                Some(_) => StatusCode::CONFLICT,
                None => StatusCode::UNPROCESSABLE_ENTITY,
            };
            let page = page(&staff, &member, id, Some(again)).await?;
            Ok(page.status(status).into_response())
        }
    }
}
