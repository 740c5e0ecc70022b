//! What the hoster's people saw and changed of a customer's, as the customer reads it: both logs in one.
//!
//! Invariants: everything that staff, and programs with their tokens, looked at is in it as long as the access
//! log keeps it, everything that they changed, or had a plugin change, as long as the record does; people are told
//! as signs, which only the hoster's privacy officer turns back. Source: controls MWK-4-03, GON-3.2-02, bar 3.8 T4.

use crate::area::{About, about};
use crate::keys::Keys;
use schemars::JsonSchema;
use serde::Serialize;
use wabe_kernel::id::{ChangeId, CustomerId, GrantId, TicketId, TokenId, UserId};
use wabe_kernel::{Fault, Page, PageRequest, Timestamp};
use wabe_store::{Row, Tx, statements};

statements! {
    // Of a plugin, what staff had it do in a ticket; the person in its entry is whoever granted its rights.
    LIST = "audit.seen.list" =>
        "SELECT * FROM (SELECT 'look' AS what, id, at, user_id, area AS word, object_id, ticket_id, \
             grant_id, token_id, detail FROM access_log WHERE customer_id = $1 AND actor_kind = 'staff' \
             AND at > $5 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4) AS looks \
         UNION ALL \
         SELECT * FROM (SELECT 'change' AS what, id, at, \
             CASE WHEN actor_kind = 'plugin' THEN NULL ELSE actor_user END AS user_id, command AS word, \
             object_id, ticket_id, CAST(NULL AS TEXT) AS grant_id, \
             actor_token AS token_id, CAST(NULL AS TEXT) AS detail FROM change WHERE customer_id = $1 \
             AND (actor_kind = 'staff' OR (actor_kind IN ('token', 'plugin') AND authority <> 'customer')) \
             AND at > $5 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4) AS changes \
         ORDER BY at DESC, id DESC LIMIT $4";
    COUNT = "audit.seen.count" =>
        "SELECT CAST((SELECT count(*) FROM access_log WHERE customer_id = $1 AND actor_kind = 'staff' \
             AND at > $2 AND at <= $3) + (SELECT count(*) FROM change WHERE customer_id = $1 \
             AND (actor_kind = 'staff' OR (actor_kind IN ('token', 'plugin') AND authority <> 'customer')) \
             AND at > $2 AND at <= $3) AS BIGINT) AS accesses";
    IN_TICKET = "audit.seen.in_ticket" =>
        "SELECT area, CAST(count(*) AS BIGINT) AS looks FROM access_log \
         WHERE ticket_id = $1 AND customer_id = $2 AND actor_kind = 'staff' GROUP BY area";
}

/// Before every moment.
const BEFORE_ALL: Timestamp = Timestamp(i64::MIN);
/// Behind every id of the same moment.
const BEHIND_ALL: &str = "~";
/// Letters of a sign that are not mistaken for each other, spoken or written.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// Letters in a sign.
const SIGN_CHARS: usize = 6;

/// Something that staff saw or changed.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Seen {
    /// `look` or `change`.
    pub what: String,
    /// When.
    pub at: Timestamp,
    /// Who, as a sign that the hoster's privacy officer can turn back. Of what a plugin changed that staff set to
    /// work, nobody: the look beside it says who did.
    pub by: Option<String>,
    /// The API token with which a program did it, in place of the person.
    pub token: Option<TokenId>,
    /// What that token is called, while it is there.
    pub token_name: Option<String>,
    /// What was looked at, or the command.
    pub word: String,
    /// The id of the thing.
    pub object: Option<String>,
    /// Which part of it was read: the name of a file or a table, the key of a message.
    pub detail: Option<String>,
    /// In which ticket.
    pub ticket: Option<TicketId>,
    /// The grant on which staff saw a page.
    pub access: Option<GrantId>,
    /// The entry of the record, of a change.
    pub change: Option<ChangeId>,
}

/// How often the hoster's people looked at what in one ticket, as long as the access log keeps it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Looks {
    /// Letters.
    pub mail: i64,
    /// Files and folders.
    pub files: i64,
    /// Tables and what stands in them.
    pub rows: i64,
    /// Logs of sites, and recordings of plugins.
    pub logs: i64,
    /// How things are set up.
    pub settings: i64,
    /// Why something does not work.
    pub checks: i64,
}

