//! `GET` and `POST /staff/access-reviews`, `GET` and `POST /staff/access-reviews/{id}`,
//! `GET /staff/access-reviews/{id}/rights.csv`: every right, gone through once a quarter.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::Permission;
use wabe_identity::access_review::decide::{ConfirmAccess, WithdrawAccess};
use wabe_identity::access_review::open::OpenAccessReview;
use wabe_identity::access_review::quarter::quarter;
use wabe_identity::access_review::table::review_as_csv;
use wabe_identity::access_review::{Item, Review, read};
use wabe_kernel::id::{AccessReviewId, UserId};
use wabe_kernel::{FormState, Timestamp};
use wabe_web::filters;
use wabe_web::{Failure, Form, Needs, Page, Path, Query, Routes, StaffMember, download, see_other};

use crate::act::{Acted, Again, act, decided, prove, prove_first, without};
use crate::{STAFF, Staff};

const PLACE: &str = "access-reviews";
const PAGE: &str = "/staff/access-reviews";
const READ: Needs = Needs::Staff(Permission::RightRead);
const NEEDS: Needs = Needs::Staff(Permission::RightReview);
/// What the page can say was done.
const DONE: [&str; 2] = ["confirmed", "withdrawn"];

/// All reviews.
#[derive(Template)]
#[template(path = "staff/access_reviews.html")]
pub(crate) struct AccessReviewsPage {
    /// The latest first.
    pub reviews: Vec<Review>,
    /// The moment of the page.
    pub now: Timestamp,
    /// Whether the reader may begin the quarter's, which there is not yet.
    pub may_open: bool,
    /// What was typed.
    pub form: FormState,
    /// What stands in the way as a whole.
    pub note: Option<String>,
}

/// Everybody's rights in a review.
pub(crate) struct Person {
    /// What they were called.
    pub name: String,
    /// Where they were reached.
    pub email: String,
    /// Whether it is the reader, who does not decide about it.
    pub own: bool,
    /// Their rights.
    pub items: Vec<Item>,
}

/// One review.
#[derive(Template)]
#[template(path = "staff/access_review.html")]
pub(crate) struct AccessReviewPage {
    /// Which one.
    pub review: Review,
    /// The people, by name.
    pub people: Vec<Person>,
    /// Whether the reader decides.
    pub decides: bool,
    /// The moment of the page.
    pub now: Timestamp,
    /// What was just done, a word of a closed list.
    pub done: Option<&'static str>,
    /// What was typed.
    pub form: FormState,
    /// What stands in the way as a whole.
    pub note: Option<String>,
}

impl AccessReviewPage {
    /// Whether this right was ticked.
    fn is_ticked(&self, item: &Item) -> bool {
        let id = item.id.to_string();
        self.form.value("items").lines().any(|line| line == id)
    }

    /// Whether the reader may decide about this right.
    fn is_open(&self, person: &Person, item: &Item) -> bool {
        self.decides && !person.own && item.outcome.is_none()
    }
}

/// The routes of this module.
pub(crate) fn routes() -> Routes<Staff> {
    let one = "/staff/access-reviews/{id}";
    Routes::new(&STAFF)
        .get(PAGE, READ, list)
        .post(PAGE, NEEDS, open)
        .get(one, READ, show)
        .id("arv")
        .get("/staff/access-reviews/{id}/rights.csv", READ, table)
        .id("arv")
        .post(one, NEEDS, decide)
        .id("arv")
}

fn path(id: AccessReviewId) -> String {
    format!("{PAGE}/{id}")
}

async fn reviews(
    staff: &Staff,
    member: &StaffMember,
    again: Again,
) -> Result<Page<AccessReviewsPage>, Failure> {
    let quarter = quarter(member.now)?;
    let (mut tx, scope) = staff.read(member).await?;
    let reviews = read::reviews(&mut tx, &scope).await?;
    tx.rollback().await?;
    let there = reviews.iter().any(|review| review.quarter == quarter);
    let Again { form, note } = again;
    Ok(member.at(PLACE).page(AccessReviewsPage {
        may_open: !there && member.visitor.has(Permission::RightReview),
        now: member.now,
        reviews,
        form,
        note,
    }))
}

