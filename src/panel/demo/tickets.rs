//! What the demo's customers asked, and what was answered.

use crate::demo::{house, made};
use crate::ground::Ground;
use crate::operations::command;
use crate::ready::Account;
use serde::Deserialize;
use serde_json::{Map, Value};
use wabe_access::{Actor, member, resource};
use wabe_identity::user::model::User;
use wabe_identity::user::store as users;
use wabe_kernel::Fault;
use wabe_kernel::id::CustomerId;
use wabe_store::Tx;

const TICKETS: &str = include_str!("tickets.json");
const CANNED: &str = include_str!("canned.json");

/// One ticket: who asked, about what, and what was done.
#[derive(Deserialize)]
struct Asked {
    by: String,
    thing: Option<String>,
    ticket: Map<String, Value>,
    #[serde(default)]
    staff: Vec<Done>,
}

/// One thing that was done at the desk.
#[derive(Deserialize)]
struct Done {
    command: String,
    input: Map<String, Value>,
    in_days: Option<i64>,
}

async fn person(tx: &mut Tx, email: &str) -> Result<User, Fault> {
    let email = email
        .parse()
        .map_err(|_problem| Fault::new("read an address"))?;
    let found = users::find_by_email(tx, &email).await?;
    found.ok_or(Fault::new("find a person of the demo"))
}

/// The id of a customer's thing, by its kind and name.
async fn thing(tx: &mut Tx, customer: CustomerId, wanted: &str) -> Result<Option<String>, Fault> {
    let Some((kind, name)) = wanted.split_once(' ') else {
        return Ok(None);
    };
    let found = resource::search(tx, customer, name).await?;
    let found = found.into_iter().find(|one| one.kind.word() == kind);
    Ok(found.map(|one| one.id))
}

/// Keeps answers to be sent again.
async fn canned(ground: &Ground) -> Result<(), Fault> {
    let replies: Vec<Map<String, Value>> = serde_json::from_str(CANNED)
        .map_err(|error| Fault::because("read the demo's canned replies", error))?;
    for reply in replies {
        command(ground, &house()?, "canned_reply.create", reply.into())
            .await
            .map_err(made("keep a canned reply"))?;
    }
    Ok(())
}

/// Asks and answers.
pub(super) async fn make(ground: &Ground, accounts: &[Account]) -> Result<(), Fault> {
    canned(ground).await?;
    let asked: Vec<Asked> = serde_json::from_str(TICKETS)
        .map_err(|error| Fault::because("read the demo's tickets", error))?;
    let support = accounts.iter().find(|account| account.role == "support");
    let support = support.ok_or(Fault::new("find the demo's support"))?;
    for one in asked {
        let now = ground.clock.now();
        let mut tx = ground.store.read().await?;
        let asks = person(&mut tx, &one.by).await?;
        let helps = person(&mut tx, &support.email).await?;
        let places = member::of_user(&mut tx, asks.id).await?;
        let (customer, _) = *places.first().ok_or(Fault::new("find a customer"))?;
        let mut input = one.ticket;
        if let Some(wanted) = &one.thing
            && let Some(id) = thing(&mut tx, customer, wanted).await?
        {
            input.insert("object".to_owned(), id.into());
        }
        tx.rollback().await?;
        let actor = Actor::member(asks.id, customer, now);
        let opened = command(ground, &actor, "ticket.create", input.into());
        let opened = opened.await.map_err(made("open a ticket"))?;
        let staff = Actor::staff(helps.id, now);
        for done in one.staff {
            let mut input = done.input;
            input.insert("id".to_owned(), opened["id"].clone());
            if let Some(days) = done.in_days {
                let day = now.plus_days(days).to_string();
                let day = day.get(..10).unwrap_or_default();
                input.insert("day".to_owned(), day.into());
            }
            command(ground, &staff, &done.command, input.into())
                .await
                .map_err(made("work on a ticket"))?;
        }
    }
    Ok(())
}