impl Looks {
    /// How often content was read.
    #[must_use]
    pub const fn content(&self) -> i64 {
        self.mail + self.files + self.rows + self.logs
    }

    fn add(&mut self, area: &str, looks: i64) {
        let place = match about(area) {
            About::Mail => &mut self.mail,
            About::Files => &mut self.files,
            About::Rows => &mut self.rows,
            About::Logs => &mut self.logs,
            About::Settings => &mut self.settings,
            About::Checks => &mut self.checks,
            About::Ticket => return,
        };
        *place += looks;
    }
}

/// What the hoster's people looked at in a ticket of a customer; not the ticket itself. Tenancy: the customer's own
/// transaction may.
///
/// # Errors
/// A fault of the database.
pub async fn looks_in(tx: &mut Tx, customer: CustomerId, ticket: TicketId) -> Result<Looks, Fault> {
    let mut looks = Looks::default();
    for row in IN_TICKET.bind(ticket).bind(customer).all(tx).await? {
        looks.add(&row.text("area")?, row.int("looks")?);
    }
    Ok(looks)
}

impl Keys {
    /// The sign of an employee: what customers are told in place of a name.
    #[must_use]
    pub fn sign_of(&self, user: UserId) -> String {
        let stands_for = self.pseudonym(&format!("sign {user}"));
        let letters = stands_for.as_bytes().chunks(2).take(SIGN_CHARS);
        letters
            .filter_map(|pair| {
                let value = usize::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
                LETTERS.get(value % LETTERS.len()).copied().map(char::from)
            })
            .collect()
    }
}

fn from_row(keys: &Keys, row: &Row) -> Result<(String, Seen), Fault> {
    let (id, at) = (row.text("id")?, row.time("at")?);
    let what = row.text("what")?;
    let user: Option<UserId> = row.parsed_or_null("user_id")?;
    let key = format!("{} {id}", at.0);
    let seen = Seen {
        at,
        by: user.map(|user| keys.sign_of(user)),
        token: row.parsed_or_null("token_id")?,
        token_name: None,
        word: row.text("word")?,
        object: row.text_or_null("object_id")?,
        detail: row.text_or_null("detail")?,
        ticket: row.parsed_or_null("ticket_id")?,
        access: row.parsed_or_null("grant_id")?,
        change: if what == "change" {
            id.parse().ok()
        } else {
            None
        },
        what,
    };
    Ok((key, seen))
}

/// A page of what staff saw and changed of a customer's, newest first.
///
/// # Errors
/// A fault of the database.
pub(crate) async fn list(
    tx: &mut Tx,
    keys: &Keys,
    customer: CustomerId,
    page: &PageRequest,
) -> Result<Page<Seen>, Fault> {
    // A cursor that means nothing begins anew.
    let after = page.after.as_ref().and_then(|cursor| {
        let (at, id) = cursor.key().split_once(' ')?;
        Some((Timestamp(at.parse().ok()?), id))
    });
    let (at, id) = after.unwrap_or((Timestamp(i64::MAX), ""));
    let query = LIST.bind(customer).bind(at).bind(id).bind(page.limit + 1);
    let rows = query.bind(BEFORE_ALL).all(tx).await?;
    let items = rows.iter().map(|row| from_row(keys, row));
    let items = items.collect::<Result<Vec<_>, Fault>>()?;
    Ok(Page::from_rows(items, page.limit, |(key, _)| key.clone()).map(|(_, seen)| seen))
}

/// The latest of what staff saw and changed of a customer's later than `after` and not later than `until`,
/// oldest first, `most` at most; and how much it was in all.
///
/// # Errors
/// A fault of the database.
pub(crate) async fn between(
    tx: &mut Tx,
    keys: &Keys,
    customer: CustomerId,
    (after, until): (Timestamp, Timestamp),
    most: i64,
) -> Result<(Vec<Seen>, i64), Fault> {
    let query = COUNT.bind(customer).bind(after).bind(until);
    let count = query.one(tx).await?.int("accesses")?;
    let query = LIST.bind(customer).bind(until).bind(BEHIND_ALL).bind(most);
    let rows = query.bind(after).all(tx).await?;
    let all = rows.iter().rev();
    let all = all.map(|row| from_row(keys, row).map(|(_, seen)| seen));
    Ok((all.collect::<Result<_, Fault>>()?, count))
}
