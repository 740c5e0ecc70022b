//! Files of webspaces.

use crate::Api;
use crate::answer::{self, value_of};
use crate::book::{Answer, Answers, Book, Operation, Sends};
use crate::call::{Call, JSON_BYTES_MAX};
use crate::content::arriving::Arriving;
use crate::content::ready::ready;
use crate::json::Lines;
use crate::problem::{Kind, Place, Problem};
use http::{StatusCode, header};
use schemars::{JsonSchema, schema_for};
use serde::Serialize;
use serde_json::Value;
use wabe_access::Permission;
use wabe_kernel::content::{Entry, EntryKind};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{Problem as FieldProblem, RelPath};
use wabe_web::Cost;

const FOLDER: &str = "/api/v1/webspaces/{id}/files";
const FILE: &str = "/api/v1/webspaces/{id}/files/{*path}";
// Beside the files and not beneath them, where a file may have any name.
const MAKE_FOLDER: &str = "/api/v1/webspaces/{id}/make_folder";
const RENAME: &str = "/api/v1/webspaces/{id}/rename_file";
const UNZIP: &str = "/api/v1/webspaces/{id}/unzip_file";

/// A file that was written.
#[derive(Debug, Serialize, JsonSchema)]
struct Written {
    /// Its path beneath the webspace's folder.
    path: String,
    /// Its size in bytes.
    size: i64,
}

/// What is to be made or unpacked.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(
    dead_code,
    reason = "it describes the body; the body is read by hand, to name what is wrong"
)]
struct PathAlone {
    /// Its path beneath the webspace's folder.
    path: RelPath,
}

/// What gets another name or place.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(
    dead_code,
    reason = "it describes the body; the body is read by hand, to name what is wrong"
)]
struct PathAndNext {
    /// The path that it has, beneath the webspace's folder.
    path: RelPath,
    /// The path that it gets; nothing may be there.
    to: RelPath,
}

/// An archive that was unpacked.
#[derive(Debug, Serialize, JsonSchema)]
struct Unpacked {
    /// How many files came out of it.
    files: u64,
}

/// Adds the operations.
pub(super) fn operations(book: Book) -> Book {
    by_path(in_place(book))
}

