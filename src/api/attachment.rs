//! Files in tickets: one arrives as the bytes of a body, one leaves as a download.

use crate::Api;
use crate::answer::{self, value_of};
use crate::book::{Answer, Answers, Book, Operation, Sends};
use crate::call::Call;
use crate::command::replayed;
use crate::content::Arriving;
use crate::problem::{Kind, Place, Problem, Wrong};
use http::{HeaderValue, StatusCode, header};
use schemars::schema_for;
use wabe_access::{CommandSpec, Mode, Permission, Refusal};
use wabe_kernel::content::ByteSource as _;
use wabe_kernel::id::{TicketAttachmentId, TicketId};
use wabe_kernel::{Line, Problem as FieldProblem};
use wabe_support::attachment::{self, AttachToTicket, Attachment, FILE_BYTES_MAX};
use wabe_web::{Cost, download};

const FILES: &str = "/api/v1/tickets/{id}/attachments";
const FILE: &str = "/api/v1/tickets/{id}/attachments/{attachment}";
/// The command behind the arrival.
pub(crate) const COMMAND: &str = "ticket.attach";

/// Adds the operations.
pub(crate) fn operations(book: Book, commands: &[CommandSpec]) -> Book {
    let read = Operation::get(
        "ticket_attachment_read",
        FILE,
        Permission::TicketRead,
        Answers::Bytes("*/*"),
    );
    let book = book.add(read.id("tkt"), read_file);
    let spec = commands.iter().find(|spec| spec.name == COMMAND);
    match spec {
        Some(spec) => book.add(attaching(*spec), attach),
        None => book,
    }
}

fn attaching(spec: CommandSpec) -> Operation {
    let made = Answers::Json(201, || schema_for!(Attachment));
    let mut operation = Operation::get("ticket_attach", FILES, spec.permission, made)
        .by("POST", Sends::Bytes)
        .id("tkt")
        .query(&["name", "dry_run"])
        .cost(Cost::Heavy)
        .endless();
    operation.specs = vec![spec];
    operation
}

/// The bytes of the body, whatever it says it is.
async fn bytes_of(call: &mut Call) -> Result<Vec<u8>, Problem> {
    let mut source = Arriving::new(call.body());
    let mut bytes = Vec::new();
    while let Some(piece) = source.next().await {
        let piece = piece?;
        if bytes.len() + piece.len() > FILE_BYTES_MAX {
            let max = i64::try_from(FILE_BYTES_MAX).unwrap_or(i64::MAX);
            return Err(Problem::of(Kind::TooLarge).with("max", max));
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

async fn attach(api: Api, mut call: Call) -> Answer {
    let id: TicketId = call.id("id")?;
    let mode = call.mode()?;
    let named = match call.query("name") {
        Some(name) => name.parse::<Line>(),
        None => Err(FieldProblem::new("required")),
    };
    let name = named.map_err(|problem| Problem::wrong(Place::Query, "name", problem))?;
    let bytes = bytes_of(&mut call).await?;
    let hashed = [name.as_str().as_bytes(), b"\0", &bytes].concat();
    let once = call.once(mode, &hashed)?;
    let command = AttachToTicket::of(id, name, bytes);
    match Box::pin(api.gate.run_once(call.actor(), command, mode, once)).await {
        Ok(done) if mode == Mode::Preview => {
            let done = done.try_map(|kept| Ok(value_of(&kept)?))?;
            Ok(answer::preview(&done))
        }
        Ok(done) => {
            let mut response = answer::json(StatusCode::CREATED, &value_of(&done.output)?);
            let place = format!("{}/{}", call.path, done.output.id);
            if let Ok(place) = HeaderValue::from_str(&place) {
                response.headers_mut().insert(header::LOCATION, place);
            }
            Ok(response)
        }
        // It is there already; the ticket's messages say under which id.
        Err(Refusal::Repeated(_)) => Ok(replayed(answer::nothing())),
        Err(Refusal::Invalid(errors)) => {
            let wrong = |(_, problem)| Wrong {
                place: Place::Package,
                name: "file".to_owned(),
                problem,
            };
            Err(Problem::invalid(errors.0.into_iter().map(wrong).collect()))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

async fn read_file(api: Api, call: Call) -> Answer {
    let ticket: TicketId = call.id("id")?;
    let id: TicketAttachmentId = call.id("attachment")?;
    let mut look = call.look(&api).await?;
    let (about, bytes) = attachment::open(&mut look.tx, &look.scope, (ticket, id)).await?;
    look.end().await?;
    Ok(download(about.kind.media_type(), &about.name, bytes))
}
