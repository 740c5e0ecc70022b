//! `GET /staff/plans`, `GET /staff/plans/new`, `POST /staff/plans`

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::plan::{self, Plan};
use wabe_access::{Limit, Permission};
use wabe_identity::customer::create_plan::CreatePlan;
use wabe_kernel::FormState;
use wabe_kernel::id::PlanId;
use wabe_web::filters;
use wabe_web::{Failure, Form, Needs, Page, Query, Routes, StaffMember, see_other};

use crate::act::{Acted, Again, act, prove};
use crate::{STAFF, Staff};

const PLACE: &str = "plans";
const PAGE: &str = "/staff/plans";
const FORM: &str = "/staff/plans/new";
/// What the page can say was done: the messages `staff-plan-done-{word}`.
const DONE: [&str; 3] = ["created", "runs", "targets"];

/// The plans.
#[derive(Template)]
#[template(path = "staff/plans.html")]
pub(crate) struct PlansPage {
    /// The columns.
    pub limits: Vec<Limit>,
    /// The plans.
    pub plans: Vec<PlanRow>,
    /// Whether the employee may add one.
    pub writes: bool,
    /// What was just done, a word of a closed list.
    pub done: Option<&'static str>,
}

/// A plan as a row of the table.
#[derive(Debug, Clone)]
pub(crate) struct PlanRow {
    /// Its id.
    pub id: PlanId,
    /// Its name.
    pub name: String,
    /// The most of each limit, in the order of the columns.
    pub maxima: Vec<(Limit, i64)>,
}

impl PlanRow {
    fn of(plan: &Plan) -> Self {
        let most = |limit| (limit, plan.limits.get(&limit).copied().unwrap_or(0));
        Self {
            id: plan.id,
            name: plan.name.clone(),
            maxima: Limit::ALL.map(most).to_vec(),
        }
    }
}

/// The form.
#[derive(Template)]
#[template(path = "staff/plan_create.html")]
pub(crate) struct PlanCreatePage {
    /// What was typed.
    pub form: FormState,
    /// What stands in the way as a whole.
    pub note: Option<String>,
    /// The words of the limits that are counts.
    pub counts: Vec<&'static str>,
}

/// The routes of this module.
pub(crate) fn routes() -> Routes<Staff> {
    let writes = Needs::Staff(Permission::HosterWrite);
    Routes::new(&STAFF)
        .get(PAGE, Needs::Staff(Permission::HosterRead), list)
        .get(FORM, writes, new)
        .post(PAGE, writes, create)
}

async fn list(
    member: StaffMember,
    State(staff): State<Staff>,
    query: Query,
) -> Result<Page<PlansPage>, Failure> {
    let (mut tx, _) = staff.read(&member).await?;
    let plans = plan::list(&mut tx).await?;
    tx.rollback().await?;
    let writes = member.visitor.has(Permission::HosterWrite);
    let done = DONE.into_iter().find(|word| *word == query.get("done"));
    let plans = plans.iter().map(PlanRow::of).collect();
    let limits = Limit::ALL.to_vec();
    Ok(member.at(PLACE).page(PlansPage {
        limits,
        plans,
        writes,
        done,
    }))
}

/// The words of the limits that are counts, in the order of pages.
fn counts() -> Vec<&'static str> {
    let counts = Limit::ALL
        .into_iter()
        .filter(|limit| *limit != Limit::StorageBytes);
    counts.map(Limit::word).collect()
}

fn page(member: &StaffMember, again: Again) -> Page<PlanCreatePage> {
    let Again { form, note } = again;
    member.at(PLACE).page(PlanCreatePage {
        form,
        note,
        counts: counts(),
    })
}

async fn new(member: StaffMember) -> Response {
    page(&member, Again::default()).into_response()
}

async fn create(
    member: StaffMember,
    State(staff): State<Staff>,
    form: Form,
) -> Result<Response, Failure> {
    match act::<CreatePlan>(&staff, &member, &form).await? {
        Acted::Done(_) => Ok(see_other("/staff/plans?done=created")),
        Acted::Prove => Ok(prove(FORM)),
        Acted::Again(again) => Ok(page(&member, again).invalid()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{errors, sample};
    use wabe_kernel::macros::uuid::Uuid;
    use wabe_web::check::check_samples;

    fn plan(name: &str) -> Plan {
        let limits = [(Limit::StorageBytes, 50 << 30), (Limit::Mailboxes, 1_000)];
        Plan {
            id: PlanId::from_uuid(Uuid::from_u128(2)),
            name: name.to_owned(),
            limits: limits.into(),
        }
    }

    fn list(plans: &[Plan], writes: bool, done: Option<&'static str>) -> PlansPage {
        let plans = plans.iter().map(PlanRow::of).collect();
        PlansPage {
            limits: Limit::ALL.to_vec(),
            plans,
            writes,
            done,
        }
    }

    sample! {
        PlansPage: vec![
            list(&[], true, None),
            list(&[plan("Handwerk <M>"), plan("L")], true, Some("runs")),
            list(&[plan("S")], false, None),
            list(&[plan("S")], true, Some("created")),
        ];
        PlanCreatePage: vec![
            PlanCreatePage { form: FormState::new(), note: None, counts: counts() },
            PlanCreatePage { form: errors(&["name", "webspaces"]), note: None, counts: counts() },
        ];
    }

    #[test]
    fn the_pages_of_plans_are_whole() {
        let found = [
            check_samples::<PlansPage>(),
            check_samples::<PlanCreatePage>(),
        ];
        assert_eq!(found.concat(), Vec::<String>::new());
    }
}
