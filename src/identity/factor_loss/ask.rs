//! Saying that a second factor and all recovery codes are lost, in a login whose password was right.

use crate::factor_loss::letter;
use crate::factor_loss::store::{self, Loss};
use crate::identity::Identity;
use crate::lockout::rate;
use crate::login::half::{Half, Stage};
use crate::user::store as users;
use std::net::IpAddr;
use wabe_access::actor::HOUSE;
use wabe_access::member;
use wabe_audit::Subject as Noted;
use wabe_kernel::Fault;
use wabe_kernel::id::ChangeId;

/// Requests an hour of one user: nobody's letter boxes are filled with them.
const PER_HOUR: i64 = 3;

impl Identity {
    /// What a login that waits for its code already asked for.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn loss_of(&self, half: &Half) -> Result<Option<Loss>, Fault> {
        let mut tx = self.store.read().await?;
        let found = store::open_of(&mut tx, half.user).await?;
        tx.rollback().await?;
        Ok(found)
    }

    /// Begins the wait for somebody who gave the password and has nothing else, and tells every address
    /// of the account. Nothing of the login changes. Asking again while one is open changes nothing.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn report_loss(&self, half: &Half, address: IpAddr) -> Result<(), Fault> {
        if half.stage != Stage::Code {
            return Ok(());
        }
        let now = self.clock().now();
        let whom = half.user.to_string();
        let mut tx = self.store.write().await?;
        let asked = ("factor loss", whom.as_str());
        let may = rate::allows(&mut tx, self.pepper(), asked, PER_HOUR, now).await?;
        let (Some(user), true) = (users::find(&mut tx, half.user).await?, may) else {
            return tx.commit().await;
        };
        let places = member::of_user(&mut tx, user.id).await?;
        let customer = places.first().map_or(HOUSE, |(customer, _)| *customer);
        let id = ChangeId::new(now, self.rng());
        if store::insert(&mut tx, id, (user.id, customer), now).await? {
            letter::asked(&mut tx, &self.desk, &user, (now, self.rng())).await?;
            let (who, from) = (Noted::User(user.id), Some(address));
            self.note(&mut tx, "factor.loss-reported", who, (from, None))
                .await?;
        }
        tx.commit().await
    }
}
