//! An attempt to log in, from what was typed to what is answered.

use crate::identity::Identity;
use crate::lockout::store::Count;
use crate::lockout::throttle::{self, Subject};
use crate::lockout::{device, net};
use crate::login::outcome::{Judged, LoginOutcome};
use crate::password::blocklist::is_common;
use crate::user::model::Credential;
use crate::user::store as users;
use std::net::IpAddr;
use wabe_access::command::HashFor;
use wabe_access::{Refusal, member};
use wabe_kernel::{Fault, MailAddress, Secret, Timestamp};

/// What came with a login form.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// What was typed as an address.
    pub email: String,
    /// What was typed as a password.
    pub secret: Secret,
    /// From where.
    pub address: IpAddr,
    /// The device cookie, if one came.
    pub device_cookie: Option<String>,
    /// What the browser called itself.
    pub user_agent: String,
    /// Whether this is the door of the staff pages.
    pub staff: bool,
    /// The token of a session the browser had before; it ends when the login succeeds.
    pub previous_session: Option<String>,
}

/// Who an attempt may be, and by which way in it is counted.
pub(crate) struct Claim {
    pub(crate) typed: String,
    pub(crate) credential: Option<Credential>,
    pub(crate) device: Option<String>,
    pub(crate) account: Subject,
}

/// How an attempt was counted.
pub(crate) struct Counted {
    pub(crate) subject: Subject,
    pub(crate) trusted: bool,
    pub(crate) count: Count,
    pub(crate) net_waits: bool,
}

impl Counted {
    pub(crate) const fn admitted(&self) -> bool {
        self.count.admitted
    }
}

impl Identity {
    /// Tries to log somebody in. The answer leaves on the grid, whatever it is.
    ///
    /// # Errors
    /// A fault of the machine; nobody is logged in then.
    pub async fn log_in(&self, attempt: &Attempt) -> Result<LoginOutcome, Fault> {
        let since = self.clock().now();
        let outcome = match Box::pin(self.attempt(attempt)).await {
            Err(Refusal::Busy(seconds)) => Ok(LoginOutcome::Busy(seconds)),
            Err(Refusal::Fault(fault)) => Err(fault),
            Err(_other) => Ok(LoginOutcome::Refused),
            Ok(outcome) => Ok(outcome),
        };
        self.pace(since).await;
        outcome
    }

    async fn attempt(&self, attempt: &Attempt) -> Result<LoginOutcome, Refusal> {
        let claim = self.claim(attempt).await?;
        // The place in the pool comes first: who is turned away for lack of one was not counted.
        let slot = self.desk.passwords.enter(claim.device.is_some()).await?;
        let now = self.clock().now();
        let counted = self.count(attempt, &claim, now).await?;
        let stored = claim
            .credential
            .as_ref()
            .and_then(|known| known.hash.as_deref());
        let verified = self
            .desk
            .passwords
            .verify_in(slot, &attempt.secret, stored)
            .await?;
        let admitted = verified.ok
            && counted.admitted()
            && claim
                .credential
                .as_ref()
                .is_some_and(|known| known.is_open(now));
        let entitled = self.is_entitled(attempt, &claim).await?;
        match &claim.credential {
            Some(credential) if admitted && entitled => {
                let rehash = self.rehash(attempt, verified.needs_rehash).await?;
                let judged = Judged {
                    claim: &claim,
                    credential,
                    counted: &counted,
                    rehash,
                    common: self.profile().blocklist_at_login && is_common(attempt.secret.expose()),
                    length: attempt.secret.expose().chars().count(),
                };
                Ok(Box::pin(self.let_in(attempt, &judged, now)).await?)
            }
            _ => Ok(Box::pin(self.turn_away(attempt, &claim, &counted, now)).await?),
        }
    }

    /// Finds out who is meant; asks the same for everybody.
    async fn claim(&self, attempt: &Attempt) -> Result<Claim, Fault> {
        let address = attempt.email.parse::<MailAddress>();
        let typed = match address {
            Ok(address) => address.to_string(),
            Err(_not_an_address) => attempt.email.trim().chars().take(254).collect(),
        };
        let now = self.clock().now();
        let mut tx = self.store.read().await?;
        let credential = users::credential_by_text(&mut tx, &typed).await?;
        let device = match (&credential, &attempt.device_cookie) {
            (Some(known), Some(cookie)) => {
                device::known(&mut tx, self.pepper(), known.user.id, cookie, now).await?
            }
            _ => None,
        };
        tx.rollback().await?;
        let account = match &credential {
            Some(known) => Subject::user(known.user.id),
            None => Subject::unknown(self.pepper(), &typed),
        };
        Ok(Claim {
            typed,
            credential,
            device,
            account,
        })
    }

    /// Counts the guess at the device's own counter, or at the account's when the device used up its
    /// own or there is none.
    async fn count(
        &self,
        attempt: &Attempt,
        claim: &Claim,
        now: Timestamp,
    ) -> Result<Counted, Fault> {
        let rules = (self.profile(), self.pepper());
        let mut tx = self.store.write().await?;
        let mut found = None;
        if let (Some(device), Some(known)) = (&claim.device, &claim.credential) {
            let subject = Subject::device(known.user.id, device);
            let count = throttle::count(&mut tx, rules, &subject, &attempt.secret, now).await?;
            found = count.admitted.then_some((subject, count, true));
        }
        let net_waits = net::must_wait(&mut tx, self.pepper(), attempt.address, now).await?;
        let (subject, count, trusted) = match found {
            Some(found) => found,
            // Not checked, hence not counted: the person behind the account did nothing.
            None if net_waits => (claim.account.clone(), Count::UNCOUNTED, false),
            None => {
                let subject = claim.account.clone();
                let count = throttle::count(&mut tx, rules, &subject, &attempt.secret, now).await?;
                (subject, count, false)
            }
        };
        tx.commit().await?;
        Ok(Counted {
            subject,
            trusted,
            count,
            net_waits,
        })
    }

    /// Whether the person may use this door at all.
    async fn is_entitled(&self, attempt: &Attempt, claim: &Claim) -> Result<bool, Fault> {
        let Some(known) = &claim.credential else {
            return Ok(false);
        };
        if !attempt.staff {
            return Ok(true);
        }
        let mut tx = self.store.read().await?;
        let roles = member::staff_roles(&mut tx, known.user.id).await?;
        tx.rollback().await?;
        Ok(!roles.is_empty())
    }

    async fn rehash(&self, attempt: &Attempt, needed: bool) -> Result<Option<String>, Refusal> {
        if !needed {
            return Ok(None);
        }
        let slot = self.desk.passwords.enter(true).await?;
        let hash = self
            .desk
            .passwords
            .hash_in(slot, &attempt.secret, HashFor::Panel);
        Ok(Some(hash.await?))
    }
}
