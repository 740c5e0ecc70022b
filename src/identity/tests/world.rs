//! A small installation: one plan, one customer, its owner Maria.

use crate::customer::create::CreateCustomer;
use crate::customer::create_plan::CreatePlan;
use crate::desk::Desk;
use crate::factor::code::{TotpSecret, step_of};
use crate::factor::enrol_totp::EnrolTotp;
use crate::identity::{Identity, Parts, Pause};
use crate::login::attempt::Attempt;
use crate::login::half::{Step, Stepped};
use crate::login::outcome::{LoggedIn, LoginOutcome};
use crate::outbox::{HostedDomains, MailKind, Outbox, OutgoingMail};
use crate::password::hashing::{Passwords, PoolSettings};
use crate::password::pepper::Pepper;
use crate::password::phc::Cost;
use crate::profile::Profile;
use crate::secret_token::mac;
use serde_json::json;
use std::net::IpAddr;
use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use wabe_access::actor::HOUSE;
use wabe_access::command::{House, Lookup, Rooms};
use wabe_access::{Actor, Assignments, Command, Done, Events, Gate, Mode, Refusal, Tools};
use wabe_audit::{Keys, Recorder, Streams};
use wabe_kernel::desired::Working;
use wabe_kernel::id::{CustomerId, UserId};
use wabe_kernel::outside::{Caa, Fetched};
use wabe_kernel::{Clock, DomainName, Fault, Reached, Rng, Secret, Timestamp, Upstream};
use wabe_store::{Location, Store, Tx};

pub(super) const MARIA: &str = "maria@sonne.test";
pub(super) const PASSWORD: &str = "Kq7-zvt halb vier Tee";
pub(super) const DAY: i64 = 86_400;

pub(super) struct TestClock(AtomicI64);

impl TestClock {
    pub(super) fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

struct TestRng(AtomicU64);

impl Rng for TestRng {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let step = self.0.fetch_add(1, Ordering::SeqCst);
            let block = mac(b"test", &[&step.to_be_bytes()]);
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}

/// Notes how long was waited, and does not wait.
#[derive(Default)]
pub(super) struct NoPause(pub(super) Mutex<Vec<i64>>);

impl Pause for NoPause {
    fn wait(&self, micros: i64) -> Working<'_, ()> {
        self.0.lock().unwrap().push(micros);
        Box::pin(async {})
    }
}

#[derive(Default)]
pub(super) struct Mails(pub(super) Mutex<Vec<OutgoingMail>>);

impl Mails {
    pub(super) fn count(&self, kind: MailKind) -> usize {
        let mails = self.0.lock().unwrap();
        mails.iter().filter(|mail| mail.kind == kind).count()
    }

    /// The secret of the latest link of this kind.
    pub(super) fn token(&self, kind: MailKind) -> String {
        let mails = self.0.lock().unwrap();
        let mail = mails.iter().rev().find(|mail| mail.kind == kind).unwrap();
        let path = mail.path.as_ref().unwrap().expose();
        path.rsplit('/').next().unwrap().to_owned()
    }
}

impl Outbox for Mails {
    fn queue<'a>(&'a self, _tx: &'a mut Tx, mail: OutgoingMail) -> Working<'a, Result<(), Fault>> {
        self.0.lock().unwrap().push(mail);
        Box::pin(async { Ok(()) })
    }
}

/// `hosted.test` is hosted here.
struct Hosted;

impl HostedDomains for Hosted {
    fn is_hosted<'a>(
        &'a self,
        _tx: &'a mut Tx,
        name: &'a DomainName,
    ) -> Working<'a, Result<bool, Fault>> {
        let hosted: DomainName = "hosted.test".parse().unwrap();
        Box::pin(async move { Ok(name.is_within(&hosted)) })
    }
}

/// Nobody works on anything.
struct Idle;

impl Assignments for Idle {
    fn count<'a>(&'a self, _tx: &'a mut Tx, _user: UserId) -> Working<'a, Result<i64, Fault>> {
        Box::pin(async { Ok(0) })
    }

    fn hand_over<'a>(
        &'a self,
        _tx: &'a mut Tx,
        _user: UserId,
        _successor: UserId,
    ) -> Working<'a, Result<i64, Fault>> {
        Box::pin(async { Ok(0) })
    }
}

struct Nowhere;

impl Lookup for Nowhere {
    fn txt<'a>(&'a self, _name: &'a DomainName) -> Working<'a, Option<Vec<String>>> {
        Box::pin(async { None })
    }

    fn addresses<'a>(&'a self, _name: &'a DomainName) -> Working<'a, Option<Vec<IpAddr>>> {
        Box::pin(async { None })
    }

    fn upstream<'a>(&'a self, _upstream: &'a Upstream) -> Working<'a, Reached> {
        Box::pin(async { Reached::Silent })
    }

    fn mail_servers<'a>(&'a self, _name: &'a DomainName) -> Working<'a, Option<Vec<DomainName>>> {
        Box::pin(async { None })
    }

