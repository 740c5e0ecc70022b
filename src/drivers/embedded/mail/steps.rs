//! Looking, and carrying out steps.
//!
//! Invariants: a step speaks about its own subject; one with an older revision than applied changes
//! nothing; carried out twice it changes nothing more; a file is in place before the index says so.

use std::io;

use wabe_kernel::MailAddress;
use wabe_kernel::desired::{Act, Observed, Step, StepFailure, Subject, Wish};
use wabe_kernel::id::{DomainId, MailboxId};

use crate::embedded::mail::aliases::{self, AliasRecord};
use crate::embedded::mail::disk::BOXES;
use crate::embedded::mail::index::Index;
use crate::embedded::mail::passwd::{self, MailboxRecord, Unwritable};
use crate::embedded::mail::store::{ALIASES, PASSWD, Store, failed, locked};

impl Store {
    /// What there is of a mailbox or alias.
    pub(super) fn observe(&self, subject: Subject) -> Result<Observed, StepFailure> {
        match subject {
            Subject::Mailbox(id) => {
                let folder = self.has_maildir(id).map_err(|error| failed(&error))?;
                let entry = self.index().mailbox(id).map(MailboxRecord::wish);
                Ok(Observed::Mailbox { folder, entry })
            }
            Subject::Alias(id) => Ok(Observed::Alias(
                self.index().alias(id).map(AliasRecord::wish),
            )),
            Subject::Webspace(_) | Subject::Database(_) | Subject::Domain(_) => {
                Err(StepFailure::new("wrong-step", "not mail"))
            }
        }
    }

    fn has_maildir(&self, id: MailboxId) -> io::Result<bool> {
        let maildir = match self.maildir(id) {
            Ok(maildir) => maildir,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        };
        Ok(["cur", "new", "tmp"]
            .iter()
            .all(|name| maildir.is_dir(name)))
    }

    /// Carries out a step.
    pub(super) fn apply(&self, step: &Step) -> Result<(), StepFailure> {
        self.disk.usable().map_err(|error| failed(&error))?;
        let wrong = || StepFailure::new("wrong-step", step.act.word());
        match (step.subject, &step.act) {
            (Subject::Mailbox(of), Act::MakeMaildir(id)) if of == *id => {
                self.in_order(step)?;
                self.make_maildir(*id).map_err(|error| failed(&error))
            }
            (Subject::Mailbox(of), Act::ConfigureMailbox(wish)) => {
                let (mailbox, hidden) = shown(wish).ok_or_else(wrong)?;
                if mailbox.id != of {
                    return Err(wrong());
                }
                self.configure_mailbox(MailboxRecord {
                    mailbox,
                    hidden,
                    revision: step.revision,
                })
            }
            (Subject::Alias(of), Act::ConfigureAlias(wish)) => {
                let (alias, hidden) = shown(wish).ok_or_else(wrong)?;
                if alias.id != of {
                    return Err(wrong());
                }
                self.configure_alias(AliasRecord {
                    alias,
                    hidden,
                    revision: step.revision,
                })
            }
            (Subject::Mailbox(of), Act::RemoveMailboxEntry(id)) if of == *id => {
                self.remove_entry(step)
            }
            (Subject::Alias(of), Act::RemoveAlias(id)) if of == *id => self.remove_entry(step),
            (Subject::Mailbox(of), Act::RemoveMaildir(id)) if of == *id => {
                self.in_order(step)?;
                self.remove_maildir(*id).map_err(|error| failed(&error))
            }
            _ => Err(wrong()),
        }
    }

    /// Refuses a step that is older than what was applied.
    fn in_order(&self, step: &Step) -> Result<(), StepFailure> {
        in_order(&self.index(), step.subject, step.revision)
    }

    fn make_maildir(&self, id: MailboxId) -> io::Result<()> {
        let boxes = self.disk.folder(self.disk.root(), BOXES)?;
        let own = self.disk.folder(&boxes, &id.to_string())?;
        let maildir = self.disk.folder(&own, "Maildir")?;
        for name in ["cur", "new", "tmp"] {
            self.disk.folder(&maildir, name)?;
        }
        Ok(())
    }

    fn remove_maildir(&self, id: MailboxId) -> io::Result<()> {
        let boxes = self.disk.folder(self.disk.root(), BOXES)?;
        let ledger = self.ledger(id);
        let mut books = ledger.books();
        match boxes.remove_dir_all(id.to_string()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => books.forget(),
        }
        drop(books);
        self.heads.forget(id);
        self.disk.sync_dir(&boxes)
    }

    fn configure_mailbox(&self, record: MailboxRecord) -> Result<(), StepFailure> {
        let domain = record.mailbox.domain;
        let subject = Subject::Mailbox(record.mailbox.id);
        let writer = self.writer(domain);
        let _writing = locked(&writer);
        let text = {
            let index = self.index();
            in_order(&index, subject, record.revision)?;
            at_home(&index, subject, domain)?;
            if !record.hidden {
                free(&index, subject, &record.mailbox.address)?;
            }
            let others = index.held(domain).into_iter();
            let others = others.flat_map(|held| held.mailboxes.values());
            let others = others.filter(|other| other.mailbox.id != record.mailbox.id);
            self.passwd_text(others.chain([&record]), domain)?
        };
        self.put_file(domain, PASSWD, &text)?;
        self.index_mut().put_mailbox(record);
        Ok(())
    }

