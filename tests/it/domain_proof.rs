//! Whose a name is: how that is proved, who cannot claim it, and that a proof that comes or goes takes
//! effect at once on everything that stands on the name, for both customers who claim it.

use crate::client::text;
use crate::on_both_engines;
use serde_json::{Value, json};
use wabe_access::{Actor, Refusal, Scope, StaffRole, resource};
use wabe_kernel::desired::{Driver as _, Observed, Subject, Wish};
use wabe_kernel::{DomainName, State};
use wabe_testkit::{House, PASSWORD, Tenant};

on_both_engines!(
    a_lost_name_is_free_for_its_new_owner_and_comes_back,
    a_name_below_goes_over_with_consent_and_comes_back,
    an_alias_never_delivers_to_a_mailbox_that_is_anothers_by_now,
    a_file_proves_a_domain,
    name_servers_of_this_claim_alone_prove_a_domain,
    nobody_claims_a_public_suffix_or_a_name_of_the_house,
    an_import_needs_the_consent_that_a_proof_needs,
);

const NAME: &str = "sonne.example";
const HOST: &str = "www.sonne.example";
const ADDRESS: &str = "info@sonne.example";

pub(crate) async fn done(house: &House, actor: &Actor, name: &str, input: Value) -> Value {
    let done = house.run_json(actor, name, input).await;
    let done = done.unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"));
    done.output
}

/// A claim, with what to put in place.
pub(crate) async fn claim(house: &House, tenant: &Tenant, name: &str) -> Value {
    done(
        house,
        &tenant.owner,
        "domain.create",
        json!({ "name": name }),
    )
    .await
}

/// Puts the TXT record of a claim in place.
pub(crate) fn publish(house: &House, claim: &Value) {
    let proofs = &claim["proofs"];
    let value = text(proofs, "txt_value");
    house
        .lookup
        .set_txt(&text(proofs, "txt_name"), &[value.as_str()]);
}

async fn verify(house: &House, tenant: &Tenant, id: &str) -> Result<Value, Refusal> {
    let verified = house.run_json(&tenant.owner, "domain.verify", json!({ "id": id }));
    verified.await.map(|done| done.output)
}

/// A claim that was proved by its TXT record.
pub(crate) async fn proved(house: &House, tenant: &Tenant, name: &str) -> Value {
    let made = claim(house, tenant, name).await;
    publish(house, &made);
    verify(house, tenant, &text(&made, "id")).await.unwrap();
    made
}

async fn withdraw(house: &House, tenant: &Tenant, id: &str) {
    let system = Actor::system(tenant.id);
    done(house, &system, "domain.withdraw", json!({ "id": id })).await;
    house.settle().await;
}

/// The state of a thing, with the reason.
pub(crate) async fn stands(house: &House, tenant: &Tenant, id: &str) -> (State, Option<String>) {
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let found = resource::load(&mut tx, tenant.id, id).await.unwrap();
    tx.rollback().await.unwrap();
    (found.state, found.failure)
}

fn waits(code: &str, state: State) -> (State, Option<String>) {
    (state, Some(code.to_owned()))
}

const LIVE: (State, Option<String>) = (State::Live, None);

/// The customer's own names that the node answers to for a webspace.
async fn served(house: &House, id: &str) -> Vec<String> {
    let subject = Subject::Webspace(id.parse().unwrap());
    match house.node.observe(subject).await.unwrap() {
        Observed::Webspace(seen) => match seen.site {
            Some(Wish::Present(site)) => site.hosts.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        },
        other => panic!("{other:?}"),
    }
}

/// Whether mail arrives in a mailbox.
async fn receives(house: &House, id: &str) -> bool {
    let subject = Subject::Mailbox(id.parse().unwrap());
    match house.node.observe(subject).await.unwrap() {
        Observed::Mailbox { entry, .. } => matches!(entry, Some(Wish::Present(_))),
        other => panic!("{other:?}"),
    }
}

async fn webspace(house: &House, tenant: &Tenant, host: &str) -> String {
    let input = json!({ "name": "shop", "domain": host });
    text(
        &done(house, &tenant.owner, "webspace.create", input).await,
        "id",
    )
}

