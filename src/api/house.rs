//! What programs of the hoster's do: bring plugins into the catalogue, and read what is in it.
//!
//! Their tokens are made on the command line. Releasing is for people alone.

use crate::Api;
use crate::answer::{self, value_of};
use crate::book::{Answer, Answers, Book, Operation, Sends};
use crate::call::{Call, DRY_RUN};
use crate::command::replayed;
use crate::content::Arriving;
use crate::problem::{Kind, Place, Problem, Wrong};
use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use schemars::schema_for;
use wabe_access::{CommandSpec, Mode, Permission, Refusal, Scope};
use wabe_automation::plugin::{self, PluginVersion, UploadPlugin, VersionShown};
use wabe_automation::trusted_key::{self, TrustedKey};
use wabe_kernel::content::ByteSource as _;
use wabe_kernel::id::{ChangeId, PluginVersionId};
use wabe_package::archive::PACKAGE_BYTES;
use wabe_store::Tx;
use wabe_web::Cost;

/// The hoster's commands that programs may run.
pub(crate) const COMMANDS: &[&str] = &["plugin.upload"];

const PLUGINS: &str = "/api/v1/plugins";
const VERSIONS: &str = "/api/v1/plugin_versions";
const VERSION: &str = "/api/v1/plugin_versions/{id}";
const PACKAGE: &str = "/api/v1/plugin_versions/{id}/package";
const KEYS: &str = "/api/v1/trusted_keys";

/// Adds the operations.
pub(crate) fn operations(book: Book, commands: &[CommandSpec]) -> Book {
    let sees = Permission::PluginRead;
    let get = |id: &str, path, answers| Operation::get(id, path, sees, answers);
    let versions = get(
        "plugin_version_list",
        VERSIONS,
        Answers::List(|| schema_for!(VersionShown)),
    );
    let version = get(
        "plugin_version_show",
        VERSION,
        Answers::Json(200, || schema_for!(VersionShown)),
    );
    let package = get(
        "plugin_package_read",
        PACKAGE,
        Answers::Bytes("application/octet-stream"),
    );
    let keys = get(
        "trusted_key_list",
        KEYS,
        Answers::List(|| schema_for!(TrustedKey)),
    );
    let book = book.add(versions, list_versions);
    let book = book.add(version.id("plv"), show_version);
    let book = book.add(package.id("plv"), read_package);
    let book = book.add(keys, list_keys);
    let spec = commands.iter().find(|spec| COMMANDS.contains(&spec.name));
    match spec {
        Some(spec) => book.add(uploading(*spec), upload),
        None => book,
    }
}

fn uploading(spec: CommandSpec) -> Operation {
    let made = Answers::Json(201, || schema_for!(VersionShown));
    let mut operation = Operation::get("plugin_upload", PLUGINS, spec.permission, made)
        .by("POST", Sends::Bytes)
        .query(DRY_RUN)
        .cost(Cost::Heavy)
        .endless();
    operation.specs = vec![spec];
    operation
}

/// A look across customers, with what the token may see.
async fn look(api: &Api, call: &Call) -> Result<(Tx, Scope), Problem> {
    let mut tx = api.gate.store().read().await?;
    let scope = Scope::of(&mut tx, call.actor()).await?;
    Ok((tx, scope))
}

async fn list_versions(api: Api, call: Call) -> Answer {
    let (mut tx, scope) = look(&api, &call).await?;
    let found = plugin::versions(&mut tx, &scope).await?;
    tx.rollback().await?;
    let shown = found.iter().map(|version| value_of(&version.shown()));
    let shown: Result<Vec<_>, _> = shown.collect();
    Ok(answer::all(&shown?))
}

async fn show_version(api: Api, call: Call) -> Answer {
    let id: PluginVersionId = call.id("id")?;
    let (mut tx, scope) = look(&api, &call).await?;
    let found = plugin::load(&mut tx, &scope, id).await?;
    tx.rollback().await?;
    answer::ok(&found.shown())
}