    fn name_servers<'a>(&'a self, _name: &'a DomainName) -> Working<'a, Option<Vec<DomainName>>> {
        Box::pin(async { None })
    }

    fn caa<'a>(&'a self, _name: &'a DomainName) -> Working<'a, Option<Vec<Caa>>> {
        Box::pin(async { None })
    }

    fn well_known<'a>(&'a self, _name: &'a DomainName, _file: &'a str) -> Working<'a, Fetched> {
        Box::pin(async { Fetched::Silent })
    }
}

pub(super) struct World {
    pub(super) dir: tempfile::TempDir,
    pub(super) store: Store,
    pub(super) clock: Arc<TestClock>,
    pub(super) pause: Arc<NoPause>,
    pub(super) mails: Arc<Mails>,
    pub(super) identity: Arc<Identity>,
    pub(super) gate: Gate,
    pub(super) customer: CustomerId,
    pub(super) maria: UserId,
}

/// What does not depend on the database's content.
type Made = (Store, Arc<Identity>, Gate);

pub(super) const CHEAP: Cost = Cost {
    memory_kib: 8,
    passes: 1,
    lanes: 1,
};

/// Another seed each time: a restart must not repeat ids and tokens.
static SEED: AtomicU64 = AtomicU64::new(0);

async fn make(
    path: &Path,
    profile: &'static Profile,
    cost: Cost,
    (clock, pause, mails): (Arc<TestClock>, Arc<NoPause>, Arc<Mails>),
) -> Made {
    let store = Store::open(&Location::Sqlite(path.join("wabe.db")))
        .await
        .unwrap();
    store.migrate().await.unwrap();
    let seed = SEED.fetch_add(1 << 32, Ordering::SeqCst);
    let rng: Arc<dyn Rng> = Arc::new(TestRng(AtomicU64::new(seed)));
    let keys = Arc::new(Keys::from_bytes(&[1; 32], &[2; 32]).unwrap());
    let settings = PoolSettings {
        cost,
        cores: 2,
        memory_mib: 128,
    };
    let pepper = Arc::new(Pepper::from_bytes([3; 32]));
    let passwords = Arc::new(Passwords::new(profile, settings, pepper, rng.clone()));
    let desk = Desk {
        profile,
        passwords: passwords.clone(),
        outbox: mails,
        hosted: Arc::new(Hosted),
        assignments: Arc::new(Idle),
    };
    let tools = Tools {
        rooms: Rooms::default().with(desk),
        hashing: passwords,
        lookup: Arc::new(Nowhere),
        clock: clock.clone(),
        rng: rng.clone(),
        house: Arc::new(House {
            portal_host: "portal.test".to_owned(),
            preview_suffix: "preview.test".parse().unwrap(),
            name_server_suffix: "ns.test".parse().unwrap(),
            portal_url: "https://portal.test".to_owned(),
            webhooks_url: "https://hooks.test".to_owned(),
            sites_https_port: 443,
            sftp: "portal.test:22".to_owned(),
            smtp: "portal.test:25".to_owned(),
            hoster: "Sonnenhost".to_owned(),
            hoster_phone: String::new(),
            calling_code: wabe_kernel::CallingCode::default(),
            php: Vec::new(),
            nginx: false,
            apache: false,
            cron: wabe_kernel::CronRuns::All,
            demo: false,
        }),
    };
    let identity = Identity::new(Parts {
        store: store.clone(),
        streams: Arc::new(Streams::new(keys.clone(), clock.clone(), rng.clone())),
        tools: tools.clone(),
        pause,
    })
    .unwrap();
    let recorder = Arc::new(Recorder::new(keys, clock, rng));
    let events = Arc::new(Events::default());
    let gate = Gate::new(
        store.clone(),
        recorder,
        tools,
        events,
        crate::COMMANDS.to_vec(),
    );
    (store, Arc::new(identity), gate)
}

pub(super) fn command<C: Command>(input: &serde_json::Value) -> C {
    C::from_json(input.as_object().unwrap()).unwrap()
}

impl World {
    pub(super) async fn new(profile: &'static Profile) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock(AtomicI64::new(1_795_000_000_000_000)));
        let (pause, mails) = (Arc::<NoPause>::default(), Arc::<Mails>::default());
        let shared = (clock.clone(), pause.clone(), mails.clone());
        let (store, identity, gate) = make(dir.path(), profile, CHEAP, shared).await;
        let house = Actor::system(HOUSE);
        let plan: CreatePlan = command(&json!({
            "name": "Basis", "storage_bytes": 1_000_000_000, "webspaces": 1, "domains": 1,
            "mailboxes": 1, "aliases": 1, "databases": 1, "members": 2,
        }));
        gate.run(&house, plan, Mode::Commit).await.unwrap();
        let create: CreateCustomer = command(&json!({
            "name": "Sonne GmbH", "plan": "Basis", "contact_email": "post@elsewhere.test",
            "owner_name": "Maria", "owner_email": MARIA, "owner_password": PASSWORD,
        }));
        let made = gate.run(&house, create, Mode::Commit).await.unwrap().output;
        Self {
            dir,
            store,
            clock,
            pause,
            mails,
            identity,
            gate,
            customer: made.id,
            maria: made.owner,
        }
    }