async fn mailbox(house: &House, tenant: &Tenant, address: &str) -> String {
    let input = json!({ "address": address, "password": PASSWORD });
    text(
        &done(house, &tenant.owner, "mailbox.create", input).await,
        "id",
    )
}

async fn alias(house: &House, tenant: &Tenant, address: &str, target: &str) -> String {
    let input = json!({ "address": address, "targets": [target] });
    text(
        &done(house, &tenant.owner, "alias.create", input).await,
        "id",
    )
}

/// The code of what is wrong with a field.
fn code(refused: Result<Value, Refusal>, field: &str) -> &'static str {
    match refused {
        Err(Refusal::Invalid(errors)) => errors.0[field].code,
        other => panic!("{other:?}"),
    }
}

async fn refused(house: &House, actor: &Actor, name: &str, input: Value) -> Result<Value, Refusal> {
    let done = house.run_json(actor, name, input).await;
    done.map(|done| done.output)
}

/// What a customer has set up under [`NAME`].
struct Stock {
    /// The claim.
    claim: Value,
    site: String,
    mailbox: String,
}

impl Stock {
    /// Proves the name and sets everything up.
    async fn of(house: &House, tenant: &Tenant) -> Self {
        let claim = proved(house, tenant, NAME).await;
        let site = webspace(house, tenant, HOST).await;
        let mailbox = mailbox(house, tenant, ADDRESS).await;
        house.settle().await;
        Self {
            claim,
            site,
            mailbox,
        }
    }

    fn id(&self) -> String {
        text(&self.claim, "id")
    }

    /// Takes the proof away.
    async fn lose(&self, house: &House, tenant: &Tenant) {
        let record = text(&self.claim["proofs"], "txt_name");
        house.lookup.set_txt(&record, &[]);
        withdraw(house, tenant, &self.id()).await;
    }

    /// Whether visitors and mail arrive, and the things say that they are live.
    async fn works(&self, house: &House, tenant: &Tenant) -> bool {
        let live =
            served(house, &self.site).await == [HOST] && receives(house, &self.mailbox).await;
        let site = stands(house, tenant, &self.site).await;
        let mailbox = stands(house, tenant, &self.mailbox).await;
        live && site == LIVE && mailbox == LIVE
    }

    /// Whether neither arrives, and the things say why.
    async fn waits(&self, house: &House, tenant: &Tenant) -> bool {
        let silent = served(house, &self.site).await.is_empty();
        let silent = silent && !receives(house, &self.mailbox).await;
        let site = stands(house, tenant, &self.site).await;
        let mailbox = stands(house, tenant, &self.mailbox).await;
        let said = site == waits("host-not-proved", State::Live);
        silent && said && mailbox == waits("domain-not-proved", State::Pending)
    }
}

async fn a_lost_name_is_free_for_its_new_owner_and_comes_back(house: House) {
    let [first, second] = [house.tenant("Sonne").await, house.tenant("Mond").await];
    let own = Stock::of(&house, &first).await;
    let forwards = alias(&house, &first, "hallo@sonne.example", ADDRESS).await;
    house.settle().await;
    assert!(own.works(&house, &first).await);
    assert_eq!(stands(&house, &first, &forwards).await, LIVE);
    own.lose(&house, &first).await;
    assert!(own.waits(&house, &first).await);
    let lost = waits("domain-not-proved", State::Pending);
    assert_eq!(stands(&house, &first, &forwards).await, lost);

    // Another customer proves the name, and finds nothing in the way.
    let theirs = Stock::of(&house, &second).await;
    assert!(theirs.works(&house, &second).await);
    assert!(own.waits(&house, &first).await);
    publish(&house, &own.claim);
    assert!(matches!(
        verify(&house, &first, &own.id()).await,
        Err(Refusal::Conflict("domain-proved-elsewhere"))
    ));
    nothing_is_gone(&house, &first, &own).await;

    // And when the name is theirs again, so is all of it.
    theirs.lose(&house, &second).await;
    assert!(theirs.waits(&house, &second).await);
    publish(&house, &own.claim);
    verify(&house, &first, &own.id()).await.unwrap();
    house.settle().await;
    assert!(own.works(&house, &first).await);
    assert_eq!(stands(&house, &first, &forwards).await, LIVE);
    assert!(theirs.waits(&house, &second).await);
    let again = json!({ "address": ADDRESS, "password": PASSWORD });
    let taken = refused(&house, &first.owner, "mailbox.create", again).await;
    assert_eq!(code(taken, "address"), "address-taken");
}

