//! The staff desk: finding customers, their contracts, plans, plugins, colleagues.
//!
//! Invariants: nothing here reaches what customers keep; every look at a customer is noted before it
//! is shown; every act says why, and the customer reads it. Who may not act sees the same pages
//! without the acts. Start reading at [`routes`].

mod access_review;
mod account;
mod act;
mod approval;
mod customer;
mod edited_file;
mod erasure;
mod look;
mod lost_factor;
mod people;
mod person;
mod plan;
mod plugin;
#[cfg(test)]
mod samples;
mod sign;
mod staff_request;
mod ticket;
mod token;

use std::sync::Arc;

use wabe_access::{Gate, Permission};
use wabe_audit::Streams;
use wabe_automation::Engine;
use wabe_identity::Identity;
use wabe_kernel::content::Files;
use wabe_web::{Area, Face, NavGroup, NavItem, Routes};

/// What the desk's handlers reach.
#[derive(Clone)]
pub struct Staff {
    /// Commands, reads.
    pub gate: Arc<Gate>,
    /// Sessions and devices.
    pub identity: Arc<Identity>,
    /// Where looks at customers are noted.
    pub streams: Arc<Streams>,
    /// Files of webspaces, of which the desk sees whether there is a start page.
    pub files: Arc<dyn Files>,
    /// Runs plugins, and knows why not.
    pub automation: Arc<Engine>,
}

const fn item(
    place: &'static str,
    href: &'static str,
    icon: &'static str,
    text: &'static str,
    needs: Option<Permission>,
) -> NavItem {
    NavItem {
        place,
        href,
        icon,
        text,
        needs,
    }
}

const CUSTOMERS: NavItem = item(
    "customers",
    "/staff",
    "building-store",
    "staff-nav-customers",
    Some(Permission::HosterRead),
);
const TICKETS: NavItem = item(
    "tickets",
    "/staff/tickets",
    "lifebuoy",
    "staff-nav-tickets",
    Some(Permission::TicketDesk),
);
const PLANS: NavItem = item(
    "plans",
    "/staff/plans",
    "receipt",
    "staff-nav-plans",
    Some(Permission::HosterRead),
);
const PLUGINS: NavItem = item(
    "plugins",
    "/staff/plugins",
    "puzzle",
    "staff-nav-plugins",
    Some(Permission::PluginRead),
);
const PEOPLE: NavItem = item(
    "people",
    "/staff/people",
    "users-group",
    "staff-nav-people",
    Some(Permission::RightRead),
);
const ACCESS_REVIEWS: NavItem = item(
    "access-reviews",
    "/staff/access-reviews",
    "square-check",
    "staff-nav-access-reviews",
    Some(Permission::RightRead),
);
const LOST_FACTORS: NavItem = item(
    "lost-factors",
    "/staff/lost-factors",
    "shield-off",
    "staff-nav-lost-factors",
    Some(Permission::HosterWrite),
);
const APPROVALS: NavItem = item(
    "approvals",
    "/staff/approvals",
    "user-shield",
    "staff-nav-approvals",
    Some(Permission::HosterRead),
);
const ERASURES: NavItem = item(
    "erasures",
    "/staff/erasures",
    "trash",
    "staff-nav-erasures",
    Some(Permission::HosterRead),
);
const EDITED_FILES: NavItem = item(
    "edited-files",
    "/staff/edited-files",
    "file-code",
    "staff-nav-edited-files",
    Some(Permission::HosterWrite),
);
const SIGNS: NavItem = item(
    "signs",
    "/staff/signs",
    "id-badge-2",
    "staff-signs",
    Some(Permission::SignRead),
);
const ACCOUNT: NavItem = item(
    "account",
    "/staff/account",
    "user-circle",
    "staff-nav-account",
    None,
);

/// The desk's frame.
pub static STAFF: Face = Face {
    area: Area::Staff,
    home: "/staff",
    search: Some("/staff"),
    nav: &[
        NavGroup {
            heading: None,
            items: &[TICKETS, CUSTOMERS],
        },
        NavGroup {
            heading: Some("staff-nav-house"),
            items: &[
                PLANS,
                PLUGINS,
                PEOPLE,
                ACCESS_REVIEWS,
                LOST_FACTORS,
                APPROVALS,
                ERASURES,
                EDITED_FILES,
                SIGNS,
                ACCOUNT,
            ],
        },
    ],
    tabs: &[TICKETS, CUSTOMERS, PLANS, PLUGINS],
};

/// Every route of the desk.
#[must_use]
pub fn routes() -> Routes<Staff> {
    customer::routes()
        .merge(plan::routes())
        .merge(plugin::routes())
        .merge(ticket::routes())
        .merge(people::routes())
        .merge(staff_request::routes())
        .merge(person::routes())
        .merge(access_review::routes())
        .merge(lost_factor::routes())
        .merge(approval::routes())
        .merge(erasure::routes())
        .merge(edited_file::routes())
        .merge(sign::routes())
        .merge(token::routes())
        .merge(account::routes())
}
