//! Why something does not work: what is wrong is named, with the way to mend it, to whoever may see the
//! thing and to nobody else.

use crate::browser::Browser;
use crate::client::text;
use crate::on_both_engines;
use crate::process::Panel;
use crate::repository::root;
use serde_json::{Value, json};
use wabe_access::{Refusal, Scope};
use wabe_hosting::diagnosis::{Diagnosis, DomainQuestion, Level, MailboxQuestion, WebsiteQuestion};
use wabe_hosting::mail_dns::MailDns;
use wabe_kernel::content::Files;
use wabe_testkit::{House, MemoryFiles, Tenant};

on_both_engines!(
    a_site_is_looked_at_from_its_name_to_its_start_page,
    mail_that_goes_elsewhere_is_found,
    a_foreign_thing_is_not_looked_at,
    what_the_dns_says_about_mail_is_told_as_it_stands,
);

const HERE: &str = "203.0.113.7";

async fn done(house: &House, tenant: &Tenant, name: &str, input: Value) -> Value {
    let done = house.run_json(&tenant.owner, name, input).await;
    done.unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"))
        .output
}

/// A domain of the tenant's, proved or not.
async fn domain(house: &House, tenant: &Tenant, name: &str, proved: bool) -> String {
    let made = done(house, tenant, "domain.create", json!({ "name": name })).await;
    let id = text(&made, "id");
    if proved {
        let proofs = &made["proofs"];
        house
            .lookup
            .set_txt(&text(proofs, "txt_name"), &[&text(proofs, "txt_value")]);
        done(house, tenant, "domain.verify", json!({ "id": id })).await;
    }
    id
}

fn codes(found: &Diagnosis, level: Level) -> Vec<&'static str> {
    let findings = found.findings.iter();
    findings
        .filter(|finding| finding.level == level)
        .map(|finding| finding.code)
        .collect()
}

async fn website(house: &House, tenant: &Tenant, id: &str, files: &dyn Files) -> Diagnosis {
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let scope = Scope::of(&mut tx, &tenant.owner).await.unwrap();
    let facts = &house.gate.tools().house;
    let asked = WebsiteQuestion::load(&mut tx, &scope, id.parse().unwrap(), facts).await;
    tx.rollback().await.unwrap();
    let now = house.gate.tools().clock.now();
    asked
        .unwrap()
        .answer(house.lookup.as_ref(), files, now)
        .await
}

async fn a_site_is_looked_at_from_its_name_to_its_start_page(house: House) {
    let tenant = house.tenant("Sonne").await;
    domain(&house, &tenant, "sonne.example", true).await;
    let web = done(
        &house,
        &tenant,
        "webspace.create",
        json!({ "name": "shop" }),
    )
    .await;
    let id = text(&web, "id");
    let input = json!({ "id": id, "host": "www.sonne.example" });
    done(&house, &tenant, "webspace.add_host", input).await;
    house.settle().await;
    let preview = text(&web, "preview_host");
    let here = HERE.parse().unwrap();
    house.lookup.set_addresses(&preview, &[here]);
    house
        .lookup
        .set_addresses("www.sonne.example", &["198.51.100.1".parse().unwrap()]);
    let files = MemoryFiles::default();
    let found = website(&house, &tenant, &id, &files).await;
    assert_eq!(
        codes(&found, Level::Bad),
        ["host-elsewhere", "start-missing"]
    );
    let elsewhere = &found.findings[0];
    assert_eq!(elsewhere.values["wanted"], HERE);
    assert_eq!(elsewhere.values["found"], "198.51.100.1");

    house.lookup.set_addresses("www.sonne.example", &[here]);
    files.put(id.parse().unwrap(), "index.html", b"hello");
    let found = website(&house, &tenant, &id, &files).await;
    assert_eq!(codes(&found, Level::Bad), [""; 0]);

    let input = json!({ "id": id, "reason": "for a while" });
    done(&house, &tenant, "webspace.suspend", input).await;
    house.settle().await;
    let found = website(&house, &tenant, &id, &files).await;
    assert_eq!(codes(&found, Level::Bad), ["switched-off"]);
    assert_eq!(found.findings[0].values["reason"], "for a while");
}

