//! The alarm over everybody's logins: far more of them fail than usual.
//!
//! Invariants: failures are counted by the hour, in the transaction that notes them, so that they
//! survive a restart; an hour raises one alarm at most; hours of an alarm are no part of what is usual,
//! or the next attack would pass for it. Source: bar 3.2 T3.

use crate::identity::Identity;
use crate::outbox::{MailKind, OutgoingMail};
use crate::user::store as users;
use wabe_access::{StaffRole, member};
use wabe_audit::Subject;
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Tx, statements};

statements! {
    COUNT = "identity.alarm.count" =>
        "INSERT INTO login_failures AS f (since, failures) VALUES ($1, 1) \
         ON CONFLICT (since) DO UPDATE SET failures = f.failures + 1 \
         RETURNING failures, alarmed_at";
    USUAL = "identity.alarm.usual" =>
        "SELECT CAST(COALESCE(SUM(CASE WHEN alarmed_at IS NULL THEN failures ELSE 0 END), 0) AS BIGINT) \
         AS failures, CAST(count(alarmed_at) AS BIGINT) AS alarmed, \
         CAST(COALESCE(MIN(since), 0) AS BIGINT) AS first \
         FROM login_failures WHERE since >= $1 AND since < $2";
    RAISE = "identity.alarm.raise" =>
        "UPDATE login_failures SET alarmed_at = $1 WHERE since = $2 AND alarmed_at IS NULL";
    PRUNE = "identity.alarm.prune" => "DELETE FROM login_failures WHERE since < $1";
}

/// How long one period is, in seconds.
const PERIOD_SECONDS: i64 = 3_600;
/// Over how many days before the present hour is learnt what is usual.
const USUAL_DAYS: i64 = 7;
/// How many times as much as usual is an alarm.
const TIMES: i64 = 5;
/// Fewer failures within an hour are no alarm, whatever is usual.
const FLOOR: i64 = 50;

/// What is usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Usual {
    failures: i64,
    hours: i64,
}

impl Usual {
    /// Whether so many failures within an hour are far more than usual.
    const fn is_exceeded(self, failures: i64) -> bool {
        failures >= FLOOR && failures.saturating_mul(self.hours) >= TIMES * self.failures
    }

    /// Failures an hour, rounded up.
    const fn hourly(self) -> i64 {
        match self.hours {
            ..=0 => 0,
            hours => (self.failures + hours - 1) / hours,
        }
    }
}

fn period(now: Timestamp) -> Timestamp {
    let micros = PERIOD_SECONDS * 1_000_000;
    Timestamp(now.0.div_euclid(micros) * micros)
}

async fn usual(tx: &mut Tx, present: Timestamp) -> Result<Usual, Fault> {
    let from = present.plus_days(-USUAL_DAYS);
    let row = USUAL.bind(from).bind(present).one(tx).await?;
    let (first, alarmed) = (row.time("first")?, row.int("alarmed")?);
    let since = if first.0 == 0 { present } else { first };
    Ok(Usual {
        failures: row.int("failures")?,
        hours: present.seconds_since(since) / PERIOD_SECONDS - alarmed,
    })
}

impl Identity {
    /// Counts a login that failed, and raises the alarm when that was far more than usual. To be asked
    /// last in a transaction: everybody's failures meet in one row.
    pub(crate) async fn count_failure(&self, tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
        let present = period(now);
        let row = COUNT.bind(present).one(tx).await?;
        let failures = row.int("failures")?;
        if failures < FLOOR || row.time_or_null("alarmed_at")?.is_some() {
            return Ok(());
        }
        let usual = usual(tx, present).await?;
        if usual.is_exceeded(failures) && RAISE.bind(now).bind(present).execute(tx).await? == 1 {
            self.raise_alarm(tx, failures, usual).await?;
        }
        Ok(())
    }

    /// One entry in the security log, and a letter to every operator.
    async fn raise_alarm(&self, tx: &mut Tx, failures: i64, usual: Usual) -> Result<(), Fault> {
        tracing::warn!(
            failures,
            usual = usual.hourly(),
            "far more logins fail than usual"
        );
        self.note(
            tx,
            "login.alarm",
            Subject::Nobody,
            (None, Some("failure-rate")),
        )
        .await?;
        for (id, role) in member::staff(tx).await? {
            let found = match role {
                StaffRole::Operator => users::find(tx, id).await?,
                _ => None,
            };
            if let Some(user) = found.filter(|user| user.disabled_at.is_none()) {
                let mail = OutgoingMail::new(user.email, user.language, MailKind::LoginAlarm);
                let mail = mail.with("count", &failures).with("usual", &usual.hourly());
                self.desk.outbox.queue(tx, mail).await?;
            }
        }
        Ok(())
    }
}

/// Forgets hours that say nothing about what is usual any more.
pub(crate) async fn prune(tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
    let before = period(now).plus_days(-USUAL_DAYS);
    PRUNE.bind(before).execute(tx).await.map(|_rows| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_times_the_usual_is_an_alarm_and_one_less_is_not() {
        let usual = |failures, hours| Usual { failures, hours };
        for (known, failures, alarm) in [
            (usual(0, 0), 49, false),
            (usual(0, 0), 50, true),
            (usual(168, 168), 49, false),
            (usual(168, 168), 50, true),
            (usual(20 * 168, 168), 99, false),
            (usual(20 * 168, 168), 100, true),
        ] {
            assert_eq!(known.is_exceeded(failures), alarm, "{known:?} {failures}");
        }
        assert_eq!(usual(169, 168).hourly(), 2);
        assert_eq!(usual(3, 0).hourly(), 0);
    }

    #[test]
    fn a_period_is_the_hour_of_the_clock() {
        let hour = PERIOD_SECONDS * 1_000_000;
        assert_eq!(period(Timestamp(7 * hour)), Timestamp(7 * hour));
        assert_eq!(period(Timestamp(8 * hour - 1)), Timestamp(7 * hour));
    }
}
