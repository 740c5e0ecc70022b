//! A node that remembers what it was told, and can be told to fail.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;
use wabe_kernel::desired::{
    Act, Driver, Observed, ObservedCertificate, ObservedDomain, ObservedPublic, ObservedWebspace,
    Revision, Step, StepFailure, Subject, Webspace, Wish, Working,
};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{DomainName, Edited, Timestamp};

/// Who signed every certificate of this node.
pub const ISSUER: &str = "Test authority";
/// When every certificate of this node ends: later than any test.
pub const CERTIFICATE_ENDS: Timestamp = Timestamp(4_000_000_000_000_000);

/// What the node has, and what it was told.
#[derive(Default)]
struct Memory {
    has: BTreeMap<Subject, Observed>,
    steps: Vec<Step>,
    failures: VecDeque<(&'static str, &'static str)>,
}

/// Carries steps out in memory: what it observes afterwards is what was applied.
pub struct FakeDriver {
    memory: Mutex<Memory>,
    held: watch::Sender<Held>,
}

/// Which steps wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Held {
    None,
    All,
    Word(&'static str),
}

impl Default for FakeDriver {
    fn default() -> Self {
        Self {
            memory: Mutex::default(),
            held: watch::Sender::new(Held::None),
        }
    }
}

/// What a node has of a resource that nobody made.
const fn nothing(subject: Subject) -> Observed {
    match subject {
        Subject::Webspace(_) => Observed::Webspace(ObservedWebspace {
            folder: false,
            certificate: None,
            public: None,
            site: None,
            refused: None,
            edited: None,
        }),
        Subject::Mailbox(_) => Observed::Mailbox {
            folder: false,
            entry: None,
        },
        Subject::Alias(_) => Observed::Alias(None),
        Subject::Database(_) => Observed::Database {
            file: false,
            entry: None,
            full: false,
        },
        Subject::Domain(_) => Observed::Domain(ObservedDomain {
            folder: false,
            certificate: None,
            redirect: None,
            refused: None,
        }),
    }
}

impl FakeDriver {
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every step that was carried out, in order.
    #[must_use]
    pub fn steps(&self) -> Vec<Step> {
        self.memory().steps.clone()
    }

    /// The words of every step that was carried out.
    #[must_use]
    pub fn words(&self) -> Vec<&'static str> {
        self.memory()
            .steps
            .iter()
            .map(|step| step.act.word())
            .collect()
    }

    /// Refuses the next step with this word, once, with this failure; several calls queue up.
    pub fn fail(&self, word: &'static str, code: &'static str) {
        self.memory().failures.push_back((word, code));
    }

    /// Forgets what it has of a resource, as a node that lost it would.
    pub fn lose(&self, subject: Subject) {
        self.memory().has.remove(&subject);
    }

    /// Lets somebody write this by hand where the configuration of a webspace lies; it must be there.
    pub fn edit(&self, webspace: WebspaceId, edited: Edited) {
        let mut memory = self.memory();
        if let Some(Observed::Webspace(has)) = memory.has.get_mut(&Subject::Webspace(webspace)) {
            has.edited = Some(Box::new(edited));
        }
    }

    /// Lets every step wait until [`FakeDriver::release`].
    pub fn hold(&self) {
        self.held.send_replace(Held::All);
    }

    /// Lets steps with this word wait until [`FakeDriver::release`], and no others.
    pub fn hold_at(&self, word: &'static str) {
        self.held.send_replace(Held::Word(word));
    }

    /// Lets the waiting steps go on.
    pub fn release(&self) {
        self.held.send_replace(Held::None);
    }

    async fn wait(&self, word: &str) {
        let mut held = self.held.subscribe();
        let free = |held: &Held| match held {
            Held::None => true,
            Held::All => false,
            Held::Word(waits) => *waits != word,
        };
        // The sender lives as long as this driver, so waiting ends only with a release.
        drop(held.wait_for(free).await);
    }

    fn carry_out(&self, step: &Step) -> Result<(), StepFailure> {
        let mut memory = self.memory();
        let word = step.act.word();
        let failing = memory
            .failures
            .iter()
            .position(|(failing, _)| *failing == word);
        if let Some((_, code)) = failing.and_then(|place| memory.failures.remove(place)) {
            return Err(StepFailure::new(code, "a test wanted it so"));
        }
        memory.steps.push(step.clone());
        let has = memory
            .has
            .entry(step.subject)
            .or_insert(nothing(step.subject));
        remember(has, step);
        Ok(())
    }
}

