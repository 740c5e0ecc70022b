//! A whole panel without its faces: database, record, gate, reconciler and a node.

use crate::embedded::{certificate_desk, embedded_node};
use crate::mails::NothingHosted;
use crate::passwords::{NoPause, PASSWORD, passwords};
use crate::plugins::{Plugins, plugin_desk};
use crate::registry;
use crate::store::{Engine, TestStore};
use crate::{FakeDriver, FakeLookup, Mails, TestClock, TestRng};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use wabe_access::actor::HOUSE;
use wabe_access::command::{House as Facts, Rooms};
use wabe_access::member::{self, Member};
use wabe_access::plan::{self, Plan};
use wabe_access::usage::{self, Use};
use wabe_access::{
    Actor, Command, CommandSpec, Events, Gate, Limit, Refusal, Role, StaffRole, Tools,
};
use wabe_access::{CustomerNumber, Done, Mode};
use wabe_audit::{Keys, Recorder, Sequencer, Streams};
use wabe_identity::customer::create::CreateCustomer;
use wabe_identity::recovery::by_mail::Known;
use wabe_identity::{Desk, Identity, Parts, Passwords};
use wabe_kernel::desired::Driver;
use wabe_kernel::id::{CustomerId, MemberId, PlanId, UserId};
use wabe_kernel::{Clock as _, DomainName, Fields as _};
use wabe_reconcile::{PlannerForesight, Reconciler};
use wabe_store::{Tx, statements};

statements! {
    COUNT = "testkit.member.count" =>
        "UPDATE usage SET used = used + 1 WHERE customer_id = $1 AND name = 'members'";
}

/// The plan that every tenant books: so much of everything.
const PLENTY: i64 = 100;
/// Its storage.
const STORAGE_BYTES: i64 = 1_000_000_000_000;
/// An application elsewhere that may answer for sites.
const APPLICATION: &str = "app.example.org";

/// How a house is to be.
pub struct Builder {
    engine: Engine,
    demo: bool,
    embedded: bool,
    seed: u64,
    db: Option<TestStore>,
    commands: Vec<CommandSpec>,
    driver: Option<Arc<dyn Driver>>,
}

/// A panel in this process.
pub struct House {
    /// Its database.
    pub db: TestStore,
    /// Its time.
    pub clock: Arc<TestClock>,
    /// Its randomness.
    pub rng: Arc<TestRng>,
    /// Its outside.
    pub lookup: Arc<FakeLookup>,
    /// Its facts.
    pub facts: Arc<Facts>,
    /// The record.
    pub recorder: Arc<Recorder>,
    /// What is noted beside the record.
    pub streams: Arc<Streams>,
    /// Numbers the record.
    pub sequencer: Arc<Sequencer>,
    /// Logins, sessions, recovery.
    pub identity: Arc<Identity>,
    /// What was mailed.
    pub mails: Arc<Mails>,
    /// The news.
    pub events: Arc<Events>,
    /// The door.
    pub gate: Arc<Gate>,
    /// The node, unless the builder was given another.
    pub node: Arc<FakeDriver>,
    /// Brings the node to what the tables want.
    pub reconciler: Arc<Reconciler>,
    /// Runs plugins, and what is around them.
    pub plugins: Plugins,
    tenants: AtomicU32,
}

/// A customer, and somebody who owns it.
#[derive(Debug, Clone)]
pub struct Tenant {
    /// Its id.
    pub id: CustomerId,
    /// Its number.
    pub number: CustomerNumber,
    /// An owner who has just logged in.
    pub owner: Actor,
}

impl Builder {
    /// Not a demo: names prove nothing by themselves.
    #[must_use]
    pub const fn in_earnest(mut self) -> Self {
        self.demo = false;
        self
    }

    /// Over this database, which another house was in: under the same keys, with other dice.
    #[must_use]
    pub fn over(mut self, db: TestStore) -> Self {
        self.db = Some(db);
        self.seed += 1;
        self
    }

    /// With these commands too.
    #[must_use]
    pub fn with_commands(mut self, commands: &[CommandSpec]) -> Self {
        self.commands.extend_from_slice(commands);
        self
    }

    /// With the embedded drivers, beneath the folder of the database.
    #[must_use]
    pub const fn embedded(mut self) -> Self {
        self.embedded = true;
        self
    }

    /// With this node.
    #[must_use]
    pub fn with_driver(mut self, driver: Arc<dyn Driver>) -> Self {
        self.driver = Some(driver);
        self
    }

