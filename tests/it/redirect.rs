//! Domains that send their visitors on: who may say so, what stands in the way, and what a visitor gets.

use crate::browser::Browser;
use crate::client::{Answer, page, plain, text, until, visitor};
use crate::on_both_engines;
use crate::process::{Customer, Panel, shared, unique};
use crate::tools::{curl, ran};
use reqwest::Client;
use serde_json::{Value, json};
use wabe_access::resource;
use wabe_access::{Actor, Mode, Refusal};
use wabe_kernel::State;
use wabe_testkit::{House, Tenant};

on_both_engines!(
    a_redirect_comes_to_the_node_and_goes_with_the_proof,
    only_the_owner_of_a_proved_domain_redirects_it,
    a_name_leads_to_a_webspace_or_on_and_never_both,
    a_redirect_is_taken_back,
    a_name_that_came_to_a_webspace_stays_there,
);

const TARGET: &str = "https://www.example.org/new";

async fn done(house: &House, actor: &Actor, name: &str, input: Value) -> Value {
    let done = house.run_json(actor, name, input).await;
    let done = done.unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"));
    done.output
}

async fn domain(house: &House, tenant: &Tenant, name: &str) -> String {
    let made = done(
        house,
        &tenant.owner,
        "domain.create",
        json!({ "name": name }),
    )
    .await;
    text(&made, "id")
}

async fn redirect(house: &House, actor: &Actor, id: &str, to: &str) -> Result<Value, Refusal> {
    let input = json!({ "id": id, "redirect": to });
    let done = house.run_json(actor, "domain.set_redirect", input).await;
    done.map(|done| done.output)
}

async fn state(house: &House, tenant: &Tenant, id: &str) -> State {
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let found = resource::load(&mut tx, tenant.id, id).await.unwrap();
    tx.rollback().await.unwrap();
    found.state
}

/// The code of what is wrong with a field.
fn code(refused: Result<Value, Refusal>, field: &str) -> &'static str {
    match refused {
        Err(Refusal::Invalid(errors)) => errors.0[field].code,
        other => panic!("{other:?}"),
    }
}

async fn a_redirect_comes_to_the_node_and_goes_with_the_proof(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = domain(&house, &tenant, "sonne.test").await;
    house.settle().await;
    assert!(house.node.steps().is_empty());
    let set = redirect(&house, &tenant.owner, &id, " HTTPS://Example.org/ü").await;
    assert_eq!(set.unwrap()["redirect"], "https://example.org/%C3%BC");
    assert_eq!(state(&house, &tenant, &id).await, State::Updating);
    house.settle().await;
    assert_eq!(state(&house, &tenant, &id).await, State::Live);
    let set = [
        "issue-redirect-certificate",
        "configure-redirect",
        "probe-redirect",
    ];
    assert_eq!(house.node.words(), set);
    let system = Actor::system(tenant.id);
    let lost = done(&house, &system, "domain.withdraw", json!({ "id": id })).await;
    assert_eq!(lost, Value::Null);
    house.settle().await;
    assert_eq!(house.node.words()[3..], ["remove-redirect"]);
    assert_eq!(state(&house, &tenant, &id).await, State::Pending);
    done(&house, &tenant.owner, "domain.verify", json!({ "id": id })).await;
    house.settle().await;
    assert_eq!(house.node.words()[4..], set);
    done(&house, &tenant.owner, "domain.delete", json!({ "id": id })).await;
    house.settle().await;
    assert_eq!(house.node.words()[7..], ["remove-redirect"]);
    house.clock.advance(14 * 86_400);
    house.reconciler.empty_trash().await.unwrap();
    house.settle().await;
    assert_eq!(house.node.words()[8..], ["remove-redirect-folder"]);
}

async fn only_the_owner_of_a_proved_domain_redirects_it(house: House) {
    let [own, other] = [house.tenant("Sonne").await, house.tenant("Mond").await];
    let foreign = domain(&house, &other, "mond.test").await;
    let refused = redirect(&house, &own.owner, &foreign, TARGET).await;
    assert!(matches!(refused, Err(Refusal::NotFound)));
    let unproved = domain(&house, &own, "sonne.example.com").await;
    let refused = redirect(&house, &own.owner, &unproved, TARGET).await;
    assert!(matches!(
        refused,
        Err(Refusal::Conflict("domain-not-proved"))
    ));
    // Ending asks for no proof.
    let nowhere = json!({ "id": unproved });
    done(&house, &own.owner, "domain.set_redirect", nowhere).await;
    let id = domain(&house, &own, "sonne.test").await;
    for (to, problem) in [
        ("https://sonne.test/elsewhere", "redirect-to-itself"),
        ("http://SONNE.test:8080/", "redirect-to-itself"),
        ("javascript:alert(1)", "redirect-without-scheme"),
        ("https://a:b@example.org/", "redirect-with-login"),
        (
            "https://example.org/\r\nSet-Cookie: a=b",
            "control-character",
        ),
    ] {
        let refused = redirect(&house, &own.owner, &id, to).await;
        assert_eq!(code(refused, "redirect"), problem, "{to}");
    }
    let beside = redirect(&house, &own.owner, &id, "https://www.sonne.test/").await;
    assert_eq!(beside.unwrap()["redirect"], "https://www.sonne.test/");
    done(&house, &own.owner, "domain.delete", json!({ "id": id })).await;
    let refused = redirect(&house, &own.owner, &id, TARGET).await;
    assert!(matches!(refused, Err(Refusal::Conflict("in-trash"))));
}

