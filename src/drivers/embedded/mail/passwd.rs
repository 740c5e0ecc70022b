//! The passwd-file of a domain: who has a mailbox, as Dovecot reads it.
//!
//! One line per mailbox, seven fields and the extra fields:
//! `address:{ARGON2ID}$argon2id$…::::::userdb_quota_rule=*:bytes=N userdb_mail=maildir:PATH
//! userdb_wabe_id=mbx_… userdb_wabe_revision=R`. A hidden mailbox keeps its line, with `nologin=y` and
//! a hash that no password matches (`{ARGON2ID}!$argon2id$…`).
//!
//! Invariant: no field is written that holds a colon, a blank, a control or a non-ASCII character
//! where the format gives it a meaning; [`parse`] of [`render`] is what was rendered.
//! Source: Dovecot 2.3 passwd-file; bar part 2 P1, 3.14 T1.

use wabe_kernel::MailAddress;
use wabe_kernel::desired::{Mailbox, Revision, Wish};
use wabe_kernel::id::{DomainId, MailboxId};

/// What precedes the hash.
const SCHEME: &str = "{ARGON2ID}";

/// A mailbox as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MailboxRecord {
    /// The mailbox.
    pub(super) mailbox: Mailbox,
    /// Whether it is out of reach.
    pub(super) hidden: bool,
    /// The wish that put it there.
    pub(super) revision: Revision,
}

impl MailboxRecord {
    /// The wish it stands for.
    pub(super) fn wish(&self) -> Wish<Mailbox> {
        if self.hidden {
            Wish::Hidden(self.mailbox.clone())
        } else {
            Wish::Present(self.mailbox.clone())
        }
    }
}

/// A value that cannot be written; says which field, never the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unwritable(pub(super) &'static str);

/// A field between colons: visible ASCII without a colon.
struct Field<'a>(&'a str);

/// The value of an extra field: visible ASCII.
struct Extra<'a>(&'a str);

impl<'a> Field<'a> {
    fn new(name: &'static str, text: &'a str) -> Result<Self, Unwritable> {
        let plain = text.bytes().all(|b| b.is_ascii_graphic() && b != b':');
        plain.then_some(Self(text)).ok_or(Unwritable(name))
    }
}

impl<'a> Extra<'a> {
    fn new(name: &'static str, text: &'a str) -> Result<Self, Unwritable> {
        let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic());
        plain.then_some(Self(text)).ok_or(Unwritable(name))
    }
}

/// The folder of all mailboxes as a path that fits into the file; `None` when it does not.
///
/// Dovecot expands `%`, so only plain path characters are fit.
pub(super) fn writable_path(path: &std::path::Path) -> Option<String> {
    let text = path.to_str()?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/._-".contains(&b);
    (text.starts_with('/') && text.bytes().all(plain)).then(|| text.to_owned())
}

/// The file's text. `boxes` is the folder of all mailboxes; without it the lines name no Maildir.
pub(super) fn render<'a>(
    records: impl Iterator<Item = &'a MailboxRecord>,
    boxes: Option<&str>,
) -> Result<String, Unwritable> {
    let mut text = String::new();
    for record in records {
        text.push_str(&line(record, boxes)?);
        text.push('\n');
    }
    Ok(text)
}

fn line(record: &MailboxRecord, boxes: Option<&str>) -> Result<String, Unwritable> {
    let mailbox = &record.mailbox;
    if !mailbox.address.local().can_be_hosted() {
        return Err(Unwritable("address"));
    }
    if !is_argon2id(&mailbox.password_hash) {
        return Err(Unwritable("password-hash"));
    }
    if mailbox.quota < 0 || record.revision < 0 {
        return Err(Unwritable("number"));
    }
    let lock = if record.hidden { "!" } else { "" };
    let password = format!("{SCHEME}{lock}{}", mailbox.password_hash);
    let address = mailbox.address.to_string();
    let fields = [
        Field::new("address", &address)?.0,
        Field::new("password-hash", &password)?.0,
    ];
    let mut extras = vec![("userdb_quota_rule", format!("*:bytes={}", mailbox.quota))];
    if let Some(boxes) = boxes {
        let path = format!("maildir:{boxes}/{}/Maildir", mailbox.id);
        extras.push(("userdb_mail", path));
    }
    extras.push(("userdb_wabe_id", mailbox.id.to_string()));
    extras.push(("userdb_wabe_revision", record.revision.to_string()));
    if record.hidden {
        extras.push(("nologin", "y".to_owned()));
    }
    let mut written = Vec::with_capacity(extras.len());
    for (name, value) in &extras {
        written.push(format!("{name}={}", Extra::new(name, value)?.0));
    }
    Ok(format!("{}::::::{}", fields.join(":"), written.join(" ")))
}

