//! The users' rows.

use crate::address_change::model::Addresses;
use crate::address_change::store::is_reserved;
use crate::user::model::{Credential, Theme, User};
use wabe_kernel::id::{ChangeId, UserId};
use wabe_kernel::{Fault, Language, MailAddress, PersonName, PhoneNumber, Rng, Timestamp};
use wabe_store::{Row, Tx, statements};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, email, second_email, phone, name, language, theme, password_hash, password_changed_at, \
             must_change_password, initial_expires_at, disabled_at, last_login_at, created_at \
             FROM wabe_user ",
            $rest
        )
    };
}

statements! {
    FIND = "identity.user.find" => select!("WHERE id = $1");
    FIND_EMAIL = "identity.user.find_email" => select!("WHERE email = $1");
    INSERT = "identity.user.insert" =>
        "INSERT INTO wabe_user (id, email, second_email, name, language, password_hash, \
         password_changed_at, must_change_password, initial_expires_at, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (email) DO NOTHING";
    SET_PASSWORD = "identity.user.set_password" =>
        "UPDATE wabe_user SET password_hash = $1, password_changed_at = $2, \
         must_change_password = 0, initial_expires_at = NULL WHERE id = $3";
    CLEAR_PASSWORD = "identity.user.clear_password" =>
        "UPDATE wabe_user SET password_hash = NULL, password_changed_at = $1, \
         must_change_password = 0, initial_expires_at = NULL WHERE id = $2";
    // An address belongs to one user.
    SET_ADDRESSES = "identity.user.set_addresses" =>
        "UPDATE wabe_user SET email = $1, second_email = $2 WHERE id = $3 \
         AND NOT EXISTS (SELECT 1 FROM wabe_user o WHERE o.email = $1 AND o.id <> $3)";
    ASK_SECOND = "identity.user.ask_second" =>
        "UPDATE wabe_user SET second_email_asked = $1 WHERE id = $2 \
         AND (second_email_asked IS NULL OR second_email_asked <> $1)";
    SECOND_ASKED = "identity.user.second_asked" =>
        "SELECT second_email_asked FROM wabe_user WHERE id = $1";
    SECOND_GIVEN = "identity.user.second_given" =>
        "UPDATE wabe_user SET second_email_asked = NULL \
         WHERE id = $1 AND second_email_asked IS NOT NULL";
    REHASH = "identity.user.rehash" =>
        "UPDATE wabe_user SET password_hash = $1 WHERE id = $2 AND password_hash = $3";
    SET_PROFILE = "identity.user.set_profile" =>
        "UPDATE wabe_user SET name = $1, language = $2, theme = $3 WHERE id = $4";
    SET_PHONE = "identity.user.set_phone" =>
        "UPDATE wabe_user SET phone = $1, phone_reversed = $2 WHERE id = $3";
    // What begins with an end lies between it and it with nines behind, in every order that a database may have.
    BY_PHONE = "identity.user.by_phone" =>
        "SELECT id FROM wabe_user WHERE phone_reversed >= $1 AND phone_reversed < $2 \
         ORDER BY phone_reversed, id LIMIT $3";
    LOGGED_IN = "identity.user.logged_in" =>
        "UPDATE wabe_user SET last_login_at = $1 WHERE id = $2";
    REQUIRE_CHANGE = "identity.user.require_change" =>
        "UPDATE wabe_user SET must_change_password = 1 WHERE id = $1";
    SET_DISABLED = "identity.user.set_disabled" =>
        "UPDATE wabe_user SET disabled_at = $1 WHERE id = $2";
    HISTORY = "identity.password_history.list" =>
        "SELECT password_hash FROM password_history WHERE user_id = $1 \
         ORDER BY replaced_at DESC, id DESC LIMIT $2";
    HISTORY_INSERT = "identity.password_history.insert" =>
        "INSERT INTO password_history (id, user_id, password_hash, replaced_at) \
         SELECT $1, id, password_hash, $2 FROM wabe_user WHERE id = $3 AND password_hash IS NOT NULL";
    HISTORY_TRIM = "identity.password_history.trim" =>
        "DELETE FROM password_history WHERE user_id = $1 AND id NOT IN \
         (SELECT id FROM password_history WHERE user_id = $1 \
          ORDER BY replaced_at DESC, id DESC LIMIT $2)";
}

