//! What the files say, in memory: pure, and nothing that the files do not say.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use wabe_kernel::desired::{Revision, Subject};
use wabe_kernel::id::{AliasId, DomainId, MailboxId};
use wabe_kernel::{DomainName, MailAddress};

use crate::embedded::mail::aliases::AliasRecord;
use crate::embedded::mail::passwd::MailboxRecord;

/// The records of one domain's files.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) mailboxes: BTreeMap<MailboxId, MailboxRecord>,
    pub(super) aliases: BTreeMap<AliasId, AliasRecord>,
}

/// What an address stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Receiver {
    Mailbox(DomainId, MailboxId),
    Alias(DomainId, AliasId),
}

impl Receiver {
    const fn domain(self) -> DomainId {
        match self {
            Self::Mailbox(domain, _) | Self::Alias(domain, _) => domain,
        }
    }
}

/// A mailbox that is to get a copy of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// Which mailbox.
    pub(super) mailbox: MailboxId,
    /// Its own address, for the header `Delivered-To`.
    pub(super) address: MailAddress,
}

/// Who receives for an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Resolved {
    /// These, at least one.
    Targets(Vec<Target>),
    /// The domain is hosted here, the address is not in it.
    Unknown,
    /// The domain is not hosted here.
    NotHere,
    /// The address is suspended or in the trash.
    Disabled,
    /// It may well be here: part of the files could not be read.
    Later,
}

/// All domains, and how to find things in them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Index {
    domains: HashMap<DomainId, Held>,
    /// What an address leads to: to the one that receives; where none does, to the newest.
    addresses: HashMap<MailAddress, Receiver>,
    /// What else has an address and stands back, because it is out of reach: several may have one, of
    /// different customers, and at most one of them receives.
    behind: HashMap<MailAddress, BTreeSet<Receiver>>,
    homes: HashMap<Subject, DomainId>,
    /// How many addresses a name has, by the domain that holds them.
    names: HashMap<DomainName, HashMap<DomainId, usize>>,
    /// Domains whose files could not be read in full.
    suspects: HashSet<DomainId>,
    /// The revisions that removed something. In memory only: steps of an earlier process are gone.
    removed: HashMap<Subject, Revision>,
}

impl Index {
    /// Notes that a domain's files could not be read in full.
    pub(super) fn suspect(&mut self, domain: DomainId) {
        self.suspects.insert(domain);
    }

    /// The records of a domain.
    pub(super) fn held(&self, domain: DomainId) -> Option<&Held> {
        self.domains.get(&domain)
    }

    /// The domain that a mailbox or alias is kept in.
    pub(super) fn home(&self, subject: Subject) -> Option<DomainId> {
        self.homes.get(&subject).copied()
    }

    /// Whether this receives: it is there, and not out of reach.
    pub(super) fn receives(&self, receiver: Receiver) -> bool {
        match receiver {
            Receiver::Mailbox(_, id) => self.mailbox(id).is_some_and(|record| !record.hidden),
            Receiver::Alias(_, id) => self.alias(id).is_some_and(|record| !record.hidden),
        }
    }

    /// What holds this address.
    pub(super) fn receiver(&self, address: &MailAddress) -> Option<Receiver> {
        self.addresses.get(address).copied()
    }

    /// A mailbox's record.
    pub(super) fn mailbox(&self, id: MailboxId) -> Option<&MailboxRecord> {
        let home = self.home(Subject::Mailbox(id))?;
        self.domains.get(&home)?.mailboxes.get(&id)
    }

    /// An alias's record.
    pub(super) fn alias(&self, id: AliasId) -> Option<&AliasRecord> {
        let home = self.home(Subject::Alias(id))?;
        self.domains.get(&home)?.aliases.get(&id)
    }

    /// The newest revision that was applied to a mailbox or alias.
    pub(super) fn applied(&self, subject: Subject) -> Option<Revision> {
        let kept = match subject {
            Subject::Mailbox(id) => self.mailbox(id).map(|record| record.revision),
            Subject::Alias(id) => self.alias(id).map(|record| record.revision),
            Subject::Webspace(_) | Subject::Database(_) | Subject::Domain(_) => None,
        };
        kept.max(self.removed.get(&subject).copied())
    }

    /// Takes in a mailbox, in place of its earlier record.
    pub(super) fn put_mailbox(&mut self, record: MailboxRecord) {
        let (id, domain) = (record.mailbox.id, record.mailbox.domain);
        self.take_mailbox(id);
        let subject = Subject::Mailbox(id);
        let address = record.mailbox.address.clone();
        let receiver = Receiver::Mailbox(domain, id);
        self.enter(subject, address, receiver, record.hidden);
        let held = self.domains.entry(domain).or_default();
        held.mailboxes.insert(id, record);
    }

    /// Takes in an alias, in place of its earlier record.
    pub(super) fn put_alias(&mut self, record: AliasRecord) {
        let (id, domain) = (record.alias.id, record.alias.domain);
        self.take_alias(id);
        let address = record.alias.address.clone();
        let subject = Subject::Alias(id);
        let receiver = Receiver::Alias(domain, id);
        self.enter(subject, address, receiver, record.hidden);
        let held = self.domains.entry(domain).or_default();
        held.aliases.insert(id, record);
    }