/// True for a PHC string of argon2id in the characters that PHC strings have.
fn is_argon2id(hash: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"$=,+/.-".contains(&b);
    hash.starts_with("$argon2id$") && hash.len() <= 512 && hash.bytes().all(plain)
}

/// The records of a file, and the numbers of lines that are not such records (from 1).
pub(super) fn parse(bytes: &[u8], domain: DomainId) -> (Vec<MailboxRecord>, Vec<usize>) {
    let mut records = Vec::new();
    let mut broken = Vec::new();
    for (number, line) in bytes.split(|&b| b == b'\n').enumerate() {
        if line.is_empty() || line.starts_with(b"#") {
            continue;
        }
        match std::str::from_utf8(line)
            .ok()
            .and_then(|line| record(line, domain))
        {
            Some(record) => records.push(record),
            None => broken.push(number.saturating_add(1)),
        }
    }
    (records, broken)
}

fn record(line: &str, domain: DomainId) -> Option<MailboxRecord> {
    if !line.bytes().all(|b| b == b' ' || b.is_ascii_graphic()) {
        return None;
    }
    let mut fields = line.splitn(8, ':');
    let address: MailAddress = fields.next()?.parse().ok()?;
    let password = fields.next()?.strip_prefix(SCHEME)?;
    // uid, gid, gecos, home, shell
    for _ in 0..5 {
        fields.next()?.is_empty().then_some(())?;
    }
    let extras = Extras::parse(fields.next()?)?;
    let hash = match (extras.hidden, password.strip_prefix('!')) {
        (true, Some(hash)) => hash,
        (false, None) => password,
        _ => return None,
    };
    if !is_argon2id(hash) || !address.local().can_be_hosted() {
        return None;
    }
    let id = extras.id?;
    if let Some(path) = extras.mail {
        path.strip_prefix("maildir:")?
            .ends_with(&format!("/{id}/Maildir"))
            .then_some(())?;
    }
    Some(MailboxRecord {
        mailbox: Mailbox {
            id,
            domain,
            address,
            password_hash: hash.to_owned(),
            quota: extras.quota.filter(|quota| *quota >= 0)?,
        },
        hidden: extras.hidden,
        revision: extras.revision.filter(|revision| *revision >= 0)?,
    })
}

/// What the extra fields say; each at most once, none unknown.
#[derive(Default)]
struct Extras<'a> {
    quota: Option<i64>,
    mail: Option<&'a str>,
    id: Option<MailboxId>,
    revision: Option<Revision>,
    hidden: bool,
}

impl<'a> Extras<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let mut found = Self::default();
        for extra in text.split(' ') {
            let (name, value) = extra.split_once('=')?;
            let twice = match name {
                "userdb_quota_rule" => {
                    let quota = value.strip_prefix("*:bytes=")?.parse().ok()?;
                    found.quota.replace(quota).is_some()
                }
                "userdb_mail" => found.mail.replace(value).is_some(),
                "userdb_wabe_id" => found.id.replace(value.parse().ok()?).is_some(),
                "userdb_wabe_revision" => found.revision.replace(value.parse().ok()?).is_some(),
                "nologin" if value == "y" => std::mem::replace(&mut found.hidden, true),
                _ => return None,
            };
            if twice {
                return None;
            }
        }
        Some(found)
    }
}
