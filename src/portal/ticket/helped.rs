//! What came of a ticket, in one sentence: what the hoster's people changed in it, and what they read.
//!
//! Invariant: it says that nothing was read only where the access log has nothing of it.

use wabe_access::{Permission, Scope};
use wabe_audit::{Looks, looks_in};
use wabe_kernel::id::TicketId;
use wabe_store::Tx;
use wabe_support::ticket::Message;
use wabe_web::{Failure, Member, Message as Text};

/// What was done and seen.
#[derive(Debug, Clone)]
pub(crate) struct Helped {
    /// How often something was changed on an instruction.
    pub(crate) changed: i64,
    /// What was read of the customer's content, in words; empty when nothing.
    pub(crate) read: String,
    /// What else was looked at, in words; empty when nothing.
    pub(crate) seen: String,
}

impl Helped {
    /// Whether nothing of the customer's content was read.
    pub(crate) fn read_nothing(&self) -> bool {
        self.read.is_empty()
    }

    fn new(member: &Member, changed: i64, looks: Looks) -> Self {
        let said = |all: &[(&str, i64)]| {
            let some = all.iter().filter(|(_, count)| *count > 0);
            let some = some.map(|(word, count)| {
                let text = Text::new(member.language, format!("ticket-helped-{word}"));
                text.num("count", *count).to_string()
            });
            some.collect::<Vec<_>>().join(", ")
        };
        Self {
            changed,
            read: said(&[
                ("mail", looks.mail),
                ("files", looks.files),
                ("rows", looks.rows),
                ("logs", looks.logs),
            ]),
            seen: said(&[("settings", looks.settings), ("checks", looks.checks)]),
        }
    }
}

/// What came of a ticket until now, for who may read the record; nothing before anything was done.
pub(super) async fn of(
    tx: &mut Tx,
    (member, scope): (&Member, &Scope),
    (ticket, messages): (TicketId, &[Message]),
) -> Result<Option<Helped>, Failure> {
    if !scope.has(Permission::ChangeRead) {
        return Ok(None);
    }
    let changed = messages.iter().filter(|one| one.change.is_some()).count();
    let looks = looks_in(tx, scope.customer(), ticket).await?;
    if changed == 0 && looks == Looks::default() {
        return Ok(None);
    }
    let changed = i64::try_from(changed).unwrap_or(i64::MAX);
    Ok(Some(Helped::new(member, changed, looks)))
}
