//! `redirect.json`: the one document that says where a domain sends its visitors.

use serde::{Deserialize, Serialize};
use std::path::Path;
use wabe_kernel::desired::{Redirect, Revision, StepFailure};
use wabe_kernel::id::DomainId;

use crate::embedded::web::document::{damaged, parsed, text_of};

/// A redirect and how new it is. None keeps the revision after a redirect was taken away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    pub(super) revision: Revision,
    pub(super) redirect: Option<Redirect>,
}

/// Reads the document of domain `id`; none when there is no file.
///
/// Errors: `site-damaged` when the file cannot be used, or is about another domain.
pub(super) fn read(path: &Path, id: DomainId) -> Result<Option<Document>, StepFailure> {
    let Some(text) = text_of(path)? else {
        return Ok(None);
    };
    let document: Document = parsed(&text)?;
    let of = document.redirect.as_ref();
    if of.is_some_and(|redirect| redirect.id != id) {
        return Err(damaged("is about another domain"));
    }
    Ok(Some(document))
}
