//! Telling the right people.

use crate::mail::{self, Outgoing, Recipient};
use crate::notice::store::{self, NewNotice};
use crate::text::{Args, NoticeKind};
use wabe_access::actor::HOUSE;
use wabe_access::{Permission, member};
use wabe_kernel::id::{CustomerId, UserId};
use wabe_kernel::{Fault, ResourceKind, Rng, Timestamp};
use wabe_store::Tx;

/// What a notice is about, and with that, who may know.
#[derive(Debug, Clone)]
pub struct About {
    /// The kind of thing; absent for the customer as a whole.
    pub kind: Option<ResourceKind>,
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
}

impl About {
    fn noun(&self) -> &'static str {
        self.kind.map_or("customer", ResourceKind::word)
    }

    /// What a role must permit to be told.
    const fn needs(&self) -> Permission {
        match self.kind {
            Some(ResourceKind::Webspace) => Permission::WebspaceRead,
            Some(ResourceKind::Domain) => Permission::DomainRead,
            Some(ResourceKind::Mailbox | ResourceKind::Alias) => Permission::MailboxRead,
            Some(ResourceKind::Database) => Permission::DatabaseRead,
            None => Permission::CustomerRead,
        }
    }
}

/// Who may know of something that is no resource.
#[derive(Debug, Clone, Copy)]
pub struct Audience {
    /// The noun of the thing; its messages begin with `kind-`.
    pub noun: &'static str,
    /// What a role must permit to be told.
    pub needs: Permission,
}

impl Audience {
    /// Whoever sees plugins, about an installation.
    pub const AUTOMATION: Self = Self {
        noun: "installation",
        needs: Permission::AutomationRead,
    };
}

/// News about a customer's thing.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Whose thing.
    pub customer: CustomerId,
    /// What happened.
    pub kind: NoticeKind,
    /// To what. The texts get it as `object` and `noun`.
    pub about: About,
    /// The kind's other arguments.
    pub args: Args,
    /// Each person is told once under this key, until [`crate::notice::clear`].
    pub dedupe_key: Option<String>,
}

/// News for one person: their login, their address.
#[derive(Debug, Clone)]
pub struct Personal {
    /// Whom it concerns.
    pub user: UserId,
    /// What happened.
    pub kind: NoticeKind,
    /// The kind's arguments, links included.
    pub args: Args,
}

/// Tells everybody in the customer who may see the thing; answers how many were told. Works inside a
/// command's transaction and in the system's own.
///
/// # Errors
/// A fault of the database, or of a caller that forgot an argument.
pub async fn tell(
    tx: &mut Tx,
    now: Timestamp,
    rng: &dyn Rng,
    notice: &Notice,
) -> Result<usize, Fault> {
    let audience = Audience {
        noun: notice.about.noun(),
        needs: notice.about.needs(),
    };
    tell_those(tx, now, rng, notice, audience).await
}

/// As [`tell`], for something that is no resource.
///
/// # Errors
/// A fault of the database, or of a caller that forgot an argument.
pub async fn tell_those(
    tx: &mut Tx,
    now: Timestamp,
    rng: &dyn Rng,
    notice: &Notice,
    audience: Audience,
) -> Result<usize, Fault> {
    let about = &notice.about;
    let args = notice.args.clone().text("object", &about.name);
    let args = args.text("noun", audience.noun);
    args.complete_for(notice.kind)?;
    let members = member::list(tx, notice.customer).await?;
    let needs = audience.needs;
    let concerned = members.iter();
    let concerned = concerned.filter(|member| member.role.permissions().contains(&needs));
    let mut told = 0;
    for member in concerned {
        let row = NewNotice {
            customer: notice.customer,
            user: member.user,
            kind: notice.kind,
            object_kind: audience.noun,
            object_id: &about.id,
            object_name: &about.name,
            dedupe_key: notice.dedupe_key.as_deref(),
        };
        if tell_one(tx, now, rng, &row, &args).await? {
            told += 1;
        }
    }
    Ok(told)
}

/// Tells these members of the customer, whatever their role; who is none any more is left out, and
/// answers how many were told. `noun` says what the notice is about.
///
/// # Errors
/// A fault of the database, or of a caller that forgot an argument.
pub async fn tell_members(
    tx: &mut Tx,
    now: Timestamp,
    rng: &dyn Rng,
    notice: &Notice,
    (noun, people): (&'static str, &[UserId]),
) -> Result<usize, Fault> {
    let args = notice.args.clone().text("object", &notice.about.name);
    let args = args.text("noun", noun);
    args.complete_for(notice.kind)?;
    let members = member::list(tx, notice.customer).await?;
    let mut told = 0;
    for member in members.iter().filter(|one| people.contains(&one.user)) {
        let row = NewNotice {
            customer: notice.customer,
            user: member.user,
            kind: notice.kind,
            object_kind: noun,
            object_id: &notice.about.id,
            object_name: &notice.about.name,
            dedupe_key: notice.dedupe_key.as_deref(),
        };
        if tell_one(tx, now, rng, &row, &args).await? {
            told += 1;
        }
    }
    Ok(told)
}

/// Tells one person what concerns their own login: in the portal and always by mail.
///
/// # Errors
/// A fault of the database, or of a caller that forgot an argument.
pub async fn tell_person(
    tx: &mut Tx,
    now: Timestamp,
    rng: &dyn Rng,
    personal: &Personal,
) -> Result<(), Fault> {
    personal.args.complete_for(personal.kind)?;
    let user = personal.user.to_string();
    let row = NewNotice {
        customer: HOUSE,
        user: personal.user,
        kind: personal.kind,
        object_kind: "user",
        object_id: &user,
        object_name: "",
        dedupe_key: None,
    };
    tell_one(tx, now, rng, &row, &personal.args).await?;
    Ok(())
}

/// The row and the mail; false when the person was told before.
async fn tell_one(
    tx: &mut Tx,
    now: Timestamp,
    rng: &dyn Rng,
    row: &NewNotice<'_>,
    args: &Args,
) -> Result<bool, Fault> {
    if !store::insert(tx, now, rng, row, args).await? {
        return Ok(false);
    }
    if row.kind.always_mailed() || store::wants(tx, row.user, row.kind).await? {
        let mail = Outgoing {
            to: Recipient::User(row.user),
            kind: row.kind,
            args: args.clone(),
            until: None,
        };
        mail::queue(tx, now, rng, &mail).await?;
    }
    Ok(true)
}