    fn facts(&self) -> Facts {
        let name = |text: &str| -> DomainName { text.parse().expect("a good name") };
        Facts {
            portal_host: "portal.wabe.test".to_owned(),
            preview_suffix: name("sites.localhost"),
            name_server_suffix: name("ns.wabe.test"),
            demo: self.demo,
            portal_url: "https://portal.wabe.test".to_owned(),
            webhooks_url: "https://hooks.wabe.test".to_owned(),
            sites_https_port: 443,
            sftp: "files.wabe.test:22".to_owned(),
            smtp: "mail.wabe.test:25".to_owned(),
            hoster: "Sonnenhost".to_owned(),
            hoster_phone: "+49 30 1234567".to_owned(),
            calling_code: wabe_kernel::CallingCode::default(),
            php: ["8.2", "8.4"]
                .map(|version| version.parse().expect("a good version"))
                .to_vec(),
            nginx: true,
            apache: true,
            cron: wabe_kernel::CronRuns::All,
        }
    }

    /// The house.
    pub async fn build(self) -> House {
        let facts = Arc::new(self.facts());
        let db = match self.db {
            Some(db) => db,
            None => TestStore::on(self.engine).await,
        };
        let clock = Arc::new(TestClock::default());
        let rng = Arc::new(TestRng::seeded(self.seed));
        let lookup = Arc::new(lookup());
        let node = Arc::new(FakeDriver::default());
        let driver = match self.driver {
            Some(driver) => driver,
            None if self.embedded => embedded_node(db.folder(), &clock, &rng),
            None => node.clone(),
        };
        let keys = Arc::new(Keys::from_bytes(&[1; 32], &[2; 32]).expect("keys can be made"));
        let recorder = Arc::new(Recorder::new(keys.clone(), clock.clone(), rng.clone()));
        let streams = Arc::new(Streams::new(keys.clone(), clock.clone(), rng.clone()));
        let sequencer = Sequencer::new(keys, clock.clone(), "wabe.test/record".to_owned());
        let events = Arc::new(Events::default());
        let mails = Arc::new(Mails::default());
        let passwords = passwords(rng.clone());
        let plugins = plugin_desk(&db.store);
        let tools = Tools {
            rooms: Rooms::default()
                .with(desk(&passwords, &mails))
                .with(ticket_desk(&plugins))
                .with(certificate_desk(&plugins))
                .with(plugins),
            hashing: passwords,
            lookup: lookup.clone(),
            clock: clock.clone(),
            rng: rng.clone(),
            house: facts.clone(),
        };
        let identity = Identity::new(Parts {
            store: db.store.clone(),
            streams: streams.clone(),
            tools: tools.clone(),
            pause: Arc::new(NoPause),
        });
        let gate = Gate::new(
            db.store.clone(),
            recorder.clone(),
            tools,
            events.clone(),
            self.commands,
        );
        let reconciler = reconciler(&gate, driver, &facts);
        let gate = Arc::new(gate);
        let plugins = Plugins::new(&gate, &streams);
        House {
            db,
            clock,
            rng,
            lookup,
            facts,
            recorder,
            streams,
            sequencer: Arc::new(sequencer),
            identity: Arc::new(identity.expect("the desk is there")),
            mails,
            events,
            plugins,
            gate,
            node,
            reconciler,
            tenants: AtomicU32::new(0),
        }
    }
}

/// Names, and one that leads to the public internet.
fn lookup() -> FakeLookup {
    let lookup = FakeLookup::default();
    lookup.set_addresses(APPLICATION, &[IpAddr::from([8, 8, 8, 8])]);
    lookup
}

/// What brings the node to what the tables want, and tells previews what it would take.
fn reconciler(gate: &Gate, driver: Arc<dyn Driver>, facts: &Arc<Facts>) -> Arc<Reconciler> {
    let tools = gate.tools();
    gate.set_foresight(Arc::new(PlannerForesight {
        driver: driver.clone(),
        house: facts.clone(),
        clock: tools.clock.clone(),
    }));
    Arc::new(Reconciler {
        store: gate.store().clone(),
        driver,
        events: gate.events().clone(),
        house: facts.clone(),
        clock: tools.clock.clone(),
        rng: tools.rng.clone(),
    })
}

/// What logins and members work with.
fn ticket_desk(plugins: &wabe_automation::Desk) -> wabe_support::Desk {
    wabe_support::Desk {
        secrets: plugins.secrets.clone(),
        address: "support@wabe.localhost"
            .parse()
            .ok()
            .map(wabe_support::mail::SupportAddress::new),
        logins: Arc::new(Known),
    }
}

fn desk(passwords: &Arc<Passwords>, mails: &Arc<Mails>) -> Desk {
    Desk {
        profile: &wabe_identity::profile::STANDARD_2026,
        passwords: passwords.clone(),
        outbox: mails.clone(),
        hosted: Arc::new(NothingHosted),
        assignments: Arc::new(wabe_support::ticket::Assigned),
    }
}