    /// Notes that a step of this revision removed something.
    pub(super) fn removed(&mut self, subject: Subject, revision: Revision) {
        self.removed.insert(subject, revision);
    }

    /// Takes a mailbox out.
    pub(super) fn take_mailbox(&mut self, id: MailboxId) {
        let subject = Subject::Mailbox(id);
        if let Some(domain) = self.homes.get(&subject).copied()
            && let Some(held) = self.domains.get_mut(&domain)
            && let Some(old) = held.mailboxes.remove(&id)
        {
            self.leave(subject, &old.mailbox.address, Receiver::Mailbox(domain, id));
        }
    }

    /// Takes an alias out.
    pub(super) fn take_alias(&mut self, id: AliasId) {
        let subject = Subject::Alias(id);
        if let Some(domain) = self.homes.get(&subject).copied()
            && let Some(held) = self.domains.get_mut(&domain)
            && let Some(old) = held.aliases.remove(&id)
        {
            self.leave(subject, &old.alias.address, Receiver::Alias(domain, id));
        }
    }

    fn enter(&mut self, subject: Subject, address: MailAddress, receiver: Receiver, hidden: bool) {
        let domain = receiver.domain();
        let name = address.domain().clone();
        let count = self
            .names
            .entry(name)
            .or_default()
            .entry(domain)
            .or_insert(0);
        *count = count.saturating_add(1);
        let before = self.addresses.get(&address).copied();
        let leads = match before {
            Some(before) if hidden && (self.receives(before) || before > receiver) => before,
            _ => receiver,
        };
        if let Some(before) = before {
            let back = if leads == before { receiver } else { before };
            let behind = self.behind.entry(address.clone()).or_default();
            behind.insert(back);
        }
        self.addresses.insert(address, leads);
        self.homes.insert(subject, domain);
    }

    fn leave(&mut self, subject: Subject, address: &MailAddress, receiver: Receiver) {
        let domain = receiver.domain();
        self.homes.remove(&subject);
        let mut behind = self.behind.remove(address).unwrap_or_default();
        if self.addresses.get(address) != Some(&receiver) {
            behind.remove(&receiver);
        } else if let Some(next) = behind.pop_last() {
            self.addresses.insert(address.clone(), next);
        } else {
            self.addresses.remove(address);
        }
        if !behind.is_empty() {
            self.behind.insert(address.clone(), behind);
        }
        if let Some(counts) = self.names.get_mut(address.domain()) {
            if let Some(count) = counts.get_mut(&domain) {
                *count = count.saturating_sub(1);
            }
            counts.retain(|_, count| *count > 0);
            if counts.is_empty() {
                self.names.remove(address.domain());
            }
        }
        if self
            .domains
            .get(&domain)
            .is_some_and(|held| held.mailboxes.is_empty() && held.aliases.is_empty())
        {
            self.domains.remove(&domain);
        }
    }

    /// Who receives for `address`; aliases are followed once, and each mailbox gets one copy.
    pub(super) fn resolve(&self, address: &MailAddress) -> Resolved {
        match self.receiver(address) {
            None => self.missing(address.domain()),
            Some(Receiver::Mailbox(_, id)) => match self.mailbox(id) {
                Some(record) if record.hidden => Resolved::Disabled,
                Some(record) => Resolved::Targets(vec![target(record)]),
                None => Resolved::Later,
            },
            Some(Receiver::Alias(_, id)) => match self.alias(id) {
                Some(record) if record.hidden => Resolved::Disabled,
                Some(record) => self.expand(record),
                None => Resolved::Later,
            },
        }
    }

    /// The answer for an address in `name` that nothing here holds.
    pub(super) fn missing(&self, name: &DomainName) -> Resolved {
        match self.names.get(name) {
            Some(counts) if counts.keys().all(|id| !self.suspects.contains(id)) => {
                Resolved::Unknown
            }
            None if self.suspects.is_empty() => Resolved::NotHere,
            _ => Resolved::Later,
        }
    }

    fn expand(&self, record: &AliasRecord) -> Resolved {
        let mut targets: Vec<Target> = Vec::new();
        let mut disabled = false;
        for address in &record.alias.targets {
            let Some(Receiver::Mailbox(_, id)) = self.receiver(address) else {
                continue;
            };
            match self.mailbox(id) {
                Some(found) if found.hidden => disabled = true,
                Some(found) if targets.iter().all(|target| target.mailbox != id) => {
                    targets.push(target(found));
                }
                _ => {}
            }
        }
        if !targets.is_empty() {
            Resolved::Targets(targets)
        } else if disabled {
            Resolved::Disabled
        } else if self.suspects.is_empty() {
            Resolved::Unknown
        } else {
            Resolved::Later
        }
    }
}

fn target(record: &MailboxRecord) -> Target {
    Target {
        mailbox: record.mailbox.id,
        address: record.mailbox.address.clone(),
    }
}
