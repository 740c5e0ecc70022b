//! What the command line can ask for, carried out by the gate like everything else.

use crate::control::{Answer, Operation};
use crate::ground::Ground;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use wabe_access::actor::HOUSE;
use wabe_access::{Actor, Mode, Permission, Refusal, Scope, customer, member};
use wabe_audit::Dump;
use wabe_identity::token as tokens;
use wabe_identity::user::model::User;
use wabe_identity::user::store as user;
use wabe_kernel::id::CustomerId;
use wabe_kernel::{Fault, MailAddress, PageRequest, Timestamp};
use wabe_store::Tx;

/// Carries out an operation.
///
/// # Errors
/// One line that says why not.
pub async fn run(ground: &Ground, operation: Operation) -> Answer {
    let done = match operation {
        Operation::TokenCreate {
            user,
            customer,
            scopes,
            days,
            name,
        } => {
            token(
                ground,
                Wanted {
                    user,
                    customer,
                    scopes,
                    days,
                    name,
                },
            )
            .await
        }
        Operation::TokenList => hoster_tokens(ground).await,
        Operation::TokenRevoke { id, purpose } => match purpose.parse() {
            Ok(purpose) => {
                let actor = Actor::system(HOUSE).for_purpose(purpose);
                command(ground, &actor, "hoster_token.revoke", json!({ "id": id })).await
            }
            Err(problem) => Err(Refusal::field("purpose", problem)),
        },
        Operation::StaffCreate { email, name, roles } => {
            let input = json!({ "email": email, "name": name, "roles": roles });
            command(ground, &Actor::system(HOUSE), "staff.create", input).await
        }
        Operation::StaffList => staff(ground).await,
        Operation::CustomerCreate {
            name,
            plan,
            owner_name,
            owner_email,
            second_email,
            purpose,
        } => {
            let input = json!({
                "name": name, "plan": plan, "contact_email": owner_email,
                "second_contact_email": second_email,
                "owner_name": owner_name, "owner_email": owner_email,
                "owner_second_email": second_email,
            });
            match purpose.parse() {
                Ok(purpose) => {
                    let actor = Actor::system(HOUSE).for_purpose(purpose);
                    command(ground, &actor, "customer.create", input).await
                }
                Err(problem) => Err(Refusal::field("purpose", problem)),
            }
        }
        Operation::CustomerList { search } => customers(ground, search).await,
        Operation::SandboxHealth => Ok(sandbox(ground)),
        Operation::AuditDump => dump(ground).await.map_err(Refusal::Fault),
    };
    done.map_err(|refusal| explain(&refusal))
}

/// Runs a command by its name.
///
/// # Errors
/// What the gate says.
pub async fn command(
    ground: &Ground,
    actor: &Actor,
    name: &str,
    input: Value,
) -> Result<Value, Refusal> {
    let spec = ground.gate.command(name).ok_or(Refusal::NotFound)?;
    let input = if let Value::Object(input) = input {
        input
    } else {
        Map::new()
    };
    Ok((spec.run)(&ground.gate, actor, input, Mode::Commit, None)
        .await?
        .output)
}

/// What a token is wanted for.
struct Wanted {
    user: String,
    customer: Option<String>,
    scopes: Vec<String>,
    days: i64,
    name: String,
}

async fn token(ground: &Ground, wanted: Wanted) -> Result<Value, Refusal> {
    let address: MailAddress = wanted
        .user
        .parse()
        .map_err(|problem| Refusal::field("user", problem))?;
    let mut tx = ground.store.read().await?;
    let person = user::find_by_email(&mut tx, &address)
        .await?
        .ok_or(Refusal::NotFound)?;
    let (customer, scopes) = place(&mut tx, &person, &wanted).await?;
    tx.rollback().await?;
    let scopes = if wanted.scopes.is_empty() {
        scopes.iter().map(ToString::to_string).collect()
    } else {
        wanted.scopes
    };
    let actor = Actor {
        user: Some(person.id),
        ..Actor::system(customer)
    };
    let input =
        json!({ "name": wanted.name, "scopes": scopes, "days": wanted.days, "sensitive": true });
    command(ground, &actor, "token.create", input).await
}

/// What stands for the hoster where a customer could be named.
const HOSTER: &str = "hoster";

