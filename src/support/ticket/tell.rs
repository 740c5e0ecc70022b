//! Who is told of what happens in a ticket.

use crate::mail::thread::threaded;
use crate::secret::Desk;
use crate::ticket::model::Ticket;
use wabe_access::{Door, Permission, Refusal, Role, member};
use wabe_jobs::notice::{self, About, Notice, Personal};
use wabe_jobs::text::{Args, NoticeKind};
use wabe_kernel::Secret;
use wabe_kernel::id::UserId;

/// The member who asked, or the owners when nobody did or they are gone.
async fn asked(door: &mut Door<'_>, ticket: &Ticket) -> Result<Vec<UserId>, Refusal> {
    let members = member::list(door.tx(), ticket.customer).await?;
    if let Some(user) = ticket.opened_by
        && members.iter().any(|member| member.user == user)
    {
        return Ok(vec![user]);
    }
    let owners = members.iter().filter(|member| member.role == Role::Owner);
    Ok(owners.map(|member| member.user).collect())
}

/// The customer: there is an answer.
pub(crate) async fn answered(
    door: &mut Door<'_>,
    ticket: &Ticket,
    text: &str,
) -> Result<(), Refusal> {
    let people = asked(door, ticket).await?;
    let tools = door.tools().clone();
    let link = format!("{}/tickets/{}", tools.house.portal_url, ticket.id);
    let mut args = Args::new()
        .prose("message", text)
        .link("link", Secret::new(link));
    args = match &Desk::of(&tools)?.address {
        Some(address) => {
            let place = (ticket.customer, ticket.id);
            let hands = (door.tx(), tools.rng.as_ref());
            threaded(hands, address, place, None, args.count("letters", 1)).await?
        }
        None => args.count("letters", 0),
    };
    let notice = Notice {
        customer: ticket.customer,
        kind: NoticeKind::TicketAnswered,
        about: About {
            kind: None,
            id: ticket.id.to_string(),
            name: ticket.object().name,
        },
        args,
        dedupe_key: None,
    };
    let now = door.now();
    notice::tell_members(
        door.tx(),
        now,
        tools.rng.as_ref(),
        &notice,
        ("ticket", &people),
    )
    .await?;
    Ok(())
}

/// Whoever of the hoster has the ticket: the customer wrote.
pub(crate) async fn replied(door: &mut Door<'_>, ticket: &Ticket) -> Result<(), Refusal> {
    let Some(owner) = ticket.owner else {
        return Ok(());
    };
    let tools = door.tools().clone();
    let link = format!("{}/staff/tickets/{}", tools.house.portal_url, ticket.id);
    let personal = Personal {
        user: owner,
        kind: NoticeKind::TicketReplied,
        args: Args::new()
            .text("object", ticket.object().name)
            .link("link", Secret::new(link)),
    };
    let now = door.now();
    notice::tell_person(door.tx(), now, tools.rng.as_ref(), &personal).await?;
    Ok(())
}

/// Whoever may answer for the customer: staff ask to look at their pages.
pub(crate) async fn asked_for_consent(
    door: &mut Door<'_>,
    ticket: &Ticket,
    reason: &str,
) -> Result<(), Refusal> {
    let members = member::list(door.tx(), ticket.customer).await?;
    let may = |role: Role| role.permissions().contains(&Permission::MemberWrite);
    let people = members.iter().filter(|member| may(member.role));
    let people: Vec<UserId> = people.map(|member| member.user).collect();
    let tools = door.tools().clone();
    let link = format!("{}/tickets/{}", tools.house.portal_url, ticket.id);
    let notice = Notice {
        customer: ticket.customer,
        kind: NoticeKind::ConsentAsked,
        about: About {
            kind: None,
            id: ticket.id.to_string(),
            name: ticket.object().name,
        },
        args: Args::new()
            .prose("message", reason)
            .link("link", Secret::new(link)),
        dedupe_key: None,
    };
    let (now, to) = (door.now(), ("ticket", people.as_slice()));
    notice::tell_members(door.tx(), now, tools.rng.as_ref(), &notice, to).await?;
    Ok(())
}