async fn list(
    member: StaffMember,
    State(staff): State<Staff>,
) -> Result<Page<AccessReviewsPage>, Failure> {
    reviews(&staff, &member, Again::default()).await
}

/// Begins the quarter's review before the panel does.
async fn open(
    member: StaffMember,
    State(staff): State<Staff>,
    form: Form,
) -> Result<Response, Failure> {
    match act::<OpenAccessReview>(&staff, &member, &form).await? {
        Acted::Done(done) => Ok(see_other(&path(done.output.review))),
        Acted::Prove => Ok(prove(PAGE)),
        Acted::Again(again) => {
            let status = again.status();
            let page = reviews(&staff, &member, again).await?;
            Ok(page.status(status).into_response())
        }
    }
}

async fn found(
    staff: &Staff,
    member: &StaffMember,
    id: AccessReviewId,
) -> Result<(Review, Vec<Item>), Failure> {
    let (mut tx, scope) = staff.read(member).await?;
    let found = read::review(&mut tx, &scope, id).await;
    tx.rollback().await?;
    Ok(found?)
}

fn people(items: Vec<Item>, reader: UserId) -> Vec<Person> {
    let mut people: Vec<(UserId, Person)> = Vec::new();
    for item in items {
        match people.iter_mut().find(|(user, _)| *user == item.user) {
            Some((_, person)) => person.items.push(item),
            None => people.push((
                item.user,
                Person {
                    name: item.user_name.clone(),
                    email: item.user_email.clone(),
                    own: item.user == reader,
                    items: vec![item],
                },
            )),
        }
    }
    people.into_iter().map(|(_, person)| person).collect()
}

async fn page(
    staff: &Staff,
    member: &StaffMember,
    id: AccessReviewId,
    again: Again,
) -> Result<AccessReviewPage, Failure> {
    let (review, items) = found(staff, member, id).await?;
    let Again { form, note } = again;
    Ok(AccessReviewPage {
        review,
        people: people(items, member.visitor.user),
        decides: member.visitor.has(Permission::RightReview),
        now: member.now,
        done: None,
        form,
        note,
    })
}

async fn show(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<AccessReviewId>,
    query: Query,
) -> Result<Response, Failure> {
    let mut page = page(&staff, &member, id, Again::default()).await?;
    if page.decides
        && page.review.closed_at.is_none()
        && let Some(first) = prove_first(&member, &path(id))
    {
        return Ok(first);
    }
    page.done = DONE.into_iter().find(|word| *word == query.get("done"));
    Ok(member.at(PLACE).page(page).into_response())
}

async fn table(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<AccessReviewId>,
) -> Result<Response, Failure> {
    let (review, items) = found(&staff, &member, id).await?;
    let bytes = review_as_csv(&items)?;
    let name = format!("access-review-{}.csv", review.quarter);
    Ok(download("text/csv; charset=utf-8", &name, bytes))
}

