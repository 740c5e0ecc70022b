//! Who is told of what happens in a ticket.

use crate::consent::Consent;
use crate::contact;
use crate::mail::thread::threaded;
use crate::secret::Desk;
use crate::ticket::message;
use crate::ticket::model::{Status, Ticket};
use serde_json::Value;
use wabe_access::actor::HOUSE;
use wabe_access::gate::{Made, touched};
use wabe_access::instruction::{self, Instruction};
use wabe_access::{Door, Permission, Reach, Refusal, Role, member};
use wabe_audit::{Looks, looks_in};
use wabe_jobs::notice::{self, About, Notice, Personal};
use wabe_jobs::text::{Arg, Args, NoticeKind};
use wabe_kernel::Secret;
use wabe_kernel::id::{CustomerId, UserId};

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

/// What was done and seen in a ticket that is solved with this answer; nothing of one that goes on.
async fn helped(door: &mut Door<'_>, ticket: &Ticket) -> Result<Args, Refusal> {
    let over = ticket.status == Status::Solved;
    let (mut changed, mut looks) = (0, Looks::default());
    if over {
        changed = message::acted(door.tx(), (ticket.customer, ticket.id)).await?;
        looks = looks_in(door.tx(), ticket.customer, ticket.id).await?;
    }
    Ok(Args::new()
        .count("over", over.into())
        .count("changed", changed)
        .count("read", looks.content())
        .count("mail", looks.mail)
        .count("files", looks.files)
        .count("rows", looks.rows)
        .count("logs", looks.logs)
        .count("seen", looks.settings + looks.checks))
}

/// The customer, or who wrote without an account: there is an answer.
pub(crate) async fn answered(
    door: &mut Door<'_>,
    ticket: &Ticket,
    text: &str,
) -> Result<(), Refusal> {
    if ticket.customer == HOUSE {
        return contact::answered(door, ticket, text).await;
    }
    let people = asked(door, ticket).await?;
    let tools = door.tools().clone();
    let link = format!("{}/tickets/{}", tools.house.portal_url, ticket.id);
    let mut args = helped(door, ticket)
        .await?
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

/// How far a consent reaches, for its letter.
fn reaching(reach: Reach) -> Args {
    Args::new()
        .count("mail", reach.reads_mail.into())
        .count("files", reach.reads_files.into())
        .count("rows", reach.reads_rows.into())
        .count("acts", reach.acts.into())
}

/// Whoever may answer for the customer: staff ask to look at their pages.
pub(crate) async fn asked_for_consent(
    door: &mut Door<'_>,
    ticket: &Ticket,
    consent: &Consent,
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
        args: reaching(consent.asks)
            .prose("message", &consent.reason)
            .link("link", Secret::new(link)),
        dedupe_key: None,
    };
    let (now, to) = (door.now(), ("ticket", people.as_slice()));
    notice::tell_members(door.tx(), now, tools.rng.as_ref(), &notice, to).await?;
    Ok(())
}

/// A person, and whoever owns the customer.
async fn with_owners(
    door: &mut Door<'_>,
    customer: CustomerId,
    person: UserId,
) -> Result<Vec<UserId>, Refusal> {
    let members = member::list(door.tx(), customer).await?;
    let told = members.iter();
    let told = told.filter(|member| member.user == person || member.role == Role::Owner);
    Ok(told.map(|member| member.user).collect())
}

/// Tells these people what happened in a ticket; `place` is where on its page.
async fn about(
    door: &mut Door<'_>,
    ticket: &Ticket,
    (kind, args, place): (NoticeKind, Args, String),
    people: &[UserId],
) -> Result<(), Refusal> {
    let tools = door.tools().clone();
    let link = format!("{}/tickets/{}#{place}", tools.house.portal_url, ticket.id);
    let notice = Notice {
        customer: ticket.customer,
        kind,
        about: About {
            kind: None,
            id: ticket.id.to_string(),
            name: ticket.object().name,
        },
        args: args.link("link", Secret::new(link)),
        dedupe_key: None,
    };
    let (now, to) = (door.now(), ("ticket", people));
    notice::tell_members(door.tx(), now, tools.rng.as_ref(), &notice, to).await?;
    Ok(())
}

/// What a caller is called: owners hear who it was.
async fn caller(door: &mut Door<'_>, ticket: &Ticket, user: UserId) -> Result<String, Refusal> {
    let name = member::name_of(door.tx(), ticket.customer, user).await?;
    Ok(name.unwrap_or_default())
}

