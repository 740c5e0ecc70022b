//! Before the login: logging in and out, the second factor and its loss, a new password, a way past a
//! lock, a first password, an invitation, another address; and a list of all these ways.
//!
//! Invariants: one refusal, whatever was wrong (bar 3.3 T1); asking for a link is always answered
//! alike; a link's secret leaves the address with the first page and comes back in the form only
//! (bar 3.4 T1); opening a link changes nothing, because mail programs open links too; nothing here
//! logs anybody in but the login itself.

mod contact;
mod email;
mod enrol_passkey;
mod factor;
mod help;
mod instruction;
mod invitation;
mod keep;
mod login;
mod lost;
mod reset;
mod unlock;

use wabe_identity::Profile;
use wabe_identity::password::initial::generate;
use wabe_kernel::Secret;
use wabe_web::Routes;
use wabe_web::face::DOOR;

use crate::Portal;

#[cfg(test)]
pub(crate) use factor::tests as factor_tests;
pub(crate) use factor::{App, CodesPage};

/// The most characters of a link's secret that are looked at.
const LINK_CHARS: usize = 128;

/// What a new password must be, for the form that asks for one.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    /// The fewest characters.
    pub length_min: usize,
    /// Whether classes of characters are demanded.
    pub composition: bool,
    /// How many earlier passwords may not come back.
    pub history: i64,
    /// One that the machine made, for who likes it.
    pub suggestion: String,
}

impl Rules {
    fn of(profile: &Profile, beside_factor: bool, suggestion: &Secret) -> Self {
        Self {
            length_min: profile.fewest(beside_factor),
            composition: profile.composition,
            history: profile.history,
            suggestion: suggestion.expose().to_owned(),
        }
    }
}

impl Portal {
    /// The rules for passwords in force, for one beside a second factor or one that stands alone.
    pub(crate) fn password_rules(&self, beside_factor: bool) -> Rules {
        Rules::of(
            self.identity.profile(),
            beside_factor,
            &generate(self.gate.tools().rng.as_ref()),
        )
    }
}

/// A link's secret as it came, or nothing that could ever be one.
fn link(text: &str) -> Secret {
    Secret::new(if text.len() <= LINK_CHARS { text } else { "" })
}

/// The routes of this module.
pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&DOOR)
        .merge(login::routes())
        .merge(factor::routes())
        .merge(enrol_passkey::routes())
        .merge(lost::routes())
        .merge(keep::routes())
        .merge(help::routes())
        .merge(instruction::routes())
        .merge(contact::routes())
        .merge(reset::routes())
        .merge(unlock::routes())
        .merge(email::routes())
        .merge(invitation::routes())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Rules of the strictest profile.
    pub(crate) fn rules() -> Rules {
        Rules::of(
            &wabe_identity::profile::DE_LEGACY,
            false,
            &Secret::new("Kf7qd-Tr4mn-Wp8ab-Zh2cd"),
        )
    }

    #[test]
    fn a_links_secret_of_any_length_is_harmless() {
        assert_eq!(link(&"a".repeat(43)).expose().len(), 43);
        assert!(link(&"a".repeat(10_000)).is_empty());
    }
}
