//! Changing one's own password.

use crate::desk::Desk;
use crate::factor::demand;
use crate::outbox::{MailKind, OutgoingMail};
use crate::profile::Profile;
use crate::recovery::store as links;
use crate::session::store as sessions;
use crate::user::model::Credential;
use crate::user::store;
use serde_json::{Value, json};
use wabe_access::command::{HashFor, Hashing as _, Preparing};
use wabe_access::{ActorKind, Command, Door, Object, Permission, Refusal, Risk};
use wabe_kernel::id::SessionId;
use wabe_kernel::{Problem, Secret, Timestamp, fields};

fields! {
    /// Sets one's own password. Ends one's other sessions and voids mailed links.
    pub struct SetPassword {
        /// The password until now; checked when given.
        pub old_password: Option<Secret>,
        /// The new one.
        pub new_password: Secret,
        /// The session that goes on; all of one's sessions end without it.
        pub keep_session: Option<SessionId>,
    }
    prepared {
        hash: Option<String>,
    }
}

/// Whether a new password may follow: the rules, not one of the last, not the present one.
///
/// # Errors
/// `Invalid` on `new_password`; `Busy`.
pub(crate) async fn check(
    desk: &Desk,
    (known, beside_factor): (&Credential, bool),
    history: &[String],
    new: &Secret,
) -> Result<(), Refusal> {
    let email = known.user.email.to_string();
    let context = [known.user.name.as_str(), &email];
    let refused = |problem| Refusal::field("new_password", problem);
    let checked = desk.passwords.check_beside(beside_factor, new, &context);
    checked.map_err(refused)?;
    let earlier = usize::try_from(desk.profile.history).unwrap_or(0);
    let present = known.hash.iter();
    for hash in present.chain(history.iter().take(earlier)) {
        if desk.passwords.verify(new, hash, true).await?.ok {
            return Err(refused(Problem::new("password-reused")));
        }
    }
    Ok(())
}

/// Whether the present password is old enough to be changed by choice.
fn check_age(profile: &Profile, known: &Credential, now: Timestamp) -> Result<(), Problem> {
    let young = known
        .changed_at
        .is_some_and(|at| now.seconds_since(at) < profile.age_hours_min * 3_600);
    if young && !known.user.must_change_password {
        return Err(Problem::new("password-too-young").with("hours", profile.age_hours_min));
    }
    Ok(())
}

impl Command for SetPassword {
    const NAME: &'static str = "user.set_password";
    const PERMISSION: Permission = Permission::SelfWrite;
    const RISK: Risk = Risk::Sensitive;
    const PREPARES: bool = true;
    type Output = ();

    async fn prepare(&mut self, with: &Preparing<'_>) -> Result<(), Refusal> {
        let user = with.actor.user.ok_or(Refusal::Forbidden)?;
        if matches!(with.actor.kind, ActorKind::Token(_)) {
            return Err(Refusal::Forbidden);
        }
        let desk = Desk::of(with.tools)?;
        let mut tx = with.store.read().await?;
        let known = store::credential(&mut tx, user).await?;
        let history = store::history(&mut tx, user, desk.profile.history).await?;
        let beside = demand::stands_beside(&mut tx, &desk, user).await?;
        tx.rollback().await?;
        let known = known.ok_or(Refusal::NotFound)?;
        if let Some(old) = &self.old_password {
            let wrong = || Refusal::field("old_password", Problem::new("password-wrong"));
            let hash = known.hash.as_deref().ok_or_else(wrong)?;
            if !desk.passwords.verify(old, hash, true).await?.ok {
                return Err(wrong());
            }
        }
        check_age(desk.profile, &known, with.tools.clock.now())
            .map_err(|problem| Refusal::field("new_password", problem))?;
        check(&desk, (&known, beside), &history, &self.new_password).await?;
        let hash = desk.passwords.hash(&self.new_password, HashFor::Panel);
        self.hash = Some(hash.await?);
        Ok(())
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let desk = Desk::of(door.tools())?;
        let id = door.actor().user.ok_or(Refusal::Forbidden)?;
        let hash = self.hash.as_deref();
        let hash = hash.ok_or(wabe_kernel::Fault::new("prepare a password"))?;
        let now = door.now();
        let tools = door.tools().clone();
        let tx = door.tx();
        tx.unscope().await?;
        let user = store::find(tx, id).await?.ok_or(Refusal::NotFound)?;
        let time = (now, tools.rng.as_ref());
        store::set_password(tx, id, hash, desk.profile.history, time).await?;
        links::supersede_all(tx, id, now).await?;
        sessions::end_others(tx, id, self.keep_session).await?;
        let mail = OutgoingMail::new(user.email, user.language, MailKind::PasswordChanged);
        desk.outbox.queue(tx, mail.with("at", &now)).await?;
        tx.rescope().await?;
        let object = Object {
            kind: "user",
            id: id.to_string(),
            name: user.name.to_string(),
        };
        let before = json!({ "must_change_password": user.must_change_password });
        let after = json!({ "must_change_password": false, "password_changed_at": now });
        door.record(object, before, after);
        Ok(())
    }

    /// Credentials have no undo.
    fn inverse(_before: &Value, _after: &Value) -> Option<wabe_access::Inverse> {
        None
    }
}
