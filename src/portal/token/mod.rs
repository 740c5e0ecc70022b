//! One's own API tokens: the list, a new one, the end of one.
//!
//! Invariant: the token itself is in the answer to the POST that made it and nowhere else.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use wabe_access::{Mode, Permission, Refusal};
use wabe_identity::token::create::{CreateToken, TokenCreated};
use wabe_identity::token::revoke::RevokeToken;
use wabe_identity::token::store::{self, ApiToken};
use wabe_kernel::id::TokenId;
use wabe_kernel::{FormState, Problem, Timestamp};
use wabe_web::filters;
use wabe_web::{Arrival, Failure, Form, Member, Needs, Page, Path, Query, Routes, Tab, see_other};

use crate::account::tabs;
use crate::proof::{self, Proving};
use crate::refused::{self, Note, Refused};
use crate::undo::{self, DoneBar};
use crate::{PORTAL, Portal};

const PLACE: &str = "tokens";
const PAGE: &str = "/account/tokens";
const NEEDS: Needs = Needs::Permission(Permission::TokenWrite);
/// How long a token lives unless something else is said, in days.
const DAYS: &str = "90";

/// Scopes that belong together, under one heading: the message `token-group-{key}`.
#[derive(Debug, Clone)]
pub(crate) struct ScopeGroup {
    /// The heading's word.
    pub key: &'static str,
    /// The scopes, each explained by `token-scope-{word}`.
    pub scopes: Vec<ScopeChoice>,
}

/// One scope of a form.
#[derive(Debug, Clone)]
pub(crate) struct ScopeChoice {
    /// What the form sends.
    pub scope: Permission,
    /// The word of its message.
    pub word: String,
    /// Whether it is ticked.
    pub chosen: bool,
}

/// The list.
#[derive(Template)]
#[template(path = "portal/account/tokens.html")]
pub(crate) struct TokensPage {
    /// The tokens.
    pub tokens: Vec<ApiToken>,
    /// The present.
    pub now: Timestamp,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// What was just done.
    pub done: Option<DoneBar>,
}

impl TokensPage {
    /// Whether it opens nothing any more.
    #[must_use]
    pub(crate) fn is_over(&self, token: &ApiToken) -> bool {
        token.expires_at <= self.now
    }
}

/// The form.
#[derive(Template)]
#[template(path = "portal/account/token_create.html")]
pub(crate) struct CreatePage {
    /// What was typed.
    pub form: FormState,
    /// Why it was refused as a whole.
    pub note: Option<Note>,
    /// What the token may do.
    pub groups: Vec<ScopeGroup>,
    /// Whether the password is asked for.
    pub proof: bool,
}

/// The new token, this once.
#[derive(Template)]
#[template(path = "portal/account/token_created.html")]
pub(crate) struct CreatedPage {
    /// What it is called.
    pub name: String,
    /// The token.
    pub token: String,
    /// Until when it works.
    pub expires_at: Timestamp,
    /// A call to try it with.
    pub example: String,
}

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get(PAGE, NEEDS, list)
        .get("/account/tokens/new", NEEDS, new)
        .post(PAGE, NEEDS, create)
        .post("/account/tokens/{id}/revoke", NEEDS, revoke)
        .id("tok")
}

/// `webspace:read` as messages name it: `webspace-read`.
fn word(scope: Permission) -> String {
    scope.word().replace(':', "-")
}

/// The heading under which a scope stands.
const fn group(scope: Permission) -> &'static str {
    use Permission as P;
    match scope {
        P::WebspaceRead | P::WebspaceWrite | P::FileRead | P::FileWrite => "webspace",
        P::DomainRead | P::DomainWrite => "domain",
        P::MailboxRead | P::MailboxWrite | P::MailRead => "mail",
        P::DatabaseRead | P::DatabaseWrite | P::SqlUse => "database",
        P::AutomationRead | P::AutomationWrite => "automation",
        P::TicketRead | P::TicketWrite => "ticket",
        P::ChangeRead
        | P::MemberRead
        | P::MemberWrite
        | P::CustomerRead
        | P::CustomerWrite
        | P::SelfWrite
        | P::TokenWrite
        | P::HosterRead
        | P::HosterWrite
        | P::TicketDesk
        | P::TicketWork
        | P::StaffWrite
        | P::PluginRead
        | P::PluginWrite
        | P::PluginRelease
        | P::SignRead
        | P::RightRead
        | P::RightRequest
        | P::RightEnd
        | P::RightReview
        | P::ApprovalDecide => "customer",
    }
}

