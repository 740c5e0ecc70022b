//! What is the token's owner's own: who they are, what they were told, and which letters they want.

use crate::Api;
use crate::answer::{self, value_of};
use crate::book::{Answer, Answers, Book, Operation};
use crate::call::{Call, Look};
use crate::paging::PAGED;
use crate::problem::{Kind, Problem};
use schemars::{JsonSchema, schema_for};
use serde::Serialize;
use wabe_access::Permission;
use wabe_identity::user::model::{Theme, User};
use wabe_identity::user::store as users;
use wabe_jobs::access_digest::{self, Cadence};
use wabe_jobs::notice::{self, Shown};
use wabe_jobs::text::NoticeKind;
use wabe_kernel::id::{NoticeId, UserId};
use wabe_kernel::{Language, MailAddress, PersonName, PhoneNumber, Timestamp};

/// What is one's own needs the permission for it, to be read as well as changed.
const NEEDS: Permission = Permission::SelfWrite;

/// The token's owner.
#[derive(Debug, Serialize, JsonSchema)]
struct Own {
    /// Their id.
    id: UserId,
    /// What they log in with.
    email: MailAddress,
    /// Where letters about their login go as well.
    second_email: Option<MailAddress>,
    /// Where they are called: `+` and digits.
    phone: Option<PhoneNumber>,
    /// What they are called.
    name: PersonName,
    /// In which language pages and letters speak to them.
    language: Language,
    /// How pages look to them.
    theme: Theme,
    /// When they last logged in.
    last_login_at: Option<Timestamp>,
    /// Since when they exist.
    created_at: Timestamp,
}

/// Something that the token's owner was told.
#[derive(Debug, Serialize, JsonSchema)]
struct Told {
    /// Its id.
    id: NoticeId,
    /// What happened.
    #[schemars(with = "NoticeKind")]
    kind: &'static str,
    /// What it is about: a kind of thing, `customer` or `user`.
    object_kind: String,
    /// The id of that.
    object_id: String,
    /// What it was called then.
    object_name: String,
    /// When it happened.
    created_at: Timestamp,
    /// When it was read; null when it was not.
    read_at: Option<Timestamp>,
}

/// Whether a kind of notice is mailed as well.
#[derive(Debug, Serialize, JsonSchema)]
struct Preference {
    /// The kind.
    #[schemars(with = "NoticeKind")]
    kind: &'static str,
    /// Whether it is mailed.
    wanted: bool,
    /// Whether it is mailed whatever is chosen.
    always: bool,
    /// How often it is mailed, of kinds of which the owner says that.
    cadence: Option<Cadence>,
}

/// Adds the operations.
pub(super) fn operations(book: Book) -> Book {
    let own = Operation::get(
        "user_show",
        "/api/v1/user",
        NEEDS,
        Answers::Json(200, || schema_for!(Own)),
    );
    let told = Operation::get(
        "notice_list",
        "/api/v1/notices",
        NEEDS,
        Answers::List(|| schema_for!(Told)),
    );
    let preferences = Operation::get(
        "notice_preferences",
        "/api/v1/notices/preferences",
        NEEDS,
        Answers::List(|| schema_for!(Preference)),
    );
    let book = book.add(own, show).add(told.query(PAGED), list_told);
    book.add(preferences, list_preferences)
}

/// A look into the customer, and whose own things are asked for.
async fn own<'a>(api: &'a Api, call: &'a Call) -> Result<(Look<'a>, UserId), Problem> {
    let user = call.actor().user.ok_or(Problem::of(Kind::NotFound))?;
    let look = call.look(api).await?;
    look.scope.needs(NEEDS)?;
    Ok((look, user))
}

async fn show(api: Api, call: Call) -> Answer {
    let (look, user) = own(&api, &call).await?;
    look.end().await?;
    // People belong to no customer: their rows are the system's.
    let mut tx = api.gate.store().read().await?;
    let found = users::find(&mut tx, user).await?;
    tx.rollback().await?;
    let User {
        id,
        email,
        second_email,
        phone,
        name,
        language,
        theme,
        last_login_at,
        created_at,
        ..
    } = found.ok_or(Problem::of(Kind::NotFound))?;
    answer::ok(&Own {
        id,
        email,
        second_email,
        phone,
        name,
        language,
        theme,
        last_login_at,
        created_at,
    })
}

async fn list_told(api: Api, call: Call) -> Answer {
    let page = call.page()?;
    let (mut look, user) = own(&api, &call).await?;
    let customer = look.scope.customer();
    let found = notice::list(&mut look.tx, user, customer, &page).await?;
    look.end().await?;
    let told = |shown: Shown| Told {
        id: shown.id,
        kind: shown.kind.word(),
        object_kind: shown.object_kind,
        object_id: shown.object_id,
        object_name: shown.object_name,
        created_at: shown.created_at,
        read_at: shown.read_at,
    };
    answer::ok(&found.map(told))
}

async fn list_preferences(api: Api, call: Call) -> Answer {
    let (mut look, user) = own(&api, &call).await?;
    let chosen = notice::preferences(&mut look.tx, user).await?;
    let customer = look.scope.customer();
    let cadence = access_digest::chosen(&mut look.tx, (customer, user)).await?;
    // Whoever sees no accesses gets no digest of them.
    let cadence = Some(cadence).filter(|_| look.scope.has(Permission::ChangeRead));
    look.end().await?;
    let all = chosen.into_iter().filter(|(kind, _)| kind.for_customers());
    let all = all.chain(NoticeKind::fixed(false).map(|kind| (kind, true)));
    let preference = |(kind, wanted): (NoticeKind, bool)| Preference {
        kind: kind.word(),
        wanted,
        always: kind.always_mailed(),
        cadence: None,
    };
    let digest = cadence.map(|cadence| Preference {
        kind: NoticeKind::AccessDigest.word(),
        wanted: cadence != Cadence::Never,
        always: false,
        cadence: Some(cadence),
    });
    let all = all.map(preference).chain(digest);
    let items = all
        .map(|one| value_of(&one))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(answer::all(&items))
}
