//! Forms: what was typed, as text, after the request proved that it comes from a page of ours.

use crate::csrf;
use crate::failure::Failure;
use crate::upload;
use axum::body::Body;
use axum::extract::{FromRequest, Request};
use http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use std::collections::BTreeMap;
use std::time::Duration;
use wabe_kernel::field::Fields;
use wabe_kernel::{FormState, form};

/// The most bytes of a form.
pub const FORM_BYTES_MAX: usize = 256 * 1024;
const FIELDS_MAX: usize = 512;
const IDLE: Duration = Duration::from_secs(30);

/// A form whose CSRF token was right. Nothing typed is lost; several values of one name are lines of
/// one text, as [`wabe_kernel::Field`] reads lists.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// Name to text, without the token.
    pub fields: BTreeMap<String, String>,
}

impl Form {
    /// The text of a field, empty when it was not sent.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// Adds what was typed into a field of a form with files.
    ///
    /// # Errors
    /// `Unreadable` for what is no text.
    pub(crate) fn add(&mut self, name: String, text: &str) -> Result<(), Failure> {
        if text.contains('\0') {
            return Err(Failure::Unreadable);
        }
        add(&mut self.fields, name, &line_ends(text));
        Ok(())
    }

    /// The fields as a command's input; else the form to show again, without the `secret` ones.
    ///
    /// # Errors
    /// The form with all its errors.
    pub fn parse<T: Fields>(&self, secret: &[&str]) -> Result<T, FormState> {
        form::parse(&self.fields, secret)
    }
}

impl<S: Sync> FromRequest<S> for Form {
    type Rejection = Failure;

    async fn from_request(mut request: Request, _state: &S) -> Result<Self, Failure> {
        request
            .extensions_mut()
            .remove::<Self>()
            .ok_or(Failure::MediaType)
    }
}

/// Opens an unsafe request in front of its handler: the request with its form read, and the token that
/// came with it, wherever a body of its kind carries one.
///
/// The header carries the token of every kind; a form carries it in its field, a form with files in its
/// first part. What a handler takes has no part in it, so no route can be made that asks for no token.
pub(crate) async fn open(request: Request) -> Result<(Request, Option<String>), Failure> {
    let sent = request.headers().get(csrf::HEADER);
    let sent = sent.and_then(|sent| sent.to_str().ok()).map(str::to_owned);
    match kind(request.headers()).as_str() {
        "application/x-www-form-urlencoded" => read_form(request, sent).await,
        "multipart/form-data" => upload::open(request, sent).await,
        _ => Ok((request, sent)),
    }
}

/// What kind of body the request says it has, lower case, without parameters.
fn kind(headers: &HeaderMap) -> String {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or("");
    let kind = kind.split(';').next().unwrap_or("");
    kind.trim().to_ascii_lowercase()
}

async fn read_form(
    request: Request,
    sent: Option<String>,
) -> Result<(Request, Option<String>), Failure> {
    let (mut parts, body) = request.into_parts();
    let bytes = read(body, FORM_BYTES_MAX).await?;
    let mut fields = pairs(&bytes)?;
    let typed = fields.remove(csrf::FIELD);
    parts.extensions.insert(Form { fields });
    Ok((Request::from_parts(parts, Body::empty()), sent.or(typed)))
}

async fn read(body: Body, max: usize) -> Result<Vec<u8>, Failure> {
    let collected = tokio::time::timeout(IDLE, Limited::new(body, max).collect()).await;
    match collected.map_err(|_elapsed| Failure::TimedOut)? {
        Ok(body) => Ok(body.to_bytes().to_vec()),
        Err(error) if error.is::<LengthLimitError>() => Err(Failure::TooLarge),
        Err(_broken_off) => Err(Failure::Unreadable),
    }
}

/// Names and values of `application/x-www-form-urlencoded` (URL standard, 5.1), in UTF-8 without NUL.
pub(crate) fn pairs(bytes: &[u8]) -> Result<BTreeMap<String, String>, Failure> {
    let mut fields: BTreeMap<String, String> = BTreeMap::new();
    let pieces = bytes
        .split(|b| *b == b'&')
        .filter(|piece| !piece.is_empty());
    for (index, piece) in pieces.enumerate() {
        if index >= FIELDS_MAX {
            return Err(Failure::Unreadable);
        }
        let split = piece.iter().position(|b| *b == b'=').unwrap_or(piece.len());
        let (name, value) = piece.split_at(split);
        let name = decoded(name)?;
        let value = decoded(value.strip_prefix(b"=").unwrap_or(value))?;
        add(&mut fields, name, &value);
    }
    Ok(fields)
}

/// Several values of one name are lines of one text.
fn add(fields: &mut BTreeMap<String, String>, name: String, value: &str) {
    fields
        .entry(name)
        .and_modify(|lines| {
            lines.push('\n');
            lines.push_str(value);
        })
        .or_insert_with(|| value.to_owned());
}

/// Browsers send line ends as CR LF (HTML, 4.10.21.4).
fn line_ends(text: &str) -> String {
    text.replace("\r\n", "\n")
}

fn decoded(bytes: &[u8]) -> Result<String, Failure> {
    let spaced: Vec<u8> = bytes
        .iter()
        .map(|b| if *b == b'+' { b' ' } else { *b })
        .collect();
    let text = percent_encoding::percent_decode(&spaced).decode_utf8();
    let text = text.map_err(|_not_utf8| Failure::Unreadable)?;
    if text.contains('\0') {
        return Err(Failure::Unreadable);
    }
    Ok(line_ends(&text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_was_typed_arrives_unchanged() {
        let fields = pairs(b"name=B%C3%A4cker+%2B+Sohn&scope=a&scope=b&empty=&alone").unwrap();
        assert_eq!(fields["name"], "Bäcker + Sohn");
        assert_eq!(fields["scope"], "a\nb");
        assert_eq!(
            (fields["empty"].as_str(), fields["alone"].as_str()),
            ("", "")
        );
    }

    // 3.5 T8
    #[test]
    fn what_is_no_text_is_refused() {
        assert!(pairs(b"a=%FF").is_err());
        assert!(pairs(b"a=%00").is_err());
        assert!(pairs("a=&".repeat(600).as_bytes()).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(fields) = pairs(&bytes) {
                prop_assert!(fields.values().all(|text| !text.contains('\0')));
            }
        }
    }
}
