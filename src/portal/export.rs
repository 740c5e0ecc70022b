//! `GET` and `POST /export`, `GET /export/{id}/file`: everything that is kept of a customer, as one file.
//!
//! Invariants: only owners have it made and get it; both take a fresh proof; each download is noted before
//! the first byte of it leaves; what the page says of its content is what the store says of its tables.

use askama::Template;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use futures_util::stream::{Stream, unfold};
use http::{HeaderValue, header};

use wabe_access::{Mode, Permission, Refusal};
use wabe_identity::export::ask::ExportCustomer;
use wabe_identity::export::model::Export;
use wabe_identity::export::read;
use wabe_kernel::id::{CustomerId, ExportId};
use wabe_kernel::{Fault, FormState, Problem, Timestamp};
use wabe_store::export::{Holding, Why, holdings};
use wabe_web::filters;
use wabe_web::{
    Arrival, Failure, Form, Member, Needs, Page, Path, Query, Routes, disposition, format,
    see_other,
};

use crate::carry_out::refused_page;
use crate::proof::{self, Proving};
use crate::refused::{self, Note, Refused};
use crate::undo::{self, DoneBar};
use crate::{PORTAL, Portal};

/// Where the page is.
pub(crate) const PAGE: &str = "/export";
const NEEDS: Needs = Needs::Permission(Permission::CustomerWrite);

/// A table of which something is in the file.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    /// The table; the message `own-data-table-{table}`.
    pub table: &'static str,
    /// The columns that are not in it, each with the reason.
    pub without: Vec<(&'static str, Why)>,
}

/// What is not in the file for one reason.
#[derive(Debug, Clone)]
pub(crate) struct Left {
    /// The reason.
    pub why: Why,
    /// The tables.
    pub tables: Vec<&'static str>,
}

/// The page.
#[derive(Template)]
#[template(path = "portal/export/show.html")]
pub(crate) struct ExportPage {
    /// Whether who looks is an owner.
    pub owner: bool,
    /// The latest, those first.
    pub exports: Vec<Export>,
    /// The moment of the page.
    pub now: Timestamp,
    /// What is in the file.
    pub tables: Vec<Listed>,
    /// What is not.
    pub left: Vec<Left>,
    /// What was typed.
    pub form: FormState,
    /// Why it was refused as a whole.
    pub note: Option<Note>,
    /// Whether a proof is asked for.
    pub proof: bool,
    /// What was just done.
    pub done: Option<DoneBar>,
}

impl ExportPage {
    /// Whether one is being made.
    pub(crate) fn is_underway(&self) -> bool {
        self.exports.iter().any(Export::is_underway)
    }

    /// Whether this one can be downloaded.
    pub(crate) fn is_there(&self, export: &Export) -> bool {
        export.is_there(self.now)
    }
}

/// The routes of this module.
pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get(PAGE, NEEDS, show)
        .post(PAGE, NEEDS, ask)
        .get("/export/{id}/file", NEEDS, download)
        .id("exp")
}

/// What is in the file, table by table.
fn listed(all: &[Holding]) -> Vec<Listed> {
    let given = all.iter().filter(|holding| holding.whole.is_none());
    given
        .map(|holding| Listed {
            table: holding.table,
            without: holding.withheld.to_vec(),
        })
        .collect()
}

/// What is not, by the reason.
fn left(all: &[Holding]) -> Vec<Left> {
    let of = |why: Why| Left {
        why,
        tables: all
            .iter()
            .filter(|holding| holding.whole == Some(why))
            .map(|holding| holding.table)
            .collect(),
    };
    Why::ALL.into_iter().map(of).collect()
}

async fn page(
    portal: &Portal,
    member: &Member,
    (Refused { form, note }, query): (Refused, &Query),
) -> Result<Page<ExportPage>, Failure> {
    let (mut tx, scope) = portal.read(member).await?;
    scope.needs(Permission::CustomerWrite)?;
    let owner = read::owns(&mut tx, &scope, member.actor()).await?;
    let exports = if owner {
        read::list(&mut tx, &scope, member.actor()).await?
    } else {
        Vec::new()
    };
    let done = undo::bar(portal, &mut tx, member, query).await?;
    tx.rollback().await?;
    let all = holdings();
    Ok(member.at("contact").page(ExportPage {
        owner,
        exports,
        now: member.now,
        tables: listed(&all),
        left: left(&all),
        form,
        note,
        proof: proof::needed(member.visitor.authenticated_at, member.now),
        done,
    }))
}

