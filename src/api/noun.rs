//! The things that paths are about: how one of them, and a list of them, is read.

use crate::Api;
use crate::answer::value_of;
use crate::call::{Call, Look};
use crate::problem::Problem;
use crate::read::people;
use schemars::{Schema, schema_for};
use serde::Serialize;
use serde_json::{Map, Value};
use std::str::FromStr;
use wabe_access::{Permission, Refusal};
use wabe_automation::{installation, run};
use wabe_hosting::{alias, cron_job, database, domain, mailbox, webspace};
use wabe_identity::{invitation, token};
use wabe_kernel::{Page, PageRequest};
use wabe_support::ticket;

/// What a path is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Noun {
    Domain,
    Webspace,
    AccessKey,
    /// A cron job of a webspace.
    CronJob,
    Mailbox,
    Alias,
    Database,
    Member,
    Invitation,
    Token,
    /// A plugin in the caller's customer.
    Installation,
    /// A run of an installation.
    Run,
    /// What is asked of a run, and answered by another run.
    RunAct,
    /// A ticket.
    Ticket,
    /// A message of a ticket, which is read with the others of its ticket.
    TicketMessage,
    /// What staff were asked for in a ticket.
    Instruction,
    /// What staff asked a customer for.
    Consent,
    /// A look of staff at the customer's pages.
    Access,
    /// The caller's customer.
    Customer,
    /// The affairs of the token's owner.
    Own,
}

/// A resource of hosting, with the list and the item of its path.
pub(crate) struct Collection {
    pub(crate) noun: Noun,
    pub(crate) word: &'static str,
    pub(crate) list: &'static str,
    pub(crate) item: &'static str,
    pub(crate) permission: Permission,
    /// Whether the list has pages and can be searched; the others are short and come whole.
    pub(crate) paged: bool,
}

/// Every collection that can be read.
pub(crate) const COLLECTIONS: &[Collection] = &[
    paged(
        Noun::Domain,
        "domain",
        ["/api/v1/domains", "/api/v1/domains/{id}"],
    ),
    paged(
        Noun::Webspace,
        "webspace",
        ["/api/v1/webspaces", "/api/v1/webspaces/{id}"],
    ),
    paged(
        Noun::Mailbox,
        "mailbox",
        ["/api/v1/mailboxes", "/api/v1/mailboxes/{id}"],
    ),
    paged(
        Noun::Alias,
        "alias",
        ["/api/v1/aliases", "/api/v1/aliases/{id}"],
    ),
    paged(
        Noun::Database,
        "database",
        ["/api/v1/databases", "/api/v1/databases/{id}"],
    ),
    paged(
        Noun::Installation,
        "installation",
        ["/api/v1/installations", "/api/v1/installations/{id}"],
    ),
    paged(
        Noun::Ticket,
        "ticket",
        ["/api/v1/tickets", "/api/v1/tickets/{id}"],
    ),
    whole(
        Noun::AccessKey,
        "access_key",
        [
            "/api/v1/webspaces/{webspace_id}/access_keys",
            "/api/v1/webspaces/{webspace_id}/access_keys/{id}",
        ],
    ),
    whole(
        Noun::CronJob,
        "cron_job",
        [
            "/api/v1/webspaces/{webspace_id}/cron_jobs",
            "/api/v1/cron_jobs/{id}",
        ],
    ),
    whole(
        Noun::Member,
        "member",
        ["/api/v1/members", "/api/v1/members/{id}"],
    ),
    whole(
        Noun::Invitation,
        "invitation",
        ["/api/v1/invitations", "/api/v1/invitations/{id}"],
    ),
    whole(
        Noun::Token,
        "token",
        ["/api/v1/tokens", "/api/v1/tokens/{id}"],
    ),
];

const fn paged(noun: Noun, word: &'static str, paths: [&'static str; 2]) -> Collection {
    let [list, item] = paths;
    Collection {
        noun,
        word,
        list,
        item,
        permission: noun.permission(),
        paged: true,
    }
}

const fn whole(noun: Noun, word: &'static str, paths: [&'static str; 2]) -> Collection {
    let mut collection = paged(noun, word, paths);
    collection.paged = false;
    collection
}

