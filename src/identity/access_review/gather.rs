//! Every right that there is, for a review.

use crate::access_review::store::{Item, RightKind};
use crate::staff::used;
use crate::token::store as tokens;
use crate::user::model::User;
use crate::user::store as users;
use wabe_access::{StaffRole, member};
use wabe_kernel::id::{AccessReviewId, AccessReviewItemId};
use wabe_kernel::{Fault, Rng, Timestamp};
use wabe_store::Tx;

/// A right before it is in a review.
struct Right {
    kind: RightKind,
    subject: String,
    label: String,
    since: Timestamp,
    last_used_at: Option<Timestamp>,
}

/// The roles and tokens of everybody who works here.
pub(crate) async fn gather(
    tx: &mut Tx,
    review: AccessReviewId,
    (now, rng): (Timestamp, &dyn Rng),
) -> Result<Vec<Item>, Fault> {
    let all = member::staff_since(tx).await?;
    let mut people: Vec<wabe_kernel::id::UserId> = all.iter().map(|(user, ..)| *user).collect();
    people.dedup();
    let mut items = Vec::new();
    for id in people {
        let Some(user) = users::find(tx, id).await? else {
            continue;
        };
        let own = all.iter().filter(|(holder, ..)| *holder == id);
        let own: Vec<(StaffRole, Timestamp)> =
            own.map(|(_, role, since)| (*role, *since)).collect();
        let mut rights = roles(tx, &user, &own).await?;
        for token in tokens::of_hoster(tx, id).await? {
            rights.push(Right {
                kind: RightKind::Token,
                subject: token.id.to_string(),
                label: token.name.to_string(),
                since: token.created_at,
                last_used_at: token.last_used_at,
            });
        }
        let item = |right: Right| Item {
            id: AccessReviewItemId::new(now, rng),
            review,
            user: id,
            user_name: user.name.to_string(),
            user_email: user.email.to_string(),
            kind: right.kind,
            subject: right.subject,
            label: right.label,
            since: right.since,
            last_used_at: right.last_used_at,
            outcome: None,
            decided_by: None,
            decider: None,
            decided_at: None,
            reason: None,
        };
        items.extend(rights.into_iter().map(item));
    }
    Ok(items)
}

async fn roles(
    tx: &mut Tx,
    user: &User,
    own: &[(StaffRole, Timestamp)],
) -> Result<Vec<Right>, Fault> {
    let roles: Vec<StaffRole> = own.iter().map(|(role, _)| *role).collect();
    let last = used::of_roles(tx, user.id, &roles).await?;
    let right =
        |((role, since), last_used_at): (&(StaffRole, Timestamp), Option<Timestamp>)| Right {
            kind: RightKind::Role,
            subject: role.word().to_owned(),
            label: String::new(),
            since: *since,
            last_used_at,
        };
    Ok(own.iter().zip(last).map(right).collect())
}
