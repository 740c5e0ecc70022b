//! What the receipt of a letter offers: to confirm at once, when the letter plainly names one thing.

use crate::confirmation::model::Asked;
use crate::confirmation::{Wish, link, make, mention, sender, worth};
use crate::ticket::store as tickets;
use wabe_access::resource::{self, Resource, SEARCH_MAX};
use wabe_access::{ByMail, Permission, Refusal, Tools};
use wabe_jobs::text::{Args, NoticeKind};
use wabe_kernel::id::{CustomerId, TicketId, UserId};
use wabe_kernel::mask::mask;
use wabe_kernel::{Fault, Secret};
use wabe_store::Tx;

/// The receipt of a letter that says `text`: its kind and what it says, with a link that confirms what the
/// letter asks for, unless that names no thing of the customer's, or several, or a mailbox is not enough for
/// who wrote it. In a transaction of the system.
///
/// # Errors
/// A fault of the database.
pub(crate) async fn receipt(
    (tx, tools): (&mut Tx, &Tools),
    args: Args,
    text: &str,
    letter: (CustomerId, TicketId, UserId),
) -> Result<(NoticeKind, Args), Fault> {
    let offer = match plain(tx, tools, text, letter).await {
        Ok(offer) => offer,
        Err(Refusal::Fault(fault)) => return Err(fault),
        Err(_not_theirs) => None,
    };
    let Some((asked, token)) = offer else {
        return Ok((NoticeKind::TicketMailReceived, args));
    };
    let args = args
        .text("thing", asked.object_name)
        .prose("message", asked.quote)
        .time("until", asked.expires_at)
        .link("confirm", link(tools, &token));
    Ok((NoticeKind::TicketMailConfirm, args))
}

async fn plain(
    tx: &mut Tx,
    tools: &Tools,
    text: &str,
    (customer, ticket, user): (CustomerId, TicketId, UserId),
) -> Result<Option<(Asked, Secret)>, Refusal> {
    let now = tools.clock.now();
    let ticket = tickets::find(tx, customer, ticket).await?;
    let scope = sender(tx, (&ticket, user), now).await?;
    let mut things = candidates(tx, customer, text).await?;
    things.retain(|thing| thing.deleted_at.is_none());
    let names = things.iter().map(|thing| (thing.kind, thing.name.as_str()));
    let names: Vec<_> = names.collect();
    let found = mention::the_one(text, &names);
    let Some(thing) = found.and_then(|at| things.get(at)) else {
        return Ok(None);
    };
    if !scope.has(Permission::to_change(thing.kind))
        || worth(tx, tools, (user, now)).await? != ByMail::Enough
    {
        return Ok(None);
    }
    // Masked first: what makes a word a secret may stand in the sentence before.
    let quote = mention::sentence(&mask(text).text, &thing.name);
    let wish = Wish {
        ticket: &ticket,
        user,
        thing,
        quote: &quote,
        asked_by: None,
    };
    Ok(Some(make((tx, tools.rng.as_ref()), wish, now).await?))
}

/// The things of a customer that a text could name, also from the trash: all of them where there are few,
/// else the first of them and those that the text's words with a dot are looked up as.
pub(super) async fn candidates(
    tx: &mut Tx,
    customer: CustomerId,
    text: &str,
) -> Result<Vec<Resource>, Fault> {
    let mut things = resource::search(tx, customer, "").await?;
    if things.len() >= SEARCH_MAX {
        for name in mention::dotted(text) {
            things.extend(resource::search(tx, customer, &name).await?);
        }
        things.sort_by(|a, b| a.id.cmp(&b.id));
        things.dedup_by(|a, b| a.id == b.id);
    }
    Ok(things)
}
