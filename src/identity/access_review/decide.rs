//! `access_review.confirm`, `access_review.withdraw`: what stays, and what does not.

use crate::access_review::store::{self, Item, Outcome, RightKind};
use crate::staff::request::judge;
use crate::staff::withdraw::take;
use crate::token::{end as token_end, store as tokens};
use serde_json::json;
use std::collections::BTreeSet;
use wabe_access::actor::HOUSE;
use wabe_access::command::Authority;
use wabe_access::{Command, Door, Object, Permission, Refusal, Risk};
use wabe_kernel::id::{AccessReviewItemId, UserId};
use wabe_kernel::{Problem, fields};

fields! {
    /// Confirms rights in a review: they stay. The purpose says on what that rests. Nobody confirms their
    /// own.
    pub struct ConfirmAccess {
        /// Which, of one review.
        pub items: Vec<AccessReviewItemId>,
    }
}

fields! {
    /// Withdraws rights in a review: they end at once. The purpose says why.
    pub struct WithdrawAccess {
        /// Which, of one review.
        pub items: Vec<AccessReviewItemId>,
    }
}

/// The rights that were named, all of one review, none of whoever decides.
async fn chosen(
    door: &mut Door<'_>,
    ids: &[AccessReviewItemId],
    by: UserId,
) -> Result<Vec<Item>, Refusal> {
    let ids: BTreeSet<AccessReviewItemId> = ids.iter().copied().collect();
    let mut found: Vec<Item> = Vec::new();
    for id in ids {
        let item = store::find_item(door.tx(), id).await?;
        let item = item.ok_or(Refusal::NotFound)?;
        if item.outcome.is_some() {
            return Err(Refusal::Conflict("review-decided"));
        }
        if item.user == by {
            return Err(Refusal::Conflict("own-right"));
        }
        if found.first().is_some_and(|one| one.review != item.review) {
            return Err(Refusal::NotFound);
        }
        found.push(item);
    }
    if found.is_empty() {
        return Err(Refusal::field("items", Problem::new("required")));
    }
    Ok(found)
}

async fn decide(
    door: &mut Door<'_>,
    ids: &[AccessReviewItemId],
    outcome: Outcome,
) -> Result<(), Refusal> {
    let (by, why) = judge(door)?;
    let items = chosen(door, ids, by).await?;
    let now = door.now();
    // All of it is decided before anything ends: what ends takes along what hangs on it.
    for item in &items {
        if !store::decide(door.tx(), (item.id, outcome), (by, &why), now).await? {
            return Err(Refusal::Conflict("review-decided"));
        }
    }
    if outcome == Outcome::Withdrawn {
        for item in &items {
            end(door, item).await?;
        }
    }
    let first = items.first().ok_or(Refusal::NotFound)?;
    store::close(door.tx(), now).await?;
    let review = store::find(door.tx(), first.review).await?;
    let review = review.ok_or(Refusal::NotFound)?;
    let object = Object {
        kind: "access_review",
        id: review.id.to_string(),
        name: review.quarter,
    };
    let said = |item: &Item| json!({ "user": item.user, "kind": item.kind, "right": item.subject });
    let rights: Vec<_> = items.iter().map(said).collect();
    door.record(
        object,
        json!({ "outcome": null, "rights": rights }),
        json!({ "outcome": outcome, "rights": rights }),
    );
    Ok(())
}

/// Ends what a right is.
async fn end(door: &mut Door<'_>, item: &Item) -> Result<(), Refusal> {
    let now = door.now();
    match (item.kind, item.role()) {
        (RightKind::Role, Some(role)) => take(door, (item.user, role)).await,
        (RightKind::Token, _) => {
            let id = item.subject.parse().map_err(|_wrong| Refusal::NotFound)?;
            // One that ran out meanwhile, or went with the last role, has ended as well.
            let found = tokens::find(door.tx(), HOUSE, item.user, id).await?;
            if let Some(token) = found {
                token_end::one(door.tx(), &token, now).await?;
            }
            Ok(())
        }
        (RightKind::Role, None) => Err(Refusal::NotFound),
    }
}

impl Command for ConfirmAccess {
    const NAME: &'static str = "access_review.confirm";
    const PERMISSION: Permission = Permission::RightReview;
    const RISK: Risk = Risk::Routine;
    const AUTHORITY: Authority = Authority::Hoster;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        decide(door, &self.items, Outcome::Confirmed).await
    }
}

impl Command for WithdrawAccess {
    const NAME: &'static str = "access_review.withdraw";
    const PERMISSION: Permission = Permission::RightReview;
    const RISK: Risk = Risk::Sensitive;
    const AUTHORITY: Authority = Authority::Hoster;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        decide(door, &self.items, Outcome::Withdrawn).await
    }
}
