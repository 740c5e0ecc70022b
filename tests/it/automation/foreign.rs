//! A plugin of one customer can name no object of another: every command that may be an effect, by the id
//! of what it is about and by what stands in its arguments.

use super::runs;
use crate::on_both_engines;
use crate::repository::nothing_found;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use wabe_access::CommandSpec;
use wabe_automation::engine::FormAsk;
use wabe_automation::may_be_effect;
use wabe_kernel::Language;
use wabe_kernel::id::{CustomerId, InstallationId};
use wabe_package::Capability;
use wabe_testkit::{
    House, PASSWORD, Tenant, capability, commands, done, guest, manifest, snapshot,
};

on_both_engines!(no_effect_reaches_what_is_somebody_elses);

/// One of everything, by noun.
async fn things(house: &House, tenant: &Tenant, name: &str) -> BTreeMap<&'static str, String> {
    let (own, all) = (format!("info@{name}.test"), format!("all@{name}.test"));
    let mut made = BTreeMap::new();
    for (noun, input) in [
        ("domain", json!({ "name": format!("{name}.test") })),
        ("mailbox", json!({ "address": own, "password": PASSWORD })),
        ("alias", json!({ "address": all, "targets": [own] })),
        ("database", json!({ "name": "shop" })),
        ("webspace", json!({ "name": "shop" })),
        ("ticket", json!({ "subject": "A question", "body": "Why?" })),
    ] {
        let command = format!("{noun}.create");
        let one = house.run_json(&tenant.owner, &command, input).await;
        made.insert(noun, one.unwrap().object);
    }
    made
}

/// Plugins that may ask for all that any plugin may, by command.
async fn mighty(house: &House, tenant: &Tenant) -> BTreeMap<&'static str, InstallationId> {
    let all = commands();
    let names = all.iter().filter(|spec| may_be_effect(spec));
    let names: Vec<&'static str> = names.map(|spec| spec.name).collect();
    let mut found = BTreeMap::new();
    // A manifest has room for forty capabilities.
    for (number, names) in names.chunks(30).enumerate() {
        let id = plugin(house, tenant, &format!("mighty{number}"), names).await;
        found.extend(names.iter().map(|name| (*name, id)));
    }
    found
}

async fn plugin(
    house: &House,
    tenant: &Tenant,
    name: &str,
    commands: &[&'static str],
) -> InstallationId {
    let words = commands.iter().map(|name| Capability::for_effect(name));
    let words: Vec<String> = words.flatten().map(|one| one.to_string()).collect();
    let form = "[[trigger]]\nkind = \"form\"\nname = \"main\"\n\
        [trigger.title]\nde = \"Seite\"\nen = \"Page\"\n";
    let mut asks: String = words.iter().map(|word| capability(word, false)).collect();
    asks.push_str(&capability("form", false));
    house
        .publish(&manifest(name, "1.0.0", &format!("{asks}{form}")))
        .await;
    let mut granted: Map<String, Value> =
        words.into_iter().map(|word| (word, json!(true))).collect();
    granted.insert("form".to_owned(), json!(true));
    house.install(tenant, name, Value::Object(granted)).await
}

/// Fields beside the id that every command takes.
fn fields(spec: &CommandSpec) -> Value {
    let mut input = Map::new();
    for field in spec.fields.iter().filter(|field| **field != "id") {
        let value = match *field {
            "quota_bytes" => json!(2_000_000_000_i64),
            "upload_bytes" => json!(1_000_000),
            "connections" => json!(5),
            "document_root" => json!("public"),
            "https_redirect" | "full_addresses" => json!(true),
            "host" => json!("www.ours.test"),
            "php" => json!("8.2"),
            "redirects" => json!(["/old https://www.example.org/"]),
            "redirect" => json!("https://www.example.org/"),
            "error_pages" => json!(["404 missing.html"]),
            "hsts" => json!("month"),
            "server" => json!("apache"),
            "php_settings" => json!({ "memory_limit": "200M" }),
            "targets" => json!(["info@ours.test"]),
            _ => json!("because"),
        };
        input.insert((*field).to_owned(), value);
    }
    Value::Object(input)
}

/// Why an effect was refused; nothing when it was not.
async fn refused(
    house: &House,
    (tenant, id): (&Tenant, InstallationId),
    (name, target, args): (&'static str, &str, &Value),
) -> Option<String> {
    let (target, args) = (target.to_owned(), args.to_string());
    let ask = FormAsk {
        actor: &tenant.owner,
        installation: id,
        form: "main",
        language: Language::En,
    };
    house.plugins.sandbox.set(guest(move |_order| {
        done(&[(name, target.as_str(), args.as_str(), "")])
    }));
    let engine = &house.plugins.engine;
    let sent = engine.submit(ask.clone(), Map::new()).await.unwrap();
    // What ends well keeps the plugin from being stopped for its failures.
    house.plugins.sandbox.set(guest(|_order| done(&[])));
    let fine = engine.submit(ask, Map::new()).await.unwrap();
    assert_eq!(fine.code, None);
    let all = runs(house, tenant).await;
    let run = all.into_iter().find(|run| run.id == sent.run).unwrap();
    assert!(
        matches!(sent.code, None | Some("effect-refused")),
        "{name}: {:?}",
        sent.code
    );
    run.message
}

/// Everything that is stored of a customer.
async fn stored(house: &House, customer: CustomerId) -> Vec<String> {
    let (all, id) = (snapshot(&house.db.location).await, customer.to_string());
    let rows = all.into_values().flatten();
    rows.filter(|row| row.contains(&id)).collect()
}

async fn no_effect_reaches_what_is_somebody_elses(house: House) {
    let [own, other] = [house.tenant("Sonne").await, house.tenant("Mond").await];
    let mine = things(&house, &own, "ours").await;
    let theirs = things(&house, &other, "theirs").await;
    let plugins = mighty(&house, &own).await;
    let before = stored(&house, other.id).await;
    let (mut findings, mut tried) = (Vec::new(), 0);
    let all = commands();
    let effects = all.iter().filter(|spec| may_be_effect(spec));
    for spec in effects.filter(|spec| spec.fields.contains(&"id")) {
        let effect = (spec.name, theirs[spec.noun()].as_str(), &fields(spec));
        let plugin = (&own, plugins[spec.name]);
        let said = refused(&house, plugin, effect).await.unwrap_or_default();
        tried += 1;
        if !said.ends_with("there is no such thing") {
            findings.push(format!("{}: {said:?}", spec.name));
        }
    }
    assert!(tried > 30, "{tried}");
    for (name, target, args) in [
        (
            "webspace.create",
            "",
            json!({ "name": "n", "domain": "theirs.test" }),
        ),
        (
            "webspace.add_host",
            mine["webspace"].as_str(),
            json!({ "host": "www.theirs.test" }),
        ),
        (
            "mailbox.create",
            "",
            json!({ "address": "a@theirs.test", "password": PASSWORD }),
        ),
        (
            "alias.create",
            "",
            json!({ "address": "b@ours.test", "targets": ["info@theirs.test"] }),
        ),
        (
            "alias.set_targets",
            mine["alias"].as_str(),
            json!({ "targets": ["info@theirs.test"] }),
        ),
        (
            "ticket.create",
            "",
            json!({ "subject": "s", "body": "b", "object": theirs["webspace"] }),
        ),
    ] {
        let plugin = (&own, plugins[name]);
        let said = refused(&house, plugin, (name, target, &args)).await;
        if said.is_none() {
            findings.push(format!("{name}: {args} passed"));
        }
    }
    nothing_found(&findings);
    assert_eq!(stored(&house, other.id).await, before);
}
