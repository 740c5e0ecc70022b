//! The alias file of a domain: which address delivers to which mailboxes.
//!
//! Two lines per alias: `# als_… revision=R present` and `alias@x: one@x, two@x`. The line of a hidden
//! alias is commented out with `#-`, so that no reader of such files delivers by it.
//!
//! Invariant: [`parse`] of [`render`] is what was rendered. Source: bar part 2 P1, 3.14 T1.

use wabe_kernel::MailAddress;
use wabe_kernel::desired::{Alias, Revision, Wish};
use wabe_kernel::id::{AliasId, DomainId};

use crate::embedded::mail::passwd::Unwritable;

/// What begins the line of a hidden alias.
const HIDDEN: &str = "#-";

/// An alias as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AliasRecord {
    /// The alias.
    pub(super) alias: Alias,
    /// Whether it is out of reach.
    pub(super) hidden: bool,
    /// The wish that put it there.
    pub(super) revision: Revision,
}

impl AliasRecord {
    /// The wish it stands for.
    pub(super) fn wish(&self) -> Wish<Alias> {
        if self.hidden {
            Wish::Hidden(self.alias.clone())
        } else {
            Wish::Present(self.alias.clone())
        }
    }
}

/// The file's text.
pub(super) fn render<'a>(
    records: impl Iterator<Item = &'a AliasRecord>,
) -> Result<String, Unwritable> {
    let mut text = String::new();
    for record in records {
        if record.revision < 0 {
            return Err(Unwritable("number"));
        }
        let address = hosted(&record.alias.address)?;
        let targets: Result<Vec<String>, _> = record.alias.targets.iter().map(hosted).collect();
        let (word, mark) = if record.hidden {
            ("hidden", HIDDEN)
        } else {
            ("present", "")
        };
        let lines = [
            format!("# {} revision={} {word}", record.alias.id, record.revision),
            format!("{mark}{address}: {}", targets?.join(", ")),
        ];
        for line in lines {
            let plain = line.bytes().all(|b| b == b' ' || b.is_ascii_graphic());
            plain.then_some(()).ok_or(Unwritable("line"))?;
            text.push_str(&line);
            text.push('\n');
        }
    }
    Ok(text)
}

/// An address in the characters that mean nothing in the file.
fn hosted(address: &MailAddress) -> Result<String, Unwritable> {
    if address.local().can_be_hosted() {
        Ok(address.to_string())
    } else {
        Err(Unwritable("address"))
    }
}

/// The records of a file, and the numbers of lines that are no part of one (from 1).
pub(super) fn parse(bytes: &[u8], domain: DomainId) -> (Vec<AliasRecord>, Vec<usize>) {
    let mut records = Vec::new();
    let mut broken = Vec::new();
    let mut head: Option<Head> = None;
    for (number, line) in bytes.split(|&b| b == b'\n').enumerate() {
        if line.is_empty() {
            continue;
        }
        let line = std::str::from_utf8(line).unwrap_or("");
        let found = match head.take() {
            Some(head) => body(line, head, domain).map(|record| records.push(record)),
            None => Head::parse(line).map(|found| head = Some(found)),
        };
        if found.is_none() {
            broken.push(number.saturating_add(1));
            // The next record may begin in the very line where this one broke off.
            head = Head::parse(line);
        }
    }
    if head.is_some() {
        broken.push(0);
    }
    (records, broken)
}

/// The first line of a record.
#[derive(Clone, Copy)]
struct Head {
    id: AliasId,
    revision: Revision,
    hidden: bool,
}

impl Head {
    fn parse(line: &str) -> Option<Self> {
        let mut words = line.strip_prefix("# ")?.split(' ');
        let id = words.next()?.parse().ok()?;
        let revision: Revision = words.next()?.strip_prefix("revision=")?.parse().ok()?;
        let hidden = match words.next()? {
            "hidden" => true,
            "present" => false,
            _ => return None,
        };
        (words.next().is_none() && revision >= 0).then_some(Self {
            id,
            revision,
            hidden,
        })
    }
}

fn body(line: &str, head: Head, domain: DomainId) -> Option<AliasRecord> {
    let line = if head.hidden {
        line.strip_prefix(HIDDEN)?
    } else {
        line
    };
    let (address, targets) = line.split_once(": ")?;
    let strict = |text: &str| -> Option<MailAddress> {
        let address: MailAddress = text.parse().ok()?;
        (address.local().can_be_hosted() && address.to_string() == text).then_some(address)
    };
    let targets = if targets.is_empty() {
        Vec::new()
    } else {
        targets.split(", ").map(strict).collect::<Option<_>>()?
    };
    Some(AliasRecord {
        alias: Alias {
            id: head.id,
            domain,
            address: strict(address)?,
            targets,
        },
        hidden: head.hidden,
        revision: head.revision,
    })
}