    /// The same installation after a restart, its hashes from now on at `cost`.
    pub(super) async fn restarted(self, cost: Cost) -> Self {
        let profile = self.identity.profile();
        self.store.close().await;
        let shared = (self.clock.clone(), self.pause.clone(), self.mails.clone());
        let (store, identity, gate) = make(self.dir.path(), profile, cost, shared).await;
        Self {
            store,
            identity,
            gate,
            ..self
        }
    }

    pub(super) fn actor(&self) -> Actor {
        Actor::member(self.maria, self.customer, self.clock.now())
    }

    pub(super) async fn run<C: Command>(
        &self,
        actor: &Actor,
        input: serde_json::Value,
    ) -> Result<Done<C::Output>, Refusal> {
        self.gate
            .run(actor, command::<C>(&input), Mode::Commit)
            .await
    }

    pub(super) async fn login(&self, attempt: Attempt) -> Option<Box<LoggedIn>> {
        match self.identity.log_in(&attempt).await.unwrap() {
            LoginOutcome::LoggedIn(logged_in) => Some(logged_in),
            LoginOutcome::Half(half) => Some(self.enrolled(&half.token).await.0),
            LoginOutcome::Refused => None,
            LoginOutcome::Busy(seconds) => panic!("busy for {seconds} s"),
        }
    }

    /// A request that goes on with a login.
    pub(super) fn step(token: &Secret) -> Step {
        Step {
            token: token.clone(),
            address: "192.0.2.7".parse().unwrap(),
            user_agent: "Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0".to_owned(),
        }
    }

    /// Sets up an app in a login that asks for it; answers who is in, the app and the recovery codes.
    pub(super) async fn enrolled(
        &self,
        token: &Secret,
    ) -> (Box<LoggedIn>, TotpSecret, Vec<String>) {
        let half = self.identity.half_login(token).await.unwrap().unwrap();
        let app = self
            .identity
            .enrolment(&half)
            .await
            .unwrap()
            .unwrap()
            .secret;
        let code = app.code(step_of(self.clock.now())).unwrap();
        let command = EnrolTotp { code };
        let done = self.gate.run(&half.enroller(), command, Mode::Commit).await;
        let codes = done.unwrap().output.recovery_codes;
        match self
            .identity
            .pass_enrolled(&Self::step(token))
            .await
            .unwrap()
        {
            Stepped::LoggedIn(inside) => (inside, app, codes),
            other => panic!("{other:?}"),
        }
    }

    /// Maria sets up an app in a session; answers it and the recovery codes.
    pub(super) async fn maria_enrols(&self) -> (TotpSecret, Vec<String>) {
        self.identity.begin_totp(self.maria).await.unwrap();
        let app = self
            .identity
            .pending_totp(self.maria)
            .await
            .unwrap()
            .unwrap();
        let code = app.code(step_of(self.clock.now())).unwrap();
        let done = self
            .gate
            .run(&self.actor(), EnrolTotp { code }, Mode::Commit)
            .await;
        (app, done.unwrap().output.recovery_codes)
    }

    /// The token of a login of Maria's that waits for something.
    pub(super) async fn maria_half(&self) -> Secret {
        match self
            .identity
            .log_in(&attempt(MARIA, PASSWORD))
            .await
            .unwrap()
        {
            LoginOutcome::Half(half) => half.token,
            other => panic!("{other:?}"),
        }
    }

    /// Maria with her password, from a client that nobody knows.
    pub(super) async fn maria_logs_in(&self) -> Option<Box<LoggedIn>> {
        self.login(attempt(MARIA, PASSWORD)).await
    }

    pub(super) async fn number(&self, sql: &'static str) -> i64 {
        let statement = wabe_store::Statement { name: "test", sql };
        let mut tx = self.store.read().await.unwrap();
        let row = statement.query().one(&mut tx).await.unwrap();
        row.int("n").unwrap()
    }
}

pub(super) fn attempt(email: &str, secret: &str) -> Attempt {
    Attempt {
        email: email.to_owned(),
        secret: Secret::new(secret),
        address: "192.0.2.7".parse().unwrap(),
        device_cookie: None,
        user_agent: "Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0".to_owned(),
        staff: false,
        previous_session: None,
    }
}

pub(super) fn with_cookie(attempt: Attempt, known: &LoggedIn) -> Attempt {
    Attempt {
        device_cookie: Some(known.device_cookie.expose().to_owned()),
        ..attempt
    }
}

pub(super) fn code<T: std::fmt::Debug>(result: Result<T, Refusal>) -> String {
    match result.unwrap_err() {
        Refusal::Invalid(errors) => {
            let found = errors.0.iter().next().unwrap();
            format!("{}:{}", found.0, found.1.code)
        }
        Refusal::Conflict(code) => code.to_owned(),
        other => format!("{other:?}"),
    }
}
