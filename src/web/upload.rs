//! Files in a form, piece by piece: nothing is held in memory, and nothing is read before the request
//! proved that it comes from a page of ours.

use crate::csrf;
use crate::failure::Failure;
use crate::form::prove;
use crate::web::Incoming;
use axum::extract::multipart::{Field, Multipart};
use axum::extract::{FromRequest, Request};
use std::time::Duration;
use wabe_kernel::Fault;

/// How long a browser may pause between two pieces (bar 3.15 T3).
const IDLE: Duration = Duration::from_secs(30);
/// The most bytes of a field that is not a file.
const TEXT_BYTES_MAX: usize = 16 * 1024;
/// The most fields and files of one form.
const PARTS_MAX: usize = 1_000;

/// A `multipart/form-data` form. The token comes first, as [`c::csrf()`](crate::page) puts it, or in
/// the `x-csrf-token` header; the route must be [`endless`](crate::Routes::endless).
pub struct Upload {
    parts: Multipart,
    count: usize,
}

/// One part of the form.
pub enum Piece<'a> {
    /// A text field: name, value.
    Text(String, String),
    /// A file.
    File(Box<File<'a>>),
}

/// A file as it arrives.
pub struct File<'a> {
    /// The field.
    pub field: String,
    /// What the browser calls it; text of a stranger, to be parsed before it names anything.
    pub name: String,
    source: Field<'a>,
    left: u64,
}

impl File<'_> {
    /// Sets how many bytes may still come; without it there is no bound but the quota behind it.
    pub const fn limit(&mut self, bytes: u64) {
        self.left = bytes;
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// `TooLarge`, `TimedOut` after 30 seconds without a byte, `Unreadable` when it broke off.
    pub async fn next(&mut self) -> Result<Option<bytes::Bytes>, Failure> {
        let chunk = tokio::time::timeout(IDLE, self.source.chunk()).await;
        let chunk = chunk.map_err(|_elapsed| Failure::TimedOut)?;
        let Some(chunk) = chunk.map_err(|_broken_off| Failure::Unreadable)? else {
            return Ok(None);
        };
        let size = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        self.left = self.left.checked_sub(size).ok_or(Failure::TooLarge)?;
        Ok(Some(chunk))
    }
}

impl Upload {
    /// The next part; `None` at the end.
    ///
    /// # Errors
    /// As [`File::next`].
    pub async fn next(&mut self) -> Result<Option<Piece<'_>>, Failure> {
        self.count += 1;
        if self.count > PARTS_MAX {
            return Err(Failure::TooLarge);
        }
        let Some(field) = following(&mut self.parts).await? else {
            return Ok(None);
        };
        let name = field.name().unwrap_or("").to_owned();
        match field.file_name().map(str::to_owned) {
            Some(file) => {
                let file = File {
                    field: name,
                    name: file,
                    source: field,
                    left: u64::MAX,
                };
                Ok(Some(Piece::File(Box::new(file))))
            }
            None => Ok(Some(Piece::Text(name, text(field).await?))),
        }
    }
}

async fn following(parts: &mut Multipart) -> Result<Option<Field<'_>>, Failure> {
    let field = tokio::time::timeout(IDLE, parts.next_field()).await;
    let field = field.map_err(|_elapsed| Failure::TimedOut)?;
    field.map_err(|_broken_off| Failure::Unreadable)
}

async fn text(mut field: Field<'_>) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    loop {
        let chunk = tokio::time::timeout(IDLE, field.chunk()).await;
        let chunk = chunk.map_err(|_elapsed| Failure::TimedOut)?;
        let Some(chunk) = chunk.map_err(|_broken_off| Failure::Unreadable)? else {
            break;
        };
        if bytes.len() + chunk.len() > TEXT_BYTES_MAX {
            return Err(Failure::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(|_not_utf8| Failure::Unreadable)
}

impl<S: Sync> FromRequest<S> for Upload {
    type Rejection = Failure;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Failure> {
        let incoming = request.extensions().get::<Incoming>().cloned();
        let incoming =
            incoming.ok_or(Failure::Fault(Fault::new("find the layers around routes")))?;
        let header = request.headers().get(csrf::HEADER);
        let header = header
            .and_then(|sent| sent.to_str().ok())
            .map(str::to_owned);
        let parts = Multipart::from_request(request, &()).await;
        let mut parts = parts.map_err(|_no_multipart| Failure::MediaType)?;
        if header.is_some() {
            prove(&incoming, header.as_deref())?;
        } else {
            let first = following(&mut parts).await?;
            let field = first.filter(|field| field.name() == Some(csrf::FIELD));
            let sent = match field {
                Some(field) => Some(text(field).await?),
                None => None,
            };
            prove(&incoming, sent.as_deref())?;
        }
        Ok(Self { parts, count: 0 })
    }
}
