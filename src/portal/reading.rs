//! How every page begins to read, and how lists are asked for.
//!
//! Invariant: customer data is read in a transaction scoped to the visitor's customer, with a
//! [`Scope`] made from the tables' state now.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use wabe_access::command::House;
use wabe_access::{Permission, Scope};
use wabe_kernel::{Cursor, DomainName, PageRequest, ResourceKind};
use wabe_store::Tx;
use wabe_web::{Failure, Form, Member, Query};

use crate::Portal;

/// Items on one page of a list.
const LIST_ITEMS: i64 = 50;
/// Characters of a search text that count.
const SEARCH_CHARS: usize = 100;

impl Portal {
    /// A read in the visitor's customer, and what they may see there.
    pub(crate) async fn read(&self, member: &Member) -> Result<(Tx, Scope), Failure> {
        let mut tx = self.gate.store().read_for(member.customer.id).await?;
        let scope = Scope::of(&mut tx, member.actor()).await?;
        Ok((tx, scope))
    }

    /// Facts of this installation.
    pub(crate) fn house(&self) -> &House {
        &self.gate.tools().house
    }
}

/// The text that a list is searched for.
pub(crate) fn search_text(query: &Query) -> String {
    query.get("q").trim().chars().take(SEARCH_CHARS).collect()
}

/// The part of a list that a query string asks for: `q` and `after`.
pub(crate) fn listing(query: &Query) -> PageRequest {
    PageRequest {
        // Without the field its text is empty: that is the first page, also of what is sorted backwards.
        after: Cursor::parse(query.get("after")).filter(|after| !after.key().is_empty()),
        limit: LIST_ITEMS,
        search: search_text(query).to_lowercase(),
    }
}

/// Where the next page of a list is; empty on the last one.
pub(crate) fn next_href(path: &str, query: &Query, next: Option<&str>) -> String {
    let Some(next) = next else {
        return String::new();
    };
    let text = search_text(query);
    if text.is_empty() {
        format!("{path}?after={next}")
    } else {
        format!("{path}?q={}&after={next}", encoded(&text))
    }
}

/// A text as one value of a query string.
pub(crate) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// The form with a field that comes from the address.
#[expect(
    clippy::needless_pass_by_value,
    reason = "ids are copied, texts are borrowed"
)]
pub(crate) fn with_field(mut form: Form, name: &str, value: impl ToString) -> Form {
    form.fields.insert(name.to_owned(), value.to_string());
    form
}

/// What somebody needs to see things of a kind.
pub(crate) const fn sees(kind: ResourceKind) -> Permission {
    match kind {
        ResourceKind::Webspace => Permission::WebspaceRead,
        ResourceKind::Domain => Permission::DomainRead,
        ResourceKind::Mailbox | ResourceKind::Alias => Permission::MailboxRead,
        ResourceKind::Database => Permission::DatabaseRead,
    }
}

/// The icon of a kind, by the word that the record uses for it.
pub(crate) fn icon(kind: &str) -> &'static str {
    match kind {
        "webspace" => "world",
        "domain" => "at",
        "mailbox" => "mail",
        "alias" => "mail-forward",
        "database" => "database",
        "access_key" | "token" => "key",
        "member" | "invitation" => "users",
        "user" => "user",
        "approval" => "user-shield",
        "session" => "devices",
        "cron_job" => "calendar-time",
        "ticket" => "lifebuoy",
        "plugin" | "installation" | "run" => "puzzle",
        _ => "settings",
    }
}

/// A thing's name for people: of a domain with its umlauts.
pub(crate) fn shown_name(kind: &str, name: String) -> String {
    if kind != "domain" {
        return name;
    }
    let domain: Result<DomainName, _> = name.parse();
    domain.map_or(name, |domain| domain.unicode())
}

/// Where the page of a resource is.
pub(crate) fn page_of(kind: ResourceKind, id: &str) -> String {
    let folder = match kind {
        ResourceKind::Webspace => "webspaces",
        ResourceKind::Domain => "domains",
        ResourceKind::Mailbox => "mailboxes",
        ResourceKind::Alias => "aliases",
        ResourceKind::Database => "databases",
    };
    format!("/{folder}/{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_shown_with_their_umlauts() {
        let name = || "xn--bcker-gra.example".to_owned();
        assert_eq!(shown_name("domain", name()), "bäcker.example");
        assert_eq!(shown_name("webspace", name()), name());
    }

    #[test]
    fn the_next_page_keeps_what_was_searched_for() {
        let mut query = Query::default();
        assert_eq!(next_href("/webspaces", &query, None), "");
        assert_eq!(
            next_href("/webspaces", &query, Some("YQ")),
            "/webspaces?after=YQ"
        );
        query
            .0
            .insert("q".to_owned(), " Bäcker & Söhne ".to_owned());
        let next = next_href("/webspaces", &query, Some("YQ"));
        assert_eq!(next, "/webspaces?q=B%C3%A4cker%20%26%20S%C3%B6hne&after=YQ");
        assert_eq!(listing(&query).search, "bäcker & söhne");
    }
}