async fn mail_that_goes_elsewhere_is_found(house: House) {
    let tenant = house.tenant("Sonne").await;
    domain(&house, &tenant, "sonne.example", true).await;
    let input = json!({ "address": "info@sonne.example", "quota_bytes": 1_000_000_000,
        "password": wabe_testkit::PASSWORD });
    let made = done(&house, &tenant, "mailbox.create", input).await;
    let id = text(&made, "id");
    house.settle().await;
    let look = async || {
        let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
        let scope = Scope::of(&mut tx, &tenant.owner).await.unwrap();
        let asked = MailboxQuestion::load(&mut tx, &scope, id.parse().unwrap()).await;
        tx.rollback().await.unwrap();
        let facts = &house.gate.tools().house;
        let asked = asked.unwrap();
        asked.answer(house.lookup.as_ref(), None, facts).await
    };
    let servers = |names: &[&str]| {
        let names: Vec<_> = names.iter().map(|name| name.parse().unwrap()).collect();
        house.lookup.set_mail_servers("sonne.example", &names);
    };
    servers(&[]);
    assert_eq!(codes(&look().await, Level::Bad), ["mail-missing"]);
    servers(&["mx.elsewhere.example"]);
    assert_eq!(codes(&look().await, Level::Bad), ["mail-elsewhere"]);
    servers(&["mail.wabe.test"]);
    let found = look().await;
    assert_eq!(codes(&found, Level::Bad), [""; 0]);
    assert!(codes(&found, Level::Note).contains(&"spf-missing"));
    house
        .lookup
        .set_txt("sonne.example", &["v=spf1 mx -all", "v=spf10"]);
    assert!(codes(&look().await, Level::Good).contains(&"spf-there"));
}

async fn a_foreign_thing_is_not_looked_at(house: House) {
    let (tenant, other) = (house.tenant("Sonne").await, house.tenant("Mond").await);
    let id = domain(&house, &other, "mond.example", false).await;
    let facts = &house.gate.tools().house;
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let scope = Scope::of(&mut tx, &tenant.owner).await.unwrap();
    let asked = DomainQuestion::load(&mut tx, &scope, id.parse().unwrap(), facts).await;
    tx.rollback().await.unwrap();
    assert!(matches!(asked.err(), Some(Refusal::NotFound)));

    let mut tx = house.db.store.read_for(other.id).await.unwrap();
    let scope = Scope::of(&mut tx, &other.owner).await.unwrap();
    let asked = DomainQuestion::load(&mut tx, &scope, id.parse().unwrap(), facts).await;
    tx.rollback().await.unwrap();
    let found = asked.unwrap().answer(house.lookup.as_ref(), facts).await;
    assert_eq!(codes(&found, Level::Bad), ["domain-unproved"]);
    assert_eq!(found.findings[0].fix.as_ref().unwrap().object, id);
}

#[tokio::test]
async fn a_missing_start_page_is_said_over_the_api_and_on_the_page() {
    let panel = Panel::demo();
    let (email, password) = panel.account("owner");
    let browser = Browser::logged_in(&panel, (&email, &password)).await;
    let api = panel.api(&panel.token(&email, &[]));
    let made = api.live("/webspaces", json!({ "name": "bare" })).await;
    let path = format!("/webspaces/{}", text(&made, "id"));
    let (asked, start) = (
        format!("{path}/diagnosis"),
        format!("{path}/files/index.html"),
    );
    let advice = "/files\">";
    let look = async || {
        let found = api.get(&asked).await.expect(200);
        let page = browser.get(&asked).await;
        assert_eq!(page.status, 200);
        (found, page.text())
    };
    let (found, page) = look().await;
    assert_eq!(found["level"], "note");
    assert!(!page.contains(advice), "{page}");
    assert_eq!(api.bare("DELETE", &start).await.status, 204);
    let (found, page) = look().await;
    assert_eq!(found["level"], "bad");
    let first = &found["findings"][0];
    assert_eq!(first["code"], "start-missing");
    assert_eq!(
        first["fix"],
        json!({ "way": "files", "object": text(&made, "id") })
    );
    assert!(page.contains(&format!("{path}{advice}")), "{page}");
}

