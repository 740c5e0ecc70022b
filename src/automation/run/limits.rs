//! What a run may use: the defaults, and what the customer's plan says otherwise.

use crate::field::Chosen;
use crate::run::model::TriggerKind;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};
use wabe_access::plan;
use wabe_access::{Authority, Command, Door, Object, Permission, Refusal, Scope};
use wabe_kernel::id::{CustomerId, PlanId};
use wabe_kernel::{Fault, FieldErrors, Line, Problem, fields};
use wabe_package::Limits;
use wabe_store::Tx;

/// The kinds of runs, each with its defaults.
const KINDS: [(&str, Limits); 3] = [
    ("page", Limits::PAGE),
    ("event", Limits::EVENT),
    ("task", Limits::TASK),
];

/// A limit that a plan may set, and between which bounds.
#[derive(Debug, Clone, Copy)]
pub struct LimitRange {
    /// Its name, as the command has it; the Fluent message is `staff-run-limit-{name}`.
    pub name: &'static str,
    /// The least.
    pub min: u64,
    /// The most: what the sandbox can carry, or what one plugin may cost its neighbours.
    pub max: u64,
}

const fn range(name: &'static str, min: u64, max: u64) -> LimitRange {
    LimitRange { name, min, max }
}

/// The kind under which a plan sets what is counted by the day, beside the kinds of runs.
pub const DAY: &str = "day";
/// How often an installation runs each day, where the plan says nothing else: eight times a minute, all
/// day long.
pub const RUNS_A_DAY: u64 = 12_000;
/// Runs of an installation each day, that a plan may set.
pub const DAY_RANGE: LimitRange = range("runs", 10, 1_000_000);

/// Every limit that a plan may set. Fuel is counted where every machine must measure the same: no plan
/// changes that.
pub const RANGES: [LimitRange; 15] = [
    // Well within the time that a run belongs to its process.
    range("wall_ms", 10, 90_000),
    range("cpu_ms", 1, 60_000),
    range("memory_bytes", 1 << 20, 1 << 30),
    range("table_elements", 100, 200_000),
    range("handles", 10, 10_000),
    range("call_bytes", 1 << 10, 16 << 20),
    range("calls_bytes", 1 << 10, 256 << 20),
    range("calls", 1, 10_000),
    range("fetches", 1, 1_000),
    range("kv_calls", 1, 10_000),
    range("log_lines", 1, 10_000),
    range("log_line_bytes", 64, 64 << 10),
    range("log_bytes", 1 << 10, 1 << 20),
    range("result_bytes", 1 << 10, 1 << 20),
    range("effects", 1, 500),
];

/// What is wrong with one limit of a kind of run, or of the day.
fn misfit(kind: &str, name: &str, value: &Value) -> Option<Problem> {
    let ranges = if kind == DAY {
        std::slice::from_ref(&DAY_RANGE)
    } else {
        RANGES.as_slice()
    };
    let Some(range) = ranges.iter().find(|range| range.name == name) else {
        return Some(Problem::new("not-a-limit"));
    };
    let Some(value) = value.as_u64() else {
        return Some(Problem::new("must-be-whole-number"));
    };
    let fits = (range.min..=range.max).contains(&value);
    let problem = Problem::new("out-of-range").with("min", range.min);
    (!fits).then(|| problem.with("max", range.max))
}

/// The kinds of runs, each with its defaults by the names of [`RANGES`].
#[must_use]
pub fn defaults() -> Vec<(&'static str, Value)> {
    KINDS
        .iter()
        .map(|(kind, base)| (*kind, json!(base)))
        .collect()
}

/// What a plan sets, by kind of run; for staff.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn of_plan(tx: &mut Tx, scope: &Scope, plan: PlanId) -> Result<Value, Refusal> {
    scope.needs(Permission::HosterRead)?;
    let own = plan::own_run_limits(tx, plan).await?;
    Ok(own.unwrap_or_else(|| json!({})))
}

