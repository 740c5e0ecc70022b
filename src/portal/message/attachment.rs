//! An attachment, always as a download.
//!
//! What it claims to be counts only for a few kinds of pictures; everything else leaves as bytes, so
//! that no browser shows a stranger's page under the portal's name. Source: RFC 6266, bar 3.13 T5.

use axum::extract::{FromRequestParts, RawPathParams, State};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderValue, header};
use wabe_kernel::id::MailboxId;
use wabe_web::{Failure, Member, disposition};

use crate::Portal;
use crate::message::{failure, opened};

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

pub(super) async fn attachment(
    member: Member,
    State(portal): State<Portal>,
    place: Place,
) -> Result<Response, Failure> {
    let area = ("mail.read", Some(place.key.as_str()));
    opened(&portal, &member, place.mailbox, area).await?;
    let found = portal
        .mail
        .attachment(place.mailbox, &place.key, place.index)
        .await;
    let (about, bytes) = found.map_err(failure)?;
    let kind = PICTURES
        .into_iter()
        .find(|kind| about.media_type.eq_ignore_ascii_case(kind));
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(kind.unwrap_or(BYTES)),
    );
    headers.insert(header::CONTENT_DISPOSITION, disposition(&about.name));
    Ok(response)
}