async fn nothing_is_gone(house: &House, tenant: &Tenant, stock: &Stock) {
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let scope = Scope::system(tenant.id);
    let (site, mailbox) = (stock.site.parse().unwrap(), stock.mailbox.parse().unwrap());
    let site = wabe_hosting::webspace::load(&mut tx, &scope, site, &house.facts).await;
    let mailbox = wabe_hosting::mailbox::load(&mut tx, &scope, mailbox).await;
    tx.rollback().await.unwrap();
    let site = site.unwrap();
    assert_eq!(site.hosts, [HOST.parse::<DomainName>().unwrap()]);
    assert_eq!(site.url, site.preview_url);
    assert_eq!(mailbox.unwrap().address, ADDRESS.parse().unwrap());
}

/// Where the site's link leads, and its preview address.
async fn links(house: &House, tenant: &Tenant, site: &str) -> [String; 2] {
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let (scope, id) = (Scope::system(tenant.id), site.parse().unwrap());
    let site = wabe_hosting::webspace::load(&mut tx, &scope, id, &house.facts).await;
    tx.rollback().await.unwrap();
    let site = site.unwrap();
    [site.url, site.preview_url]
}

async fn a_name_below_goes_over_with_consent_and_comes_back(house: House) {
    let [above, below] = [house.tenant("Sonne").await, house.tenant("Mond").await];
    let owned = proved(&house, &above, NAME).await;
    let site = webspace(&house, &above, HOST).await;
    house.settle().await;
    let claimed = claim(&house, &below, HOST).await;
    assert_eq!(claimed["finding"], "needs-consent");
    publish(&house, &claimed);
    let id = text(&claimed, "id");
    assert!(matches!(
        verify(&house, &below, &id).await,
        Err(Refusal::Conflict("domain-needs-consent"))
    ));
    let consent = json!({ "id": owned["id"], "claim": id });
    done(&house, &above.owner, "domain.consent", consent).await;
    assert_eq!(served(&house, &site).await, [HOST]);
    verify(&house, &below, &id).await.unwrap();
    house.settle().await;
    assert!(served(&house, &site).await.is_empty());
    assert_eq!(
        stands(&house, &above, &site).await,
        waits("host-not-proved", State::Live)
    );
    // Nor does a link of theirs lead to what is another's by now.
    let [link, preview] = links(&house, &above, &site).await;
    assert_eq!(link, preview);
    let others = webspace(&house, &below, HOST).await;
    house.settle().await;
    assert_eq!(served(&house, &others).await, [HOST]);
    withdraw(&house, &below, &id).await;
    assert_eq!(served(&house, &site).await, [HOST]);
    assert_eq!(stands(&house, &above, &site).await, LIVE);
    assert!(served(&house, &others).await.is_empty());
}

async fn an_alias_never_delivers_to_a_mailbox_that_is_anothers_by_now(house: House) {
    let [first, second] = [house.tenant("Sonne").await, house.tenant("Mond").await];
    let own = proved(&house, &first, NAME).await;
    proved(&house, &first, "stern.example").await;
    mailbox(&house, &first, ADDRESS).await;
    let forwards = alias(&house, &first, "post@stern.example", ADDRESS).await;
    house.settle().await;
    assert_eq!(stands(&house, &first, &forwards).await, LIVE);
    house.lookup.set_txt(&text(&own["proofs"], "txt_name"), &[]);
    withdraw(&house, &first, &text(&own, "id")).await;
    proved(&house, &second, NAME).await;
    mailbox(&house, &second, ADDRESS).await;
    house.settle().await;
    let subject = Subject::Alias(forwards.parse().unwrap());
    let seen = house.node.observe(subject).await.unwrap();
    assert!(
        matches!(seen, Observed::Alias(Some(Wish::Hidden(_)))),
        "{seen:?}"
    );
    assert_eq!(
        stands(&house, &first, &forwards).await,
        waits("domain-not-proved", State::Pending)
    );
}

