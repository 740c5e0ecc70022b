//! Files of webspaces.

use crate::Api;
use crate::answer::{self, value_of};
use crate::book::{Answer, Answers, Book, Operation, Sends};
use crate::call::Call;
use crate::content::arriving::Arriving;
use crate::content::ready::ready;
use crate::problem::{Kind, Place, Problem};
use http::{StatusCode, header};
use schemars::{JsonSchema, schema_for};
use serde::Serialize;
use wabe_access::Permission;
use wabe_kernel::RelPath;
use wabe_kernel::content::{Entry, EntryKind};
use wabe_kernel::id::WebspaceId;

const FOLDER: &str = "/api/v1/webspaces/{id}/files";
const FILE: &str = "/api/v1/webspaces/{id}/files/{*path}";

/// A file that was written.
#[derive(Debug, Serialize, JsonSchema)]
struct Written {
    /// Its path beneath the webspace's folder.
    path: String,
    /// Its size in bytes.
    size: i64,
}

/// Adds the operations.
pub(super) fn operations(book: Book) -> Book {
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