/// The codes of all findings in the source, with whether there is something to do.
fn findings() -> Vec<(String, bool)> {
    let mut found = Vec::new();
    for room in ["src/hosting/diagnosis", "src/identity/diagnosis"] {
        for file in std::fs::read_dir(root().join(room)).unwrap() {
            let path = file.unwrap().path();
            let source = std::fs::read_to_string(&path).unwrap();
            let tests = path.ends_with("tests.rs");
            for (maker, open) in [("bad(", true), ("note(", true), ("good(", false)] {
                let maker = format!("Finding::{maker}");
                let pieces = source.split(maker.as_str());
                for piece in pieces.skip(1).filter(|_| !tests) {
                    let code = piece.trim_start().strip_prefix('"').unwrap();
                    found.push((code.split('"').next().unwrap().to_owned(), open));
                }
            }
        }
    }
    found
}

#[test]
fn every_finding_has_words_and_advice_in_both_languages() {
    let found = findings();
    assert!(found.len() > 50, "only {} findings", found.len());
    let texts = wabe_web::Texts::global();
    for (code, open) in found {
        for language in wabe_kernel::Language::ALL {
            let said = format!("finding-{code}");
            assert!(texts.has(language, &said), "{language}: {said}");
            let advice = format!("{said}-advice");
            assert_eq!(texts.has(language, &advice), open, "{language}: {advice}");
        }
    }
}

async fn what_the_dns_says_about_mail_is_told_as_it_stands(house: House) {
    let facts = &house.gate.tools().house;
    let name = "post.sonne.example".parse().unwrap();
    let unanswered = || MailDns::unanswered("mbx_1".to_owned(), &name, facts);
    let asked = || unanswered().ask(house.lookup.as_ref(), &name);
    // Who does not answer has not said that something is missing; what others say is told all the same.
    house.lookup.set_silent("post.sonne.example", true);
    let silent = asked().await;
    assert_eq!((&silent.servers, &silent.spf), (&None, &None));
    assert_eq!(silent.dmarc, Some(Vec::new()));
    house.lookup.set_silent("post.sonne.example", false);
    let server = "mx.elsewhere.example".parse().unwrap();
    house
        .lookup
        .set_mail_servers("post.sonne.example", &[server]);
    let bare = asked().await;
    let nothing = Some(Vec::new());
    assert_eq!(
        (&bare.spf, &bare.dkim, &bare.dmarc),
        (&nothing, &nothing, &nothing)
    );
    for (name, texts) in [
        ("post.sonne.example", ["v=spf1 mx -all", "v=spf10 is none"]),
        ("_dmarc.sonne.example", ["v=DMARC1; p=none", "other"]),
        (
            "s1._domainkey.post.sonne.example",
            ["v=DKIM1; k=rsa; p=MIIB", ""],
        ),
        // A key that was taken back is none.
        ("s2._domainkey.post.sonne.example", ["v=DKIM1; p=", ""]),
    ] {
        house.lookup.set_txt(name, &texts);
    }
    let found = asked().await;
    let only = |text: &str| Some(vec![text.to_owned()]);
    assert_eq!(found.servers, only("mx.elsewhere.example"));
    assert_eq!(found.spf, only("v=spf1 mx -all"));
    assert_eq!(found.dkim, only("s1"));
    assert_eq!(found.dmarc, only("v=DMARC1; p=none"));
    // A name of this machine is not asked about.
    let local = "sonne.test".parse().unwrap();
    house.lookup.set_txt("sonne.test", &["v=spf1 -all"]);
    let kept = MailDns::unanswered("dom_1".to_owned(), &local, facts);
    let found = kept.ask(house.lookup.as_ref(), &local).await;
    assert!(found.local && found.spf.is_none());
}
