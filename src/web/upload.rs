//! Files in a form, piece by piece: nothing is held in memory, and a handler gets the form only once the
//! request proved that it comes from a page of ours.

use crate::csrf;
use crate::failure::Failure;
use crate::pace::Pace;
use axum::body::Body;
use axum::extract::multipart::{Field, Multipart};
use axum::extract::{FromRequest, Request};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long a browser may pause between two pieces (bar 3.15 T3).
const IDLE: Duration = Duration::from_secs(30);
/// The most bytes of a field that is not a file, unless its handler takes more.
const TEXT_BYTES_MAX: usize = 16 * 1024;
/// The most fields and files of one form.
const PARTS_MAX: usize = 1_000;

/// A `multipart/form-data` form. The token comes first, as [`c::csrf()`](crate::page) puts it, or in
/// the `x-csrf-token` header; the route must be [`endless`](crate::Routes::endless) to take more than a
/// mebibyte.
pub struct Upload {
    parts: Multipart,
    pace: Pace,
    count: usize,
    text_max: usize,
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
    pace: Pace,
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
        let Some(chunk) = following_piece(&mut self.source, &self.pace).await? else {
            return Ok(None);
        };
        let size = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        self.left = self.left.checked_sub(size).ok_or(Failure::TooLarge)?;
        Ok(Some(chunk))
    }
}

impl Upload {
    async fn of(request: Request) -> Result<Self, Failure> {
        let pace = Pace::default();
        let request = request.map(|body| pace.set(body));
        let parts = Multipart::from_request(request, &()).await;
        Ok(Self {
            parts: parts.map_err(|_no_multipart| Failure::MediaType)?,
            pace,
            count: 0,
            text_max: TEXT_BYTES_MAX,
        })
    }

    /// Sets how many bytes a field may have that is not a file. For forms that are one long text;
    /// whatever is allowed here is held in memory.
    pub const fn text_limit(&mut self, bytes: usize) {
        self.text_max = bytes;
    }

    /// The token in the first part, if that is where it is.
    async fn token(&mut self) -> Result<Option<String>, Failure> {
        match following(&mut self.parts, &self.pace).await? {
            Some(field) if field.name() == Some(csrf::FIELD) => {
                text(field, &self.pace, TEXT_BYTES_MAX).await.map(Some)
            }
            _ => Ok(None),
        }
    }

    /// The next part; `None` at the end.
    ///
    /// # Errors
    /// As [`File::next`].
    pub async fn next(&mut self) -> Result<Option<Piece<'_>>, Failure> {
        self.count += 1;
        if self.count > PARTS_MAX {
            return Err(Failure::TooLarge);
        }
        let Some(field) = following(&mut self.parts, &self.pace).await? else {
            return Ok(None);
        };
        let name = field.name().unwrap_or("").to_owned();
        let Some(file) = field.file_name().map(str::to_owned) else {
            let text = text(field, &self.pace, self.text_max).await?;
            return Ok(Some(Piece::Text(name, text)));
        };
        let file = File {
            field: name,
            name: file,
            source: field,
            pace: self.pace.clone(),
            left: u64::MAX,
        };
        Ok(Some(Piece::File(Box::new(file))))
    }
}

async fn following<'a>(
    parts: &'a mut Multipart,
    pace: &Pace,
) -> Result<Option<Field<'a>>, Failure> {
    pace.rest();
    let field = tokio::time::timeout(IDLE, parts.next_field()).await;
    let field = field.map_err(|_elapsed| Failure::TimedOut)?;
    field.map_err(|_broken_off| Failure::Unreadable)
}

async fn following_piece(
    field: &mut Field<'_>,
    pace: &Pace,
) -> Result<Option<bytes::Bytes>, Failure> {
    pace.rest();
    let chunk = tokio::time::timeout(IDLE, field.chunk()).await;
    let chunk = chunk.map_err(|_elapsed| Failure::TimedOut)?;
    chunk.map_err(|_broken_off| Failure::Unreadable)
}

async fn text(mut field: Field<'_>, pace: &Pace, max: usize) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    while let Some(chunk) = following_piece(&mut field, pace).await? {
        if bytes.len() + chunk.len() > max {
            return Err(Failure::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(|_not_utf8| Failure::Unreadable)
}

/// Opens a form with files in front of its handler: the request, in which the rest of the form waits
/// for the handler that takes it, and the token: `sent` in the header, or else the first part.
pub(crate) async fn open(
    request: Request,
    mut sent: Option<String>,
) -> Result<(Request, Option<String>), Failure> {
    let (mut parts, body) = request.into_parts();
    let mut whole = Request::new(body);
    whole.headers_mut().clone_from(&parts.headers);
    whole.extensions_mut().clone_from(&parts.extensions);
    let mut form = Upload::of(whole).await?;
    if sent.is_none() {
        let first = tokio::time::timeout(IDLE, form.token()).await;
        sent = first.map_err(|_elapsed| Failure::TimedOut)??;
    }
    parts
        .extensions
        .insert(Waiting(Arc::new(Mutex::new(Some(form)))));
    Ok((Request::from_parts(parts, Body::empty()), sent))
}

/// An opened form on its way through the request to its handler.
#[derive(Clone)]
struct Waiting(Arc<Mutex<Option<Upload>>>);

impl<S: Sync> FromRequest<S> for Upload {
    type Rejection = Failure;

    async fn from_request(mut request: Request, _state: &S) -> Result<Self, Failure> {
        let waiting = request.extensions_mut().remove::<Waiting>();
        let waiting = waiting.ok_or(Failure::MediaType)?;
        let mut form = waiting.0.lock().unwrap_or_else(PoisonError::into_inner);
        form.take().ok_or(Failure::MediaType)
    }
}
