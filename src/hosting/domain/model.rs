//! A domain as people and the API see it.

use schemars::JsonSchema;
use serde::Serialize;
use std::str::FromStr;
use wabe_access::command::House;
use wabe_access::door::Object;
use wabe_access::standing::Standing;
use wabe_kernel::id::{CustomerId, DomainId};
use wabe_kernel::{DomainName, Problem, RedirectTarget, Timestamp};

/// How a right to a domain was proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A TXT record.
    Txt,
    /// A file below `/.well-known/`.
    File,
    /// Delegation to name servers given to this claim alone.
    NameServer,
    /// An operator recorded it.
    Import,
    /// `.localhost` and `.test` in the demo.
    Demo,
}

impl Method {
    /// The word in the database and the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Txt => "txt",
            Self::File => "file",
            Self::NameServer => "name_server",
            Self::Import => "import",
            Self::Demo => "demo",
        }
    }
}

impl FromStr for Method {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let all = [
            Self::Txt,
            Self::File,
            Self::NameServer,
            Self::Import,
            Self::Demo,
        ];
        all.into_iter()
            .find(|method| method.word() == text)
            .ok_or(Problem::new("not-a-choice"))
    }
}

/// What a customer may put in place; one of them is enough.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Proofs {
    /// The name of the TXT record.
    pub txt_name: String,
    /// Its value.
    pub txt_value: String,
    /// The path of the file on the domain's present website.
    pub file_path: String,
    /// Its content.
    pub file_content: String,
    /// The name servers to delegate to.
    pub name_servers: Vec<String>,
}

/// A domain.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Domain {
    /// Its id.
    pub id: DomainId,
    /// Its name in ASCII.
    pub name: DomainName,
    /// Its name for people, with umlauts.
    pub name_unicode: String,
    /// Whether the right to it was proved.
    pub verified: bool,
    /// How.
    pub method: Option<Method>,
    /// Since when.
    pub verified_at: Option<Timestamp>,
    /// What is missing, as a code: `not-seen-yet`, `needs-consent`, `proved-elsewhere`, `proved`.
    pub finding: String,
    /// When it was last looked at.
    pub checked_at: Option<Timestamp>,
    /// When it is looked at next.
    pub next_check_at: Option<Timestamp>,
    /// Where its visitors are sent, whatever path they ask for; absent when it sends them nowhere.
    pub redirect: Option<RedirectTarget>,
    /// What to put in place while it is not proved.
    pub proofs: Option<Proofs>,
    /// Its state.
    #[serde(flatten)]
    pub standing: Standing,
    #[serde(skip)]
    pub(crate) token: String,
    #[serde(skip)]
    pub(crate) consented_by: Option<CustomerId>,
}

/// The name of the file that proves a domain. Nothing of it is a customer's text.
pub(crate) const FILE: &str = "wabe-verification.txt";

impl Domain {
    pub(crate) fn object(&self) -> Object {
        Object {
            kind: "domain",
            id: self.id.to_string(),
            name: self.name.to_string(),
        }
    }

    /// What the record keeps of it.
    pub(crate) fn snapshot(&self) -> serde_json::Value {
        serde_json::json!({
            "id": self.id, "name": self.name, "verified": self.verified,
            "method": self.method.map(Method::word), "redirect": self.redirect,
        })
    }

    /// The same with what the customer may put in place, unless it is proved.
    #[must_use]
    pub fn with_proofs(mut self, house: &House) -> Self {
        if !self.verified {
            let server = |n: u8| format!("ns{n}.{}.{}", self.token, house.name_server_suffix);
            let (txt_name, txt_value) = self.txt_record();
            self.proofs = Some(Proofs {
                txt_name,
                txt_value,
                file_path: format!("/.well-known/{FILE}"),
                file_content: self.token.clone(),
                name_servers: vec![server(1), server(2)],
            });
        }
        self
    }

    /// The name and the value of the TXT record that proves it.
    #[must_use]
    pub fn txt_record(&self) -> (String, String) {
        (format!("_wabe.{}", self.name), self.txt_value())
    }

    pub(crate) fn txt_value(&self) -> String {
        format!("wabe-verification={}", self.token)
    }
}
