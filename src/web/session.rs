//! Who is asking: the wall between the faces and whatever authenticates people.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use wabe_access::{Actor, Permission};
use wabe_kernel::desired::Working;
use wabe_kernel::id::{CustomerId, GrantId, SessionId, TicketId, TokenId, UserId};
use wabe_kernel::{Fault, Language, Secret, Timestamp};

/// Light, dark, or as the system says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the system says.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// The word in forms, cookies and the `data-bs-theme` attribute.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

impl fmt::Display for Theme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Theme {
    type Err = wabe_kernel::Problem;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|theme| theme.word() == text);
        found.ok_or(wabe_kernel::Problem::new("not-a-choice"))
    }
}

/// The customer that somebody works in at the moment, as the frame of a page shows it.
#[derive(Debug, Clone)]
pub struct CustomerBrief {
    /// Which one.
    pub id: CustomerId,
    /// The speakable number.
    pub number: String,
    /// The name.
    pub name: String,
    /// What the plan is called.
    pub plan: String,
    /// Why the hoster switched it off, while it is; its pages say so.
    pub suspended: Option<String>,
    /// When everything of it is removed for good, while that waits; its pages say so.
    pub erased_at: Option<Timestamp>,
}

impl CustomerBrief {
    /// The first letters of the first two words of the name.
    #[must_use]
    pub fn initials(&self) -> String {
        initials(&self.name)
    }
}

/// The first letters of the first two words, upper case.
#[must_use]
pub fn initials(name: &str) -> String {
    let letters = name
        .split_whitespace()
        .filter_map(|word| word.chars().next())
        .take(2);
    letters.flat_map(char::to_uppercase).collect()
}

/// What an employee looks at on a consent of the customer's: their pages, read-only, for a while.
#[derive(Debug, Clone)]
pub struct Look {
    /// The grant.
    pub grant: GrantId,
    /// The ticket in which it holds.
    pub ticket: TicketId,
    /// Its number, as people say it.
    pub ticket_number: String,
    /// Whose pages.
    pub customer: CustomerBrief,
    /// What of them is shown.
    pub permissions: BTreeSet<Permission>,
    /// Who asks, for reads on it.
    pub actor: Actor,
    /// Until when at most.
    pub until: Timestamp,
}

/// A logged-in person, as of this request.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The session.
    pub session: SessionId,
    /// The person.
    pub user: UserId,
    /// What they are called.
    pub name: String,
    /// One or two letters.
    pub initials: String,
    /// Their address; for their own profile page, never for logs.
    pub email: String,
    /// Their language.
    pub language: Language,
    /// Their theme.
    pub theme: Theme,
    /// Whether they work for the hoster.
    pub staff: bool,
    /// Who acts, for the gate.
    pub actor: Actor,
    /// What they may do in their present customer, or as staff.
    pub permissions: BTreeSet<Permission>,
    /// The customer they work in; none for staff and for people without one.
    pub customer: Option<CustomerBrief>,
    /// How many customers they can work in.
    pub customers: i64,
    /// Whether they have business in the portal and at the staff desk, and may change sides.
    pub on_both_sides: bool,
    /// Of an employee: the look that they have open.
    pub look: Option<Look>,
    /// Of a member: until when somebody of the hoster looks at the customer's pages now.
    pub watched: Option<Timestamp>,
    /// Counts beside the navigation's places.
    pub counts: BTreeMap<&'static str, i64>,
    /// The session's CSRF token: 64 hexadecimal digits of 32 random bytes.
    pub csrf: Secret,
    /// Whether they must set a new password before anything else.
    pub must_change_password: bool,
    /// When they last proved themselves, by what proves them.
    pub authenticated_at: Timestamp,
    /// What proves them.
    pub proved_by: ProvedBy,
}

/// What proves somebody. Whoever has a second factor is proved by nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProvedBy {
    /// Their password.
    Password,
    /// A code of their app.
    Code,
    /// Either of both.
    CodeOrPasskey,
    /// A passkey.
    Passkey,
}

