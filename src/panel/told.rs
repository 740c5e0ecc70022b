//! What customers are told without having done anything: their domains' proofs, and what cannot be carried
//! out or repaired.

use wabe_access::resource::{self, Resource};
use wabe_access::{Gate, Refusal};
use wabe_hosting::domain::schedule::{Outcome, check_due};
use wabe_hosting::{certificate, cron_job};
use wabe_jobs::notice::{self, About, Notice};
use wabe_jobs::text::{Args, NoticeKind};
use wabe_kernel::id::CustomerId;
use wabe_kernel::{CronOutcome, Fault, Timestamp};
use wabe_store::{Tx, statements};

statements! {
    TROUBLED = "panel.troubled" =>
        "SELECT r.id, r.customer_id, r.kind, r.name, r.state, r.desired_revision, r.applied_revision, \
         r.failure, r.attempts, r.retry_at, r.suspended_reason, r.suspended_by_hoster, r.deleted_at, \
         r.created_at, r.updated_at, c.ends_at FROM resource r \
         LEFT JOIN webspace_certificate c ON c.webspace_id = r.id \
         WHERE r.desired_revision <> r.applied_revision AND r.attempts >= 3 \
         AND r.gone_at IS NULL AND r.id > $1 ORDER BY r.id LIMIT $2";
}

/// Troubles that are told in one transaction.
const BATCH: i64 = 200;

/// Looks at the domains that are due, and tells their customers what became of them.
///
/// # Errors
/// A fault of the database before the first look.
pub async fn domains(gate: &Gate) -> Result<(), Refusal> {
    for outcome in check_due(gate).await? {
        if let Err(fault) = tell_outcome(gate, outcome).await {
            tracing::error!(?outcome, cause = %fault.chain(), "nobody could be told of a domain");
        }
    }
    Ok(())
}

async fn tell_outcome(gate: &Gate, outcome: Outcome) -> Result<(), Fault> {
    let (customer, id, kind, args) = match outcome {
        Outcome::Proved(customer, id) => (customer, id, NoticeKind::DomainVerified, Args::new()),
        Outcome::Missing(customer, id, until) => {
            let args = Args::new().time("until", until);
            (customer, id, NoticeKind::DomainMissing, args)
        }
        Outcome::Lost(customer, id) => (customer, id, NoticeKind::DomainLost, Args::new()),
        Outcome::Same => return Ok(()),
    };
    let tools = gate.tools();
    let mut tx = gate.store().write().await?;
    if let Some(about) = about(&mut tx, customer, &id.to_string()).await? {
        let notice = Notice {
            customer,
            kind,
            about,
            args,
            dedupe_key: None,
        };
        notice::tell(&mut tx, tools.clock.now(), tools.rng.as_ref(), &notice).await?;
    }
    tx.commit().await
}

/// A resource that is told of; nothing when it is gone.
async fn about(tx: &mut Tx, customer: CustomerId, id: &str) -> Result<Option<About>, Fault> {
    match resource::load(tx, customer, id).await {
        Ok(found) => Ok(Some(About {
            kind: Some(found.kind),
            id: found.id,
            name: found.name,
        })),
        Err(Refusal::Fault(fault)) => Err(fault),
        Err(_gone) => Ok(None),
    }
}

/// Failures in a row after which customers hear of a certificate that cannot be renewed.
const TOLD_AFTER: i64 = 3;

/// Tells a customer whose certificate could not be renewed several times in a row, while the one they have is
/// good.
///
/// # Errors
/// A fault of the database.
pub async fn certificate(gate: &Gate, outcome: certificate::Outcome) -> Result<(), Fault> {
    let certificate::Outcome::Failed(failed) = outcome else {
        return Ok(());
    };
    let Some(until) = failed.held_until.filter(|_| failed.attempts == TOLD_AFTER) else {
        return Ok(());
    };
    let (tools, id) = (gate.tools(), failed.id.to_string());
    let mut tx = gate.store().write().await?;
    if let Some(about) = about(&mut tx, failed.customer, &id).await? {
        let code = format!("certificate-{}", failed.trouble);
        let args = Args::new().reason("reason", &code);
        let notice = Notice {
            customer: failed.customer,
            kind: NoticeKind::CertificateFailing,
            about,
            args: args.time("next", failed.next).time("until", until),
            dedupe_key: Some(format!("certificate:{id}:{}", until.0)),
        };
        notice::tell(&mut tx, tools.clock.now(), tools.rng.as_ref(), &notice).await?;
    }
    tx.commit().await
}

/// Tells a customer whose cron job went wrong, or went well again.
///
/// # Errors
/// A fault of the database.
pub async fn cron_job(
    gate: &Gate,
    due: &cron_job::Due,
    (noted, outcome): (cron_job::Noted, CronOutcome),
) -> Result<(), Fault> {
    let kind = match noted {
        cron_job::Noted::Same => return Ok(()),
        cron_job::Noted::Failing => NoticeKind::CronFailing,
        cron_job::Noted::Recovered => NoticeKind::CronRecovered,
    };
    let (tools, id) = (gate.tools(), due.order.webspace.to_string());
    let now = tools.clock.now();
    let mut args = Args::new().text("name", &due.name).time("at", now);
    if outcome.is_failure() {
        args = args.reason("reason", &format!("cron-{outcome}"));
    }
    let mut tx = gate.store().write().await?;
    if let Some(about) = about(&mut tx, due.customer, &id).await? {
        let notice = Notice {
            customer: due.customer,
            kind,
            about,
            args,
            dedupe_key: None,
        };
        notice::tell(&mut tx, now, tools.rng.as_ref(), &notice).await?;
    }
    tx.commit().await
}

/// Tells customers about what failed several times in a row: changes, and what could not be repaired.
///
/// # Errors
/// A fault of the database.
pub async fn trouble(gate: &Gate) -> Result<(), Fault> {
    let mut after = String::new();
    loop {
        let mut tx = gate.store().write().await?;
        let rows = TROUBLED.bind(&after).bind(BATCH).all(&mut tx).await?;
        let troubled: Vec<(Resource, Option<Timestamp>)> = rows
            .iter()
            .map(|row| Ok((resource::from_row(row)?, row.time_or_null("ends_at")?)))
            .collect::<Result<_, Fault>>()?;
        let Some((last, _)) = troubled.last() else {
            return tx.rollback().await;
        };
        after.clone_from(&last.id);
        let tools = gate.tools();
        let now = tools.clock.now();
        for (resource, certificate) in troubled {
            let notice = trouble_of(resource, certificate, now);
            notice::tell(&mut tx, now, tools.rng.as_ref(), &notice).await?;
        }
        tx.commit().await?;
    }
}

/// What is said of a resource that fails; `certificate`: until when the one it has is good. Each wish is
/// told once.
fn trouble_of(resource: Resource, certificate: Option<Timestamp>, now: Timestamp) -> Notice {
    let code = resource.failure.unwrap_or_default();
    let next = resource.retry_at.unwrap_or(now);
    let args = Args::new().reason("reason", &code).time("next", next);
    let held = certificate.filter(|until| code.starts_with("certificate") && *until > now);
    let (kind, args) = match held {
        Some(until) => (NoticeKind::CertificateFailing, args.time("until", until)),
        // Nothing is held that could run out: then it is a change like any other.
        None => (NoticeKind::ChangeFailed, args),
    };
    Notice {
        customer: resource.customer,
        kind,
        dedupe_key: Some(format!(
            "failed:{}:{}",
            resource.id, resource.desired_revision
        )),
        about: About {
            kind: Some(resource.kind),
            id: resource.id,
            name: resource.name,
        },
        args,
    }
}
