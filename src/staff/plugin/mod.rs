//! The catalogue of plugins: uploads, their review, who may sign, what customers handed on to authors.
//!
//! Invariants: whoever uploads does not release; what a version asks for stands on its page in plain
//! words beside the reason that its author gives; a recording is shown only after the look at it was
//! noted with its customer. Start reading at [`version`].

mod key;
mod limits;
mod list;
mod recording;
mod release;
#[cfg(test)]
mod tests;
mod upload;
mod version;
mod withdraw;

use wabe_access::Permission;
use wabe_automation::trusted_key::TrustedKey;
use wabe_kernel::Reason;
use wabe_kernel::id::PluginVersionId;
use wabe_web::{Form, Needs, Routes};

use crate::Staff;

const PLACE: &str = "plugins";
const PAGE: &str = "/staff/plugins";
const READ: Needs = Needs::Staff(Permission::PluginRead);
const WRITE: Needs = Needs::Staff(Permission::PluginWrite);

/// The routes of this module.
pub(crate) fn routes() -> Routes<Staff> {
    list::routes()
        .merge(upload::routes())
        .merge(version::routes())
        .merge(release::routes())
        .merge(withdraw::routes())
        .merge(recording::routes())
        .merge(key::routes())
        .merge(limits::routes())
}

/// The page of a version.
fn path(id: PluginVersionId) -> String {
    format!("{PAGE}/{id}")
}

/// Whose signature a package carries.
#[derive(Debug, Clone)]
pub(crate) struct Signer {
    /// The fingerprint of the key.
    pub fingerprint: String,
    /// Whose it is, while it is trusted.
    pub name: Option<String>,
}

impl Signer {
    fn of(signed_by: Option<&String>, keys: &[TrustedKey]) -> Option<Self> {
        let fingerprint = signed_by?.clone();
        let key = keys.iter().find(|key| key.fingerprint == fingerprint);
        let name = key.map(|key| key.name.clone());
        Some(Self { fingerprint, name })
    }
}

/// Makes what a form says anyway, in `field`, the purpose of the act.
fn because(form: &mut Form, field: &str) {
    let said = form.get(field).trim().to_owned();
    // What is no reason is refused at its own field, and once.
    let said = Some(said).filter(|said| said.parse::<Reason>().is_ok());
    let purpose = said.unwrap_or_else(|| "review".to_owned());
    form.fields.insert("purpose".to_owned(), purpose);
}
