//! What every page of one database has in common: its head, its condition, its tabs.

use wabe_access::Permission;
use wabe_hosting::database::Database;
use wabe_kernel::content::{DUMP_BYTES_MAX, SERVER_DUMP_BYTES_MAX};
use wabe_kernel::{Engine, ResourceKind, State};
use wabe_web::{Member, Tab};

use crate::Portal;
use crate::condition::Condition;

/// The head of a database's pages; for the macros of `templates/portal/database/frame.html`.
#[expect(
    clippy::struct_excessive_bools,
    reason = "a page asks each of them by its name"
)]
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// Its id.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// Its state.
    pub(crate) state: State,
    /// What is to be said about that.
    pub(crate) condition: Condition,
    /// The pages of the database that the member may see.
    pub(crate) tabs: Vec<Tab>,
    /// Whether the member may change it, and it is not in the trash.
    pub(crate) may_write: bool,
    /// Whether the member may run statements in it, and it is not in the trash.
    pub(crate) may_use: bool,
    /// Whether the member may read its tables, and it is not in the trash.
    pub(crate) may_read: bool,
    /// Whether a dump that fails is taken back as a whole; MariaDB takes back no tables.
    pub(crate) takes_back: bool,
    /// Whether a server runs it.
    pub(crate) on_server: bool,
}

impl Frame {
    /// The frame of this database as the member sees it.
    pub(crate) fn of(portal: &Portal, member: &Member, database: &Database) -> Self {
        let here = database.standing.deleted_at.is_none();
        let has = |permission| here && member.visitor.has(permission);
        let reads = has(Permission::SqlUse);
        Self::new(
            database,
            portal.condition(
                member,
                ResourceKind::Database,
                &database.id.to_string(),
                &database.standing,
            ),
            has(Permission::DatabaseWrite),
            (reads, reads && !member.looks()),
        )
    }

    /// The largest dump that is taken, in bytes.
    pub(crate) const fn dump_bytes_max(&self) -> i64 {
        if self.on_server {
            SERVER_DUMP_BYTES_MAX
        } else {
            DUMP_BYTES_MAX
        }
    }

    /// The frame with these rights.
    pub(crate) fn new(
        database: &Database,
        condition: Condition,
        may_write: bool,
        (may_read, may_use): (bool, bool),
    ) -> Self {
        let href = format!("/databases/{}", database.id);
        let tab = |key, text, end: &str| Tab {
            href: format!("{href}{end}"),
            text,
            key,
        };
        let mut tabs = vec![tab("show", "database-tab-show", "")];
        if may_use {
            tabs.push(tab("sql", "database-tab-sql", "/sql"));
        }
        if may_use {
            tabs.push(tab("import", "database-tab-import", "/import"));
        }
        if database.engine.is_server() {
            tabs.push(tab("remote", "database-tab-remote", "/remote"));
        }
        if may_write {
            tabs.push(tab("settings", "database-tab-settings", "/settings"));
        }
        Self {
            id: database.id.to_string(),
            name: database.name.to_string(),
            state: database.standing.state,
            condition,
            tabs,
            may_write,
            may_use,
            may_read,
            on_server: database.engine.is_server(),
            takes_back: database.engine != Engine::Mariadb,
        }
    }
}
