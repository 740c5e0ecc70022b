//! A letter to the hoster's support, taken apart. All of it is a stranger's word.

use crate::mail_address::MailAddress;
use std::collections::BTreeMap;
use std::fmt;

/// What a letter says. Debug shows none of it.
#[derive(Clone, Default)]
pub struct IncomingMail {
    /// Who says they wrote it; nobody when it does not say, or names several.
    pub from: Option<MailAddress>,
    /// What it says it is about, in one plain line; may be empty.
    pub subject: String,
    /// What its sender calls it, without angle brackets.
    pub message_id: Option<String>,
    /// The fields of its head, by name in lower case; of several of one name the first.
    pub fields: BTreeMap<String, String>,
    /// Its text; of HTML what can be read of it.
    pub text: String,
    /// What came with it: names and bytes.
    pub files: Vec<(String, Vec<u8>)>,
}

impl fmt::Debug for IncomingMail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (text, files) = (self.text.len(), self.files.len());
        write!(f, "IncomingMail({text} bytes, {files} files)")
    }
}

impl IncomingMail {
    /// A field of its head; empty when it is not there.
    #[must_use]
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}