/// What somebody may put into a token: what they may themselves.
fn groups(own: &BTreeSet<Permission>, typed: &str) -> Vec<ScopeGroup> {
    let mut groups: Vec<ScopeGroup> = Vec::new();
    for scope in Permission::ALL
        .iter()
        .copied()
        .filter(|scope| own.contains(scope))
    {
        let chosen = typed.lines().any(|line| line == scope.word());
        let choice = ScopeChoice {
            scope,
            word: word(scope),
            chosen,
        };
        let key = group(scope);
        match groups.iter_mut().find(|group| group.key == key) {
            Some(group) => group.scopes.push(choice),
            None => groups.push(ScopeGroup {
                key,
                scopes: vec![choice],
            }),
        }
    }
    groups
}

async fn list(
    member: Member,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Page<TokensPage>, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    let tokens = store::list(&mut tx, &scope, member.visitor.user).await?;
    let done = undo::bar(&portal, &mut tx, &member, &query).await?;
    tx.rollback().await?;
    let page = TokensPage {
        tokens,
        now: member.now,
        tabs: tabs(true),
        done,
    };
    Ok(member.at(PLACE).page(page))
}

fn page(member: &Member, refused: Refused) -> Page<CreatePage> {
    let Refused { form, note } = refused;
    let groups = groups(&member.visitor.permissions, form.value("scopes"));
    let proof = proof::needed(member.visitor.authenticated_at, member.now);
    member.at(PLACE).page(CreatePage {
        form,
        note,
        groups,
        proof,
    })
}

async fn new(member: Member) -> Page<CreatePage> {
    page(&member, FormState::new().with("days", DAYS).into())
}

async fn create(
    member: Member,
    State(portal): State<Portal>,
    arrival: Arrival,
    form: Form,
) -> Result<Response, Failure> {
    let proving = proof::member(&portal, member, &form, &arrival).await?;
    let answer = create_as(&portal, &proving, &form).await;
    Ok(proving.finish(answer))
}

async fn create_as(portal: &Portal, proving: &Proving, form: &Form) -> Result<Response, Failure> {
    let member = &proving.member;
    let secret = [proof::FIELD];
    if let Some(wrong) = &proving.wrong {
        return Ok(page(member, proof::asked(form, &[], wrong.clone()).into()).invalid());
    }
    let command = match form.parse::<CreateToken>(&secret) {
        Ok(command) => command,
        Err(form) => return Ok(page(member, form.into()).invalid()),
    };
    let name = command.name.to_string();
    match Box::pin(portal.gate.run(member.actor(), command, Mode::Commit)).await {
        Ok(done) => Ok(created(portal, member, name, done.output)),
        Err(Refusal::StepUp) => {
            let form = proof::asked(form, &[], Problem::new("proof-needed"));
            Ok(page(member, form.into()).invalid())
        }
        Err(refusal) => Ok(page(member, refused::again(form, &secret, refusal)?).invalid()),
    }
}

fn created(portal: &Portal, member: &Member, name: String, made: TokenCreated) -> Response {
    let url = &portal.house().portal_url;
    let example = format!(
        "curl -H \"Authorization: Bearer {}\" {url}/api/v1/webspaces",
        made.token
    );
    let page = CreatedPage {
        name,
        token: made.token,
        expires_at: made.expires_at,
        example,
    };
    member
        .at(PLACE)
        .page(page)
        .status(StatusCode::CREATED)
        .into_response()
}

