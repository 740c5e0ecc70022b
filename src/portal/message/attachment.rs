//! An attachment, always as a download.
//!
//! What it claims to be counts only for a few kinds of pictures; everything else leaves as bytes, so
//! that no browser shows a stranger's page under the portal's name. Source: RFC 6266, bar 3.13 T5.

use axum::extract::{FromRequestParts, RawPathParams, State};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderValue, header};
use wabe_kernel::content::Attachment;
use wabe_kernel::id::MailboxId;
use wabe_web::{Failure, Member, disposition};

use crate::Portal;
use crate::files::picture::{self, PICTURE_MAX};
use crate::message::{failure, found, noted};

/// Pictures that carry no script.
const PICTURES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];
const BYTES: &str = "application/octet-stream";

/// Which attachment of which message.
pub(super) struct Place {
    mailbox: MailboxId,
    key: String,
    index: usize,
}

impl<S: Send + Sync> FromRequestParts<S> for Place {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let params = RawPathParams::from_request_parts(parts, state).await;
        let params = params.map_err(|_not_utf8| Failure::NotFound)?;
        let value = |name: &str| {
            let found = params.iter().find(|(known, _)| *known == name);
            found
                .map(|(_, value)| value.to_owned())
                .ok_or(Failure::NotFound)
        };
        let mailbox = value("id")?.parse().map_err(|_no_id| Failure::NotFound)?;
        let index = value("index")?
            .parse()
            .map_err(|_no_index| Failure::NotFound)?;
        Ok(Self {
            mailbox,
            key: value("key")?,
            index,
        })
    }
}

/// The kind of picture that it claims to be.
fn picture_kind(about: &Attachment) -> Option<&'static str> {
    let mut kinds = PICTURES.into_iter();
    kinds.find(|kind| about.media_type.eq_ignore_ascii_case(kind))
}

/// Whether it is small enough to have an end that everybody can wait for, and a picture as it says: what an
/// employee on a look gets.
pub(super) fn is_whole(about: &Attachment) -> bool {
    about.size <= PICTURE_MAX && picture_kind(about).is_some()
}

pub(super) async fn attachment(
    member: Member,
    State(portal): State<Portal>,
    place: Place,
) -> Result<Response, Failure> {
    found(&portal, &member, place.mailbox).await?;
    let attached = portal
        .mail
        .attachment(place.mailbox, &place.key, place.index)
        .await;
    let (about, bytes) = attached.map_err(failure)?;
    // What it claims to be is not enough to be carried off.
    if member.looks() && !(is_whole(&about) && picture::kind(&bytes).is_some()) {
        return Err(Failure::NotFound);
    }
    let part = format!("{}/{}", place.key, place.index);
    let area = (place.mailbox, "mail.read");
    noted(&portal, &member, area, Some(&part)).await?;
    let kind = picture_kind(&about);
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(kind.unwrap_or(BYTES)),
    );
    headers.insert(header::CONTENT_DISPOSITION, disposition(&about.name));
    Ok(response)
}
