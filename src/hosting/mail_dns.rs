//! What the world's DNS says about the mail of a domain: a look, never a judgement.
//!
//! Source: RFC 5321 5 (MX), RFC 7208 (SPF), RFC 6376 3.6 (DKIM), RFC 7489 6 (DMARC).

use crate::diagnosis::is_local;
use futures_util::future::{join, join_all, join3};
use schemars::JsonSchema;
use serde::Serialize;
use wabe_access::command::House;
use wabe_kernel::DomainName;
use wabe_kernel::outside::Lookup;

/// Names under which keys of DKIM are looked for; a domain cannot be asked which it has. The ones that the
/// large services and the usual mail servers set up.
const SELECTORS: [&str; 12] = [
    "default",
    "dkim",
    "mail",
    "selector1",
    "selector2",
    "google",
    "s1",
    "s2",
    "k1",
    "k2",
    "mx",
    "smtp",
];

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MailDns {
    /// The id that was asked with: of a domain, or of a mailbox.
    pub id: String,
    /// The name that was looked at.
    pub name: String,
    /// Whether the name never stands in the world's DNS; then nothing else is known.
    pub local: bool,
    /// The servers that take its mail, the first choice first; absent when nobody answered.
    pub servers: Option<Vec<String>>,
    /// The server at which mail for mailboxes here arrives.
    pub expected_server: String,
    /// Its SPF records, more than one is one too many; absent when nobody answered.
    pub spf: Option<Vec<String>>,
    /// The usual selectors under which it has a key of DKIM; absent when nobody answered.
    pub dkim: Option<Vec<String>>,
    /// Its DMARC records, or those of the domain above it; absent when nobody answered.
    pub dmarc: Option<Vec<String>>,
}

/// Whether a TXT record is of this version: a whole word at its beginning. Source: RFC 7208 4.5, RFC 7489 6.3.
pub(crate) fn is_of_version(text: &str, version: &str) -> bool {
    let rest = text.trim_start().strip_prefix(version);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', ';']))
}

/// The TXT records of a name that are of this version; absent when nobody answered.
async fn versioned(
    lookup: &dyn Lookup,
    name: Option<DomainName>,
    version: &str,
) -> Option<Vec<String>> {
    let Some(name) = name else {
        return Some(Vec::new());
    };
    let mut found = lookup.txt(&name).await?;
    found.retain(|text| is_of_version(text, version));
    Some(found)
}

/// The selectors that hold a key that was not taken back; absent when none was found and somebody did not
/// answer.
async fn selectors(lookup: &dyn Lookup, name: &DomainName) -> Option<Vec<String>> {
    let one = |selector: &'static str| async move {
        let place = name.below("_domainkey")?.below(selector)?;
        let is_key = |text: &String| {
            let mut keys = text
                .split(';')
                .filter_map(|tag| tag.trim().strip_prefix("p="));
            keys.any(|key| !key.trim().is_empty())
        };
        let texts = lookup.txt(&place).await?;
        Some((selector, texts.iter().any(is_key)))
    };
    let answers: Vec<_> = join_all(SELECTORS.map(one)).await;
    let silent = answers.contains(&None);
    let found = answers.into_iter().flatten().filter(|(_, is_key)| *is_key);
    let found: Vec<String> = found.map(|(selector, _)| selector.to_owned()).collect();
    (!silent || !found.is_empty()).then_some(found)
}

/// The policy of a name, or of the organisation's domain above it. Source: RFC 7489 6.6.3.
async fn policy(lookup: &dyn Lookup, name: &DomainName) -> Option<Vec<String>> {
    let at = async |name: &DomainName| versioned(lookup, name.below("_dmarc"), "v=DMARC1").await;
    let own = at(name).await?;
    let mut above = name.ancestors().into_iter();
    match above.rfind(|above| !above.is_public_suffix()) {
        Some(above) if own.is_empty() => at(&above).await,
        _ => Some(own),
    }
}

impl MailDns {
    /// What is known of a name before anybody answered, for the thing of this id.
    #[must_use]
    pub fn unanswered(id: String, name: &DomainName, house: &House) -> Self {
        let expected = house.smtp.rsplit_once(':').map_or("", |(host, _)| host);
        Self {
            id,
            name: name.to_string(),
            local: is_local(name),
            servers: None,
            expected_server: expected.to_owned(),
            spf: None,
            dkim: None,
            dmarc: None,
        }
    }

    /// Asks about a name. The world takes its time: the caller bounds it.
    pub async fn ask(mut self, lookup: &dyn Lookup, name: &DomainName) -> Self {
        if self.local {
            return self;
        }
        let texts = join3(
            versioned(lookup, Some(name.clone()), "v=spf1"),
            selectors(lookup, name),
            policy(lookup, name),
        );
        let (servers, (spf, dkim, dmarc)) = join(lookup.mail_servers(name), texts).await;
        let servers = servers.as_ref();
        self.servers = servers.map(|all| all.iter().map(ToString::to_string).collect());
        (self.spf, self.dkim, self.dmarc) = (spf, dkim, dmarc);
        self
    }
}
