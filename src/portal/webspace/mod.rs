//! Webspaces: the list, making one, and the tabs of one.
//!
//! Every tab is a page of its own in the same [`Frame`]: name, state, what runs, what was just done.

mod access;
mod create;
mod diagnosis;
mod hosts;
mod lifecycle;
mod list;
mod log;
mod overview;
mod php;
mod public_certificate;
mod rules;
#[cfg(test)]
pub(crate) mod samples;
mod settings;
mod together;

use wabe_access::{Content, Permission, Scope, plan};
use wabe_hosting::webspace::{self, Webspace};
use wabe_kernel::ResourceKind;
use wabe_kernel::id::WebspaceId;
use wabe_store::Tx;
use wabe_web::{Failure, Member, Query, Routes, Tab};

use crate::condition::Condition;
use crate::undo::{self, DoneBar};
use crate::{PORTAL, Portal};

/// The place in the navigation.
pub(crate) const PLACE: &str = "webspaces";

/// What every page of one webspace shows.
pub(crate) struct Frame {
    /// The webspace.
    pub(crate) web: Webspace,
    /// Its pages.
    pub(crate) tabs: Vec<Tab>,
    /// The key of the present one.
    pub(crate) here: &'static str,
    /// Where it stands.
    pub(crate) condition: Condition,
    /// What was just done.
    pub(crate) done: Option<DoneBar>,
    /// Whether the visitor may change it.
    pub(crate) may_write: bool,
    /// Whether an application elsewhere may answer for it; known on its rules alone.
    pub(crate) may_proxy: bool,
}

impl Frame {
    /// Whether it lies in the trash.
    #[must_use]
    pub(crate) fn is_deleted(&self) -> bool {
        self.web.standing.deleted_at.is_some()
    }

    /// Whether it is switched off.
    #[must_use]
    pub(crate) fn is_suspended(&self) -> bool {
        self.web.standing.state == wabe_kernel::State::Suspended
    }

    /// Where its pages begin.
    #[must_use]
    pub(crate) fn path(&self) -> String {
        path(self.web.id)
    }

    /// Where its application elsewhere was found.
    #[must_use]
    pub(crate) fn proxy_at(&self) -> String {
        let addresses = self.web.proxy_addresses.iter();
        let addresses: Vec<String> = addresses.map(ToString::to_string).collect();
        addresses.join(", ")
    }

    /// How full it is, in percent.
    #[must_use]
    pub(crate) fn percent(&self) -> i64 {
        wabe_web::format::percent(self.web.used_bytes, self.web.quota_bytes)
    }
}

/// Where the pages of a webspace begin.
pub(crate) fn path(id: WebspaceId) -> String {
    format!("/webspaces/{id}")
}

/// The tabs of a webspace that somebody with this scope sees. An employee who `looks` also sees where files
/// are without a consent that reaches them: there they are told how to ask for it.
pub(crate) fn tabs(id: WebspaceId, scope: &Scope, looks: bool) -> Vec<Tab> {
    let all: [(&'static str, &str, &'static str, Permission); 9] = [
        (
            "overview",
            "",
            "webspace-tab-overview",
            Permission::WebspaceRead,
        ),
        (
            "files",
            "/files",
            "webspace-tab-files",
            Permission::FileRead,
        ),
        (
            "hosts",
            "/hosts",
            "webspace-tab-hosts",
            Permission::WebspaceRead,
        ),
        (
            "access",
            "/access",
            "webspace-tab-access",
            Permission::WebspaceRead,
        ),
        (
            "cron",
            "/cron",
            "webspace-tab-cron",
            Permission::WebspaceRead,
        ),
        ("log", "/log", "webspace-tab-log", Permission::WebspaceRead),
        ("php", "/php", "webspace-tab-php", Permission::WebspaceRead),
        (
            "rules",
            "/rules",
            "webspace-tab-rules",
            Permission::WebspaceWrite,
        ),
        (
            "settings",
            "/settings",
            "webspace-tab-settings",
            Permission::WebspaceWrite,
        ),
    ];
    let told = |needs| looks && Content::of(needs).is_some();
    let seen = all
        .into_iter()
        .filter(|(_, _, _, needs)| scope.has(*needs) || told(*needs));
    let tab = |(key, end, text, _)| Tab {
        href: format!("{}{end}", path(id)),
        text,
        key,
    };
    seen.map(tab).collect()
}

/// The frame around a webspace's page, read in `tx`.
pub(crate) async fn frame(
    portal: &Portal,
    (tx, scope): (&mut Tx, &Scope),
    (member, query): (&Member, &Query),
    (id, here): (WebspaceId, &'static str),
) -> Result<Frame, Failure> {
    let web = webspace::load(tx, scope, id, portal.house()).await?;
    let done = undo::bar(portal, tx, member, query).await?;
    let condition = portal.condition(
        member,
        ResourceKind::Webspace,
        &id.to_string(),
        &web.standing,
    );
    let may_write = scope.has(Permission::WebspaceWrite);
    let mut tabs = tabs(id, scope, member.looks());
    // Where there is no PHP at all, nobody is led to it.
    let has_php = web.php.is_some() || !portal.house().php.is_empty();
    tabs.retain(|tab| has_php || tab.key != "php");
    let may_proxy =
        here == "rules" && portal.house().nginx && plan::site_proxy(tx, scope.customer()).await?;
    Ok(Frame {
        web,
        tabs,
        here,
        condition,
        done,
        may_write,
        may_proxy,
    })
}

/// The frame alone, for pages that read nothing else and say nothing of what was just done.
pub(crate) async fn frame_only(
    portal: &Portal,
    member: &Member,
    id: WebspaceId,
    here: &'static str,
) -> Result<Frame, Failure> {
    frame_after(portal, (member, &Query::default()), (id, here)).await
}

/// The frame alone, with what was just done.
async fn frame_after(
    portal: &Portal,
    (member, query): (&Member, &Query),
    (id, here): (WebspaceId, &'static str),
) -> Result<Frame, Failure> {
    let (mut tx, scope) = portal.read(member).await?;
    let found = frame(portal, (&mut tx, &scope), (member, query), (id, here)).await?;
    tx.rollback().await?;
    Ok(found)
}

/// The routes of this noun.
pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .merge(list::routes())
        .merge(create::routes())
        .merge(overview::routes())
        .merge(hosts::routes())
        .merge(public_certificate::routes())
        .merge(access::routes())
        .merge(diagnosis::routes())
        .merge(log::routes())
        .merge(php::routes())
        .merge(rules::routes())
        .merge(settings::routes())
        .merge(lifecycle::routes())
}