/// What the node has after a step.
fn remember(has: &mut Observed, step: &Step) {
    let act = &step.act;
    match has {
        Observed::Webspace(webspace) => webspace_after(webspace, step),
        Observed::Mailbox { folder, entry } => match act {
            Act::MakeMaildir(_) => *folder = true,
            Act::ConfigureMailbox(wish) => *entry = Some(wish.clone()),
            Act::RemoveMailboxEntry(_) => *entry = None,
            Act::RemoveMaildir(_) => *folder = false,
            _ => {}
        },
        Observed::Alias(entry) => match act {
            Act::ConfigureAlias(wish) => *entry = Some(wish.clone()),
            Act::RemoveAlias(_) => *entry = None,
            _ => {}
        },
        Observed::Database { file, entry, .. } => match act {
            Act::MakeDatabase(_) => *file = true,
            Act::ConfigureDatabase(wish) => *entry = Some(wish.clone()),
            Act::RemoveDatabase(_) => (*file, *entry) = (false, None),
            _ => {}
        },
        Observed::Domain(domain) => domain_after(domain, step),
    }
}

/// Each wish has its own certificate.
fn certificate(names: Vec<DomainName>, revision: Revision) -> ObservedCertificate {
    ObservedCertificate {
        names,
        issuer: ISSUER.to_owned(),
        ends_at: CERTIFICATE_ENDS,
        serial: format!("{revision:x}"),
    }
}

fn domain_after(has: &mut ObservedDomain, step: &Step) {
    match &step.act {
        Act::IssueRedirectCertificate(_, name) => {
            let issued = certificate(vec![name.clone()], step.revision);
            (has.folder, has.certificate) = (true, Some(issued));
        }
        Act::ConfigureRedirect(redirect) => has.redirect = Some(redirect.clone()),
        Act::RemoveRedirect(_) => (has.redirect, has.certificate) = (None, None),
        Act::RemoveRedirectFolder(_) => has.folder = false,
        _ => {}
    }
}

fn public_names(site: Option<&Wish<Webspace>>) -> Vec<DomainName> {
    match site {
        Some(Wish::Present(webspace) | Wish::Hidden(webspace)) => webspace.public_names(),
        Some(Wish::Gone) | None => Vec::new(),
    }
}

fn webspace_after(has: &mut ObservedWebspace, step: &Step) {
    match &step.act {
        Act::MakeFolder(..) => has.folder = true,
        Act::IssueCertificate(_, names) => {
            has.certificate = Some(certificate(names.clone(), step.revision));
        }
        Act::StandIn(_, names) => {
            has.public = Some(Box::new(ObservedPublic {
                certificate: certificate(names.clone(), step.revision),
                fingerprint: None,
            }));
        }
        Act::SupplyCertificate(_, fingerprint) => {
            has.public = Some(Box::new(ObservedPublic {
                certificate: certificate(public_names(has.site.as_ref()), step.revision),
                fingerprint: Some(fingerprint.clone()),
            }));
        }
        Act::DropCertificate(_) => has.public = None,
        Act::ConfigureSite(wish) => has.site = Some(wish.clone()),
        Act::RemoveSite(_) => {
            (has.site, has.certificate, has.public, has.edited) = (None, None, None, None);
        }
        Act::RemoveFolder(_) => has.folder = false,
        Act::RestoreSite(..) => has.edited = None,
        _ => {}
    }
}

impl Driver for FakeDriver {
    fn observe(&self, subject: Subject) -> Working<'_, Result<Observed, StepFailure>> {
        let found = self.memory().has.get(&subject).cloned();
        Box::pin(async move { Ok(found.unwrap_or(nothing(subject))) })
    }

    fn apply<'a>(&'a self, step: &'a Step) -> Working<'a, Result<(), StepFailure>> {
        Box::pin(async move {
            self.wait(step.act.word()).await;
            self.carry_out(step)
        })
    }
}
