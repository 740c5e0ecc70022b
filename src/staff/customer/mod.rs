//! Customers as the hoster deals with them: found, taken in, their contract changed. Nothing of what
//! they keep.

mod action;
mod create;
pub(crate) mod search;
#[cfg(test)]
mod tests;
mod view;

use wabe_access::plan;
use wabe_store::Tx;
use wabe_web::{Choice, Failure, Routes};

use crate::Staff;

pub(crate) use create::{languages, setups};
#[cfg(test)]
pub(crate) use tests::found as sample_found;

const PLACE: &str = "customers";

/// The routes of this module.
pub(crate) fn routes() -> Routes<Staff> {
    search::routes()
        .merge(create::routes())
        .merge(view::routes())
        .merge(action::routes())
}

/// The plans that can be booked, to choose from.
async fn plans(tx: &mut Tx) -> Result<Vec<Choice>, Failure> {
    let found = plan::list(tx).await?;
    let choice = |plan: plan::Plan| Choice {
        value: plan.name.clone(),
        title: plan.name,
        text: String::new(),
    };
    Ok(found.into_iter().map(choice).collect())
}