async fn a_name_leads_to_a_webspace_or_on_and_never_both(house: House) {
    let tenant = house.tenant("Sonne").await;
    let owner = &tenant.owner;
    let id = domain(&house, &tenant, "sonne.test").await;
    let shop = done(&house, owner, "webspace.create", json!({ "name": "shop" })).await;
    let shop = text(&shop, "id");
    let host = |host: &str| json!({ "id": shop, "host": host });
    done(&house, owner, "webspace.add_host", host("sonne.test")).await;
    let refused = redirect(&house, owner, &id, TARGET).await;
    assert!(matches!(
        refused,
        Err(Refusal::Conflict("domain-has-webspace"))
    ));
    done(&house, owner, "webspace.remove_host", host("sonne.test")).await;
    // A name below is another name.
    done(&house, owner, "webspace.add_host", host("www.sonne.test")).await;
    redirect(&house, owner, &id, TARGET).await.unwrap();
    for (name, input, field) in [
        ("webspace.add_host", host("sonne.test"), "host"),
        (
            "webspace.create",
            json!({ "name": "blog", "domain": "sonne.test" }),
            "domain",
        ),
    ] {
        let refused = house.run_json(owner, name, input).await;
        let refused = refused.map(|done| done.output);
        assert_eq!(code(refused, field), "host-redirects", "{name}");
    }
    let end = json!({ "id": id, "redirect": null });
    let ended = done(&house, owner, "domain.set_redirect", end).await;
    assert_eq!(ended["redirect"], Value::Null);
    done(&house, owner, "webspace.add_host", host("sonne.test")).await;
    house.settle().await;
    assert_eq!(state(&house, &tenant, &id).await, State::Live);
}

async fn a_redirect_is_taken_back(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = domain(&house, &tenant, "sonne.test").await;
    let set = async |to: Value| {
        let input = json!({ "id": id, "redirect": to });
        let done = house.run_json(&tenant.owner, "domain.set_redirect", input);
        done.await.unwrap()
    };
    let first = set(json!(TARGET)).await;
    assert_eq!(first.before["redirect"], Value::Null);
    let second = set(json!("https://other.example/")).await;
    let undo = async |change| {
        let undone = house.gate.undo(&tenant.owner, change, Mode::Commit).await;
        undone.map(|done| done.after["redirect"].clone())
    };
    let refused = undo(first.change).await;
    assert!(matches!(refused, Err(Refusal::Conflict("changed-since"))));
    assert_eq!(undo(second.change).await.unwrap(), TARGET);
    let ended = set(Value::Null).await;
    assert_eq!(undo(ended.change).await.unwrap(), TARGET);
}

async fn a_name_that_came_to_a_webspace_stays_there(house: House) {
    let tenant = house.tenant("Sonne").await;
    let owner = &tenant.owner;
    domain(&house, &tenant, "sonne.test").await;
    let id = domain(&house, &tenant, "shop.sonne.test").await;
    redirect(&house, owner, &id, TARGET).await.unwrap();
    done(&house, owner, "domain.delete", json!({ "id": id })).await;
    let back = done(&house, owner, "domain.restore", json!({ "id": id })).await;
    assert_eq!(back["redirect"], TARGET);
    done(&house, owner, "domain.delete", json!({ "id": id })).await;
    let shop = json!({ "name": "shop", "domain": "shop.sonne.test" });
    done(&house, owner, "webspace.create", shop).await;
    let restored = house.run_json(owner, "domain.restore", json!({ "id": id }));
    let restored = restored.await.unwrap();
    assert_eq!(restored.output["redirect"], Value::Null);
    assert_eq!(restored.after["redirect"], Value::Null);
}

/// A proved domain that leads nowhere yet: its path in the API, and its name.
async fn free_domain(customer: &Customer) -> (String, String) {
    let name = format!("moved{}.test", unique());
    let made = customer.api.live("/domains", json!({ "name": name })).await;
    (format!("/domains/{}", text(&made, "id")), name)
}

async fn set(customer: &Customer, path: &str, to: Value) -> Value {
    let patch = json!({ "redirect": to });
    customer.api.json("PATCH", path, &patch).await.expect(200);
    customer.api.settled(path, "live").await
}

/// A client that finds the host on both listeners.
fn visitors(panel: &Panel, host: &str) -> [(Client, String); 2] {
    let http = plain(panel).resolve(host, panel.address("sites_http"));
    let base = format!("http://{host}:{}", panel.port("sites_http"));
    [
        (http.build().unwrap(), base),
        (visitor(panel, &[host]), page(panel, host, "")),
    ]
}

