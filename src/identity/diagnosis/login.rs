//! What follows from the facts of a login.

use crate::desk::Desk;
use crate::diagnosis::facts::{Facts, Password};
use crate::factor::demand::Demand;
use crate::lockout::throttle::{self, Subject};
use wabe_access::{Permission, Refusal, Scope, Tools, member};
use wabe_audit::Streams;
use wabe_kernel::finding::{Diagnosis, Finding, Way};
use wabe_kernel::id::MemberId;
use wabe_kernel::{Fault, MailAddress, PersonName, Secret, Timestamp};
use wabe_store::Tx;

/// What the tables say about a member's login.
pub struct LoginQuestion {
    pub(super) member: MemberId,
    pub(super) name: PersonName,
    pub(super) email: MailAddress,
    pub(super) facts: Facts,
    pub(super) now: Timestamp,
}

impl LoginQuestion {
    /// Reads what the tables say about the login of a member. Needs `member:read`, or to be that member.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound` for missing and for another customer's alike, or a fault.
    pub async fn load(
        tx: &mut Tx,
        scope: &Scope,
        (tools, streams): (&Tools, &Streams),
        id: MemberId,
    ) -> Result<Self, Refusal> {
        let found = member::find(tx, scope.customer(), id).await?;
        let own = |one: &member::Member| scope.user() == Some(one.user);
        if !found.as_ref().is_some_and(own) {
            scope.needs(Permission::MemberRead)?;
        }
        let found = found.ok_or(Refusal::NotFound)?;
        let now = tools.clock.now();
        let (user, facts) = Facts::load(tx, scope, (tools, streams), (&found, now)).await?;
        Ok(Self {
            member: found.id,
            name: user.name,
            email: user.email,
            facts,
            now,
        })
    }

    /// As [`Self::load`], about whoever asks.
    ///
    /// # Errors
    /// `NotFound` for who is no member, or a fault.
    pub async fn own(
        tx: &mut Tx,
        scope: &Scope,
        around: (&Tools, &Streams),
    ) -> Result<Self, Refusal> {
        let user = scope.user().ok_or(Refusal::NotFound)?;
        let own = member::place(tx, scope.customer(), user).await?;
        let own = own.ok_or(Refusal::NotFound)?;
        Self::load(tx, scope, around, own.id).await
    }

    /// Whose login.
    #[must_use]
    pub const fn member(&self) -> MemberId {
        self.member
    }

    /// What they are called.
    #[must_use]
    pub const fn name(&self) -> &PersonName {
        &self.name
    }

    /// What they log in with.
    #[must_use]
    pub const fn email(&self) -> &MailAddress {
        &self.email
    }

    /// Says what follows.
    #[must_use]
    pub fn answer(&self) -> Diagnosis {
        let object = self.member.to_string();
        let mut found = Vec::new();
        found.extend(self.shut(&object));
        found.extend(self.password(&object));
        found.extend(self.tries(&object));
        found.extend(self.factors(&object));
        if !found.iter().any(Finding::is_bad) {
            found.push(Finding::good("login-open"));
        }
        found.push(match self.facts.last_login_at {
            Some(at) => Finding::good("login-last").at(at),
            None => Finding::note("login-never"),
        });
        Diagnosis::of(found)
    }

    /// What the hoster shut, and what is locked for a while.
    fn shut(&self, object: &str) -> Vec<Finding> {
        let facts = &self.facts;
        let mut found = Vec::new();
        if let Some(at) = facts.disabled_at {
            found.push(Finding::bad("login-disabled").at(at));
        }
        if let Some(reason) = &facts.suspended {
            found.push(Finding::note("login-suspended").with("reason", reason));
        }
        if let Some(until) = facts.strange.spent_until {
            let spent = Finding::bad("login-spent").at(until);
            found.push(spent.mend(Way::Unlock, object));
        } else if let Some(until) = facts.strange.locked_until {
            let locked = Finding::bad("login-locked").at(until);
            found.push(locked.mend(Way::Unlock, object));
        }
        if let Some(until) = facts.codes_until {
            found.push(Finding::bad("login-codes-locked").at(until));
        }
        found
    }

    fn password(&self, object: &str) -> Option<Finding> {
        let changed = |finding: Finding| Some(self.mine(finding, Way::Password, object));
        let found = match &self.facts.password {
            Password::Never(Some(until)) => Finding::bad("login-setup-waits").at(*until),
            Password::Never(None) => Finding::bad("login-setup-over"),
            Password::Taken(at) => Finding::bad("login-password-taken").at(*at),
            Password::Initial(until) if *until <= self.now => {
                Finding::bad("login-initial-over").at(*until)
            }
            Password::Initial(until) => {
                return Some(Finding::note("login-initial").at(*until));
            }
            Password::Old(days) => {
                return changed(Finding::note("login-password-old").with("days", days));
            }
            Password::ToChange => return changed(Finding::note("login-password-change")),
            Password::Set => return None,
        };
        Some(found.mend(Way::Letter, object))
    }

    /// Wrong passwords, by the kind of place they came from.
    fn tries(&self, object: &str) -> Vec<Finding> {
        let facts = &self.facts;
        let mut found = Vec::new();
        if facts.strange.failures > 0 {
            let tries = Finding::note("login-tries-strange");
            let tries = tries.with("count", &facts.strange.failures);
            let tries = tries.with("networks", &facts.networks);
            found.push(self.mine(tries, Way::Password, object));
        }
        if facts.known.failures > 0 {
            let tries = Finding::note("login-tries-known").with("count", &facts.known.failures);
            found.push(tries);
        }
        if facts.net_waits {
            found.push(Finding::note("login-network-waits"));
        }
        found
    }

    /// A finding that only whose login it is can mend.
    fn mine(&self, finding: Finding, way: Way, object: &str) -> Finding {
        if self.facts.own {
            finding.mend(way, object)
        } else {
            finding
        }
    }

    fn factors(&self, object: &str) -> Vec<Finding> {
        let facts = &self.facts;
        let mut found = Vec::new();
        let own = |finding: Finding| self.mine(finding, Way::Factors, object);
        if let Some(due) = facts.lost_until {
            let lost = if due <= self.now {
                Finding::bad("login-factor-lost-due")
            } else {
                Finding::bad("login-factor-lost")
            };
            found.push(own(lost.at(due)));
        }
        match (&facts.demand, facts.factors.any()) {
            (Some(demand), false) => {
                found.push(own(match demand {
                    Demand::Customer(name) => {
                        Finding::note("login-factor-wanted").with("customer", name)
                    }
                    Demand::Staff | Demand::Installation => Finding::note("login-factor-missing"),
                }));
            }
            (_, true) => found.push(Finding::good("login-factor")),
            (None, false) => {}
        }
        // How many are left is told to whoever holds them.
        if facts.own && facts.factors.single() && facts.factors.codes == 0 {
            found.push(own(Finding::note("login-codes-none")));
        }
        found
    }
}

/// Until when a login over SFTP with the password of this hash is not checked at all; absent when it is.
///
/// # Errors
/// A fault of the database.
pub async fn upload_closed_until(
    tx: &mut Tx,
    tools: &Tools,
    (login, hash): (&str, Option<&Secret>),
) -> Result<Option<Timestamp>, Fault> {
    let (desk, now) = (Desk::of(tools)?, tools.clock.now());
    let subject = Subject::sftp(desk.passwords.pepper(), login, hash.map(Secret::expose));
    tx.unscope().await?;
    let tries = throttle::tries(tx, &subject, now).await;
    tx.rescope().await?;
    let tries = tries?;
    Ok(tries.spent_until.or(tries.locked_until))
}
