//! `access_review.open`: the list of every right, as it is now.

use crate::access_review::gather::gather;
use crate::access_review::quarter::quarter;
use crate::access_review::store::{self, Review};
use crate::desk::Desk;
use crate::outbox::MailKind;
use crate::staff::letter::{About, tell_all};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use wabe_access::command::Authority;
use wabe_access::{Command, Door, Object, Permission, Refusal, Risk};
use wabe_kernel::fields;
use wabe_kernel::id::AccessReviewId;

/// So many days a review may take.
const DUE_DAYS: i64 = 30;

fields! {
    /// Begins the review of this quarter: every role and every API token of the hoster's, with its last
    /// use. The panel does it by itself when a quarter begins. There is one a quarter.
    pub struct OpenAccessReview {
    }
}

/// A review that began.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AccessReviewOpened {
    /// The review.
    pub review: AccessReviewId,
    /// How many rights it holds.
    pub items: usize,
}

impl Command for OpenAccessReview {
    const NAME: &'static str = "access_review.open";
    const PERMISSION: Permission = Permission::RightReview;
    const RISK: Risk = Risk::Routine;
    const AUTHORITY: Authority = Authority::Hoster;
    type Output = AccessReviewOpened;

    async fn apply(&self, door: &mut Door<'_>) -> Result<AccessReviewOpened, Refusal> {
        let (now, rng) = (door.now(), door.tools().rng.clone());
        let desk = Desk::of(door.tools())?;
        let review = Review {
            id: AccessReviewId::new(now, rng.as_ref()),
            quarter: quarter(now)?,
            opened_at: now,
            due_at: now.plus_days(DUE_DAYS),
            closed_at: None,
            items: 0,
            waiting: 0,
        };
        let tx = door.tx();
        if !store::insert(tx, &review).await? {
            return Err(Refusal::Conflict("review-there"));
        }
        let items = gather(tx, review.id, (now, rng.as_ref())).await?;
        for item in &items {
            store::insert_item(tx, item).await?;
        }
        let about = About {
            kind: MailKind::AccessReviewOpened,
            object: &review.quarter,
            message: "",
        };
        tell_all(tx, &desk, (&[Permission::RightReview], &[]), &about).await?;
        let object = Object {
            kind: "access_review",
            id: review.id.to_string(),
            name: review.quarter.clone(),
        };
        door.record(
            object,
            Value::Null,
            json!({ "quarter": review.quarter, "rights": items.len(), "due_at": review.due_at }),
        );
        Ok(AccessReviewOpened {
            review: review.id,
            items: items.len(),
        })
    }
}
