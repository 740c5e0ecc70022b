//! `GET /staff/plugins/new`, `POST /staff/plugins`: a package comes in, or everything that is wrong with
//! it is told at once.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use std::collections::BTreeMap;

use wabe_access::{Mode, Refusal};
use wabe_automation::plugin::{self, UploadPlugin};
use wabe_kernel::field::form_field;
use wabe_kernel::{FieldErrors, FormState, Language, Problem, Reason};
use wabe_package::archive::{COMPONENT_BYTES, PACKAGE_BYTES};
use wabe_web::filters;
use wabe_web::upload::{File, Piece};
use wabe_web::{Cost, Failure, Page, Routes, StaffMember, Upload, see_other, texts};

use crate::act::Again;
use crate::plugin::{PAGE, PLACE, WRITE, path};
use crate::{STAFF, Staff};

const FORM: &str = "/staff/plugins/new";
/// The most bytes that are read of a file only so that its sender hears why it was refused.
const REST_MAX: usize = 128 << 20;

/// The form.
#[derive(Template)]
#[template(path = "staff/plugin/upload.html")]
pub(crate) struct UploadPage {
    /// What was typed.
    pub form: FormState,
    /// What stands in the way as a whole.
    pub note: Option<String>,
    /// What the file was called that does not fit.
    pub file: String,
    /// What is wrong with it.
    pub flaws: Vec<FlawRow>,
    /// The largest component, in bytes.
    pub component_max: i64,
}

/// One thing that is wrong with a package.
#[derive(Debug, Clone)]
pub(crate) struct FlawRow {
    /// Where; may be empty.
    pub place: String,
    /// What, and the next step.
    pub text: String,
}

impl FlawRow {
    /// What a refusal says of the package.
    pub(crate) fn of(problem: &Problem, language: Language) -> Self {
        let place = problem.args.iter().find(|(name, _)| *name == "place");
        let place = place.map_or_else(String::new, |(_, place)| place.clone());
        let said = texts::problem(language, problem);
        let text = said.strip_prefix(&format!("{place}: "));
        Self {
            text: text.unwrap_or(&said).to_owned(),
            place,
        }
    }
}

/// What came in a form.
#[derive(Default)]
struct Sent {
    fields: BTreeMap<String, String>,
    file: String,
    bytes: Vec<u8>,
}

pub(super) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .get(FORM, WRITE, new)
        .post(PAGE, WRITE, upload)
        .cost(Cost::Heavy)
        .endless()
}

fn page(
    member: &StaffMember,
    again: Again,
    (file, flaws): (String, Vec<FlawRow>),
) -> Page<UploadPage> {
    let Again { form, note } = again;
    member.at(PLACE).page(UploadPage {
        form,
        note,
        file,
        flaws,
        component_max: i64::try_from(COMPONENT_BYTES).unwrap_or(i64::MAX),
    })
}

async fn new(member: StaffMember) -> Response {
    page(&member, Again::default(), (String::new(), Vec::new())).into_response()
}

/// Reads the whole form. Of a file that is too large, just enough is kept to be told so.
async fn read(mut upload: Upload) -> Result<Sent, Failure> {
    let mut sent = Sent::default();
    while let Some(piece) = upload.next().await? {
        match piece {
            Piece::Text(name, value) => {
                sent.fields.insert(name, value);
            }
            Piece::File(mut file) => {
                let name = file.name.rsplit(['/', '\\']).next().unwrap_or("");
                sent.file = name.chars().take(120).collect();
                sent.bytes = whole(&mut file).await?;
            }
        }
    }
    Ok(sent)
}

async fn whole(file: &mut File<'_>) -> Result<Vec<u8>, Failure> {
    let (mut bytes, mut read) = (Vec::new(), 0_usize);
    while let Some(piece) = file.next().await? {
        read = read.saturating_add(piece.len());
        if read > REST_MAX {
            return Err(Failure::TooLarge);
        }
        if bytes.len() <= PACKAGE_BYTES {
            bytes.extend_from_slice(&piece);
        }
    }
    Ok(bytes)
}

async fn upload(
    member: StaffMember,
    State(staff): State<Staff>,
    upload: Upload,
) -> Result<Response, Failure> {
    let Sent {
        fields,
        file,
        bytes,
    } = read(upload).await?;
    let mut errors = FieldErrors::default();
    let purpose = form_field::<Reason>(&fields, "purpose", &mut errors);
    if bytes.is_empty() {
        errors.add("package", Problem::new("required"));
    }
    let again = |errors, note| Again {
        form: FormState::of(&fields, errors, &[]),
        note,
    };
    let (Some(purpose), true) = (purpose, errors.is_empty()) else {
        return Ok(page(&member, again(errors, None), (String::new(), Vec::new())).invalid());
    };
    let (mut tx, scope) = staff.read(&member).await?;
    let known = plugin::of_package(&mut tx, &scope, &bytes).await?;
    tx.rollback().await?;
    if let Some(known) = known {
        return Ok(see_other(&format!("{}?done=known", path(known.id))));
    }
    let actor = member.actor().clone().for_purpose(purpose);
    let command = UploadPlugin::of(bytes);
    let empty = FieldErrors::default();
    let (status, note, flaws) = match Box::pin(staff.gate.run(&actor, command, Mode::Commit)).await
    {
        Ok(done) => {
            let id = done.output.id;
            return Ok(see_other(&format!("{}?done=uploaded", path(id))));
        }
        Err(Refusal::Invalid(wrong)) => {
            let flaws = wrong
                .0
                .values()
                .map(|one| FlawRow::of(one, member.language));
            (StatusCode::UNPROCESSABLE_ENTITY, None, flaws.collect())
        }
        Err(Refusal::Conflict(code)) => (
            StatusCode::CONFLICT,
            Some(format!("conflict-{code}")),
            Vec::new(),
        ),
        Err(Refusal::Busy(_)) => {
            let busy = Some("staff-plugin-busy".to_owned());
            (StatusCode::SERVICE_UNAVAILABLE, busy, Vec::new())
        }
        Err(refusal) => return Err(refusal.into()),
    };
    let page = page(&member, again(empty, note), (file, flaws));
    Ok(page.status(status).into_response())
}
