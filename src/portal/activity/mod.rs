//! The change log: who changed what and when, with before and after, for the customer whose it is.

mod download;
mod filter;
mod line;
mod list;
mod people;
#[cfg(test)]
mod samples;
mod show;

pub(crate) use filter::RUN_END;

use wabe_access::Permission;
use wabe_web::{Cost, Needs, Routes};

use crate::{PORTAL, Portal};

const READ: Needs = Needs::Permission(Permission::ChangeRead);

/// The routes of this module.
pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get("/activity", READ, list::list)
        .get("/activity.csv", READ, download::csv)
        .cost(Cost::Heavy)
        .endless()
        .get("/activity/{id}", READ, show::show)
        .id("chg")
}