fn id<T: FromStr>(ids: &Map<String, Value>, name: &str) -> Result<T, Refusal> {
    let text = ids.get(name).and_then(Value::as_str).unwrap_or("");
    text.parse().map_err(|_wrong| Refusal::NotFound)
}

impl Noun {
    /// What reading it needs.
    pub(crate) const fn permission(self) -> Permission {
        match self {
            Self::Domain => Permission::DomainRead,
            Self::Webspace | Self::AccessKey | Self::CronJob => Permission::WebspaceRead,
            Self::Mailbox | Self::Alias => Permission::MailboxRead,
            Self::Database => Permission::DatabaseRead,
            Self::Member | Self::Invitation => Permission::MemberRead,
            Self::Token => Permission::TokenWrite,
            Self::Installation | Self::Run | Self::RunAct => Permission::AutomationRead,
            Self::Ticket | Self::TicketMessage | Self::Instruction | Self::Consent => {
                Permission::TicketRead
            }
            Self::Access => Permission::ChangeRead,
            Self::Customer => Permission::CustomerRead,
            Self::Own => Permission::SelfWrite,
        }
    }

    /// The prefix of the first id in one of its paths; absent without one.
    pub(crate) fn id_kind_in(self, path: &str) -> Option<&'static str> {
        if path.contains("{webspace_id}") {
            return Some("web");
        }
        self.id_kind().filter(|_| path.contains('{'))
    }

    /// The prefix of the id of one.
    pub(crate) const fn id_kind(self) -> Option<&'static str> {
        match self {
            Self::Domain => Some("dom"),
            Self::Webspace | Self::AccessKey => Some("web"),
            Self::CronJob => Some("crn"),
            Self::Mailbox => Some("mbx"),
            Self::Alias => Some("als"),
            Self::Database => Some("dbs"),
            Self::Member => Some("mem"),
            Self::Invitation => Some("inv"),
            Self::Token => Some("tok"),
            Self::Installation => Some("ins"),
            Self::Run | Self::RunAct => Some("run"),
            Self::Ticket | Self::TicketMessage => Some("tkt"),
            Self::Instruction => Some("itn"),
            Self::Consent => Some("cns"),
            Self::Access => Some("acc"),
            Self::Customer | Self::Own => None,
        }
    }

    /// The schema of one.
    pub(crate) fn schema(self) -> Option<fn() -> Schema> {
        Some(match self {
            Self::Domain => || schema_for!(domain::Domain),
            Self::Webspace => || schema_for!(webspace::Webspace),
            Self::AccessKey => || schema_for!(webspace::AccessKey),
            Self::CronJob => || schema_for!(cron_job::CronJob),
            Self::Mailbox => || schema_for!(mailbox::Mailbox),
            Self::Alias => || schema_for!(alias::Alias),
            Self::Database => || schema_for!(database::Database),
            Self::Member => || schema_for!(people::Member),
            Self::Invitation => || schema_for!(invitation::store::Invitation),
            Self::Token => || schema_for!(token::store::ApiToken),
            Self::Installation => || schema_for!(installation::InstallationShown),
            Self::Run => || schema_for!(run::RunDetail),
            Self::Ticket => || schema_for!(ticket::Ticket),
            Self::RunAct
            | Self::TicketMessage
            | Self::Instruction
            | Self::Consent
            | Self::Access
            | Self::Customer
            | Self::Own => {
                return None;
            }
        })
    }

    /// The one that `ids` name; `None` for what is not read by id.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound` for missing and foreign alike, or a fault.
    pub(crate) async fn show(
        self,
        look: &mut Look<'_>,
        ids: &Map<String, Value>,
    ) -> Result<Option<Value>, Refusal> {
        let house = &look.api.gate.tools().house;
        let (tx, scope) = (&mut look.tx, &look.scope);
        let found = match self {
            Self::Domain => value_of(
                &domain::load(tx, scope, id(ids, "id")?)
                    .await?
                    .with_proofs(house),
            ),
            Self::Webspace => value_of(&webspace::load(tx, scope, id(ids, "id")?, house).await?),
            Self::CronJob => value_of(&cron_job::load(tx, scope, id(ids, "id")?).await?),
            Self::Mailbox => value_of(&mailbox::load(tx, scope, id(ids, "id")?).await?),
            Self::Alias => value_of(&alias::load(tx, scope, id(ids, "id")?).await?),
            Self::Database => value_of(&database::load(tx, scope, id(ids, "id")?).await?),
            Self::AccessKey | Self::Member | Self::Invitation | Self::Token => {
                let all = self.all(look, ids).await?;
                let wanted = ids.get("id");
                let found = all.into_iter().find(|item| item.get("id") == wanted);
                return found.map(Some).ok_or(Refusal::NotFound);
            }
            Self::Installation => {
                let found = installation::load(tx, scope, id(ids, "id")?).await?;
                value_of(&found.shown().at(&house.webhooks_url))
            }
            Self::Run => {
                let recorder = look.api.gate.recorder();
                value_of(&run::load(tx, recorder, scope, id(ids, "id")?).await?)
            }
            Self::Ticket => value_of(&ticket::load(tx, scope, id(ids, "id")?).await?),
            Self::RunAct
            | Self::TicketMessage
            | Self::Instruction
            | Self::Consent
            | Self::Access
            | Self::Customer
            | Self::Own => {
                return Ok(None);
            }
        };
        Ok(Some(found?))
    }

    /// A page of them.
    ///
    /// # Errors
    /// `Forbidden`, or a fault.
    pub(crate) async fn list(
        self,
        look: &mut Look<'_>,
        page: &PageRequest,
    ) -> Result<Page<Value>, Refusal> {
        let house = &look.api.gate.tools().house;
        let (tx, scope) = (&mut look.tx, &look.scope);
        match self {
            Self::Domain => {
                let found = domain::list(tx, scope, page).await?;
                values(found.map(|domain| domain.with_proofs(house)))
            }
            Self::Webspace => values(webspace::list(tx, scope, page, house).await?),
            Self::Mailbox => values(mailbox::list(tx, scope, page).await?),
            Self::Alias => values(alias::list(tx, scope, page).await?),
            Self::Database => values(database::list(tx, scope, page).await?),
            Self::Ticket => values(ticket::list(tx, scope, page).await?),
            Self::Installation => {
                let found = installation::list(tx, scope, page).await?;
                values(found.map(|one| one.shown().at(&house.webhooks_url)))
            }
            _ => Err(Refusal::NotFound),
        }
    }

    /// All of them, of the nouns whose lists are short.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound` when what they belong to is missing or foreign, or a fault.
    pub(crate) async fn all(
        self,
        look: &mut Look<'_>,
        ids: &Map<String, Value>,
    ) -> Result<Vec<Value>, Refusal> {
        let house = &look.api.gate.tools().house;
        let (tx, scope) = (&mut look.tx, &look.scope);
        match self {
            Self::AccessKey => {
                let owner = id(ids, "webspace_id")?;
                webspace::load(tx, scope, owner, house).await?;
                all_values(&webspace::access_keys(tx, scope, owner).await?)
            }
            Self::CronJob => {
                let owner = id(ids, "webspace_id")?;
                webspace::load(tx, scope, owner, house).await?;
                all_values(&cron_job::list(tx, scope, owner).await?)
            }
            Self::Member => all_values(&people::members(tx, scope).await?),
            Self::Invitation => all_values(&invitation::store::list(tx, scope).await?),
            Self::Token => {
                let user = look.actor.user.ok_or(Refusal::Forbidden)?;
                all_values(&token::store::list(tx, scope, user).await?)
            }
            _ => Err(Refusal::NotFound),
        }
    }
}

fn all_values<T: Serialize>(items: &[T]) -> Result<Vec<Value>, Refusal> {
    Ok(items.iter().map(value_of).collect::<Result<_, _>>()?)
}

fn values<T: Serialize>(page: Page<T>) -> Result<Page<Value>, Refusal> {
    Ok(Page {
        items: all_values(&page.items)?,
        next: page.next,
    })
}

/// The one that `ids` name, in a look of its own.
///
/// # Errors
/// `Forbidden`, `NotFound`, or a fault.
pub(crate) async fn shown(
    noun: Noun,
    api: &Api,
    call: &Call,
    ids: &Map<String, Value>,
) -> Result<Option<Value>, Problem> {
    let mut look = call.look(api).await?;
    let found = noun.show(&mut look, ids).await?;
    look.end().await?;
    Ok(found)
}
