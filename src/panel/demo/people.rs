//! The demo's plans, customers, members and staff.

use crate::demo::{house, made};
use crate::ground::Ground;
use crate::operations::command;
use crate::ready::Account;
use serde_json::{Value, json};
use wabe_access::Actor;
use wabe_identity::password::initial;
use wabe_kernel::Fault;

const GIGABYTE: i64 = 1_000_000_000;

fn plan(name: &str, storage: i64, each: i64) -> Value {
    json!({
        "name": name, "storage_bytes": storage * GIGABYTE, "webspaces": each, "domains": each * 2,
        "mailboxes": each * 5, "aliases": each * 5, "databases": each, "members": each,
        "installations": each,
    })
}

/// Makes them, and answers who can log in.
pub(super) async fn make(ground: &Ground) -> Result<Vec<Account>, Fault> {
    let actor = house()?;
    for plan in [
        plan("Start", 20, 4),
        plan("Handwerk M", 200, 20),
        plan("Agentur L", 2_000, 200),
    ] {
        command(ground, &actor, "plan.create", plan)
            .await
            .map_err(made("make a plan"))?;
    }
    let mut accounts = Vec::new();
    for (name, owner, email) in [
        (
            "Bäckerei Sonnenkorn GmbH",
            "Katrin Brandt",
            "katrin@sonnenkorn.example",
        ),
        (
            "Fahrradladen Kettenblatt",
            "Jonas Petersen",
            "jonas@kettenblatt.example",
        ),
    ] {
        accounts.push(customer(ground, &actor, name, (owner, email)).await?);
    }
    for (role, name, email) in [
        ("support", "Mira Wendt", "mira@hoster.example"),
        ("operator", "Ole Hansen", "ole@hoster.example"),
        ("privacy_officer", "Petra Lindner", "petra@hoster.example"),
    ] {
        accounts.push(staff(ground, &actor, role, (name, email)).await?);
    }
    Ok(accounts)
}

async fn customer(
    ground: &Ground,
    actor: &Actor,
    name: &str,
    (owner, email): (&str, &str),
) -> Result<Account, Fault> {
    let password = initial::generate(ground.rng.as_ref());
    let input = json!({
        "name": name, "plan": "Handwerk M", "contact_email": email, "owner_name": owner,
        "owner_email": email, "owner_password": password.expose(), "language": "de",
    });
    let done = command(ground, actor, "customer.create", input)
        .await
        .map_err(made("make a customer"))?;
    let number = done
        .get("number")
        .and_then(Value::as_str)
        .unwrap_or_default();
    Ok(Account {
        role: "owner".to_owned(),
        email: email.to_owned(),
        password: password.expose().to_owned(),
        customer: Some(number.to_owned()),
    })
}

async fn staff(
    ground: &Ground,
    actor: &Actor,
    role: &str,
    (name, email): (&str, &str),
) -> Result<Account, Fault> {
    let password = initial::generate(ground.rng.as_ref());
    let input =
        json!({ "name": name, "email": email, "roles": [role], "password": password.expose() });
    command(ground, actor, "staff.create", input)
        .await
        .map_err(made("make a member of staff"))?;
    Ok(Account {
        role: role.to_owned(),
        email: email.to_owned(),
        password: password.expose().to_owned(),
        customer: None,
    })
}