fn user_from_row(row: &Row) -> Result<User, Fault> {
    Ok(User {
        id: row.parsed("id")?,
        email: row.parsed("email")?,
        second_email: row.parsed_or_null("second_email")?,
        phone: row.parsed_or_null("phone")?,
        name: row.parsed("name")?,
        language: row.parsed("language")?,
        theme: row.parsed("theme")?,
        must_change_password: row.flag("must_change_password")?,
        disabled_at: row.time_or_null("disabled_at")?,
        last_login_at: row.time_or_null("last_login_at")?,
        created_at: row.time("created_at")?,
    })
}

fn credential_from_row(row: &Row) -> Result<Credential, Fault> {
    Ok(Credential {
        user: user_from_row(row)?,
        hash: row.text_or_null("password_hash")?,
        changed_at: row.time_or_null("password_changed_at")?,
        initial_expires_at: row.time_or_null("initial_expires_at")?,
    })
}

/// A user by id.
///
/// # Errors
/// A fault of the database.
pub async fn find(tx: &mut Tx, id: UserId) -> Result<Option<User>, Fault> {
    let row = FIND.bind(id).optional(tx).await?;
    row.as_ref().map(user_from_row).transpose()
}

/// The language of who asked for help: German where that is nobody here.
///
/// # Errors
/// A fault of the database.
pub async fn language_of(tx: &mut Tx, id: Option<UserId>) -> Result<Language, Fault> {
    let found = match id {
        Some(id) => find(tx, id).await?,
        None => None,
    };
    Ok(found.map_or(Language::De, |user| user.language))
}

/// A user by address.
///
/// # Errors
/// A fault of the database.
pub async fn find_by_email(tx: &mut Tx, email: &MailAddress) -> Result<Option<User>, Fault> {
    let row = FIND_EMAIL.bind(email).optional(tx).await?;
    row.as_ref().map(user_from_row).transpose()
}

pub(crate) async fn credential(tx: &mut Tx, id: UserId) -> Result<Option<Credential>, Fault> {
    let row = FIND.bind(id).optional(tx).await?;
    row.as_ref().map(credential_from_row).transpose()
}

/// By what was typed; the text need not be an address, so that every attempt asks the same.
pub(crate) async fn credential_by_text(
    tx: &mut Tx,
    email: &str,
) -> Result<Option<Credential>, Fault> {
    let row = FIND_EMAIL.bind(email).optional(tx).await?;
    row.as_ref().map(credential_from_row).transpose()
}

/// What a new user is made of.
#[derive(Debug)]
pub(crate) struct NewUser<'a> {
    pub(crate) id: UserId,
    pub(crate) email: &'a MailAddress,
    pub(crate) second_email: Option<&'a MailAddress>,
    pub(crate) name: &'a PersonName,
    pub(crate) language: Language,
    pub(crate) hash: Option<&'a str>,
    pub(crate) must_change: bool,
    pub(crate) initial_expires_at: Option<Timestamp>,
}

/// Whether `user` may have this address: nobody else has it, or could still take it back.
pub(crate) async fn is_free(
    tx: &mut Tx,
    email: &MailAddress,
    user: UserId,
    now: Timestamp,
) -> Result<bool, Fault> {
    let owner = find_by_email(tx, email).await?;
    let reserved = is_reserved(tx, email, user, now).await?;
    Ok(!reserved && owner.is_none_or(|owner| owner.id == user))
}

/// Adds a user; false when the address is taken.
pub(crate) async fn insert(tx: &mut Tx, new: &NewUser<'_>, now: Timestamp) -> Result<bool, Fault> {
    if is_reserved(tx, new.email, new.id, now).await? {
        return Ok(false);
    }
    let query = INSERT.bind(new.id).bind(new.email);
    let query = query.bind(new.second_email).bind(new.name);
    let query = query.bind(new.language).bind(new.hash.map(str::to_owned));
    let query = query.bind(new.hash.map(|_hash| now)).bind(new.must_change);
    let query = query.bind(new.initial_expires_at).bind(now);
    Ok(query.execute(tx).await? == 1)
}

/// Puts a new hash in place and the old one into the history, of which `keep` stay.
pub(crate) async fn set_password(
    tx: &mut Tx,
    user: UserId,
    hash: &str,
    keep: i64,
    (now, rng): (Timestamp, &dyn Rng),
) -> Result<(), Fault> {
    remember_password(tx, user, keep, (now, rng)).await?;
    SET_PASSWORD
        .bind(hash)
        .bind(now)
        .bind(user)
        .execute_one(tx)
        .await
}

