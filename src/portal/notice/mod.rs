//! Notices in the portal: what happened, read or not; and which of them are mailed.
//!
//! Invariant: everybody reads and marks their own notices only.

mod list;
mod preferences;
#[cfg(test)]
mod tests;

use wabe_web::Routes;

use crate::Portal;

const PLACE: &str = "notices";
const PAGE: &str = "/notices";

/// The routes of this module.
pub(crate) fn routes() -> Routes<Portal> {
    list::routes().merge(preferences::routes())
}
