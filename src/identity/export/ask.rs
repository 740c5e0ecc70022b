//! `customer.export`: an owner has the file made.

use crate::export::model::{JOB, New};
use crate::export::store;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use wabe_access::{
    ActorKind, Command, Door, Object, Permission, Refusal, Risk, Role, customer, member,
};
use wabe_jobs::queue::{NewJob, enqueue};
use wabe_kernel::id::{CustomerId, ExportId, UserId};
use wabe_kernel::{Rng, fields};
use wabe_store::Tx;

fields! {
    /// Has everything that the panel's tables hold of the customer made into one file, without secrets. Only
    /// owners do, and get it: all of them are told when it is ready, and download it for three days.
    pub struct ExportCustomer {
    }
}

/// A file that is being made.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ExportBegun {
    /// Which one.
    pub export: ExportId,
}

/// Has one made, in a transaction of the system.
///
/// # Errors
/// `Conflict` while another one of the customer's is being made.
pub(crate) async fn begin(tx: &mut Tx, new: &New, rng: &dyn Rng) -> Result<(), Refusal> {
    if !store::insert(tx, new).await? {
        return Err(Refusal::Conflict("export-making"));
    }
    let job = NewJob {
        kind: JOB,
        payload: json!({ "export": new.id.to_string() }),
        run_at: new.at,
        dedupe_key: None,
    };
    enqueue(tx, new.at, rng, job).await?;
    Ok(())
}

/// The person who asks: an owner, and no program of theirs.
async fn owner(door: &mut Door<'_>) -> Result<UserId, Refusal> {
    let person = door.actor().kind == ActorKind::Member;
    let user = door.actor().user.filter(|_| person);
    let user = user.ok_or(Refusal::Forbidden)?;
    let customer = door.customer();
    let role = member::role(door.tx(), user, customer).await?;
    let owns = role == Some(Role::Owner);
    owns.then_some(user).ok_or(Refusal::Forbidden)
}

/// The customer as the record names it.
async fn named(tx: &mut Tx, id: CustomerId) -> Result<Object, Refusal> {
    let found = customer::find(tx, id).await?.ok_or(Refusal::NotFound)?;
    Ok(Object {
        kind: "customer",
        id: id.to_string(),
        name: found.name,
    })
}

impl Command for ExportCustomer {
    const NAME: &'static str = "customer.export";
    const PERMISSION: Permission = Permission::CustomerWrite;
    const RISK: Risk = Risk::Sensitive;
    // Whoever is switched off has a right to it all the more.
    const WHILE_SUSPENDED: bool = true;
    type Output = ExportBegun;

    async fn apply(&self, door: &mut Door<'_>) -> Result<ExportBegun, Refusal> {
        let by = owner(door).await?;
        let (customer, now) = (door.customer(), door.now());
        let id = ExportId::new(now, door.rng());
        let rng = door.tools().rng.clone();
        let new = New {
            id,
            customer,
            by,
            approval: None,
            at: now,
        };
        let tx = door.tx();
        let object = named(tx, customer).await?;
        tx.unscope().await?;
        begin(tx, &new, rng.as_ref()).await?;
        tx.rescope().await?;
        door.record(object, Value::Null, json!({ "export": id }));
        Ok(ExportBegun { export: id })
    }
}
