//! `user.prove_by_phone`: somebody of the hoster types what a caller says.

use crate::desk::Desk;
use crate::factor::letter;
use crate::outbox::MailKind;
use crate::phone_pin::{rules, store};
use crate::user::store as users;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use wabe_access::caller::{self, Caller};
use wabe_access::command::Preparing;
use wabe_access::{
    ActorKind, Authority, Command, Door, Object, Permission, Refusal, member, ticket,
};
use wabe_kernel::id::{TicketId, UserId};
use wabe_kernel::{Problem, Secret, Timestamp, fields};

fields! {
    /// Types the telephone PIN that a caller says, in an open ticket of their customer. A right one makes
    /// them count as recognised in this ticket for 15 minutes; right and wrong alike are recorded with the
    /// customer.
    pub struct ProveByPhone {
        /// Which ticket.
        pub ticket: TicketId,
        /// Who says to be calling; a member of the ticket's customer.
        pub user: UserId,
        /// What they say.
        pub pin: Secret,
    }
    prepared {
        guess: Option<Guess>,
    }
}

/// What came of a guess before its transaction.
#[derive(Debug, Clone, Copy)]
struct Guess {
    tries: i64,
    right: bool,
}

/// What became of it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Proof {
    /// Whether it was the right one.
    pub proved: bool,
    /// Until when the caller counts as recognised.
    pub until: Option<Timestamp>,
    /// Wrong guesses that are left before the PIN is locked.
    pub tries_left: i64,
}

impl Proof {
    /// Whether the PIN recognises nobody for now.
    #[must_use]
    pub const fn is_locked(&self) -> bool {
        !self.proved && self.tries_left == 0
    }
}

impl ProveByPhone {
    /// Goes on only for a person, an open ticket, and a member of its customer.
    async fn check(&self, with: &Preparing<'_>) -> Result<(), Refusal> {
        // Nobody speaks with a program.
        if with.actor.kind != ActorKind::Staff {
            return Err(Refusal::Forbidden);
        }
        let mut tx = with.store.read().await?;
        let about = ticket::find(&mut tx, self.ticket).await?;
        let about = about.ok_or(Refusal::NotFound)?;
        let belongs = member::role(&mut tx, self.user, about.customer).await?;
        tx.rollback().await?;
        if !about.open {
            return Err(Refusal::Conflict("ticket-not-open"));
        }
        if belongs.is_none() || with.actor.user == Some(self.user) {
            return Err(Refusal::field("user", Problem::new("not-a-choice")));
        }
        Ok(())
    }
}

impl Command for ProveByPhone {
    const NAME: &'static str = "user.prove_by_phone";
    const PERMISSION: Permission = Permission::TicketWork;
    const AUTHORITY: Authority = Authority::Ticket;
    const PREPARES: bool = true;
    const PREVIEWS: bool = false;
    type Output = Proof;

    fn ticket(&self) -> Option<TicketId> {
        Some(self.ticket)
    }

    async fn prepare(&mut self, with: &Preparing<'_>) -> Result<(), Refusal> {
        self.check(with).await?;
        let desk = Desk::of(with.tools)?;
        let pin = rules::plain(&self.pin);
        // A place first: whoever is turned away for want of one has not guessed.
        let slot = desk.passwords.enter(false).await?;
        let now = with.tools.clock.now();
        let mut tx = with.store.write().await?;
        let counted = store::guess(&mut tx, self.user, now).await?;
        tx.commit().await?;
        let counted = counted.ok_or(Refusal::Conflict("phone-pin-none"))?;
        let verified = desk
            .passwords
            .verify_in(slot, &pin, Some(&counted.hash))
            .await?;
        self.guess = Some(Guess {
            tries: counted.tries,
            right: verified.ok && counted.admitted(),
        });
        Ok(())
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<Proof, Refusal> {
        let guess = self.guess;
        let guess = guess.ok_or(wabe_kernel::Fault::new("prepare a guess at a PIN"))?;
        let typed_by = door.actor().user.ok_or(Refusal::Forbidden)?;
        let (now, customer) = (door.now(), door.customer());
        let desk = Desk::of(door.tools())?;
        let tx = door.tx();
        let user = users::find(tx, self.user).await?.ok_or(Refusal::NotFound)?;
        let proof = if guess.right {
            store::right(tx, user.id).await?;
            let caller = Caller {
                user: user.id,
                typed_by,
                at: now,
            };
            caller::set(tx, (self.ticket, customer), caller).await?;
            Proof {
                proved: true,
                until: Some(caller.until()),
                tries_left: store::TRIES,
            }
        } else {
            // Of many at once, one is the third.
            if guess.tries == store::TRIES {
                letter::tell(tx, &desk, (user.id, MailKind::PhonePinLocked), now).await?;
            }
            Proof {
                proved: false,
                until: None,
                tries_left: (store::TRIES - guess.tries).max(0),
            }
        };
        let said = |word: &str| json!({ "id": user.id, "ticket": self.ticket, "phone_pin": word });
        let object = Object {
            kind: "user",
            id: user.id.to_string(),
            name: user.name.to_string(),
        };
        let word = match (proof.proved, proof.is_locked()) {
            (true, _) => "right",
            (false, true) => "locked",
            (false, false) => "wrong",
        };
        door.record(object, said("asked"), said(word));
        Ok(proof)
    }
}