impl ProvedBy {
    /// What proves somebody who has an app, a passkey, both, or neither.
    #[must_use]
    pub const fn of(app: bool, passkey: bool) -> Self {
        match (app, passkey) {
            (false, false) => Self::Password,
            (true, false) => Self::Code,
            (true, true) => Self::CodeOrPasskey,
            (false, true) => Self::Passkey,
        }
    }

    /// Whether they have a second factor.
    #[must_use]
    pub fn is_factor(self) -> bool {
        self != Self::Password
    }

    /// Whether a code does.
    #[must_use]
    pub const fn code(self) -> bool {
        matches!(self, Self::Code | Self::CodeOrPasskey)
    }

    /// Whether a passkey does.
    #[must_use]
    pub const fn passkey(self) -> bool {
        matches!(self, Self::Passkey | Self::CodeOrPasskey)
    }
}

impl Visitor {
    /// Whether they hold `permission`.
    #[must_use]
    pub fn has(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }

    /// The same person as a customer's pages see them while they look: a reader, and nothing else.
    #[must_use]
    pub fn looking(&self) -> Option<Self> {
        let look = self.look.clone()?;
        Some(Self {
            staff: false,
            actor: look.actor.clone(),
            permissions: look.permissions.clone(),
            customer: Some(look.customer.clone()),
            customers: 1,
            on_both_sides: false,
            watched: None,
            counts: BTreeMap::new(),
            ..self.clone()
        })
    }

    /// Whether they deal with customers' contracts.
    #[must_use]
    pub fn deals_with_contracts(&self) -> bool {
        self.has(Permission::HosterWrite)
    }

    /// Whether they work on customers' tickets.
    #[must_use]
    pub fn works_on_tickets(&self) -> bool {
        self.has(Permission::TicketWork)
    }
}

/// Whoever sent a valid API token.
#[derive(Debug, Clone)]
pub struct Bearer {
    /// The token; also what its requests are counted under.
    pub token: TokenId,
    /// Who acts, for the gate.
    pub actor: Actor,
    /// What the token may do: its scopes and its owner's role, whichever is less.
    pub permissions: BTreeSet<Permission>,
    /// The language of messages in answers.
    pub language: Language,
}

/// Finds out who is asking. Answers by the state of the tables now, so a session that ended or a role
/// that changed counts from the next request on.
pub trait Sessions: Send + Sync + 'static {
    /// The person behind a session cookie; `None` for a token that is unknown, ended or too old.
    /// Counts as use for the idle limit.
    fn find<'a>(&'a self, token: &'a Secret) -> Working<'a, Result<Option<Visitor>, Fault>>;

    /// Whether the session still stands; does not count as use (live pages ask every minute).
    fn alive(&self, session: SessionId) -> Working<'_, Result<bool, Fault>>;

    /// Notes that an employee sees a page of a customer's on their look: `area` is a code such as
    /// `page.mailboxes`, `object` the id in its path. Without the note, the page must not be shown.
    fn note_look<'a>(
        &'a self,
        visitor: &'a Visitor,
        area: &'a str,
        object: Option<&'a str>,
        client: IpAddr,
    ) -> Working<'a, Result<(), Fault>>;

    /// Notes that an employee used a permission at the desk, for the review of rights.
    fn note_use(&self, user: UserId, permission: Permission) -> Working<'_, Result<(), Fault>>;

    /// Who sent this API token; `None` for one that is unknown, ended or too old.
    fn bearer<'a>(&'a self, token: &'a Secret) -> Working<'a, Result<Option<Bearer>, Fault>>;
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_the_first_two_words_letters() {
        assert_eq!(initials("Bäckerei Sonnenkorn GmbH"), "BS");
        assert_eq!(initials("österreich"), "Ö");
        assert_eq!(initials(""), "");
    }
}
