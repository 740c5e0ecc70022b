//! Addresses that lack a second one elsewhere, as the start page and the account page say it.

use wabe_access::Permission;
use wabe_web::{Failure, Visitor};

use crate::Portal;

/// One of them.
#[derive(Debug, Clone)]
pub(crate) struct Lacking {
    /// Whose it is, as message names say it: `login` or `contact`.
    pub(crate) word: &'static str,
    /// The address.
    pub(crate) address: String,
    /// Where a second one is given.
    pub(crate) href: &'static str,
}

impl Portal {
    /// Where a visitor should give a second address: for their login, and for the customer where they may.
    pub(crate) async fn lacking(&self, visitor: &Visitor) -> Result<Vec<Lacking>, Failure> {
        let may = visitor.has(Permission::CustomerWrite);
        let customer = visitor.customer.as_ref().filter(|_| may);
        let of = customer.map(|brief| brief.id);
        let missing = self.identity.missing_addresses(visitor.user, of).await?;
        let login = missing.login.map(|address| Lacking {
            word: "login",
            address: address.to_string(),
            href: "/account/email",
        });
        let contact = missing.contact.map(|address| Lacking {
            word: "contact",
            address: address.to_string(),
            href: "/contact",
        });
        Ok(login.into_iter().chain(contact).collect())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// One of each.
    pub(crate) fn lacking() -> Vec<Lacking> {
        [("login", "/account/email"), ("contact", "/contact")]
            .map(|(word, href)| Lacking {
                word,
                address: "info@backstube-sonnenkorn-donaudampfschifffahrt.example".to_owned(),
                href,
            })
            .to_vec()
    }
}