async fn decide(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<AccessReviewId>,
    form: Form,
) -> Result<Response, Failure> {
    // To confirm is what was asked for by name; whatever else was sent confirms nothing.
    let (acted, word) = if form.get("act") == "confirm" {
        let acted = act::<ConfirmAccess>(&staff, &member, &form).await?;
        (without(acted), "confirmed")
    } else {
        let acted = act::<WithdrawAccess>(&staff, &member, &form).await?;
        (without(acted), "withdrawn")
    };
    let here = path(id);
    match decided(acted, &format!("{here}?done={word}"), &here) {
        Ok(response) => Ok(response),
        Err(again) => {
            let status = again.status();
            let page = page(&staff, &member, id, again).await?;
            Ok(member.at(PLACE).page(page).status(status).into_response())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{NOW, errors, sample};
    use wabe_identity::access_review::{Outcome, RightKind};
    use wabe_kernel::id::AccessReviewItemId;
    use wabe_kernel::macros::uuid::Uuid;
    use wabe_web::check::check_samples;

    fn list(reviews: Vec<Review>, form: FormState) -> AccessReviewsPage {
        AccessReviewsPage {
            may_open: reviews.is_empty(),
            reviews,
            now: NOW,
            form,
            note: None,
        }
    }

    fn review(id: u128) -> Review {
        Review {
            id: AccessReviewId::from_uuid(Uuid::from_u128(id)),
            quarter: "2026-Q4".to_owned(),
            opened_at: NOW.plus_days(-40),
            due_at: NOW.plus_days(if id == 1 { -10 } else { 10 }),
            closed_at: (id == 3).then_some(NOW),
            items: 14,
            waiting: i64::from(id != 3) * 5,
        }
    }

    fn item(id: u128, user: u128, outcome: Option<Outcome>) -> Item {
        let token = id == 3;
        Item {
            id: AccessReviewItemId::from_uuid(Uuid::from_u128(id)),
            review: AccessReviewId::from_uuid(Uuid::from_u128(1)),
            user: UserId::from_uuid(Uuid::from_u128(user)),
            user_name: "Mira <Wendt>".to_owned(),
            user_email: "mira@hoster.example".to_owned(),
            kind: if token {
                RightKind::Token
            } else {
                RightKind::Role
            },
            subject: if token { "tok_1" } else { "privacy_officer" }.to_owned(),
            label: if token { "Fakturierung <alt>" } else { "" }.to_owned(),
            since: NOW.plus_days(-300),
            last_used_at: (id != 2).then(|| NOW.plus_days(-2)),
            outcome,
            decided_by: outcome.map(|_| UserId::from_uuid(Uuid::from_u128(9))),
            decider: outcome.map(|_| "Karin <Vogt>".to_owned()),
            decided_at: outcome.map(|_| NOW),
            reason: outcome.map(|_| "Nicht mehr im Team".to_owned()),
        }
    }

    fn one(id: u128, decides: bool, form: FormState) -> AccessReviewPage {
        let items = vec![
            item(1, 1, None),
            item(2, 1, Some(Outcome::Withdrawn)),
            item(3, 1, Some(Outcome::Confirmed)),
            item(4, 7, None),
            item(5, 8, Some(Outcome::Gone)),
        ];
        AccessReviewPage {
            review: review(id),
            people: people(items, UserId::from_uuid(Uuid::from_u128(7))),
            decides,
            now: NOW,
            done: None,
            form,
            note: None,
        }
    }

    sample! {
        AccessReviewsPage: vec![
            list(vec![review(1), review(2), review(3)], FormState::new()),
            list(Vec::new(), FormState::new()),
            AccessReviewsPage {
                note: Some("conflict-review-there".to_owned()),
                ..list(Vec::new(), errors(&["purpose"]))
            },
        ];
        AccessReviewPage: {
            let mut all = vec![
                one(1, true, FormState::new()),
                one(3, false, FormState::new()),
                AccessReviewPage {
                    note: Some("conflict-own-right".to_owned()),
                    ..one(2, true, errors(&["items", "purpose"]))
                },
                AccessReviewPage {
                    note: Some("conflict-review-decided".to_owned()),
                    ..one(2, true, errors(&[]))
                },
            ];
            all.extend(DONE.map(|word| AccessReviewPage {
                done: Some(word),
                ..one(2, true, FormState::new())
            }));
            all
        };
    }

    #[test]
    fn the_pages_of_reviews_are_whole() {
        let found = [
            check_samples::<AccessReviewsPage>(),
            check_samples::<AccessReviewPage>(),
        ];
        assert_eq!(found.concat(), Vec::<String>::new());
    }
}