    fn configure_alias(&self, record: AliasRecord) -> Result<(), StepFailure> {
        let domain = record.alias.domain;
        let subject = Subject::Alias(record.alias.id);
        let writer = self.writer(domain);
        let _writing = locked(&writer);
        let text = {
            let index = self.index();
            in_order(&index, subject, record.revision)?;
            at_home(&index, subject, domain)?;
            if !record.hidden {
                free(&index, subject, &record.alias.address)?;
            }
            let others = index.held(domain).into_iter();
            let others = others.flat_map(|held| held.aliases.values());
            let others = others.filter(|other| other.alias.id != record.alias.id);
            alias_text(others.chain([&record]), domain)?
        };
        self.put_file(domain, ALIASES, &text)?;
        self.index_mut().put_alias(record);
        Ok(())
    }

    /// Takes the entry of a mailbox or alias out of its file; nothing to do when it has none.
    fn remove_entry(&self, step: &Step) -> Result<(), StepFailure> {
        let subject = step.subject;
        let Some(domain) = self.index().home(subject) else {
            let mut index = self.index_mut();
            in_order(&index, subject, step.revision)?;
            index.removed(subject, step.revision);
            return Ok(());
        };
        let writer = self.writer(domain);
        let _writing = locked(&writer);
        let (name, text) = {
            let index = self.index();
            in_order(&index, subject, step.revision)?;
            let held = index.held(domain).into_iter();
            if let Subject::Mailbox(id) = subject {
                let kept = held.flat_map(|held| held.mailboxes.values());
                let kept = kept.filter(|other| other.mailbox.id != id);
                (PASSWD, self.passwd_text(kept, domain)?)
            } else {
                let kept = held.flat_map(|held| held.aliases.values());
                let kept = kept.filter(|other| Subject::Alias(other.alias.id) != subject);
                (ALIASES, alias_text(kept, domain)?)
            }
        };
        self.put_file(domain, name, &text)?;
        let mut index = self.index_mut();
        match subject {
            Subject::Mailbox(id) => index.take_mailbox(id),
            Subject::Alias(id) => index.take_alias(id),
            Subject::Webspace(_) | Subject::Database(_) | Subject::Domain(_) => {}
        }
        index.removed(subject, step.revision);
        Ok(())
    }

    /// The passwd-file's text, read back and compared.
    fn passwd_text<'a>(
        &self,
        records: impl Iterator<Item = &'a MailboxRecord> + Clone,
        domain: DomainId,
    ) -> Result<String, StepFailure> {
        let text = passwd::render(records.clone(), self.boxes_path.as_deref()).map_err(refused)?;
        let (read, broken) = passwd::parse(text.as_bytes(), domain);
        if broken.is_empty() && read.iter().eq(records) {
            Ok(text)
        } else {
            Err(StepFailure::new("mail-check-differs", PASSWD))
        }
    }

    fn put_file(&self, domain: DomainId, name: &str, text: &str) -> Result<(), StepFailure> {
        let write = || -> io::Result<()> {
            let folder = self.disk.folder(self.disk.root(), &domain.to_string())?;
            self.disk.replace(&folder, name, text.as_bytes())
        };
        write().map_err(|error| failed(&error))
    }
}

/// The alias file's text, read back and compared.
fn alias_text<'a>(
    records: impl Iterator<Item = &'a AliasRecord> + Clone,
    domain: DomainId,
) -> Result<String, StepFailure> {
    let text = aliases::render(records.clone()).map_err(refused)?;
    let (read, broken) = aliases::parse(text.as_bytes(), domain);
    if broken.is_empty() && read.iter().eq(records) {
        Ok(text)
    } else {
        Err(StepFailure::new("mail-check-differs", ALIASES))
    }
}

fn refused(field: Unwritable) -> StepFailure {
    StepFailure::new("mail-entry-refused", field.0)
}

/// What a wish shows, and whether it is hidden; `None` when it should be gone.
fn shown<T: Clone>(wish: &Wish<T>) -> Option<(T, bool)> {
    match wish {
        Wish::Present(entry) => Some((entry.clone(), false)),
        Wish::Hidden(entry) => Some((entry.clone(), true)),
        Wish::Gone => None,
    }
}

fn in_order(index: &Index, subject: Subject, revision: i64) -> Result<(), StepFailure> {
    match index.applied(subject) {
        Some(applied) if revision < applied => Err(StepFailure::new(
            "older-revision",
            format!("{revision} after {applied}"),
        )),
        _ => Ok(()),
    }
}

/// Refuses a move to another domain.
fn at_home(index: &Index, subject: Subject, domain: DomainId) -> Result<(), StepFailure> {
    if index.home(subject).is_some_and(|home| home != domain) {
        return Err(StepFailure::new("wrong-step", "another domain's"));
    }
    Ok(())
}

/// Refuses an address that something else receives at. What is out of reach is in nobody's way: it may be
/// of a customer who no longer has the domain.
fn free(index: &Index, subject: Subject, address: &MailAddress) -> Result<(), StepFailure> {
    use crate::embedded::mail::index::Receiver;
    let holder = index.receiver(address);
    let holder = holder.filter(|holder| index.receives(*holder));
    let holder = holder.map(|receiver| match receiver {
        Receiver::Mailbox(_, id) => Subject::Mailbox(id),
        Receiver::Alias(_, id) => Subject::Alias(id),
    });
    match holder {
        Some(holder) if holder != subject => {
            Err(StepFailure::new("address-taken", subject_word(holder)))
        }
        _ => Ok(()),
    }
}

const fn subject_word(subject: Subject) -> &'static str {
    match subject {
        Subject::Mailbox(_) => "by a mailbox",
        _ => "by an alias",
    }
}
