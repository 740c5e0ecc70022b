//! `GET` and `POST` of `/staff/customers/{id}/plan`, `/suspend`, `/resume`, `/domains`
//!
//! Each act is a page of its own that asks why; the customer reads the answer in their change log.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use wabe_access::customer::{self, Customer};
use wabe_access::{Command, Permission};
use wabe_hosting::domain::ImportDomain;
use wabe_identity::customer::resume::ResumeCustomer;
use wabe_identity::customer::set_plan::SetPlan;
use wabe_identity::customer::suspend::SuspendCustomer;
use wabe_kernel::FormState;
use wabe_kernel::id::CustomerId;
use wabe_web::filters;
use wabe_web::{Arrival, Choice, Failure, Form, Needs, Page, Path, Routes, StaffMember, see_other};

use crate::act::{Acted, Again, act, prove, prove_first};
use crate::customer::{PLACE, plans};
use crate::{STAFF, Staff};

const NEEDS: Needs = Needs::Staff(Permission::HosterWrite);

/// An act: the last part of its path, and the word of its messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// Another plan.
    Plan,
    /// Switched off.
    Suspend,
    /// Switched on again.
    Resume,
    /// A domain on the hoster's word.
    Domains,
}

impl Action {
    /// The word.
    #[must_use]
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Domains => "domains",
        }
    }
}

/// The form of an act.
#[derive(Template)]
#[template(path = "staff/action.html")]
pub(crate) struct ActionPage {
    /// Which act.
    pub action: Action,
    /// Whose contract.
    pub customer: Customer,
    /// What was typed.
    pub form: FormState,
    /// What stands in the way as a whole.
    pub note: Option<String>,
    /// The plans to choose from.
    pub plans: Vec<Choice>,
}

impl ActionPage {
    /// Whether this is about a plan.
    #[must_use]
    pub(crate) fn is_plan(&self) -> bool {
        self.action == Action::Plan
    }

    /// Whether this switches off.
    #[must_use]
    pub(crate) fn is_suspend(&self) -> bool {
        self.action == Action::Suspend
    }

    /// Whether this is about a domain.
    #[must_use]
    pub(crate) fn is_domains(&self) -> bool {
        self.action == Action::Domains
    }
}

macro_rules! acts {
    ($($path:literal, $action:expr, $command:ty, $show:ident, $run:ident;)*) => {
        pub(crate) fn routes() -> Routes<Staff> {
            Routes::new(&STAFF)
                $(.get($path, NEEDS, $show).id("cus").post($path, NEEDS, $run).id("cus"))*
        }

        $(
            async fn $show(
                member: StaffMember,
                State(staff): State<Staff>,
                arrival: Arrival,
                Path(id): Path<CustomerId>,
            ) -> Result<Response, Failure> {
                ask(&staff, &member, &arrival, (id, $action)).await
            }

            async fn $run(
                member: StaffMember,
                State(staff): State<Staff>,
                Path(id): Path<CustomerId>,
                form: Form,
            ) -> Result<Response, Failure> {
                run::<$command>(&staff, &member, (id, $action), form).await
            }
        )*
    };
}

acts! {
    "/staff/customers/{id}/plan", Action::Plan, SetPlan, ask_plan, set_plan;
    "/staff/customers/{id}/suspend", Action::Suspend, SuspendCustomer, ask_suspend, suspend;
    "/staff/customers/{id}/resume", Action::Resume, ResumeCustomer, ask_resume, resume;
    "/staff/customers/{id}/domains", Action::Domains, ImportDomain, ask_domain, import_domain;
}

fn path(id: CustomerId, action: Action) -> String {
    format!("/staff/customers/{id}/{}", action.word())
}

async fn page(
    staff: &Staff,
    member: &StaffMember,
    (id, action): (CustomerId, Action),
    again: Again,
) -> Result<Page<ActionPage>, Failure> {
    let (mut tx, scope) = staff.read(member).await?;
    scope.needs(Permission::HosterWrite)?;
    let customer = customer::find(&mut tx, id)
        .await?
        .ok_or(Failure::NotFound)?;
    let plans = plans(&mut tx).await?;
    tx.rollback().await?;
    let Again { form, note } = again;
    let form = if form.value("plan").is_empty() {
        form.with("plan", customer.plan_name.clone())
    } else {
        form
    };
    Ok(member.at(PLACE).page(ActionPage {
        action,
        customer,
        form,
        note,
        plans,
    }))
}

async fn ask(
    staff: &Staff,
    member: &StaffMember,
    arrival: &Arrival,
    (id, action): (CustomerId, Action),
) -> Result<Response, Failure> {
    if action == Action::Suspend
        && let Some(first) = prove_first(member, &path(id, action))
    {
        return Ok(first);
    }
    let page = page(staff, member, (id, action), Again::default()).await?;
    staff
        .note(member, "contract.read", &[id], arrival.address())
        .await?;
    Ok(page.into_response())
}

async fn run<C: Command>(
    staff: &Staff,
    member: &StaffMember,
    (id, action): (CustomerId, Action),
    mut form: Form,
) -> Result<Response, Failure> {
    form.fields.insert("customer".to_owned(), id.to_string());
    match act::<C>(staff, member, &form).await? {
        Acted::Done(_) => Ok(see_other(&format!(
            "/staff/customers/{id}?done={}",
            action.word()
        ))),
        Acted::Prove => Ok(prove(&path(id, action))),
        Acted::Again(again) => {
            let status = match again.note {
                Some(_) => StatusCode::CONFLICT,
                None => StatusCode::UNPROCESSABLE_ENTITY,
            };
            let page = page(staff, member, (id, action), again).await?;
            staff.note_again(member, "contract.read", id).await?;
            Ok(page.status(status).into_response())
        }
    }
}