async fn read_package(api: Api, call: Call) -> Answer {
    let id: PluginVersionId = call.id("id")?;
    let (mut tx, scope) = look(&api, &call).await?;
    let found = plugin::load(&mut tx, &scope, id).await?;
    let bytes = plugin::package(&mut tx, &scope, id).await?;
    tx.rollback().await?;
    let (name, version) = (&found.manifest.id, &found.manifest.version);
    let name = format!("{name}-{version}.wabeplugin");
    let size = i64::try_from(bytes.len()).ok();
    let kind = "application/octet-stream";
    Ok(answer::download(kind, &name, size, Body::from(bytes)))
}

async fn list_keys(api: Api, call: Call) -> Answer {
    let (mut tx, scope) = look(&api, &call).await?;
    let found = trusted_key::list(&mut tx, &scope).await?;
    tx.rollback().await?;
    let keys: Result<Vec<_>, _> = found.iter().map(value_of).collect();
    Ok(answer::all(&keys?))
}

/// The bytes of the body, whatever it says it is.
async fn package_of(call: &mut Call) -> Result<Vec<u8>, Problem> {
    let too_large = || {
        let max = i64::try_from(PACKAGE_BYTES).unwrap_or(i64::MAX);
        Problem::of(Kind::TooLarge).with("max", max)
    };
    let mut source = Arriving::new(call.body());
    let mut bytes = Vec::new();
    while let Some(piece) = source.next().await {
        let piece = piece?;
        if bytes.len() + piece.len() > PACKAGE_BYTES {
            return Err(too_large());
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

async fn upload(api: Api, mut call: Call) -> Answer {
    let mode = call.mode()?;
    let bytes = package_of(&mut call).await?;
    let once = call.once(mode, &bytes)?;
    if mode == Mode::Commit
        && let Some(same) = sent_before(&api, &call, &bytes).await?
    {
        return Ok(replayed(said(StatusCode::CREATED, &same.shown())?));
    }
    let command = UploadPlugin::of(bytes);
    match api.gate.run_once(call.actor(), command, mode, once).await {
        Ok(done) if mode == Mode::Preview => {
            let done = done.try_map(|shown| Ok(value_of(&shown)?))?;
            Ok(answer::preview(&done))
        }
        Ok(done) => said(StatusCode::CREATED, &done.output),
        Err(Refusal::Repeated(change)) => again(&api, &call, change).await,
        Err(Refusal::Invalid(errors)) => {
            let wrong = |(_, problem)| Wrong {
                place: Place::Package,
                name: "package".to_owned(),
                problem,
            };
            Err(Problem::invalid(errors.0.into_iter().map(wrong).collect()))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// The version that came in exactly these bytes: sending them twice is sending them once.
async fn sent_before(
    api: &Api,
    call: &Call,
    bytes: &[u8],
) -> Result<Option<PluginVersion>, Problem> {
    let (mut tx, scope) = look(api, call).await?;
    scope.needs(Permission::PluginWrite)?;
    let found = match plugin::of_package(&mut tx, &scope, bytes).await {
        Ok(found) => found,
        // Whoever may upload and not read is told nothing that was there before.
        Err(Refusal::Forbidden) => None,
        Err(refusal) => return Err(refusal.into()),
    };
    tx.rollback().await?;
    Ok(found)
}

/// Answers a request that was carried out before.
async fn again(api: &Api, call: &Call, change: ChangeId) -> Answer {
    let mut tx = api.gate.store().read().await?;
    let scope = Scope::of(&mut tx, call.actor()).await?;
    let house = call.actor().customer;
    let found = api.gate.recorder().load(&mut tx, house, change).await?;
    let found = found.ok_or(Problem::of(Kind::NotFound))?;
    let id = found.object_id.parse();
    let id: PluginVersionId = id.map_err(|_wrong| Problem::of(Kind::NotFound))?;
    let version = plugin::load(&mut tx, &scope, id).await?;
    tx.rollback().await?;
    Ok(replayed(said(StatusCode::CREATED, &version.shown())?))
}

fn said(status: StatusCode, shown: &VersionShown) -> Answer {
    let mut response: Response = answer::json(status, &value_of(shown)?);
    if let Ok(place) = HeaderValue::from_str(&format!("{VERSIONS}/{}", shown.id)) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}