#[tokio::test]
async fn a_visitor_is_sent_on_over_http_and_https_and_no_more_after_the_end() {
    let panel = shared();
    let customer = panel.customer();
    let (path, host) = free_domain(&customer).await;
    let shown = customer.api.get(&path).await.expect(200);
    assert_eq!(shown["redirect"], Value::Null);
    let shown = set(&customer, &path, json!(TARGET)).await;
    assert_eq!(shown["redirect"], TARGET);
    for (client, base) in visitors(&panel, &host) {
        for asked in ["/", "/any/path?with=query", "/.env"] {
            let answer = client.get(format!("{base}{asked}")).send().await.unwrap();
            let answer = Answer::of(answer).await.unwrap();
            assert_eq!((answer.status, answer.header("location")), (302, TARGET));
        }
    }
    let url = page(&panel, &host, "/");
    let mut command = curl(&panel, &host);
    command.args(["-i", &url]);
    let seen = ran(command).await;
    assert!(seen.worked, "{}", seen.err);
    assert!(seen.out.contains(" 302"), "{}", seen.out);
    let log = format!("{path}/log");
    let lines = until("the visit to be logged", async || {
        let lines = customer.api.get(&log).await.expect(200)["items"].to_string();
        lines.contains("/any/path").then_some(lines)
    });
    let lines = lines.await;
    assert!(lines.contains("\" 302 0 "), "{lines}");
    assert!(
        !lines.contains("127.0.0.1 ") && !lines.contains("with=query"),
        "{lines}"
    );
    set(&customer, &path, Value::Null).await;
    let [(http, base), (https, secure)] = visitors(&panel, &host);
    assert_eq!(http.get(base).send().await.unwrap().status(), 404);
    assert!(https.get(secure).send().await.is_err());
}

#[tokio::test]
async fn a_host_moves_from_a_webspace_to_a_redirect_and_back() {
    let panel = shared();
    let customer = panel.customer();
    let (path, host) = free_domain(&customer).await;
    let asked = json!({ "name": format!("moved{}", unique()), "domain": host });
    let webspace = customer.api.live("/webspaces", asked).await;
    let webspace = format!("/webspaces/{}", text(&webspace, "id"));
    let patch = json!({ "redirect": TARGET });
    let refused = customer.api.json("PATCH", &path, &patch).await;
    assert_eq!(refused.expect(409)["code"], "domain-has-webspace");
    let lead = json!({ "host": host });
    let verb = |verb: &str| format!("{webspace}/{verb}");
    let removed = customer.api.json("POST", &verb("remove_host"), &lead).await;
    removed.expect(200);
    set(&customer, &path, json!(TARGET)).await;
    let refused = customer.api.json("POST", &verb("add_host"), &lead).await;
    assert_eq!(refused.expect(422)["errors"][0]["code"], "host-redirects");
    set(&customer, &path, Value::Null).await;
    let added = customer.api.json("POST", &verb("add_host"), &lead).await;
    added.expect(200);
    customer.api.settled(&webspace, "live").await;
    let client = visitor(&panel, &[&host]);
    let answer = client.get(page(&panel, &host, "/")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn the_page_of_a_domain_sets_changes_and_ends_its_redirect() {
    let panel = Panel::demo();
    let (email, password) = panel.account("owner");
    let browser = Browser::logged_in(&panel, (&email, &password)).await;
    let api = panel.api(&panel.token(&email, &[]));
    let made = api.live("/domains", json!({ "name": "umzug.test" })).await;
    let path = format!("/domains/{}", text(&made, "id"));
    let (set, end) = (format!("{path}/redirect"), format!("{path}/redirect/end"));
    let csrf = browser.token(&path).await;
    let send = async |to: &str, redirect: &str| {
        let fields = [("csrf", csrf.as_str()), ("redirect", redirect)];
        browser.post(to, &fields).await
    };
    for wrong in [
        "",
        "www.example.org",
        "https://umzug.test/x",
        "https://a@b.example/",
    ] {
        let refused = send(&set, wrong).await;
        assert_eq!(refused.status, 422, "{wrong}");
        assert!(refused.text().contains("aria-invalid=\"true\""), "{wrong}");
    }
    for target in [TARGET, "https://other.example/?a=b&c"] {
        assert_eq!(send(&set, target).await.status, 303);
        api.settled(&path, "live").await;
        let shown = browser.get(&path).await.text();
        let escaped = target.replace('&', "&#38;");
        assert!(shown.contains(&format!("href=\"{escaped}\"")), "{shown}");
        assert!(shown.contains(&end), "{shown}");
    }
    let log = browser.get(&format!("{path}/log")).await;
    assert_eq!(log.status, 200);
    assert_eq!(send(&end, "").await.status, 303);
    let shown = browser.get(&path).await.text();
    assert!(!shown.contains("other.example") || shown.contains("wb-undo"));
    assert_eq!(api.get(&path).await.expect(200)["redirect"], Value::Null);
}