/// Limits with some of them replaced.
fn replaced((kind, base): (&str, &Limits), other: &Map<String, Value>) -> Option<Limits> {
    let mut limits = serde_json::to_value(base).ok()?;
    let known = limits.as_object_mut()?;
    for (name, value) in other {
        if misfit(kind, name, value).is_some() {
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
    Ok(own
        .and_then(|own| replaced((kind, &base), own))
        .unwrap_or(base))
}

/// How many runs of an installation begin each day.
fn day_of(own: Option<&Value>) -> u64 {
    let set = own.and_then(|own| own.get(DAY)?.get(DAY_RANGE.name));
    let set = set.filter(|set| misfit(DAY, DAY_RANGE.name, set).is_none());
    set.and_then(Value::as_u64).unwrap_or(RUNS_A_DAY)
}

/// How many runs of an installation of this customer begin each day.
pub(crate) async fn runs_a_day(tx: &mut Tx, customer: CustomerId) -> Result<i64, Fault> {
    let own = plan::run_limits(tx, customer).await?;
    Ok(i64::try_from(day_of(own.as_ref())).unwrap_or(i64::MAX))
}

fields! {
    /// Says what runs of plugins may use under a plan, by kind of run: `page`, `event`, `task`; and under
    /// `day`, how many `runs` of an installation begin each day. What is not named has its default.
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
        self.check()?;
        let mut complete = Map::new();
        for (kind, base) in &KINDS {
            let own = self.limits.0.get(*kind).and_then(Value::as_object);
            let limits = own.and_then(|own| replaced((kind, base), own));
            complete.insert((*kind).to_owned(), json!(limits.as_ref().unwrap_or(base)));
        }
        let own = Value::Object(self.limits.0.clone());
        let day = json!({ DAY_RANGE.name: day_of(Some(&own)) });
        complete.insert(DAY.to_owned(), day);
        Ok(Value::Object(complete))
    }

    /// Names every limit that does not fit, as `limits.{kind}.{name}`.
    fn check(&self) -> Result<(), Refusal> {
        let mut errors = FieldErrors::default();
        for (kind, own) in &self.limits.0 {
            let known = kind == DAY || KINDS.iter().any(|(known, _)| known == kind);
            let Some(own) = own.as_object().filter(|_| known) else {
                errors.add(&format!("limits.{kind}"), Problem::new("not-a-limit"));
                continue;
            };
            for (name, value) in own {
                if let Some(problem) = misfit(kind, name, value) {
                    errors.add(&format!("limits.{kind}.{name}"), problem);
                }
            }
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors.into())
        }
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
    use super::{RANGES, RUNS_A_DAY, day_of, defaults, replaced};
    use serde_json::json;
    use wabe_package::Limits;

    #[test]
    fn a_plan_replaces_limits_that_exist_and_nothing_else() {
        let with = |value: serde_json::Value| {
            replaced(("event", &Limits::EVENT), value.as_object().unwrap())
        };
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
            json!({ "memory_bytes": 2_u64 << 30 }),
        ] {
            assert!(with(bad.clone()).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_day_has_the_runs_of_the_plan_or_the_default() {
        let of = |value: serde_json::Value| day_of(Some(&value));
        assert_eq!(of(json!({ "day": { "runs": 50 } })), 50);
        for other in [
            json!({}),
            json!({ "day": {} }),
            json!({ "day": { "runs": 0 } }),
            json!({ "day": { "runs": "50" } }),
        ] {
            assert_eq!(of(other), RUNS_A_DAY);
        }
        assert_eq!(day_of(None), RUNS_A_DAY);
    }

    #[test]
    fn every_limit_but_fuel_has_a_range_that_holds_its_defaults() {
        for (kind, base) in defaults() {
            let known = base.as_object().unwrap();
            assert_eq!(known.len(), RANGES.len() + 1);
            for range in RANGES {
                let value = known[range.name].as_u64().unwrap();
                let fits = (range.min..=range.max).contains(&value);
                assert!(fits, "{kind} {}: {value}", range.name);
            }
        }
    }
}