/// Takes the password away: only a mailed link leads to a new one. The old one goes into the history.
pub(crate) async fn clear_password(
    tx: &mut Tx,
    user: UserId,
    keep: i64,
    (now, rng): (Timestamp, &dyn Rng),
) -> Result<(), Fault> {
    remember_password(tx, user, keep, (now, rng)).await?;
    CLEAR_PASSWORD.bind(now).bind(user).execute_one(tx).await
}

async fn remember_password(
    tx: &mut Tx,
    user: UserId,
    keep: i64,
    (now, rng): (Timestamp, &dyn Rng),
) -> Result<(), Fault> {
    if keep > 0 {
        // The row has no id of its own kind; a change's sorts by time like any other.
        let id = ChangeId::new(now, rng);
        let query = HISTORY_INSERT.bind(id).bind(now).bind(user);
        query.execute(tx).await?;
    }
    let query = HISTORY_TRIM.bind(user).bind(keep);
    query.execute(tx).await.map(|_rows| ())
}

/// Gives a user other addresses; false when the first one is somebody else's.
pub(crate) async fn set_addresses(
    tx: &mut Tx,
    user: UserId,
    addresses: &Addresses,
) -> Result<bool, Fault> {
    let query = SET_ADDRESSES.bind(&addresses.first);
    let query = query.bind(addresses.second.as_ref()).bind(user);
    Ok(query.execute(tx).await? == 1)
}

/// Notes that a second address beside this one is asked for; false when it was before.
pub(crate) async fn ask_second(
    tx: &mut Tx,
    user: UserId,
    email: &MailAddress,
) -> Result<bool, Fault> {
    Ok(ASK_SECOND.bind(email).bind(user).execute(tx).await? == 1)
}

/// The address for which a second one was asked for, and is still lacking.
pub(crate) async fn second_asked(tx: &mut Tx, user: UserId) -> Result<Option<String>, Fault> {
    let row = SECOND_ASKED.bind(user).one(tx).await?;
    row.text_or_null("second_email_asked")
}

/// Notes that no second address is lacking any more: another time it is asked for again.
pub(crate) async fn second_given(tx: &mut Tx, user: UserId) -> Result<(), Fault> {
    SECOND_GIVEN.bind(user).execute(tx).await.map(|_rows| ())
}

/// The hashes of earlier passwords, the latest first.
pub(crate) async fn history(tx: &mut Tx, user: UserId, most: i64) -> Result<Vec<String>, Fault> {
    let rows = HISTORY.bind(user).bind(most).all(tx).await?;
    rows.iter().map(|row| row.text("password_hash")).collect()
}

/// Replaces a hash by one of the same password, unless another was set meanwhile.
pub(crate) async fn rehash(tx: &mut Tx, user: UserId, old: &str, new: &str) -> Result<(), Fault> {
    REHASH
        .bind(new)
        .bind(user)
        .bind(old)
        .execute(tx)
        .await
        .map(|_rows| ())
}

pub(crate) async fn set_profile(
    tx: &mut Tx,
    user: UserId,
    name: &PersonName,
    language: Language,
    theme: Theme,
) -> Result<(), Fault> {
    let query = SET_PROFILE.bind(name).bind(language).bind(theme.word());
    query.bind(user).execute_one(tx).await
}

pub(crate) async fn set_phone(
    tx: &mut Tx,
    user: UserId,
    phone: Option<&PhoneNumber>,
) -> Result<(), Fault> {
    let reversed = phone.map(PhoneNumber::reversed);
    let query = SET_PHONE.bind(phone).bind(reversed).bind(user);
    query.execute_one(tx).await
}

/// Whose number ends so, `most` at most; `ending` is one of [`wabe_kernel::PhoneSpelling::endings`].
///
/// # Errors
/// A fault of the database.
pub async fn by_phone(tx: &mut Tx, ending: &str, most: i64) -> Result<Vec<UserId>, Fault> {
    let query = BY_PHONE
        .bind(ending)
        .bind(format!("{ending:9<32}"))
        .bind(most);
    let rows = query.all(tx).await?;
    rows.iter().map(|row| row.parsed("id")).collect()
}

pub(crate) async fn logged_in(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<(), Fault> {
    LOGGED_IN.bind(now).bind(user).execute_one(tx).await
}

pub(crate) async fn require_change(tx: &mut Tx, user: UserId) -> Result<(), Fault> {
    REQUIRE_CHANGE.bind(user).execute_one(tx).await
}

pub(crate) async fn set_disabled(
    tx: &mut Tx,
    user: UserId,
    at: Option<Timestamp>,
) -> Result<(), Fault> {
    SET_DISABLED.bind(at).bind(user).execute_one(tx).await
}
