//! Who accessed my data: what the hoster's people saw and changed, who looks now, and how to end that.

mod download;
mod letter;
mod line;
mod list;
#[cfg(test)]
mod samples;

use wabe_access::Permission;
use wabe_web::{Cost, Needs, Routes};

use crate::{PORTAL, Portal};

pub use letter::access_lines;

const READ: Needs = Needs::Permission(Permission::ChangeRead);
/// Who ends what staff were allowed.
const END: Needs = Needs::Permission(Permission::MemberWrite);
/// The page.
pub(crate) const PAGE: &str = "/accesses";

/// The routes of this module.
pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get(PAGE, READ, list::list)
        .get("/accesses.csv", READ, download::csv)
        .cost(Cost::Heavy)
        .post("/accesses/{id}/end", END, list::end)
        .id("acc")
}
