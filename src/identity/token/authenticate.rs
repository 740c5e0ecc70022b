//! Who a bearer token speaks for.

use crate::identity::Identity;
use crate::secret_token::digest;
use crate::token::store;
use wabe_access::actor::HOUSE;
use wabe_access::{Actor, ActorKind};
use wabe_kernel::Fault;

/// What every token begins with, so that scanners find one that leaked.
pub const TOKEN_PREFIX: &str = "wabe_";

/// How often the time of the last use is written, in seconds.
const TOUCH_SECONDS: i64 = 60;

impl Identity {
    /// The actor of a live token, its owner neither disabled nor removed: a member of its customer, or
    /// somebody who works here. Notes the use at most once a minute.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn authenticate_token(&self, bearer: &str) -> Result<Option<Actor>, Fault> {
        if !bearer.starts_with(TOKEN_PREFIX) || bearer.len() > 128 {
            return Ok(None);
        }
        let now = self.clock().now();
        let mut tx = self.store.read().await?;
        let found = store::authenticate(&mut tx, &digest(bearer), now).await?;
        tx.rollback().await?;
        let Some(token) = found else {
            return Ok(None);
        };
        let fresh = |at| now.seconds_since(at) < TOUCH_SECONDS;
        if !token.last_used_at.is_some_and(fresh) {
            let mut tx = self.store.write().await?;
            let before = now.plus_seconds(1 - TOUCH_SECONDS);
            store::used(&mut tx, token.id, now, before).await?;
            tx.commit().await?;
        }
        // A program of the hoster's cannot be asked why: what its token is for stands in the record.
        let house = token.customer == HOUSE;
        let purpose = house.then(|| token.name.as_str().parse().ok()).flatten();
        Ok(Some(Actor {
            kind: ActorKind::Token(token.id),
            user: Some(token.user),
            customer: token.customer,
            authenticated_at: None,
            second_factor_at: None,
            factor_wanted: false,
            scopes: Some(token.scopes),
            sensitive: token.sensitive,
            purpose,
            ticket: None,
            looking: None,
        }))
    }
}
