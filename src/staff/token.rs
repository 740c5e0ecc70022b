//! `GET /staff/tokens`, `GET` and `POST /staff/tokens/{id}/end`: programs that act for the hoster.
//!
//! Tokens are made on the command line alone; here they are seen, and ended one by one.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::Permission;
use wabe_identity::token::revoke_hoster::RevokeHosterToken;
use wabe_identity::token::store::{HosterToken, list_hoster};
use wabe_kernel::id::TokenId;
use wabe_kernel::{FormState, Timestamp};
use wabe_web::filters;
use wabe_web::{Failure, Form, Needs, Page, Path, Query, Routes, StaffMember, see_other};

use crate::act::{Acted, Again, act, prove, prove_first};
use crate::{STAFF, Staff};

const PLACE: &str = "people";
const PAGE: &str = "/staff/tokens";
const NEEDS: Needs = Needs::Staff(Permission::StaffWrite);

/// The programs.
#[derive(Template)]
#[template(path = "staff/tokens.html")]
pub(crate) struct TokensPage {
    /// Their tokens, the latest first.
    pub tokens: Vec<HosterToken>,
    /// The moment of the look.
    pub now: Timestamp,
    /// Whether one was just ended.
    pub done: bool,
}

impl TokensPage {
    /// Whether this one ran out.
    fn is_over(&self, one: &HosterToken) -> bool {
        one.token.expires_at <= self.now
    }
}

/// The question before one is ended.
#[derive(Template)]
#[template(path = "staff/token_end.html")]
pub(crate) struct TokenEndPage {
    /// Which one.
    pub one: HosterToken,
    /// What was typed.
    pub form: FormState,
    /// What stands in the way as a whole.
    pub note: Option<String>,
}

/// The routes of this module.
pub(crate) fn routes() -> Routes<Staff> {
    let end = "/staff/tokens/{id}/end";
    Routes::new(&STAFF)
        .get(PAGE, NEEDS, list)
        .get(end, NEEDS, ask)
        .id("tok")
        .post(end, NEEDS, take)
        .id("tok")
}

async fn tokens(staff: &Staff, member: &StaffMember) -> Result<Vec<HosterToken>, Failure> {
    let (mut tx, scope) = staff.read(member).await?;
    let tokens = list_hoster(&mut tx, &scope).await?;
    tx.rollback().await?;
    Ok(tokens)
}

async fn list(
    member: StaffMember,
    State(staff): State<Staff>,
    query: Query,
) -> Result<Page<TokensPage>, Failure> {
    let tokens = tokens(&staff, &member).await?;
    let (now, done) = (member.now, query.get("done") == "ended");
    Ok(member.at(PLACE).page(TokensPage { tokens, now, done }))
}

async fn ending(
    staff: &Staff,
    member: &StaffMember,
    id: TokenId,
    again: Again,
) -> Result<Page<TokenEndPage>, Failure> {
    let mut tokens = tokens(staff, member).await?.into_iter();
    let one = tokens.find(|one| one.token.id == id);
    let one = one.ok_or(Failure::NotFound)?;
    let Again { form, note } = again;
    Ok(member.at(PLACE).page(TokenEndPage { one, form, note }))
}

async fn ask(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<TokenId>,
) -> Result<Response, Failure> {
    if let Some(first) = prove_first(&member, &format!("{PAGE}/{id}/end")) {
        return Ok(first);
    }
    let page = ending(&staff, &member, id, Again::default()).await?;
    Ok(page.into_response())
}

async fn take(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<TokenId>,
    mut form: Form,
) -> Result<Response, Failure> {
    form.fields.insert("id".to_owned(), id.to_string());
    match act::<RevokeHosterToken>(&staff, &member, &form).await? {
        Acted::Done(_) => Ok(see_other("/staff/tokens?done=ended")),
        Acted::Prove => Ok(prove(&format!("{PAGE}/{id}/end"))),
        Acted::Again(again) => Ok(ending(&staff, &member, id, again).await?.invalid()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{NOW, errors, sample};
    use wabe_access::actor::HOUSE;
    use wabe_identity::token::store::ApiToken;
    use wabe_kernel::id::UserId;
    use wabe_kernel::macros::uuid::Uuid;
    use wabe_web::check::check_samples;

    fn one(id: u128, last_used_at: Option<Timestamp>, days: i64) -> HosterToken {
        HosterToken {
            token: ApiToken {
                id: TokenId::from_uuid(Uuid::from_u128(id)),
                customer: HOUSE,
                user: UserId::from_uuid(Uuid::from_u128(7)),
                name: "Plugins from <CI>".parse().unwrap(),
                scopes: [Permission::PluginRead, Permission::PluginWrite].into(),
                sensitive: true,
                created_at: NOW.plus_days(-9),
                expires_at: NOW.plus_days(days),
                last_used_at,
            },
            owner: "Mira <Wendt>".to_owned(),
            email: "mira@hoster.example".to_owned(),
        }
    }

    fn page(tokens: Vec<HosterToken>, done: bool) -> TokensPage {
        TokensPage {
            tokens,
            now: NOW,
            done,
        }
    }

    sample! {
        TokensPage: vec![
            page(Vec::new(), true),
            page(vec![one(1, Some(NOW.plus_seconds(-90)), 30), one(2, None, -1)], false),
        ];
        TokenEndPage: vec![
            TokenEndPage { one: one(1, None, 3), form: FormState::new(), note: None },
            TokenEndPage { one: one(1, None, 3), form: errors(&["purpose"]), note: None },
        ];
    }

    #[test]
    fn the_pages_are_whole() {
        assert_eq!(check_samples::<TokensPage>(), Vec::<String>::new());
        assert_eq!(check_samples::<TokenEndPage>(), Vec::<String>::new());
    }
}
