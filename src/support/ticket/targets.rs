//! By when customers are to be answered and helped: what their plan promises.

use crate::ticket::model::Targets;
use serde_json::{Value, json};
use wabe_access::{Authority, Command, Door, Object, Permission, Refusal, plan};
use wabe_kernel::id::{CustomerId, PlanId};
use wabe_kernel::{Fault, FieldErrors, Line, Problem, fields};
use wabe_store::Tx;

/// What holds where a plan promises nothing else: an answer within a working day, a solution within three.
pub const USUAL: Targets = Targets {
    answer_seconds: 8 * HOUR,
    solution_seconds: 72 * HOUR,
};
const HOUR: i64 = 3_600;
/// The most hours of a promise: a year.
const HOURS_MAX: i64 = 8_784;

fn or_usual(promised: Option<(i64, i64)>) -> Targets {
    promised.map_or(USUAL, |(answer_seconds, solution_seconds)| Targets {
        answer_seconds,
        solution_seconds,
    })
}

/// What a customer's plan promises.
pub(crate) async fn of(tx: &mut Tx, customer: CustomerId) -> Result<Targets, Fault> {
    Ok(or_usual(plan::targets(tx, customer).await?))
}

/// What this plan promises.
///
/// # Errors
/// A fault of the database.
pub async fn of_plan(tx: &mut Tx, id: PlanId) -> Result<Targets, Fault> {
    Ok(or_usual(plan::own_targets(tx, id).await?))
}

fields! {
    /// Says by when customers of a plan are answered and helped. Open tickets keep what they were promised.
    pub struct SetPlanTargets {
        /// The plan's name.
        pub plan: Line,
        /// Hours to the first answer; 1 to 8784.
        pub answer_hours: i64,
        /// Hours to the solution; not less than to the first answer.
        pub solution_hours: i64,
    }
}

impl Command for SetPlanTargets {
    const NAME: &'static str = "plan.set_targets";
    const PERMISSION: Permission = Permission::HosterWrite;
    const AUTHORITY: Authority = Authority::Hoster;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let mut errors = FieldErrors::default();
        let ranges = [
            ("answer_hours", self.answer_hours, 1),
            (
                "solution_hours",
                self.solution_hours,
                self.answer_hours.max(1),
            ),
        ];
        for (field, hours, min) in ranges {
            if !(min..=HOURS_MAX).contains(&hours) {
                let problem = Problem::new("out-of-range").with("min", min);
                errors.add(field, problem.with("max", HOURS_MAX));
            }
        }
        if !errors.is_empty() {
            return Err(errors.into());
        }
        let found = plan::find(door.tx(), self.plan.as_str()).await?;
        let found = found.ok_or(Refusal::NotFound)?;
        let before = of_plan(door.tx(), found.id).await?;
        let targets = (self.answer_hours * HOUR, self.solution_hours * HOUR);
        plan::set_targets(door.tx(), found.id, targets).await?;
        let object = Object {
            kind: "plan",
            id: found.id.to_string(),
            name: found.name,
        };
        let said = |(answer, solution): (i64, i64)| -> Value {
            json!({ "answer_hours": answer / HOUR, "solution_hours": solution / HOUR })
        };
        let before = (before.answer_seconds, before.solution_seconds);
        door.record(object, said(before), said(targets));
        Ok(())
    }
}
