//! What the planner would send, shown before it is wanted.

use crate::store;
use std::sync::Arc;
use wabe_access::command::House;
use wabe_access::gate::Foresight;
use wabe_kernel::Clock;
use wabe_kernel::desired::{Driver, Working};
use wabe_plan::{Plan, plan, subject};
use wabe_store::Tx;

/// Looks at the node and plans, inside a preview's transaction; changes nothing.
pub struct PlannerForesight {
    /// The node's hands, used for looking only.
    pub driver: Arc<dyn Driver>,
    /// Facts of this installation.
    pub house: Arc<House>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

impl PlannerForesight {
    async fn look(&self, tx: &mut Tx, object: &str) -> Option<Vec<&'static str>> {
        let resource = store::load(tx, object).await.ok()??;
        let now = self.clock.now();
        tx.unscope().await.ok()?;
        let wanted = wabe_hosting::desired::load(tx, &resource, &self.house, now)
            .await
            .ok()?;
        let desired = wanted.desired;
        let observed = self.driver.observe(subject(&desired)).await.ok()?;
        match plan(&desired, &observed, resource.desired_revision, now) {
            Plan::Steps(steps) => Some(steps.iter().map(|step| step.act.word()).collect()),
            Plan::Waiting | Plan::Mismatch => None,
        }
    }
}

impl Foresight for PlannerForesight {
    fn steps<'a>(&'a self, tx: &'a mut Tx, object: &'a str) -> Working<'a, Vec<&'static str>> {
        Box::pin(async move { self.look(tx, object).await.unwrap_or_default() })
    }
}