/// Whoever is said to have called, and the owners: something was asked for in their name.
pub(crate) async fn instructed_by_telephone(
    door: &mut Door<'_>,
    ticket: &Ticket,
    given: &Instruction,
) -> Result<(), Refusal> {
    let people = with_owners(door, ticket.customer, given.given_by).await?;
    let args = Args::new()
        .text("caller", caller(door, ticket, given.given_by).await?)
        .text("thing", &given.object_name)
        .prose("message", &given.quote);
    let kind = NoticeKind::InstructionByTelephone;
    about(door, ticket, (kind, args, "given".to_owned()), &people).await
}

/// Whoever confirmed what they wrote by mail, and the owners: it is an instruction now.
pub(crate) async fn instructed_by_mail(
    door: &mut Door<'_>,
    ticket: &Ticket,
    given: &Instruction,
) -> Result<(), Refusal> {
    let people = with_owners(door, ticket.customer, given.given_by).await?;
    let args = Args::new()
        .text("thing", &given.object_name)
        .prose("message", &given.quote);
    let kind = NoticeKind::InstructionByMail;
    about(door, ticket, (kind, args, "given".to_owned()), &people).await
}

/// Whoever is said to have called, and the owners: something was answered in their name.
pub(crate) async fn answered_by_telephone(
    door: &mut Door<'_>,
    ticket: &Ticket,
    consent: &Consent,
) -> Result<(), Refusal> {
    let (Some(answer), Some(by)) = (consent.answer, consent.answered_by) else {
        return Ok(());
    };
    let people = with_owners(door, ticket.customer, by).await?;
    // For one that waits for a second person of the hoster, what was said.
    let until = consent.until.filter(|_| !consent.waits());
    let until = until.or(consent.agreed_until).unwrap_or(door.now());
    let args = reaching(consent.reach)
        .text("caller", caller(door, ticket, by).await?)
        .text("answer", answer.word())
        .prose("message", &consent.reason)
        .time("until", until);
    let kind = NoticeKind::ConsentByTelephone;
    about(door, ticket, (kind, args, consent.id.to_string()), &people).await
}

/// A value as letters say it.
fn said(key: &str, value: &Value) -> Arg {
    match value {
        Value::Number(bytes) if key.ends_with("_bytes") => Arg::Bytes(bytes.as_i64().unwrap_or(0)),
        Value::Number(number) => Arg::Text(number.to_string()),
        Value::Bool(true) => Arg::Reason("value-yes".to_owned()),
        Value::Bool(false) => Arg::Reason("value-no".to_owned()),
        Value::String(text) if !text.is_empty() => Arg::Text(text.clone()),
        Value::Array(items) if !items.is_empty() => {
            let items: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            Arg::Text(items.join(", "))
        }
        _ => Arg::Reason("value-none".to_owned()),
    }
}

/// Whoever gave the instruction, and the owners: what staff changed on it.
pub(crate) async fn acted(
    door: &mut Door<'_>,
    ticket: &Ticket,
    made: &Made,
) -> Result<(), Refusal> {
    let Some(on) = made.instruction else {
        return Ok(());
    };
    let given = instruction::find(door.tx(), ticket.customer, on).await?;
    let people = with_owners(door, ticket.customer, given.given_by).await?;
    let keys = touched(&made.before, &made.after);
    let key = keys
        .into_iter()
        .find(|key| key != "id" && !key.ends_with("_at"));
    let same = key.is_none() && made.command.contains(".set_");
    let key = key.unwrap_or_default();
    let deed = made
        .command
        .split_once('.')
        .map_or(made.command, |(_, verb)| verb);
    let args = Args::new()
        .text("thing", &made.name)
        .text("deed", if same { "nothing" } else { deed })
        .with("before", said(&key, &made.before[&key]))
        .with("after", said(&key, &made.after[&key]));
    let kind = NoticeKind::TicketActed;
    about(door, ticket, (kind, args, made.change.to_string()), &people).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_said_with_their_units_and_what_is_not_there_as_that() {
        let of = |key: &str, value: Value| format!("{:?}", said(key, &value));
        assert_eq!(of("quota_bytes", json!(5)), "Bytes(5)");
        assert_eq!(
            of("targets", json!(["a@x.test", "b@x.test"])),
            r#"Text("a@x.test, b@x.test")"#
        );
        assert_eq!(of("https_redirect", json!(true)), r#"Reason("value-yes")"#);
        for nothing in [json!(null), json!(""), json!([])] {
            assert_eq!(of("redirect", nothing), r#"Reason("value-none")"#);
        }
    }
}
