//! Where programs elsewhere come to one database from, and how they do.

use askama::Template;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use wabe_access::{Mode, plan};
use wabe_hosting::database::{self, Database, SetDatabaseRemoteAddresses, server};
use wabe_kernel::id::DatabaseId;
use wabe_kernel::{Engine, FormState, RemoteWay};
use wabe_web::filters;
use wabe_web::{Failure, Form, Member, Page, Path, Preview, Query, disposition, see_other};

use crate::Portal;
use crate::carry_out::{asked_mode, carry_out, refused_page};
use crate::database::frame::Frame;
use crate::reading::with_field;
use crate::refused::{Note, Refused};
use crate::undo::{self, DoneBar, done_path};

/// What the file of the authority is called.
const AUTHORITY: &str = "wabe-authority.pem";

/// The page.
#[derive(Template)]
#[template(path = "portal/database/remote.html")]
pub(crate) struct RemotePage {
    pub(crate) frame: Frame,
    pub(crate) database: Database,
    /// Why nobody elsewhere can be let in, as the end of a message; absent where they can.
    pub(crate) closed: Option<&'static str>,
    /// How they come to it, where they can.
    pub(crate) way: Option<Way>,
    /// Whether the certificate is signed by an authority that programs have to be told of.
    pub(crate) own_authority: bool,
    pub(crate) form: FormState,
    pub(crate) note: Option<Note>,
    /// What another list would change.
    pub(crate) preview: Option<Preview>,
    pub(crate) done: Option<DoneBar>,
}

/// How programs elsewhere come to a database.
pub(crate) struct Way {
    pub(crate) host: String,
    pub(crate) port: i64,
    /// What is typed into a terminal, each with the end of the message that names the program.
    pub(crate) commands: Vec<(&'static str, String)>,
}

impl RemotePage {
    /// The page of a database, over the list as it is; why nobody can be let in, and whether the authority is ours.
    pub(crate) fn new(
        frame: Frame,
        database: Database,
        (closed, own_authority): (Option<&'static str>, bool),
    ) -> Self {
        let way = Way::of(&database, own_authority).filter(|_way| closed.is_none());
        let addresses = database.remote_addresses.to_string();
        Self {
            frame,
            closed,
            way,
            own_authority,
            form: FormState::new().with("remote_addresses", addresses),
            database,
            note: None,
            preview: None,
            done: None,
        }
    }
}

impl Way {
    /// How programs come to a database whose server lets them in.
    fn of(it: &Database, own_authority: bool) -> Option<Self> {
        let (host, port) = (it.remote_host.clone()?, it.port?);
        let (name, user) = (it.database.as_ref()?, it.user.as_ref()?);
        let commands = if it.engine == Engine::Mariadb {
            let ca = if own_authority {
                format!(" --ssl-ca={AUTHORITY}")
            } else {
                String::new()
            };
            let to = format!("-h {host} -P {port} -u {user} -p {name}");
            let mariadb = format!("mariadb --ssl --ssl-verify-server-cert{ca} {to}");
            let mysql = format!("mysql --ssl-mode=VERIFY_IDENTITY{ca} {to}");
            vec![("mariadb", mariadb), ("mysql", mysql)]
        } else {
            let ca = if own_authority { AUTHORITY } else { "system" };
            let to = format!("host={host} port={port} dbname={name} user={user}");
            let psql = format!("psql \"{to} sslmode=verify-full sslrootcert={ca}\"");
            vec![("psql", psql)]
        };
        Some(Self {
            host,
            port,
            commands,
        })
    }
}

/// Why nobody elsewhere can be let in.
fn closed(database: &Database, way: &RemoteWay, planned: bool) -> Option<&'static str> {
    match way {
        _ if !database.engine.is_server() => Some("engine"),
        RemoteWay::Off => Some("off"),
        RemoteWay::Foreign => Some("foreign"),
        RemoteWay::On { .. } if !planned => Some("plan"),
        RemoteWay::On { .. } => None,
    }
}

/// What the page starts from.
async fn page(
    portal: &Portal,
    member: &Member,
    id: DatabaseId,
    query: &Query,
) -> Result<RemotePage, Failure> {
    let (mut tx, scope) = portal.read(member).await?;
    let database = database::load(&mut tx, &scope, id).await?;
    let way = server::remote_way(&mut tx, database.engine).await?;
    let planned = plan::database_remote(&mut tx, scope.customer()).await?;
    let done = undo::bar(portal, &mut tx, member, query).await?;
    tx.rollback().await?;
    let frame = Frame::of(portal, member, &database);
    let closed = closed(&database, &way, planned);
    Ok(RemotePage {
        done,
        ..RemotePage::new(frame, database, (closed, way.authority().is_some()))
    })
}

pub(super) async fn remote(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<DatabaseId>,
    query: Query,
) -> Result<Page<RemotePage>, Failure> {
    let page = page(&portal, &member, id, &query).await?;
    Ok(member.at("databases").page(page))
}

pub(super) async fn set_addresses(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<DatabaseId>,
    form: Form,
) -> Result<Response, Failure> {
    let mut page = page(&portal, &member, id, &Query::default()).await?;
    let form = with_field(form, "id", id);
    let mode = asked_mode(&form, "act");
    match carry_out::<SetDatabaseRemoteAddresses>(&portal, &member, &form, &[], mode).await? {
        Ok(done) if mode == Mode::Commit => {
            let back = format!("/databases/{id}/remote");
            Ok(see_other(&done_path(&back, done.change)))
        }
        Ok(done) => {
            let wanted = form.get("remote_addresses");
            page.form = FormState::new().with("remote_addresses", wanted);
            page.preview = Some(Preview::of(
                member.language,
                (&done.before, &done.after),
                &done.steps,
            ));
            Ok(member.at("databases").page(page).into_response())
        }
        Err(Refused { form, note }) => {
            (page.form, page.note) = (form, note);
            let noted = page.note.is_some();
            Ok(refused_page(member.at("databases").page(page), noted))
        }
    }
}

/// The authority that signed the certificates of the node's servers, as a file; back to the databases where the
/// servers have none of their own.
pub(super) async fn authority(
    member: Member,
    State(portal): State<Portal>,
) -> Result<Response, Failure> {
    let (mut tx, _scope) = portal.read(&member).await?;
    let servers = server::list(&mut tx).await?;
    tx.rollback().await?;
    let mut authorities = servers
        .iter()
        .filter_map(|server| server.remote.authority());
    let Some(pem) = authorities.next() else {
        return Ok(see_other("/databases"));
    };
    let mut response = Body::from(pem.to_owned()).into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("application/x-pem-file");
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::CONTENT_DISPOSITION, disposition(AUTHORITY));
    Ok(response)
}
