//! `GET` and `POST` of `/staff/plans/{id}/runs`: what runs of plugins may use under a plan.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

use wabe_access::Permission;
use wabe_access::plan::{self, Plan};
use wabe_automation::run::{self, DAY, DAY_RANGE, RANGES, RUNS_A_DAY, SetRunLimits};
use wabe_kernel::id::PlanId;
use wabe_kernel::{FieldErrors, FormState, Problem};
use wabe_store::Tx;
use wabe_web::filters;
use wabe_web::{Failure, Form, Needs, Page, Path, Routes, StaffMember, see_other};

use crate::act::{Acted, Again, act, prove};
use crate::{STAFF, Staff};

const PLACE: &str = "plans";
const NEEDS: Needs = Needs::Staff(Permission::HosterWrite);
const ROUTE: &str = "/staff/plans/{id}/runs";

/// The form.
#[derive(Template)]
#[template(path = "staff/plugin/limits.html")]
pub(crate) struct LimitsPage {
    /// The plan.
    pub plan: Plan,
    /// The kinds of runs; the messages are `staff-runs-{kind}`.
    pub kinds: Vec<&'static str>,
    /// The limits.
    pub rows: Vec<LimitRow>,
    /// What is counted by the day.
    pub day: LimitRow,
    /// What was typed, or what is in force.
    pub form: FormState,
    /// What stands in the way as a whole.
    pub note: Option<String>,
}

/// A limit.
#[derive(Debug, Clone)]
pub(crate) struct LimitRow {
    /// Its name; the message is `staff-run-limit-{name}`.
    pub name: &'static str,
    /// The least.
    pub min: i64,
    /// The most.
    pub max: i64,
    /// For each kind of run: the field, and the default.
    pub cells: Vec<(String, i64)>,
}

impl LimitRow {
    /// Whether it counts bytes.
    #[must_use]
    pub(crate) fn is_bytes(&self) -> bool {
        self.name.ends_with("_bytes")
    }
}

fn whole(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// The limits with their ranges and defaults.
pub(crate) fn rows() -> Vec<LimitRow> {
    let defaults = run::defaults();
    let cell = |name: &str, (kind, base): &(&'static str, Value)| {
        let value = base.get(name).and_then(Value::as_u64).unwrap_or(0);
        (format!("{kind}.{name}"), whole(value))
    };
    let row = |range: &run::LimitRange| LimitRow {
        name: range.name,
        min: whole(range.min),
        max: whole(range.max),
        cells: defaults.iter().map(|one| cell(range.name, one)).collect(),
    };
    RANGES.iter().map(row).collect()
}

/// The limit of the day; its only cell is the field.
pub(crate) fn day() -> LimitRow {
    LimitRow {
        name: DAY_RANGE.name,
        min: whole(DAY_RANGE.min),
        max: whole(DAY_RANGE.max),
        cells: vec![(format!("{DAY}.{}", DAY_RANGE.name), whole(RUNS_A_DAY))],
    }
}

/// The kinds of runs, in order.
pub(crate) fn kinds() -> Vec<&'static str> {
    run::defaults().into_iter().map(|(kind, _)| kind).collect()
}

/// What is typed into each field for what a plan sets.
pub(crate) fn typed(own: &Value) -> FormState {
    let mut form = FormState::new();
    for row in rows().into_iter().chain([day()]) {
        for (field, _) in row.cells {
            let pointer = format!("/{}", field.replace('.', "/"));
            if let Some(value) = own.pointer(&pointer) {
                form = form.with(&field, value.to_string());
            }
        }
    }
    form
}

/// The limits that a form names, and the fields that hold no number.
fn limits(fields: &BTreeMap<String, String>) -> (Value, FieldErrors) {
    let mut errors = FieldErrors::default();
    let mut all: Map<String, Value> = Map::new();
    for row in rows().into_iter().chain([day()]) {
        for (field, _) in &row.cells {
            let Some((kind, name)) = field.split_once('.') else {
                continue;
            };
            let text = fields.get(field).map_or("", |text| text.trim());
            if text.is_empty() {
                continue;
            }
            let Ok(value) = text.parse::<u64>() else {
                errors.add(field, Problem::new("must-be-whole-number"));
                continue;
            };
            let own = all.entry(kind).or_insert_with(|| json!({}));
            if let Some(own) = own.as_object_mut() {
                own.insert(name.to_owned(), value.into());
            }
        }
    }
    (Value::Object(all), errors)
}

/// The same errors, at the fields of the form: the command names them with its own field in front.
fn at_fields(form: &FormState, fields: &BTreeMap<String, String>) -> FormState {
    let mut errors = FieldErrors::default();
    for (name, problem) in form.errors() {
        errors.add(
            name.strip_prefix("limits.").unwrap_or(name),
            problem.clone(),
        );
    }
    FormState::of(fields, errors, &[])
}

pub(super) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .get(ROUTE, NEEDS, ask)
        .id("pln")
        .post(ROUTE, NEEDS, set)
        .id("pln")
}

async fn plan(tx: &mut Tx, id: PlanId) -> Result<Plan, Failure> {
    let mut plans = plan::list(tx).await?.into_iter();
    plans.find(|plan| plan.id == id).ok_or(Failure::NotFound)
}

fn page(member: &StaffMember, plan: Plan, again: Again) -> Page<LimitsPage> {
    let Again { form, note } = again;
    member.at(PLACE).page(LimitsPage {
        plan,
        kinds: kinds(),
        rows: rows(),
        day: day(),
        form,
        note,
    })
}

async fn ask(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<PlanId>,
) -> Result<Page<LimitsPage>, Failure> {
    let (mut tx, scope) = staff.read(&member).await?;
    let plan = plan(&mut tx, id).await?;
    let own = run::of_plan(&mut tx, &scope, id).await?;
    tx.rollback().await?;
    Ok(page(&member, plan, typed(&own).into()))
}

async fn set(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<PlanId>,
    mut form: Form,
) -> Result<Response, Failure> {
    let (mut tx, _) = staff.read(&member).await?;
    let plan = plan(&mut tx, id).await?;
    tx.rollback().await?;
    let typed = form.fields.clone();
    let (limits, errors) = limits(&typed);
    form.fields.insert("plan".to_owned(), plan.name.clone());
    form.fields.insert("limits".to_owned(), limits.to_string());
    if !errors.is_empty() {
        let form = FormState::of(&typed, errors, &[]);
        return Ok(page(&member, plan, form.into()).invalid());
    }
    match act::<SetRunLimits>(&staff, &member, &form).await? {
        Acted::Done(_) => Ok(see_other("/staff/plans?done=runs")),
        Acted::Prove => Ok(prove(&format!("/staff/plans/{id}/runs"))),
        Acted::Again(Again { form, note }) => {
            let form = at_fields(&form, &typed);
            Ok(page(&member, plan, Again { form, note }).invalid())
        }
    }
}
