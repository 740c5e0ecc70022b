//! The demo's plans, customers, members and staff.

use crate::demo::{house, made};
use crate::ground::Ground;
use crate::operations::command;
use crate::ready::Account;
use serde_json::{Value, json};
use wabe_access::Actor;
use wabe_identity::factor::code::step_of;
use wabe_identity::password::initial;
use wabe_kernel::id::UserId;
use wabe_kernel::{Fault, Secret};

const GIGABYTE: i64 = 1_000_000_000;

fn plan(name: &str, storage: i64, each: i64) -> Value {
    json!({
        "name": name, "storage_bytes": storage * GIGABYTE, "webspaces": each, "domains": each * 2,
        "mailboxes": each * 5, "aliases": each * 5, "databases": each, "members": each,
        "installations": each, "with_site_proxy": true,
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
        ("management", "Karin Vogt", "karin@hoster.example"),
        ("auditor", "Anton Sommer", "anton@hoster.example"),
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
        totp_secret: None,
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
    let done = command(ground, actor, "staff.create", input)
        .await
        .map_err(made("make a member of staff"))?;
    let user = done.get("user").and_then(Value::as_str).unwrap_or_default();
    let user = user
        .parse()
        .map_err(|_problem| Fault::new("read who works here"))?;
    let secret = factor(ground, user).await?;
    Ok(Account {
        role: role.to_owned(),
        email: email.to_owned(),
        password: password.expose().to_owned(),
        customer: None,
        totp_secret: Some(secret.expose().to_owned()),
    })
}

/// Sets an authenticator app up as its owner would, and answers its secret. The step before the present
/// one is used for it where that is allowed, so that the present one is left for the first login.
async fn factor(ground: &Ground, user: UserId) -> Result<Secret, Fault> {
    ground.identity.begin_totp(user).await?;
    let secret = ground.identity.pending_totp(user).await?;
    let secret = secret.ok_or(Fault::new("find the secret of an app"))?;
    let now = ground.clock.now();
    let drift = ground.identity.profile().totp_drift_steps;
    let code = secret.code(step_of(now) - drift)?;
    let input = json!({ "code": code.expose() });
    command(ground, &Actor::staff(user, now), "user.enrol_totp", input)
        .await
        .map_err(made("set an app up"))?;
    Ok(secret.text())
}
