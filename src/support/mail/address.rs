//! The address of the hoster's support, and that of each ticket behind it.

use wabe_kernel::rng::{Rng, random};
use wabe_kernel::{Fault, MailAddress};

/// The letters of a token: none that look alike, and no upper case, which mail does not keep.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Letters of a token: 130 bits.
const TOKEN_LETTERS: usize = 26;

/// Where mail to support goes: `support@…`, and `support+token@…` for one ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupportAddress(MailAddress);

/// Which address of support a letter went to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SentTo {
    /// The plain one.
    Support,
    /// The one with this token.
    Ticket(String),
}

impl SupportAddress {
    /// This address.
    #[must_use]
    pub const fn new(address: MailAddress) -> Self {
        Self(address)
    }

    /// The plain one.
    #[must_use]
    pub const fn plain(&self) -> &MailAddress {
        &self.0
    }

    /// The one with this token.
    ///
    /// # Errors
    /// A fault when the token makes the address too long.
    pub fn of_ticket(&self, token: &str) -> Result<MailAddress, Fault> {
        let text = format!("{}+{token}@{}", self.0.local().as_str(), self.0.domain());
        text.parse()
            .map_err(|_problem| Fault::new("make the address of a ticket"))
    }

    /// Whether mail for this recipient is for support, and for which address of it.
    #[must_use]
    pub fn sent_to(&self, recipient: &str) -> Option<SentTo> {
        let recipient: MailAddress = recipient.trim().parse().ok()?;
        if recipient.domain() != self.0.domain() {
            return None;
        }
        let local = recipient.local().as_str();
        if local == self.0.local().as_str() {
            return Some(SentTo::Support);
        }
        let token = local
            .strip_prefix(self.0.local().as_str())?
            .strip_prefix('+')?;
        Some(SentTo::Ticket(token.to_owned()))
    }
}

/// A token that nobody guesses.
pub(crate) fn token(rng: &dyn Rng) -> String {
    let letter = |byte: u8| LETTERS.get(usize::from(byte & 31)).copied().unwrap_or(b'a');
    let bytes = random::<TOKEN_LETTERS>(rng);
    bytes.iter().map(|byte| char::from(letter(*byte))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn support() -> SupportAddress {
        SupportAddress::new("support@wabe.localhost".parse().unwrap())
    }

    #[test]
    fn a_ticket_has_an_address_of_its_own() {
        let address = support().of_ticket("abc2").unwrap();
        assert_eq!(address.to_string(), "support+abc2@wabe.localhost");
        let sent_to = |text: &str| support().sent_to(text);
        let token = SentTo::Ticket("abc2".to_owned());
        assert_eq!(sent_to("Support+ABC2@wabe.localhost"), Some(token));
        assert_eq!(sent_to("support@WABE.localhost"), Some(SentTo::Support));
        for other in [
            "support@elsewhere.test",
            "supporter@wabe.localhost",
            "panel@wabe.localhost",
            "",
        ] {
            assert_eq!(sent_to(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn any_text_as_a_recipient(text in any::<String>()) {
            drop(support().sent_to(&text));
        }
    }
}
