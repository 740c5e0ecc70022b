//! What a run may use: the defaults, and what the customer's plan says otherwise.

use crate::field::Chosen;
use crate::run::model::TriggerKind;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};
use wabe_access::plan;
use wabe_access::{Authority, Command, Door, Object, Permission, Refusal};
use wabe_kernel::id::CustomerId;
use wabe_kernel::{Fault, Line, Problem, fields};
use wabe_package::Limits;
use wabe_store::Tx;

/// The kinds of runs, each with its defaults.
const KINDS: [(&str, Limits); 3] = [
    ("page", Limits::PAGE),
    ("event", Limits::EVENT),
    ("task", Limits::TASK),
];

/// Limits with some of them replaced.
fn replaced(base: &Limits, other: &Map<String, Value>) -> Option<Limits> {
    let mut limits = serde_json::to_value(base).ok()?;
    let known = limits.as_object_mut()?;
    for (name, value) in other {
        // Fuel is counted where every machine must measure the same: no plan changes that.
        if name == "fuel" || !known.contains_key(name) || value.as_u64().is_none_or(|one| one == 0)
        {
            return None;
        }
        known.insert(name.clone(), value.clone());
    }
    serde_json::from_value(limits).ok()
}

/// The limits of a run of this kind in a customer.
pub(crate) async fn of(
    tx: &mut Tx,
    customer: CustomerId,
    trigger: TriggerKind,
) -> Result<Limits, Fault> {
    let (kind, base) = match trigger {
        TriggerKind::Form | TriggerKind::Card | TriggerKind::Ticket => ("page", Limits::PAGE),
        TriggerKind::Event | TriggerKind::Webhook => ("event", Limits::EVENT),
        TriggerKind::Schedule => ("task", Limits::TASK),
    };
    let own = plan::run_limits(tx, customer).await?;
    let own = own.as_ref().and_then(|all| all.get(kind)?.as_object());
    Ok(own.and_then(|own| replaced(&base, own)).unwrap_or(base))
}

fields! {
    /// Says what runs of plugins may use under a plan, by kind of run: `page`, `event`, `task`. What is
    /// not named has its default.
    pub struct SetRunLimits {
        /// The plan's name.
        pub plan: Line,
        /// The limits that differ from the defaults.
        pub limits: Chosen,
    }
}

/// The limits of a plan, complete.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RunLimits {
    /// By kind of run, and by the name of the limit.
    pub limits: Value,
}

impl SetRunLimits {
    fn complete(&self) -> Result<Value, Refusal> {
        let mut complete = Map::new();
        let wrong = |field: String| Refusal::field(&field, Problem::new("not-a-limit"));
        let kinds = |name: &String| KINDS.iter().any(|(kind, _)| kind == name);
        if let Some(odd) = self.limits.0.keys().find(|name| !kinds(name)) {
            return Err(wrong(format!("limits.{odd}")));
        }
        for (kind, base) in &KINDS {
            let empty = Map::new();
            let other = match self.limits.0.get(*kind) {
                None => &empty,
                Some(Value::Object(other)) => other,
                Some(_) => return Err(wrong(format!("limits.{kind}"))),
            };
            let limits = replaced(base, other).ok_or_else(|| wrong(format!("limits.{kind}")))?;
            complete.insert((*kind).to_owned(), json!(limits));
        }
        Ok(Value::Object(complete))
    }
}

impl Command for SetRunLimits {
    const NAME: &'static str = "plan.set_run_limits";
    const PERMISSION: Permission = Permission::HosterWrite;
    const AUTHORITY: Authority = Authority::Hoster;
    type Output = RunLimits;

    async fn apply(&self, door: &mut Door<'_>) -> Result<RunLimits, Refusal> {
        let limits = self.complete()?;
        let found = plan::find(door.tx(), self.plan.as_str()).await?;
        let found = found.ok_or(Refusal::NotFound)?;
        let chosen = Value::Object(self.limits.0.clone());
        let before = plan::set_run_limits(door.tx(), found.id, &chosen).await?;
        let object = Object {
            kind: "plan",
            id: found.id.to_string(),
            name: found.name,
        };
        let state = |limits: Value| json!({ "run_limits": limits });
        door.record(object, state(before.unwrap_or_default()), state(chosen));
        Ok(RunLimits { limits })
    }
}

#[cfg(test)]
mod tests {
    use super::replaced;
    use serde_json::json;
    use wabe_package::Limits;

    #[test]
    fn a_plan_replaces_limits_that_exist_and_nothing_else() {
        let with = |value: serde_json::Value| replaced(&Limits::EVENT, value.as_object().unwrap());
        let more = with(json!({ "cpu_ms": 500, "memory_bytes": 134_217_728 })).unwrap();
        assert_eq!((more.cpu_ms, more.memory_bytes), (500, 128 << 20));
        assert_eq!(more.wall_ms, Limits::EVENT.wall_ms);
        for bad in [
            json!({ "cpu": 1 }),
            json!({ "cpu_ms": 0 }),
            json!({ "cpu_ms": -1 }),
            json!({ "cpu_ms": "1" }),
            json!({ "cpu_ms": 5_000_000_000_u64 }),
            json!({ "fuel": 1 }),
        ] {
            assert!(with(bad.clone()).is_none(), "{bad}");
        }
    }
}
