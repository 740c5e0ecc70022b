//! The customers' portal: server-rendered pages over the gate's commands and the rooms' reads.
//!
//! A handler extracts, calls one command or read, and answers a page. It knows no table. Every page
//! works without script. Start reading at [`routes`].

mod access;
mod access_note;
mod account;
mod activity;
mod alias;
mod carry_out;
mod condition;
mod contact;
mod cron_job;
mod customer_switch;
mod dashboard;
mod database;
mod days;
mod diagnosis;
mod domain;
mod door;
mod erasure;
mod export;
mod files;
mod lifecycle;
mod live;
mod mailbox;
mod member;
mod message;
mod notice;
mod passkey;
mod plan_use;
mod plugin;
mod proof;
mod qr;
mod reading;
mod recent;
mod refused;
mod retry;
#[cfg(test)]
mod samples;
mod search;
mod second_address;
mod side_switch;
mod table;
mod ticket;
mod token;
mod trash;
mod undo;
mod webspace;

pub use access::access_lines;

use std::sync::Arc;
use wabe_access::{Gate, Permission};
use wabe_audit::Streams;
use wabe_automation::Engine;
use wabe_identity::Identity;
use wabe_kernel::content::{Files, Mail, Sql};
use wabe_web::{Area, Face, NavGroup, NavItem, Routes};

/// What the portal's handlers reach.
#[derive(Clone)]
pub struct Portal {
    /// Commands, reads, news.
    pub gate: Arc<Gate>,
    /// Logins, sessions, recovery, tokens.
    pub identity: Arc<Identity>,
    /// Where looks at content are noted.
    pub streams: Arc<Streams>,
    /// Files of webspaces.
    pub files: Arc<dyn Files>,
    /// Received mail.
    pub mail: Arc<dyn Mail>,
    /// Customers' databases.
    pub sql: Arc<dyn Sql>,
    /// Runs plugins, and lets them draw.
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

const DASHBOARD: NavItem = item("dashboard", "/", "layout-dashboard", "nav-dashboard", None);
const WEBSPACES: NavItem = item(
    "webspaces",
    "/webspaces",
    "world",
    "nav-webspaces",
    Some(Permission::WebspaceRead),
);
const MAILBOXES: NavItem = item(
    "mailboxes",
    "/mailboxes",
    "mail",
    "nav-mailboxes",
    Some(Permission::MailboxRead),
);
/// The mailboxes, in one short word where room is scarce.
const MAIL: NavItem = item(
    "mailboxes",
    "/mailboxes",
    "mail",
    "nav-mail",
    Some(Permission::MailboxRead),
);
const DATABASES: NavItem = item(
    "databases",
    "/databases",
    "database",
    "nav-databases",
    Some(Permission::DatabaseRead),
);

/// The portal's frame.
pub static PORTAL: Face = Face {
    area: Area::Portal,
    home: "/",
    search: Some("/search"),
    nav: &[
        NavGroup {
            heading: None,
            items: &[DASHBOARD],
        },
        NavGroup {
            heading: Some("nav-hosting"),
            items: &[
                WEBSPACES,
                item(
                    "domains",
                    "/domains",
                    "at",
                    "nav-domains",
                    Some(Permission::DomainRead),
                ),
                MAILBOXES,
                DATABASES,
                item(
                    "plugins",
                    "/plugins",
                    "puzzle",
                    "nav-plugins",
                    Some(Permission::AutomationRead),
                ),
                item(
                    "trash",
                    "/trash",
                    "trash",
                    "nav-trash",
                    Some(Permission::CustomerRead),
                ),
            ],
        },
        NavGroup {
            heading: Some("nav-help"),
            items: &[item(
                "tickets",
                "/tickets",
                "lifebuoy",
                "nav-tickets",
                Some(Permission::TicketRead),
            )],
        },
        NavGroup {
            heading: Some("nav-account"),
            items: &[
                item(
                    "activity",
                    "/activity",
                    "history",
                    "nav-activity",
                    Some(Permission::ChangeRead),
                ),
                item(
                    "accesses",
                    "/accesses",
                    "eye",
                    "nav-accesses",
                    Some(Permission::ChangeRead),
                ),
                item(
                    "members",
                    "/members",
                    "users",
                    "nav-members",
                    Some(Permission::MemberRead),
                ),
                item(
                    "contact",
                    "/contact",
                    "id-badge-2",
                    "nav-contact",
                    Some(Permission::CustomerWrite),
                ),
                item("notices", "/notices", "bell", "nav-notices", None),
                item(
                    "tokens",
                    "/account/tokens",
                    "key",
                    "nav-tokens",
                    Some(Permission::TokenWrite),
                ),
            ],
        },
    ],
    tabs: &[DASHBOARD, WEBSPACES, MAIL, DATABASES],
};

/// Every route of the portal.
#[must_use]
pub fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .merge(access::routes())
        .merge(account::routes())
        .merge(activity::routes())
        .merge(alias::routes())
        .merge(contact::routes())
        .merge(cron_job::routes())
        .merge(customer_switch::routes())
        .merge(database::routes())
        .merge(diagnosis::routes())
        .merge(door::routes())
        .merge(erasure::routes())
        .merge(export::routes())
        .merge(live::routes())
        .merge(mailbox::routes())
        .merge(member::routes())
        .merge(message::routes())
        .merge(notice::routes())
        .merge(plugin::routes())
        .merge(proof::routes())
        .merge(token::routes())
        .merge(dashboard::routes())
        .merge(domain::routes())
        .merge(files::routes())
        .merge(retry::routes())
        .merge(search::routes())
        .merge(ticket::routes())
        .merge(side_switch::routes())
        .merge(trash::routes())
        .merge(webspace::routes())
        .merge(undo::routes())
}