impl House {
    /// A house on this engine, to be changed before it is built: a demo with every command.
    #[must_use]
    pub fn builder(engine: Engine) -> Builder {
        Builder {
            engine,
            demo: true,
            embedded: false,
            seed: 7,
            db: None,
            commands: registry::commands(),
            driver: None,
        }
    }

    /// A demo with every command and a node in memory.
    pub async fn on(engine: Engine) -> Self {
        Self::builder(engine).build().await
    }

    /// A customer who booked plenty, with an owner whose password is [`PASSWORD`] and whose address is
    /// `owner{n}@wabe.test`, counting from 0.
    pub async fn tenant(&self, name: &str) -> Tenant {
        self.book_plenty().await;
        let number = self.tenants.fetch_add(1, Ordering::Relaxed);
        let input = serde_json::json!({
            "name": name, "plan": "Plenty", "contact_email": "info@wabe.test",
            "owner_name": "Maria Sonne", "owner_email": format!("owner{number}@wabe.test"),
            "owner_password": PASSWORD,
        });
        let object = input.as_object().cloned().unwrap_or_default();
        let command = CreateCustomer::from_json(&object).expect("a good customer");
        let done = self.run(&Actor::system(HOUSE), command).await;
        let made = done.expect("a customer can be taken in").output;
        Tenant {
            id: made.id,
            number: made.number.parse().expect("a customer has a number"),
            owner: Actor::member(made.owner, made.id, self.clock.now()),
        }
    }

    /// Offers the plan that every tenant books.
    async fn book_plenty(&self) {
        let now = self.clock.now();
        let limit = |limit: Limit| match limit {
            Limit::StorageBytes => (limit, STORAGE_BYTES),
            _ => (limit, PLENTY),
        };
        let plan = Plan {
            id: PlanId::new(now, self.rng.as_ref()),
            name: "Plenty".to_owned(),
            limits: Limit::ALL
                .into_iter()
                .map(limit)
                .collect::<BTreeMap<_, _>>(),
        };
        let mut tx = self.write().await;
        let is_new = plan::insert(&mut tx, &plan, now)
            .await
            .expect("a plan can be added");
        if is_new {
            let allowed = plan::set_site_proxy(&mut tx, plan.id, true).await;
            allowed.expect("a plan allows applications elsewhere");
        }
        tx.commit().await.expect("a plan can be added");
    }

    /// A new member of a customer, who has just logged in.
    pub async fn member(&self, customer: CustomerId, role: Role) -> Actor {
        let now = self.clock.now();
        let user = UserId::new(now, self.rng.as_ref());
        let member = Member {
            id: MemberId::new(now, self.rng.as_ref()),
            user,
            role,
            created_at: now,
        };
        let mut tx = self.write().await;
        let added = member::insert(&mut tx, customer, &member).await;
        added.expect("a member can be added");
        let counted = COUNT.bind(customer).execute(&mut tx).await;
        counted.expect("a member is counted");
        tx.commit().await.expect("a member can be added");
        Actor::member(user, customer, now)
    }

    /// A new employee of the hoster, who has just logged in.
    pub async fn staff(&self, role: StaffRole) -> Actor {
        let now = self.clock.now();
        let user = UserId::new(now, self.rng.as_ref());
        let mut tx = self.write().await;
        let added = member::insert_staff(&mut tx, user, role, now).await;
        added.expect("staff can be added");
        tx.commit().await.expect("staff can be added");
        Actor::staff(user, now)
    }

    /// Carries a command out.
    pub async fn run<C: Command>(
        &self,
        actor: &Actor,
        command: C,
    ) -> Result<Done<C::Output>, Refusal> {
        self.gate.run(actor, command, Mode::Commit).await
    }

    /// Carries a command out by its name, as the API does.
    pub async fn run_json(
        &self,
        actor: &Actor,
        name: &str,
        input: serde_json::Value,
    ) -> Result<Done<serde_json::Value>, Refusal> {
        let spec = self.gate.command(name).expect("the command is known");
        let object = input.as_object().cloned().unwrap_or_default();
        (spec.run)(&self.gate, actor, object, Mode::Commit, None).await
    }

    /// Lets the reconciler work until nothing is due; answers how many turns it took.
    pub async fn settle(&self) -> usize {
        self.reconciler.drain().await.expect("the reconciler works")
    }

    /// How much of each limit a customer has taken.
    pub async fn usage(&self, customer: CustomerId) -> Vec<Use> {
        let mut tx = self
            .db
            .store
            .read_for(customer)
            .await
            .expect("it can be read");
        let found = usage::list(&mut tx, customer).await;
        tx.rollback().await.expect("reading ends");
        found.expect("usage can be read")
    }

    /// A writing transaction of the system.
    pub async fn write(&self) -> Tx {
        self.db.store.write().await.expect("it can be written")
    }
}
