//! The face of this room: everything about proving who somebody is. The other files add to it.

use crate::desk::Desk;
use crate::lockout;
use crate::password::pepper::Pepper;
use crate::profile::Profile;
use std::net::IpAddr;
use std::sync::Arc;
use wabe_access::Tools;
use wabe_audit::{Security, Streams, Subject};
use wabe_kernel::desired::Working;
use wabe_kernel::{Clock, Fault, Rng, Timestamp};
use wabe_store::{Store, Tx};

/// Waits; injected, so that tests need not.
pub trait Pause: Send + Sync + 'static {
    /// Returns after so many microseconds.
    fn wait(&self, micros: i64) -> Working<'_, ()>;
}

/// Waits by the runtime's clock.
pub struct RealPause;

impl Pause for RealPause {
    fn wait(&self, micros: i64) -> Working<'_, ()> {
        let micros = u64::try_from(micros).unwrap_or(0);
        Box::pin(tokio::time::sleep(std::time::Duration::from_micros(micros)))
    }
}

/// Answers about logins leave on this grid, in microseconds. Source: bar 3.3 T4.
pub const GRID_MICROS: i64 = 250_000;

/// What this room is made of.
pub struct Parts {
    /// The panel's database.
    pub store: Store,
    /// Where security events are noted.
    pub streams: Arc<Streams>,
    /// What commands are given; its rooms must hold a [`Desk`].
    pub tools: Tools,
    /// How to wait.
    pub pause: Arc<dyn Pause>,
}

/// Logins, sessions, recovery, tokens.
pub struct Identity {
    pub(crate) store: Store,
    pub(crate) streams: Arc<Streams>,
    pub(crate) tools: Tools,
    pub(crate) desk: Desk,
    pub(crate) pause: Arc<dyn Pause>,
}

impl Identity {
    /// The room.
    ///
    /// # Errors
    /// When the tools hold no desk.
    pub fn new(parts: Parts) -> Result<Self, Fault> {
        let desk = Desk::of(&parts.tools)?;
        Ok(Self {
            store: parts.store,
            streams: parts.streams,
            tools: parts.tools,
            desk,
            pause: parts.pause,
        })
    }

    /// The values in force.
    #[must_use]
    pub const fn profile(&self) -> &'static Profile {
        self.desk.profile
    }

    pub(crate) fn pepper(&self) -> &Pepper {
        self.desk.passwords.pepper()
    }

    /// The present, as sessions see it.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        self.tools.clock.as_ref()
    }

    pub(crate) fn rng(&self) -> &dyn Rng {
        self.tools.rng.as_ref()
    }

    /// Waits for the next step of the grid after `since`, so that what was done does not show in time.
    pub(crate) async fn pace(&self, since: Timestamp) {
        let spent = self.clock().now().0.saturating_sub(since.0).max(0);
        self.pause.wait(GRID_MICROS - spent % GRID_MICROS).await;
    }

    pub(crate) async fn note(
        &self,
        tx: &mut Tx,
        event: &'static str,
        subject: Subject<'_>,
        (address, detail): (Option<IpAddr>, Option<&'static str>),
    ) -> Result<(), Fault> {
        let event = Security {
            event,
            subject,
            address,
            detail,
        };
        self.streams.note_security(tx, &event).await
    }

    /// Forgets what ran out: sessions, mailed links, tokens' shadows, counters, devices, exports; tells people of
    /// lost second factors, requests, approvals and reviews that wait for them. For a schedule.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn prune(&self) -> Result<(), Fault> {
        let now = self.clock().now();
        let mut tx = self.store.write().await?;
        lockout::store::prune(&mut tx, now).await?;
        lockout::alarm::prune(&mut tx, now).await?;
        crate::session::store::prune(&mut tx, now).await?;
        crate::login::store::prune(&mut tx, now).await?;
        crate::factor::store::prune(&mut tx, now).await?;
        crate::passkey::store::prune(&mut tx, now).await?;
        self.tell_due(&mut tx, now).await?;
        crate::factor_loss::store::prune(&mut tx, now).await?;
        self.remind(&mut tx, now).await?;
        crate::staff::request_store::prune(&mut tx, now).await?;
        crate::access_review::store::prune(&mut tx, now).await?;
        self.tell_of_approvals(&mut tx, now).await?;
        crate::approval::end::lapse(&mut tx, &self.desk, now).await?;
        // What refers to approvals goes before them.
        crate::export::store::prune(&mut tx, now).await?;
        crate::approval::store::prune(&mut tx, now).await?;
        crate::recovery::store::prune(&mut tx, now).await?;
        crate::address_change::store::prune(&mut tx, now).await?;
        crate::token::store::prune(&mut tx, now).await?;
        tx.commit().await
    }
}
