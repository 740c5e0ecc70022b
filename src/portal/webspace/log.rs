//! `/webspaces/{id}/log`: what was written down about the site, live.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use wabe_access::{Mode, Permission};
use wabe_hosting::webspace::SetFullAddresses;
use wabe_kernel::content::ContentError;
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{LogQuery, SiteLog};
use wabe_web::filters;
use wabe_web::{Failure, Form, Member, Needs, Page, Path, Query, Routes, see_other};

use crate::files::failure;
use crate::reading::{search_text, with_field};
use crate::undo::done_path;
use crate::webspace::{Frame, PLACE, frame, path};
use crate::{PORTAL, Portal};

/// How many lines are shown.
const LINES: usize = 200;
/// Ways a visit ends that can be asked for, beside all.
const STATUSES: [&str; 4] = ["2xx", "3xx", "4xx", "5xx"];

/// The tab of logs.
#[derive(Template)]
#[template(path = "portal/webspace/log.html")]
pub(crate) struct LogPage {
    /// The frame.
    pub(crate) frame: Frame,
    /// Which log.
    pub(crate) log: SiteLog,
    /// Only visits that ended so; empty for all.
    pub(crate) status: String,
    /// Only lines with this text.
    pub(crate) q: String,
    /// The last lines, newest last.
    pub(crate) lines: Vec<String>,
}

impl LogPage {
    /// The tab over what a query asks for, without any lines yet.
    fn new(frame: Frame, query: &Query) -> Self {
        let log = query.get("log").parse().unwrap_or(SiteLog::Access);
        let status = Some(query.get("status")).filter(|_| log == SiteLog::Access);
        let status = status.filter(|status| STATUSES.contains(status));
        Self {
            frame,
            log,
            status: status.unwrap_or_default().to_owned(),
            q: search_text(query),
            lines: Vec::new(),
        }
    }

    fn asked(&self) -> LogQuery {
        let query = LogQuery::of(self.log, LINES).with(&self.q);
        query.ended(self.status.parse().ok())
    }

    /// The words of all logs.
    fn logs() -> [&'static str; 4] {
        SiteLog::ALL.map(SiteLog::word)
    }

    fn statuses() -> [&'static str; 4] {
        STATUSES
    }

    fn is_of_visits(&self) -> bool {
        self.log == SiteLog::Access
    }

    fn is_filtered(&self) -> bool {
        !self.q.is_empty() || !self.status.is_empty()
    }

    /// Whether a log is PHP's, which this site does without.
    fn lacks_php(&self) -> bool {
        self.frame.web.php.is_none() && matches!(self.log, SiteLog::Php | SiteLog::Slow)
    }

    /// Where the log is without a filter.
    fn href(&self) -> String {
        format!("{}/log?log={}", self.frame.path(), self.log.word())
    }

    /// What the page follows.
    fn events(&self) -> String {
        format!("/live?of={}&log={}", self.frame.web.id, self.log.word())
    }
}

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get(
            "/webspaces/{id}/log",
            Needs::Permission(Permission::WebspaceRead),
            log,
        )
        .id("web")
        .post(
            "/webspaces/{id}/log",
            Needs::Permission(Permission::WebspaceWrite),
            addresses,
        )
        .id("web")
}

async fn log(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    query: Query,
) -> Result<Page<LogPage>, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    let frame = frame(&portal, (&mut tx, &scope), (&member, &query), (id, "log")).await?;
    tx.rollback().await?;
    portal
        .note_access(&member, "log.read", &id.to_string())
        .await?;
    let mut page = LogPage::new(frame, &query);
    page.lines = match portal.files.log(id, page.asked()).await {
        Ok(lines) => lines,
        // Nothing was set up yet, so nobody can have asked for anything.
        Err(ContentError::NotFound) => Vec::new(),
        Err(error) => return Err(failure(error)),
    };
    Ok(member.at(PLACE).page(page))
}

async fn addresses(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    form: Form,
) -> Result<Response, Failure> {
    let form = with_field(form, "id", id);
    let command = wabe_kernel::Fields::from_form(&form.fields)?;
    let done = portal
        .gate
        .run::<SetFullAddresses>(member.actor(), command, Mode::Commit);
    let done = Box::pin(done).await?;
    Ok(see_other(&done_path(
        &format!("{}/log", path(id)),
        done.change,
    )))
}
