//! Looking for applications that answer for sites, again and again: names move, and whoever holds one may point it
//! anywhere.
//!
//! Invariants: a name that leads to one address that may not be gone to, or to none, leads nowhere at once; silence says
//! nothing about it and is borne for an hour, because behind old addresses there may be somebody else by then; each
//! site stands for itself.

use crate::webspace::proxy_store::{self, Due, Found};
use futures_util::future::join_all;
use wabe_access::{Gate, resource};
use wabe_kernel::{Fault, Reached, Timestamp};

/// Seconds from one look to the next: records of names that move are kept for about as long elsewhere.
pub(crate) const LOOK_SECONDS: i64 = 300;
/// Seconds that addresses are good for while nobody answers.
const SILENCE_SECONDS: i64 = 3_600;
/// Sites that one round looks at.
const ROUND: i64 = 500;
/// Sites looked at side by side: one look may take as long as the outside does not answer.
const AT_ONCE: usize = 20;

/// Looks for the applications that are due, at most 500, and has the node told of those that moved. Answers how many were
/// due.
///
/// # Errors
/// A fault of the database before the first look.
pub async fn look_due(gate: &Gate) -> Result<usize, Fault> {
    let now = gate.tools().clock.now();
    let mut tx = gate.store().read().await?;
    let due = proxy_store::due(&mut tx, now, ROUND).await?;
    tx.rollback().await?;
    let mut moved = false;
    for some in due.chunks(AT_ONCE) {
        let looks = some.iter().map(|due| Box::pin(look(gate, due, now)));
        let looks: Vec<_> = looks.collect();
        for (due, looked) in some.iter().zip(join_all(looks).await) {
            match looked {
                Ok(is_elsewhere) => moved |= is_elsewhere,
                Err(fault) => {
                    tracing::error!(webspace.id = %due.id, cause = %fault.chain(),
                        "the application of a site could not be looked for");
                }
            }
        }
    }
    if moved {
        gate.events().wake();
    }
    Ok(due.len())
}

/// Looks for one; answers whether it is elsewhere now.
async fn look(gate: &Gate, due: &Due, now: Timestamp) -> Result<bool, Fault> {
    let reached = gate.tools().lookup.upstream(&due.upstream).await;
    let found = kept(due, reached, now);
    let is_elsewhere = found.addresses != due.addresses;
    if let Some(trouble) = found.trouble {
        tracing::info!(webspace.id = %due.id, trouble, "the application of a site is not well");
    }
    let mut tx = gate.store().write().await?;
    let noted = proxy_store::note(&mut tx, due, &found, now.plus_seconds(LOOK_SECONDS)).await?;
    if noted && is_elsewhere {
        resource::look_at(&mut tx, due.customer, &due.id.to_string()).await?;
    }
    tx.commit().await?;
    Ok(noted && is_elsewhere)
}

/// What holds after a look.
fn kept(due: &Due, reached: Reached, now: Timestamp) -> Found {
    let trouble = reached.trouble();
    match reached {
        Reached::At(addresses) => Found {
            addresses,
            trouble,
            good_at: Some(now),
        },
        Reached::Silent
            if due
                .good_at
                .is_some_and(|good| now < good.plus_seconds(SILENCE_SECONDS)) =>
        {
            Found {
                addresses: due.addresses.clone(),
                trouble,
                good_at: due.good_at,
            }
        }
        Reached::Silent | Reached::Refused | Reached::Nowhere => Found {
            addresses: Vec::new(),
            trouble,
            good_at: due.good_at,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wabe_kernel::id::{CustomerId, WebspaceId};
    use wabe_kernel::macros::uuid::Uuid;

    fn due() -> Due {
        Due {
            id: WebspaceId::from_uuid(Uuid::from_u128(1)),
            customer: CustomerId::from_uuid(Uuid::from_u128(2)),
            upstream: "https://app.example.org".parse().unwrap(),
            addresses: vec!["8.8.8.8".parse().unwrap()],
            good_at: Some(Timestamp(0)),
            at: Timestamp(0),
        }
    }

    #[test]
    fn silence_is_borne_for_an_hour_and_nothing_else_is_borne_at_all() {
        let due = due();
        let within = Timestamp(0).plus_seconds(SILENCE_SECONDS - 1);
        let beyond = Timestamp(0).plus_seconds(SILENCE_SECONDS);
        for (reached, now, stays) in [
            (Reached::Silent, within, true),
            (Reached::Silent, beyond, false),
            (Reached::Refused, within, false),
            (Reached::Nowhere, within, false),
        ] {
            let trouble = reached.trouble();
            let found = kept(&due, reached, now);
            assert_eq!(!found.addresses.is_empty(), stays, "{trouble:?}");
            assert_eq!((found.trouble, found.good_at), (trouble, due.good_at));
            assert!(found.trouble.is_some());
        }
        let elsewhere = vec!["9.9.9.9".parse().unwrap()];
        let found = kept(&due, Reached::At(elsewhere.clone()), beyond);
        let wanted = Found {
            addresses: elsewhere,
            trouble: None,
            good_at: Some(beyond),
        };
        assert_eq!(found, wanted);
    }
}
