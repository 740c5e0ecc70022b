//! That somebody looked at something, before it is noted.

use std::net::IpAddr;
use wabe_kernel::id::{CustomerId, GrantId, TicketId, TokenId, UserId};

/// As whom somebody looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessBy {
    /// Somebody of the customer, themselves or with a token.
    Member,
    /// A plugin of the customer's.
    Plugin,
    /// Somebody of the hoster, in this ticket if they said so, on this grant if it took one.
    Staff(Option<TicketId>, Option<GrantId>),
    /// A program of the hoster's, with this token of somebody who works there, in this ticket.
    Program(TokenId, Option<TicketId>),
}

impl AccessBy {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Plugin => "plugin",
            Self::Staff(..) | Self::Program(..) => "staff",
        }
    }

    pub(crate) const fn place(self) -> (Option<TicketId>, Option<GrantId>, Option<TokenId>) {
        match self {
            Self::Staff(ticket, grant) => (ticket, grant, None),
            Self::Program(token, ticket) => (ticket, None, Some(token)),
            Self::Member | Self::Plugin => (None, None, None),
        }
    }
}

/// What of the customer's content an area is about, as a look's reach names it; nothing for how things stand.
fn content_of(area: &str) -> Option<&'static str> {
    match area.split_once('.') {
        Some(("mail", _)) => Some("mail"),
        Some(("file", _)) => Some("files"),
        Some(("sql", _)) => Some("rows"),
        _ => None,
    }
}

/// Somebody looked at something.
#[derive(Debug, Clone, Copy)]
pub struct Access<'a> {
    /// Whose data.
    pub customer: CustomerId,
    /// Who; absent for the system.
    pub user: Option<UserId>,
    /// As whom.
    pub by: AccessBy,
    /// A code of the area or the read, such as `mail.read`.
    pub area: &'a str,
    /// What exactly, by id.
    pub object_id: Option<&'a str>,
    /// From where; stored shortened.
    pub address: Option<IpAddr>,
}

impl Access<'_> {
    /// What of its look's reach opened it; nothing for how things stand.
    pub(crate) fn reach(&self) -> Option<String> {
        let (_, grant, _) = self.by.place();
        let reach = grant.zip(content_of(self.area));
        reach.map(|(grant, content)| format!("{grant}.{content}"))
    }
}

#[cfg(test)]
mod tests {
    use super::content_of;

    #[test]
    fn areas_of_content_are_told_from_how_things_stand() {
        let of = [
            "mail.read",
            "file.list",
            "sql.rows",
            "log.read",
            "page.mailboxes",
            "mail",
        ];
        let found = of.map(content_of);
        assert_eq!(
            found,
            [Some("mail"), Some("files"), Some("rows"), None, None, None]
        );
    }
}
