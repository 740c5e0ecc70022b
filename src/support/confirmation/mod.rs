//! Letters that ask who wrote by mail to confirm what they want: what a letter says is only what it says,
//! and becomes an instruction on the page behind the one link of the letter that goes back.
//!
//! Invariants: the letter goes to whom the sender says they are, at the address with which they log in, so
//! that a forged letter reaches them and nobody else; opening the link changes nothing, one press of its
//! button is all it is good for, within 72 hours; it opens what an instruction opens and never more;
//! whoever's login takes more than a mailbox confirms with their login instead. Consents are answered
//! there in any case. Source: bar 3.4 T1, 3.6 T4, 3.8 T2.

mod answer;
mod ask;
pub mod mention;
mod model;
mod offer;
mod page;
pub(crate) mod store;

pub use answer::{ConfirmInstruction, DeclineInstruction};
pub use ask::AskInstruction;
pub use model::{Asked, Ending, VALID_SECONDS};
pub(crate) use offer::receipt;
pub use page::{Askable, Opened, askable, confirm, decline, opened};

use crate::link::{digest, secret};
use crate::secret::Desk;
use crate::ticket::model::Ticket;
use crate::ticket::policy;
use wabe_access::resource::Resource;
use wabe_access::{Actor, ByMail, CommandSpec, Permission, Refusal, Scope, Tools};
use wabe_kernel::id::{ConfirmationId, UserId};
use wabe_kernel::mask::mask;
use wabe_kernel::{Fault, Rng, Secret, Timestamp};
use wabe_store::Tx;

/// The commands of this noun.
pub const COMMANDS: &[CommandSpec] = &[
    CommandSpec::of::<AskInstruction>(),
    CommandSpec::of::<ConfirmInstruction>(),
    CommandSpec::of::<DeclineInstruction>(),
];

/// What is to be confirmed, before there is a letter.
pub(crate) struct Wish<'a> {
    pub(crate) ticket: &'a Ticket,
    /// Who wrote.
    pub(crate) user: UserId,
    pub(crate) thing: &'a Resource,
    pub(crate) quote: &'a str,
    /// Who of the hoster asks; nobody when the panel does.
    pub(crate) asked_by: Option<UserId>,
}

/// Makes the secret of a letter and keeps its digest. A letter about the same that is out is void.
async fn make(
    (tx, rng): (&mut Tx, &dyn Rng),
    wish: Wish<'_>,
    now: Timestamp,
) -> Result<(Asked, Secret), Fault> {
    let asked = Asked {
        id: ConfirmationId::new(now, rng),
        ticket: wish.ticket.id,
        customer: wish.ticket.customer,
        user: wish.user,
        object: wish.thing.id.clone(),
        object_kind: wish.thing.kind.word().to_owned(),
        object_name: wish.thing.name.clone(),
        quote: mask(wish.quote).text,
        asked_at: now,
        expires_at: now.plus_seconds(VALID_SECONDS),
    };
    let token = secret(rng);
    store::supersede(tx, &asked, now).await?;
    store::insert(tx, &asked, wish.asked_by, &digest(&token)).await?;
    Ok((asked, token))
}

/// Where the link of a letter leads.
fn link(tools: &Tools, token: &Secret) -> Secret {
    let portal = &tools.house.portal_url;
    Secret::new(format!("{portal}/instruction-request/{}", token.expose()))
}

/// What who wrote a letter may do themselves, when they see its ticket.
///
/// # Errors
/// `NotFound` or `Forbidden` when it is not theirs, or a fault.
async fn sender(
    tx: &mut Tx,
    (ticket, user): (&Ticket, UserId),
    now: Timestamp,
) -> Result<Scope, Refusal> {
    let member = Actor::member(user, ticket.customer, now);
    let scope = Scope::of(tx, &member).await?;
    scope.needs(Permission::TicketWrite)?;
    policy::needs_sight(&scope, ticket)?;
    Ok(scope)
}

/// Whether a link in this person's mail may speak for them now, if it was sent then.
async fn worth(tx: &mut Tx, tools: &Tools, letter: (UserId, Timestamp)) -> Result<ByMail, Fault> {
    let logins = Desk::of(tools)?.logins.clone();
    tx.unscope().await?;
    let found = logins.by_mail(tx, tools, letter).await;
    tx.rescope().await?;
    found
}
