//! On which day somebody who works here last used a permission: enough to see that a right is not needed
//! any more, and too little to watch people.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use wabe_access::{Permission, StaffRole};
use wabe_kernel::id::UserId;
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Store, Tx, statements};

const DAY_MICROS: i64 = 86_400_000_000;

statements! {
    USED = "identity.permission_use.used" =>
        "INSERT INTO permission_use (user_id, permission, day) VALUES ($1, $2, $3) \
         ON CONFLICT (user_id, permission) DO UPDATE SET day = excluded.day \
         WHERE excluded.day > permission_use.day";
    OF_USER = "identity.permission_use.of_user" =>
        "SELECT permission, day FROM permission_use WHERE user_id = $1";
}

/// What was used today, so that a page costs one write a day and not one each.
#[derive(Debug, Default)]
pub struct Uses(Mutex<BTreeMap<(UserId, Permission), i64>>);

impl Uses {
    /// Notes that somebody used a permission.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn note(
        &self,
        store: &Store,
        (user, permission): (UserId, Permission),
        now: Timestamp,
    ) -> Result<(), Fault> {
        let day = now.0.div_euclid(DAY_MICROS);
        let noted = self.noted().get(&(user, permission)).copied();
        if noted == Some(day) {
            return Ok(());
        }
        let mut tx = store.write().await?;
        USED.bind(user)
            .bind(permission)
            .bind(day)
            .execute(&mut tx)
            .await?;
        tx.commit().await?;
        // What did not get into the database is noted with the next use.
        self.noted().insert((user, permission), day);
        Ok(())
    }

    fn noted(&self) -> MutexGuard<'_, BTreeMap<(UserId, Permission), i64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// When a person last used what each of their roles is for; the beginning of that day.
///
/// # Errors
/// A fault of the database.
pub async fn of_roles(
    tx: &mut Tx,
    user: UserId,
    roles: &[StaffRole],
) -> Result<Vec<Option<Timestamp>>, Fault> {
    let rows = OF_USER.bind(user).all(tx).await?;
    let mut days: BTreeMap<Permission, i64> = BTreeMap::new();
    for row in &rows {
        // A permission that no longer exists was used by nobody.
        if let Ok(permission) = row.text("permission")?.parse() {
            days.insert(permission, row.int("day")?);
        }
    }
    let last = |role: &StaffRole| {
        let telling = role.telling();
        let found = telling.iter().filter_map(|one| days.get(one));
        found
            .max()
            .map(|day| Timestamp(day.saturating_mul(DAY_MICROS)))
    };
    Ok(roles.iter().map(last).collect())
}
