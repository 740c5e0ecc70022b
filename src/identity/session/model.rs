//! What a session is.

use crate::secret_token::mac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use wabe_access::Actor;
use wabe_access::actor::HOUSE;
use wabe_kernel::id::{CustomerId, SessionId, UserId};
use wabe_kernel::{Secret, Timestamp};

/// A live session, found by its token.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "facts of different tables, none of which follows from another"
)]
pub struct Session {
    /// Which one.
    pub id: SessionId,
    /// Whose.
    pub user: UserId,
    /// Whether it opens the staff pages instead of the portal.
    pub staff: bool,
    /// Whether the user works for the hoster, whichever pages it opens.
    pub works_here: bool,
    /// The customer that is being worked on.
    pub customer: Option<CustomerId>,
    /// When the user last gave their password.
    pub authenticated_at: Timestamp,
    /// When the user last proved a second factor.
    pub second_factor_at: Option<Timestamp>,
    /// Whether the user has a second factor; then nothing else proves them.
    pub has_factor: bool,
    /// Whether it is, or one of them is, an authenticator app.
    pub has_app: bool,
    /// Whether it is, or one of them is, a passkey.
    pub has_passkey: bool,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last used; exact to a minute.
    pub last_seen_at: Timestamp,
    /// The net it came from, shortened.
    pub address: String,
    /// The browser, in short.
    pub user_agent: String,
    /// Whether nothing but a new password is allowed now.
    pub must_change_password: bool,
    pub(crate) csrf_secret: Secret,
}

impl Session {
    /// The token of forms in this session; another one after each rotation. Source: bar 3.5 T6.
    #[must_use]
    pub fn csrf_token(&self) -> String {
        let key = self.csrf_secret.expose().as_bytes();
        URL_SAFE_NO_PAD.encode(mac(key, &[b"form", self.id.to_string().as_bytes()]))
    }

    /// Whether `token` came with a form of this session; in constant time.
    #[must_use]
    pub fn accepts_csrf(&self, token: &str) -> bool {
        Secret::new(self.csrf_token()).verify(token)
    }

    /// Who acts in this session.
    #[must_use]
    pub fn actor(&self) -> Actor {
        let second_factor_at = self.second_factor_at;
        if self.staff {
            return Actor {
                second_factor_at,
                ..Actor::staff(self.user, self.authenticated_at)
            };
        }
        let customer = self.customer.unwrap_or(HOUSE);
        Actor {
            second_factor_at,
            factor_wanted: self.has_factor,
            ..Actor::member(self.user, customer, self.authenticated_at)
        }
    }

    /// When the user last proved themselves, by what proves them: the second factor where they have one.
    #[must_use]
    pub fn proved_at(&self) -> Timestamp {
        if self.has_factor || self.staff {
            self.second_factor_at.unwrap_or(Timestamp(0))
        } else {
            self.authenticated_at
        }
    }
}

/// A session as its user sees it in a list.
#[derive(Debug, Clone)]
pub struct ListedSession {
    /// Which one.
    pub id: SessionId,
    /// Whether it opens the staff pages.
    pub staff: bool,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_seen_at: Timestamp,
    /// The net it came from.
    pub address: String,
    /// The browser, in short.
    pub user_agent: String,
}

/// The most sessions of one user in the portal, and of one employee. Source: bar 3.5 T4.
#[must_use]
pub const fn sessions_max(staff: bool) -> i64 {
    if staff { 2 } else { 10 }
}