async fn a_file_proves_a_domain(house: House) {
    let tenant = house.tenant("Sonne").await;
    let made = claim(&house, &tenant, NAME).await;
    let (id, proofs) = (text(&made, "id"), &made["proofs"]);
    let path = text(proofs, "file_path");
    let file = path.strip_prefix("/.well-known/").unwrap();
    for (content, proves) in [
        ("something else".to_owned(), false),
        (format!("  {}\n", text(proofs, "file_content")), true),
    ] {
        house.lookup.set_file(NAME, file, &content);
        let verified = verify(&house, &tenant, &id).await;
        assert_eq!(verified.is_ok(), proves, "{content}");
        if let Ok(verified) = verified {
            assert_eq!(verified["method"], "file");
        }
    }
}

async fn name_servers_of_this_claim_alone_prove_a_domain(house: House) {
    let [own, other] = [house.tenant("Sonne").await, house.tenant("Mond").await];
    let made = claim(&house, &own, NAME).await;
    let others = claim(&house, &other, NAME).await;
    let servers = |claim: &Value| -> Vec<DomainName> {
        let names = claim["proofs"]["name_servers"].as_array().unwrap();
        let names = names.iter().map(|name| name.as_str().unwrap().parse());
        names.collect::<Result<_, _>>().unwrap()
    };
    let (id, ours) = (text(&made, "id"), servers(&made));
    // Delegated elsewhere, to the other claim's servers, or only in part.
    let elsewhere: DomainName = "ns1.elsewhere.example".parse().unwrap();
    for wrong in [
        vec![elsewhere.clone()],
        servers(&others),
        vec![ours[0].clone(), elsewhere],
    ] {
        house.lookup.set_name_servers(NAME, &wrong);
        assert!(matches!(
            verify(&house, &own, &id).await,
            Err(Refusal::Conflict("domain-not-seen-yet"))
        ));
    }
    house.lookup.set_name_servers(NAME, &ours);
    let refused = verify(&house, &other, &text(&others, "id")).await;
    assert!(matches!(
        refused,
        Err(Refusal::Conflict("domain-not-seen-yet"))
    ));
    let verified = verify(&house, &own, &id).await.unwrap();
    assert_eq!(verified["method"], "name_server");
}

async fn nobody_claims_a_public_suffix_or_a_name_of_the_house(house: House) {
    let tenant = house.tenant("Sonne").await;
    let operator = house.staff(StaffRole::Operator).await;
    let operator = operator.for_purpose("move".parse().unwrap());
    for (name, problem) in [
        ("co.uk", "domain-is-public-suffix"),
        ("github.io", "domain-is-public-suffix"),
        ("portal.wabe.test", "domain-is-the-houses"),
        ("www.portal.wabe.test", "domain-is-the-houses"),
        ("wabe.test", "domain-is-the-houses"),
        ("sites.localhost", "domain-is-the-houses"),
        ("ns1.ns.wabe.test", "domain-is-the-houses"),
    ] {
        let input = json!({ "name": name });
        let claimed = refused(&house, &tenant.owner, "domain.create", input).await;
        assert_eq!(code(claimed, "name"), problem, "{name}");
        let input = json!({ "customer": tenant.id, "name": name });
        let imported = refused(&house, &operator, "domain.import", input).await;
        assert_eq!(code(imported, "name"), problem, "{name}");
    }
}

async fn an_import_needs_the_consent_that_a_proof_needs(house: House) {
    let [above, below] = [house.tenant("Sonne").await, house.tenant("Mond").await];
    proved(&house, &above, NAME).await;
    let operator = house.staff(StaffRole::Operator).await;
    let operator = operator.for_purpose("move".parse().unwrap());
    let import = async |tenant: &Tenant, name: &str| {
        let input = json!({ "customer": tenant.id, "name": name });
        refused(&house, &operator, "domain.import", input).await
    };
    assert!(matches!(
        import(&below, HOST).await,
        Err(Refusal::Conflict("domain-needs-consent"))
    ));
    assert_eq!(code(import(&below, NAME).await, "name"), "name-taken");
    let own = import(&above, HOST).await.unwrap();
    assert_eq!(own["method"], "import");
    let free = import(&below, "mond.example").await.unwrap();
    assert_eq!(free["verified"], true);
}
