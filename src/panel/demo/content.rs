//! What the demo's customers have: domains, websites, mailboxes with mail, databases with rows.

use crate::demo::made;
use crate::ground::Ground;
use crate::operations::command;
use crate::ready::Account;
use crate::serve::Running;
use serde_json::{Value, json};
use std::time::Duration;
use wabe_access::{Actor, customer, resource};
use wabe_identity::password::initial;
use wabe_kernel::content::{ByteSource, ContentError, Files as _, Sql as _};
use wabe_kernel::desired::Working;
use wabe_kernel::id::{CustomerId, DatabaseId, WebspaceId};
use wabe_kernel::{Fault, RelPath, State};

/// What one customer has.
struct Shop {
    domain: &'static str,
    webspaces: &'static [&'static str],
    mailboxes: &'static [&'static str],
    database: &'static str,
    page: &'static str,
}

const SHOPS: [Shop; 2] = [
    Shop {
        domain: "sonnenkorn.localhost",
        webspaces: &["sonnenkorn", "bestellungen"],
        mailboxes: &["info", "backstube", "katrin"],
        database: "bestellungen",
        page: include_str!("../../../templates/drivers/embedded/demo-sonnenkorn.html"),
    },
    Shop {
        domain: "kettenblatt.localhost",
        webspaces: &["kettenblatt"],
        mailboxes: &["werkstatt", "jonas"],
        database: "lager",
        page: include_str!("../../../templates/drivers/embedded/demo-kettenblatt.html"),
    },
];

const TABLES: &str = include_str!("tables.sql");

/// What the demo's cron job runs.
const REPORT: &str = include_str!("report.sh");

/// One piece of bytes.
struct Whole(Option<Vec<u8>>);

impl ByteSource for Whole {
    fn next(&mut self) -> Working<'_, Option<Result<Vec<u8>, ContentError>>> {
        let piece = self.0.take().map(Ok);
        Box::pin(std::future::ready(piece))
    }
}

fn kept(error: &ContentError) -> Fault {
    Fault::because("fill the demo", std::io::Error::other(format!("{error:?}")))
}

/// Gives each owner's customer its things.
pub(super) async fn make(running: &Running, accounts: &[Account]) -> Result<(), Fault> {
    let numbers = accounts
        .iter()
        .filter_map(|account| account.customer.as_deref());
    for (number, shop) in numbers.zip(&SHOPS) {
        let number = number
            .parse()
            .map_err(|_problem| Fault::new("read a customer's number"))?;
        let mut tx = running.ground.store.read().await?;
        let id = customer::find_number(&mut tx, &number)
            .await?
            .ok_or(Fault::new("find a customer"))?;
        tx.rollback().await?;
        fill(running, id, shop).await?;
    }
    Ok(())
}

async fn write(running: &Running, (id, name): (WebspaceId, &str), text: &str) -> Result<(), Fault> {
    let path: RelPath = name.parse().map_err(|_problem| Fault::new("name a page"))?;
    let mut page = Whole(Some(text.as_bytes().to_vec()));
    let written = running.node.files.write(id, &path, &mut page);
    written.await.map(|_size| ()).map_err(|error| kept(&error))
}

async fn fill(running: &Running, customer: CustomerId, shop: &Shop) -> Result<(), Fault> {
    let (ground, actor) = (&running.ground, Actor::system(customer));
    let doing = made("make a customer's things");
    command(
        ground,
        &actor,
        "domain.create",
        json!({ "name": shop.domain }),
    )
    .await
    .map_err(&doing)?;
    for (place, name) in shop.webspaces.iter().enumerate() {
        let host = if place == 0 { Some(shop.domain) } else { None };
        let input = json!({ "name": name, "domain": host, "quota_bytes": 5_000_000_000_i64 });
        let webspace = command(ground, &actor, "webspace.create", input)
            .await
            .map_err(&doing)?;
        let id: WebspaceId = id_of(&webspace)?;
        wait(ground, customer, &id.to_string()).await?;
        if place == 0 {
            write(running, (id, "index.html"), shop.page).await?;
            write(running, (id, "bericht.sh"), REPORT).await?;
            let input = json!({
                "webspace_id": id, "name": "Tagesbericht", "schedule": "15 * * * *",
                "command": "./bericht.sh --kurz",
            });
            command(ground, &actor, "cron_job.create", input)
                .await
                .map_err(&doing)?;
        }
    }
    for name in shop.mailboxes {
        let password = initial::generate(ground.rng.as_ref());
        let address = format!("{name}@{}", shop.domain);
        let input = json!({
            "address": address, "password": password.expose(), "quota_bytes": 2_000_000_000_i64,
        });
        let mailbox = command(ground, &actor, "mailbox.create", input)
            .await
            .map_err(&doing)?;
        let id = mailbox
            .get("id")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        wait(ground, customer, &id).await?;
        super::letter::greet(&ground.house.smtp, &address).await?;
    }
    let input = json!({
        "address": format!("hallo@{}", shop.domain),
        "targets": [format!("{}@{}", shop.mailboxes[0], shop.domain)],
    });
    command(ground, &actor, "alias.create", input)
        .await
        .map_err(&doing)?;
    let input = json!({ "name": shop.database, "engine": "sqlite" });
    let database = command(ground, &actor, "database.create", input)
        .await
        .map_err(&doing)?;
    let id: DatabaseId = id_of(&database)?;
    wait(ground, customer, &id.to_string()).await?;
    running
        .node
        .databases
        .query(id, TABLES, 0)
        .await
        .map_err(|error| kept(&error))?;
    Ok(())
}

fn id_of<T: std::str::FromStr>(made: &Value) -> Result<T, Fault> {
    let id = made
        .get("id")
        .and_then(Value::as_str)
        .and_then(|id| id.parse().ok());
    id.ok_or(Fault::new("read the id of something new"))
}

/// Waits until a resource is live, at most 30 seconds.
async fn wait(ground: &Ground, customer: CustomerId, id: &str) -> Result<(), Fault> {
    for _ in 0..600 {
        let mut tx = ground.store.read().await?;
        let found = resource::load(&mut tx, customer, id)
            .await
            .map_err(made("look at something new"))?;
        tx.rollback().await?;
        if found.state == State::Live {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err(Fault::new("bring something new to life"))
}
