//! `GET` and `POST` of `/staff/plans/{id}/targets`: by when customers of a plan are answered and helped.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::Permission;
use wabe_access::plan::{self, Plan};
use wabe_kernel::FormState;
use wabe_kernel::id::PlanId;
use wabe_support::ticket::Targets;
use wabe_support::ticket::targets::{self, SetPlanTargets};
use wabe_web::filters;
use wabe_web::{Failure, Form, Needs, Page, Path, Routes, StaffMember, see_other};

use crate::act::{Acted, Again, act, prove};
use crate::{STAFF, Staff};

const PLACE: &str = "plans";
const NEEDS: Needs = Needs::Staff(Permission::HosterWrite);
const ROUTE: &str = "/staff/plans/{id}/targets";

/// The form.
#[derive(Template)]
#[template(path = "staff/ticket/targets.html")]
pub(crate) struct TargetsPage {
    pub(crate) id: PlanId,
    pub(crate) plan: String,
    pub(crate) form: FormState,
    pub(crate) note: Option<String>,
}

pub(super) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .get(ROUTE, NEEDS, ask)
        .id("pln")
        .post(ROUTE, NEEDS, set)
        .id("pln")
}

async fn known(
    staff: &Staff,
    member: &StaffMember,
    id: PlanId,
) -> Result<(Plan, Targets), Failure> {
    let (mut tx, scope) = staff.read(member).await?;
    scope.needs(Permission::HosterWrite)?;
    let plans = plan::list(&mut tx).await?;
    let targets = targets::of_plan(&mut tx, id).await?;
    tx.rollback().await?;
    let found = plans.into_iter().find(|plan| plan.id == id);
    Ok((found.ok_or(Failure::NotFound)?, targets))
}

fn page(member: &StaffMember, plan: Plan, again: Again) -> Page<TargetsPage> {
    let Again { form, note } = again;
    member.at(PLACE).page(TargetsPage {
        id: plan.id,
        plan: plan.name,
        form,
        note,
    })
}

async fn ask(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<PlanId>,
) -> Result<Response, Failure> {
    let (plan, targets) = known(&staff, &member, id).await?;
    let hours = |seconds: i64| (seconds / 3_600).to_string();
    let form = FormState::new()
        .with("answer_hours", hours(targets.answer_seconds))
        .with("solution_hours", hours(targets.solution_seconds));
    Ok(page(&member, plan, form.into()).into_response())
}

async fn set(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<PlanId>,
    mut form: Form,
) -> Result<Response, Failure> {
    let (plan, _) = known(&staff, &member, id).await?;
    form.fields.insert("plan".to_owned(), plan.name.clone());
    match act::<SetPlanTargets>(&staff, &member, &form).await? {
        Acted::Done(_) => Ok(see_other("/staff/plans?done=targets")),
        Acted::Prove => Ok(prove(&ROUTE.replace("{id}", &id.to_string()))),
        Acted::Again(again) => Ok(page(&member, plan, again).invalid()),
    }
}