/// Where a person's token acts, and the most it may there: in the one customer that is named or the only
/// one, or at the hoster for whoever works here.
async fn place(
    tx: &mut Tx,
    person: &User,
    wanted: &Wanted,
) -> Result<(CustomerId, BTreeSet<Permission>), Refusal> {
    let roles = member::staff_roles(tx, person.id).await?;
    let places = member::of_user(tx, person.id).await?;
    let named = match wanted.customer.as_deref() {
        Some(HOSTER) => Some(HOUSE),
        Some(number) => {
            let number = number
                .parse()
                .map_err(|problem| Refusal::field("customer", problem))?;
            Some(
                customer::find_number(tx, &number)
                    .await?
                    .ok_or(Refusal::NotFound)?,
            )
        }
        None => places.is_empty().then_some(HOUSE),
    };
    if named == Some(HOUSE) {
        if roles.is_empty() {
            return Err(Refusal::NotFound);
        }
        return Ok((HOUSE, member::programs(roles)));
    }
    let fits = |place: &&(CustomerId, wabe_access::Role)| named.is_none_or(|id| id == place.0);
    let mut fitting = places.iter().filter(fits);
    let (customer, role) = fitting.next().ok_or(Refusal::NotFound)?;
    if fitting.next().is_some() {
        return Err(Refusal::Conflict("several-customers"));
    }
    Ok((*customer, role.permissions()))
}

/// How the process is that runs plugins; nothing where none is served.
fn sandbox(ground: &Ground) -> Value {
    let Some(health) = ground.plugins.health.get() else {
        return Value::Null;
    };
    let health = health.borrow();
    json!({
        "up": health.up, "restarts": health.restarts,
        "reason": health.reason.as_ref().map(ToString::to_string),
        "retry_in_s": health.retry_in.map(|wait| wait.as_secs()),
    })
}

async fn hoster_tokens(ground: &Ground) -> Result<Value, Refusal> {
    let mut tx = ground.store.read().await?;
    let found = tokens::store::list_hoster(&mut tx, &Scope::system(HOUSE)).await?;
    tx.rollback().await?;
    let lines = found.into_iter().map(|one| {
        let scopes: Vec<_> = one.token.scopes.iter().map(|scope| scope.word()).collect();
        let at = |at: Option<Timestamp>| at.map_or_else(|| "never".to_owned(), |at| at.to_string());
        json!({
            "id": one.token.id, "email": one.email, "name": one.token.name,
            "scopes": scopes.join(","), "expires": at(Some(one.token.expires_at)),
            "last_used": at(one.token.last_used_at),
        })
    });
    Ok(lines.collect())
}

async fn staff(ground: &Ground) -> Result<Value, Refusal> {
    let mut tx = ground.store.read().await?;
    let mut lines = Vec::new();
    for (id, role) in member::staff(&mut tx).await? {
        if let Some(person) = user::find(&mut tx, id).await? {
            lines.push(json!({
                "email": person.email.to_string(), "name": person.name.to_string(), "role": role,
            }));
        }
    }
    tx.rollback().await?;
    Ok(Value::Array(lines))
}

async fn customers(ground: &Ground, search: String) -> Result<Value, Refusal> {
    let mut tx = ground.store.read().await?;
    let request = PageRequest {
        search,
        ..PageRequest::first(200)
    };
    let found = customer::search(&mut tx, &request).await?;
    tx.rollback().await?;
    let line = |customer: customer::Customer| {
        json!({
            "number": customer.number, "name": customer.name, "plan": customer.plan_name,
            "suspended": customer.suspended_reason.is_some(),
        })
    };
    Ok(found.items.into_iter().map(line).collect())
}

async fn dump(ground: &Ground) -> Result<Value, Fault> {
    while ground.sequencer.sequence(&ground.store, 10_000).await? > 0 {}
    ground.sequencer.checkpoint(&ground.store).await?;
    let text = Dump::begin(&ground.store)
        .await?
        .collect(&ground.store)
        .await?;
    Ok(json!({ "key": ground.sequencer.verifier_key(), "dump": text }))
}

/// A refusal in one line for whoever typed the command.
fn explain(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Invalid(errors) => {
            let line = |(field, problem): (&String, &wabe_kernel::Problem)| {
                let args: Vec<String> = problem
                    .args
                    .iter()
                    .map(|(name, value)| format!("{name} {value}"))
                    .collect();
                format!("{field}: {} {}", problem.code, args.join(", "))
                    .trim_end()
                    .to_owned()
            };
            errors.0.iter().map(line).collect::<Vec<_>>().join("; ")
        }
        Refusal::NotFound => "there is no such person or customer here".to_owned(),
        Refusal::Conflict("several-customers") => {
            "this person belongs to several customers; name one with --customer NUMBER".to_owned()
        }
        Refusal::Conflict(code) => (*code).to_owned(),
        Refusal::Limit {
            limit,
            used,
            max,
            wanted,
        } => {
            format!("{limit}: {used} of {max} are in use, {wanted} more wanted")
        }
        Refusal::Fault(fault) => fault.chain(),
        Refusal::Busy(seconds) => format!("busy; try again in {seconds} seconds"),
        Refusal::Forbidden
        | Refusal::InPerson
        | Refusal::StepUp
        | Refusal::PurposeMissing
        | Refusal::CustomerSuspended
        | Refusal::Repeated(_) => "this is not allowed".to_owned(),
    }
}