/// The operations that a body names the path for.
fn by_path(book: Book) -> Book {
    let write = Permission::FileWrite;
    let folder = Operation::get("file_folder", MAKE_FOLDER, write, Answers::Nothing)
        .by("POST", Sends::Json(|| schema_for!(PathAlone)))
        .example(r#"{"path":"images/summer"}"#);
    let rename = Operation::get("file_rename", RENAME, write, Answers::Nothing)
        .by("POST", Sends::Json(|| schema_for!(PathAndNext)))
        .example(r#"{"path":"index.html","to":"old/index.html"}"#);
    let unpacked = Answers::Json(200, || schema_for!(Unpacked));
    let unzip = Operation::get("file_unzip", UNZIP, write, unpacked)
        .by("POST", Sends::Json(|| schema_for!(PathAlone)))
        .example(r#"{"path":"site.zip"}"#)
        .cost(Cost::Heavy);
    book.add(folder.id("web").endless(), make_folder)
        .add(rename.id("web").endless(), rename_path)
        .add(unzip.id("web").endless(), unzip_file)
}

/// The operations on the path that their address names.
fn in_place(book: Book) -> Book {
    let (read, write) = (Permission::FileRead, Permission::FileWrite);
    let folder = Operation::get(
        "file_list",
        FOLDER,
        read,
        Answers::List(|| schema_for!(Entry)),
    );
    let get = Operation::get("file_read", FILE, read, Answers::Bytes("*/*"));
    let put = Operation::get(
        "file_write",
        FILE,
        write,
        Answers::Json(201, || schema_for!(Written)),
    )
    .by("PUT", Sends::Bytes);
    let delete =
        Operation::get("file_delete", FILE, write, Answers::Nothing).by("DELETE", Sends::Nothing);
    book.add(folder.id("web").endless(), read_path)
        .add(get.id("web").endless(), read_path)
        .add(put.id("web").endless(), write_file)
        .add(delete.id("web").endless(), delete_path)
}

fn path(call: &Call) -> Result<RelPath, Problem> {
    let wrong = |problem| Problem::wrong(Place::Path, "path", problem);
    call.text("path").parse().map_err(wrong)
}

async fn read_path(api: Api, call: Call) -> Answer {
    let (web, path): (WebspaceId, _) = (call.id("id")?, path(&call)?);
    ready(
        &api,
        &call,
        &web.to_string(),
        Permission::FileRead,
        "file.read",
    )
    .await?;
    if !path.is_root() && api.files.stat(web, &path).await?.kind != EntryKind::Folder {
        let (size, source) = api.files.read(web, &path).await?;
        let name = path.name().unwrap_or_default();
        let kind = mime_guess::from_path(name).first_or_octet_stream();
        let body = answer::streamed(source);
        return Ok(answer::download(kind.essence_str(), name, Some(size), body));
    }
    let entries = api.files.list(web, &path).await?;
    let items = entries
        .iter()
        .map(value_of)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(answer::all(&items))
}

async fn write_file(api: Api, mut call: Call) -> Answer {
    let (web, path): (WebspaceId, _) = (call.id("id")?, path(&call)?);
    if call.headers.contains_key(header::CONTENT_RANGE) {
        // A part must not become the whole (RFC 9110, 14.5).
        return Err(Problem::coded(Kind::Malformed, "content-range"));
    }
    ready(
        &api,
        &call,
        &web.to_string(),
        Permission::FileWrite,
        "file.write",
    )
    .await?;
    let mut source = Arriving::new(call.body());
    let size = api.files.write(web, &path, &mut source).await?;
    let written = Written {
        path: path.to_string(),
        size,
    };
    Ok(answer::json(StatusCode::CREATED, &value_of(&written)?))
}

async fn delete_path(api: Api, call: Call) -> Answer {
    let (web, path): (WebspaceId, _) = (call.id("id")?, path(&call)?);
    ready(
        &api,
        &call,
        &web.to_string(),
        Permission::FileWrite,
        "file.delete",
    )
    .await?;
    api.files.delete(web, &path).await?;
    Ok(answer::nothing())
}

/// One path of a body; never the webspace's own folder.
fn named(value: Option<&Value>) -> Result<RelPath, FieldProblem> {
    match value {
        Some(Value::String(text)) => {
            let path: RelPath = text.parse()?;
            if path.is_root() {
                return Err(FieldProblem::new("required"));
            }
            Ok(path)
        }
        Some(Value::Null) | None => Err(FieldProblem::new("required")),
        Some(_) => Err(FieldProblem::new("must-be-text")),
    }
}

/// The paths that the body names, each under one of these names and no other; every mistake is told.
async fn paths<const N: usize>(
    call: &mut Call,
    names: [&'static str; N],
) -> Result<[RelPath; N], Problem> {
    let body = call.bytes(JSON_BYTES_MAX).await?;
    let (asked, mut errors) = call.object(&body, Lines::One)?;
    for name in asked.keys().filter(|name| !names.contains(&name.as_str())) {
        errors.add(name, FieldProblem::new("unknown-field"));
    }
    let found = names.map(|name| {
        named(asked.get(name)).unwrap_or_else(|problem| {
            errors.add(name, problem);
            RelPath::root()
        })
    });
    if errors.is_empty() {
        Ok(found)
    } else {
        Err(errors.into())
    }
}

/// The webspace, ready for this.
async fn opened(api: &Api, call: &Call, area: &'static str) -> Result<WebspaceId, Problem> {
    let web: WebspaceId = call.id("id")?;
    ready(api, call, &web.to_string(), Permission::FileWrite, area).await?;
    Ok(web)
}

async fn make_folder(api: Api, mut call: Call) -> Answer {
    let [path] = paths(&mut call, ["path"]).await?;
    let web = opened(&api, &call, "file.write").await?;
    api.files.make_folder(web, &path).await?;
    Ok(answer::nothing())
}

async fn rename_path(api: Api, mut call: Call) -> Answer {
    let [path, to] = paths(&mut call, ["path", "to"]).await?;
    let web = opened(&api, &call, "file.write").await?;
    api.files.rename(web, &path, &to).await?;
    Ok(answer::nothing())
}

async fn unzip_file(api: Api, mut call: Call) -> Answer {
    let [path] = paths(&mut call, ["path"]).await?;
    let web = opened(&api, &call, "file.write").await?;
    let files = api.files.unzip(web, &path).await?;
    answer::ok(&Unpacked { files })
}