async fn show(
    member: Member,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Page<ExportPage>, Failure> {
    page(&portal, &member, (Refused::default(), &query)).await
}

async fn ask(
    member: Member,
    State(portal): State<Portal>,
    arrival: Arrival,
    form: Form,
) -> Result<Response, Failure> {
    let proving = proof::member(&portal, member, &form, &arrival).await?;
    let answer = ask_as(&portal, &proving, &form).await;
    Ok(proving.finish(answer))
}

async fn ask_as(portal: &Portal, proving: &Proving, form: &Form) -> Result<Response, Failure> {
    let member = &proving.member;
    let secret = [proof::FIELD];
    let again: Refused = match (&proving.wrong, form.parse::<ExportCustomer>(&secret)) {
        (Some(wrong), _) => proof::asked(form, &[], wrong.clone()).into(),
        (None, Err(form)) => form.into(),
        (None, Ok(command)) => {
            match Box::pin(portal.gate.run(member.actor(), command, Mode::Commit)).await {
                Ok(done) => return Ok(see_other(&undo::done_path(PAGE, done.change))),
                Err(Refusal::StepUp) => {
                    proof::asked(form, &[], Problem::new("proof-needed")).into()
                }
                Err(refusal) => refused::again(form, &secret, refusal)?,
            }
        }
    };
    let noted = again.note.is_some();
    let page = page(portal, member, (again, &Query::default())).await?;
    Ok(refused_page(page, noted))
}

async fn download(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<ExportId>,
) -> Result<Response, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    let found = read::there(&mut tx, (&scope, member.actor()), id, member.now).await?;
    tx.rollback().await?;
    if proof::needed(member.visitor.authenticated_at, member.now) {
        return Ok(proof::way(PAGE));
    }
    portal
        .note_access(&member, "customer.export", &id.to_string())
        .await?;
    let day = format::machine(member.now);
    let day = day.get(..10).unwrap_or("");
    let name = format!("{}-export-{day}.jsonl", member.customer.number);
    let parts = parts(portal, (member.customer.id, id), found.parts);
    let mut response = Body::from_stream(parts).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/x-ndjson"),
    );
    headers.insert(header::CONTENT_DISPOSITION, disposition(&name));
    Ok(response)
}

/// The parts of a file, one after the other. One that ends meanwhile breaks off, without its last line.
fn parts(
    portal: Portal,
    place: (CustomerId, ExportId),
    parts: i64,
) -> impl Stream<Item = Result<Vec<u8>, Fault>> + Send {
    unfold(Some((portal, 0)), move |sending| async move {
        let (portal, number) = sending.filter(|(_, number)| *number < parts)?;
        match portal.identity.export_part(place, number).await {
            Ok(Some(part)) => Some((Ok(part.to_vec()), Some((portal, number + 1)))),
            Ok(None) => Some((Err(Fault::new("an export ended while it was sent")), None)),
            Err(fault) => {
                tracing::warn!(fault = fault.chain(), "an export broke off");
                Some((Err(fault), None))
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{self, NOW};
    use wabe_identity::export::model::Ending;
    use wabe_kernel::macros::uuid::Uuid;
    use wabe_web::{Face, Sample, Visitor};

    fn export(id: u128, ready: bool, ended: Option<Ending>) -> Export {
        Export {
            id: ExportId::from_uuid(Uuid::from_u128(id)),
            asked_at: NOW.plus_days(-1),
            by_hoster: id == 2,
            place: 30,
            parts: 2,
            lines: 12_345,
            bytes: 480_000,
            ready: ready.then(|| (NOW, NOW.plus_days(3))),
            ended: ended.map(|ending| (ending, NOW)),
        }
    }

    impl Sample for ExportPage {
        fn face() -> &'static Face {
            &PORTAL
        }

        fn visitor() -> Option<Visitor> {
            Some(samples::visitor())
        }

        fn samples() -> Vec<Self> {
            let page = |owner: bool, exports: Vec<Export>, form: FormState| Self {
                owner,
                exports,
                now: NOW,
                tables: listed(&holdings()),
                left: left(&holdings()),
                note: form.has_errors().then(samples::conflict).flatten(),
                proof: form.has_errors(),
                form,
                done: samples::done("customer-export").filter(|_| owner),
            };
            vec![
                page(true, Vec::new(), FormState::new()),
                page(true, vec![export(1, false, None)], FormState::new()),
                page(
                    true,
                    vec![
                        export(1, true, None),
                        export(2, true, Some(Ending::Removed)),
                        export(3, false, Some(Ending::Failed)),
                    ],
                    samples::errors(proof::FIELD, "password-wrong"),
                ),
                page(false, Vec::new(), FormState::new()),
            ]
        }
    }

    #[test]
    fn the_page_of_exports_is_whole() {
        assert_eq!(
            wabe_web::check::check_samples::<ExportPage>(),
            Vec::<String>::new()
        );
    }

    #[test]
    fn every_table_is_on_the_page_once() {
        let all = holdings();
        let given = listed(&all).into_iter().map(|one| one.table);
        let left = left(&all).into_iter().flat_map(|one| one.tables);
        let mut shown: Vec<&str> = given.chain(left).collect();
        let mut tables: Vec<&str> = all.iter().map(|holding| holding.table).collect();
        shown.sort_unstable();
        tables.sort_unstable();
        assert_eq!(shown, tables);
    }
}