async fn revoke(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<TokenId>,
) -> Result<Response, Failure> {
    let command = RevokeToken { id };
    let done = Box::pin(portal.gate.run(member.actor(), command, Mode::Commit)).await?;
    Ok(see_other(&undo::done_path(PAGE, done.change)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{self, NOW};
    use wabe_access::Role;
    use wabe_kernel::id::{CustomerId, UserId};
    use wabe_kernel::macros::uuid::Uuid;
    use wabe_web::check::check_samples;
    use wabe_web::{Face, Sample, Visitor};

    fn token(name: &str, days: i64) -> ApiToken {
        let id = Uuid::from_u128(9);
        ApiToken {
            id: TokenId::from_uuid(id),
            customer: CustomerId::from_uuid(id),
            user: UserId::from_uuid(id),
            name: name.parse().unwrap(),
            scopes: Role::Webmaster.permissions(),
            sensitive: days > 0,
            created_at: NOW.plus_days(-3),
            expires_at: NOW.plus_days(days),
            last_used_at: (days > 0).then(|| NOW.plus_seconds(-60)),
        }
    }

    macro_rules! sample {
        ($($page:ty: $samples:expr;)*) => {$(
            impl Sample for $page {
                fn face() -> &'static Face {
                    &PORTAL
                }

                fn visitor() -> Option<Visitor> {
                    Some(samples::visitor())
                }

                fn samples() -> Vec<Self> {
                    $samples
                }
            }
        )*};
    }

    fn form_page(form: FormState, note: Option<Note>, proof: bool) -> CreatePage {
        let groups = groups(&Role::Owner.permissions(), "webspace:read\nsql:use");
        CreatePage {
            form,
            note,
            groups,
            proof,
        }
    }

    fn list_page(tokens: Vec<ApiToken>, done: Option<DoneBar>) -> TokensPage {
        TokensPage {
            tokens,
            now: NOW,
            tabs: tabs(true),
            done,
        }
    }

    sample! {
        TokensPage: vec![
            list_page(Vec::new(), None),
            list_page(
                vec![token("Sicherung <nachts> im Büro", 90), token("alt", -1)],
                samples::done("token-revoke"),
            ),
        ];
        CreatePage: vec![
            form_page(FormState::new().with("days", DAYS), None, false),
            form_page(samples::errors("days", "must-be-whole-number"), None, true),
            form_page(samples::errors("scopes", "required"), samples::conflict(), true),
        ];
        CreatedPage: vec![CreatedPage {
            name: "Sicherung <nachts>".to_owned(),
            token: "wabe_abc-_".to_owned(),
            expires_at: NOW.plus_days(90),
            example: "curl -H \"Authorization: Bearer wabe_abc-_\" https://x/api/v1".to_owned(),
        }];
    }

    #[test]
    fn the_pages_of_tokens_are_whole() {
        let found = [
            check_samples::<TokensPage>(),
            check_samples::<CreatePage>(),
            check_samples::<CreatedPage>(),
        ];
        assert_eq!(found.concat(), Vec::<String>::new());
    }

    #[test]
    fn a_token_is_offered_only_what_its_owner_may_and_each_scope_has_words() {
        use wabe_kernel::Language;
        use wabe_web::Texts;
        let viewer = groups(&Role::Viewer.permissions(), "");
        assert!(viewer.iter().flat_map(|group| &group.scopes).all(|choice| {
            Role::Viewer.permissions().contains(&choice.scope) && !choice.chosen
        }));
        for group in groups(&Role::Owner.permissions(), "") {
            let mut ids = vec![format!("token-group-{}", group.key)];
            ids.extend(
                group
                    .scopes
                    .iter()
                    .map(|choice| format!("token-scope-{}", choice.word)),
            );
            for id in ids {
                let known = |language: &Language| Texts::global().has(*language, &id);
                assert!(Language::ALL.iter().all(known), "{id}");
            }
        }
    }
}
