//! `GET /staff/erasures`, `GET /staff/customers/{id}/erasure`
//!
//! Customers of whom everything is removed, or was: until when that can be stopped, how far it is, and at last
//! what remains, as the proof that it was done. Asking for it is an act in a ticket.

use askama::Template;
use axum::extract::State;

use wabe_access::{Permission, customer};
use wabe_identity::erasure::model::Erasure;
use wabe_identity::erasure::read;
use wabe_kernel::id::CustomerId;
use wabe_store::erase::{Disposal, Fate, Stays, disposals};
use wabe_web::filters;
use wabe_web::{Arrival, Failure, Needs, Page, Path, Routes, StaffMember};

use crate::{STAFF, Staff};

const PLACE: &str = "erasures";
const NEEDS: Needs = Needs::Staff(Permission::HosterRead);

/// What stays for one reason.
#[derive(Debug, Clone)]
pub(crate) struct Left {
    /// The reason.
    pub why: Stays,
    /// The tables.
    pub tables: Vec<&'static str>,
}

/// A table whose rows stay, without these texts.
#[derive(Debug, Clone)]
pub(crate) struct Emptied {
    /// The table.
    pub table: &'static str,
    /// The columns.
    pub columns: &'static [&'static str],
}

/// All of them.
#[derive(Template)]
#[template(path = "staff/erasures.html")]
pub(crate) struct ErasuresPage {
    /// The latest first.
    pub erasures: Vec<Erasure>,
}

/// One customer's.
#[derive(Template)]
#[template(path = "staff/erasure.html")]
pub(crate) struct ErasurePage {
    /// The latest; nothing when nobody asked for one.
    pub erasure: Option<Erasure>,
    /// What stays as it is.
    pub left: Vec<Left>,
    /// What stays without its texts.
    pub emptied: Vec<Emptied>,
}

/// The routes of this module.
pub(crate) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .get("/staff/erasures", NEEDS, list)
        .get("/staff/customers/{id}/erasure", NEEDS, show)
        .id("cus")
}

/// The tables that stay, by the reason.
fn left(all: &[Disposal]) -> Vec<Left> {
    let of = |why: Stays| Left {
        why,
        tables: all
            .iter()
            .filter(|disposal| disposal.fate == Fate::Kept(why))
            .map(|disposal| disposal.table)
            .collect(),
    };
    let found = Stays::ALL.into_iter().map(of);
    found.filter(|left| !left.tables.is_empty()).collect()
}

/// The tables whose rows stay without their texts.
fn emptied(all: &[Disposal]) -> Vec<Emptied> {
    let emptied = all.iter().filter(|disposal| disposal.fate == Fate::Emptied);
    emptied
        .map(|disposal| Emptied {
            table: disposal.table,
            columns: disposal.emptied,
        })
        .collect()
}

fn page(erasure: Option<Erasure>) -> ErasurePage {
    let all = disposals();
    ErasurePage {
        erasure,
        left: left(&all),
        emptied: emptied(&all),
    }
}

async fn list(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
) -> Result<Page<ErasuresPage>, Failure> {
    let (mut tx, scope) = staff.read(&member).await?;
    let erasures = read::list(&mut tx, &scope, member.now).await?;
    tx.rollback().await?;
    let seen: Vec<CustomerId> = erasures.iter().map(|erasure| erasure.customer).collect();
    staff
        .note(&member, "contract.read", &seen, arrival.address())
        .await?;
    Ok(member.at(PLACE).page(ErasuresPage { erasures }))
}

async fn show(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    Path(id): Path<CustomerId>,
) -> Result<Page<ErasurePage>, Failure> {
    let (mut tx, scope) = staff.read(&member).await?;
    let erasure = read::of_customer(&mut tx, &scope, id).await?;
    let known = customer::find(&mut tx, id).await?;
    tx.rollback().await?;
    known.ok_or(Failure::NotFound)?;
    staff
        .note(&member, "contract.read", &[id], arrival.address())
        .await?;
    Ok(member.at(PLACE).page(page(erasure)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{NOW, sample};
    use wabe_identity::erasure::model::Ending;
    use wabe_kernel::id::ErasureId;
    use wabe_kernel::macros::uuid::Uuid;
    use wabe_web::check::check_samples;

    /// One that waits, one that is underway, one that is done, and those that were stopped.
    fn erasure(id: u128) -> Erasure {
        let done = id == 3;
        Erasure {
            id: ErasureId::from_uuid(Uuid::from_u128(id)),
            customer: CustomerId::from_uuid(Uuid::from_u128(id)),
            number: "K10234".parse().unwrap(),
            customer_name: if done {
                "K10234".to_owned()
            } else {
                "Bäckerei <Sonnenkorn>".to_owned()
            },
            plan: "Handwerk M".to_owned(),
            since: NOW.plus_days(-700),
            contract_ended_at: (id != 4).then(|| NOW.plus_days(-40)),
            asker: "Ole <Brandt>".to_owned(),
            asked_at: NOW.plus_days(-16),
            second: "Petra <Kühn>".to_owned(),
            agreed_at: NOW.plus_days(-14),
            due_at: NOW,
            ended: match id {
                4 => Some((Ending::Stopped, NOW.plus_days(-3))),
                5 => Some((Ending::Resumed, NOW.plus_days(-3))),
                _ => None,
            },
            begun_at: matches!(id, 2 | 3).then_some(NOW),
            rows: 12_345,
            people: 3,
            key_gone_at: done.then_some(NOW),
            done_at: done.then_some(NOW),
        }
    }

    sample! {
        ErasuresPage: vec![
            ErasuresPage { erasures: Vec::new() },
            ErasuresPage { erasures: (1..6).map(erasure).collect() },
        ];
        ErasurePage: {
            let mut all = vec![page(None)];
            all.extend((1..6).map(|id| page(Some(erasure(id)))));
            all
        };
    }

    #[test]
    fn the_pages_of_erasures_are_whole() {
        let found = [
            check_samples::<ErasuresPage>(),
            check_samples::<ErasurePage>(),
        ];
        assert_eq!(found.concat(), Vec::<String>::new());
    }
}
