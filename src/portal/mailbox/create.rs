//! Making a mailbox.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use wabe_access::{Limit, Mode, Permission, Scope};
use wabe_hosting::domain;
use wabe_hosting::mailbox::CreateMailbox;
use wabe_identity::password::initial;
use wabe_kernel::{Field, FieldErrors, FormState, PageRequest, Quota};
use wabe_store::Tx;
use wabe_web::filters;
use wabe_web::{Choice, Failure, Form, Member, Query, see_other};

use crate::Portal;
use crate::carry_out::{carry_out, refused_page};
use crate::plan_use::{UseBar, bars_after};
use crate::refused::{Note, Refused};
use crate::undo::done_path;

/// The form for a new mailbox, and what will happen.
#[derive(Template)]
#[template(path = "portal/mailbox/create.html")]
pub(crate) struct CreatePage {
    pub(crate) form: FormState,
    pub(crate) note: Option<Note>,
    pub(crate) domains: Vec<Choice>,
    /// A password that nobody has taken yet, shown as text because the person asked for one.
    pub(crate) suggestion: Option<String>,
    pub(crate) quota: i64,
    pub(crate) plan: Vec<UseBar>,
}

/// The names of the customer's proved domains, for a choice.
pub(crate) async fn domains(tx: &mut Tx, scope: &Scope) -> Result<Vec<Choice>, Failure> {
    if !scope.has(Permission::DomainRead) {
        return Ok(Vec::new());
    }
    let found = domain::list(tx, scope, &PageRequest::first(200)).await?;
    let proved = found.items.into_iter().filter(|domain| domain.verified);
    let choice = |domain: domain::Domain| Choice {
        value: domain.name.to_string(),
        title: domain.name_unicode,
        text: String::new(),
    };
    Ok(proved.map(choice).collect())
}

/// A new password that follows the rules.
pub(crate) fn suggestion(portal: &Portal) -> String {
    initial::generate(portal.gate.tools().rng.as_ref())
        .expose()
        .to_owned()
}

async fn page(
    portal: &Portal,
    member: &Member,
    refused: Refused,
    suggestion: Option<String>,
) -> Result<CreatePage, Failure> {
    let quota = Quota::from_text(refused.form.value("quota_bytes"));
    let quota = quota.map_or(Quota::GIGABYTE, Quota::bytes);
    let takes = [(Limit::Mailboxes, 1), (Limit::StorageBytes, quota)];
    let (mut tx, scope) = portal.read(member).await?;
    let domains = domains(&mut tx, &scope).await?;
    let plan = bars_after(&mut tx, &scope, &takes).await?;
    tx.rollback().await?;
    let Refused { form, note } = refused;
    Ok(CreatePage {
        form,
        note,
        domains,
        suggestion,
        quota,
        plan,
    })
}

pub(super) async fn new(
    member: Member,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Response, Failure> {
    let form = FormState::new().with("quota_bytes", "1 GB");
    let form = form.with("domain", query.get("domain"));
    let page = page(&portal, &member, Refused::from(form), None).await?;
    Ok(member.at("mailboxes").page(page).into_response())
}

/// The form with the whole address in it, from the part before the `@` and the domain; a whole
/// address in the first field counts as it is.
pub(crate) fn addressed(form: &Form) -> Form {
    let mut whole = form.clone();
    let (local, domain) = (form.get("local").trim(), form.get("domain").trim());
    let address = if local.is_empty() || local.contains('@') || domain.is_empty() {
        local.to_owned()
    } else {
        format!("{local}@{domain}")
    };
    whole.fields.insert("address".to_owned(), address);
    whole
}

/// What is wrong with the address stands at the field where it was typed.
pub(crate) fn at_its_field(form: &Form, refused: Refused) -> Refused {
    let mut errors = FieldErrors(refused.form.errors().clone());
    if let Some(problem) = errors.0.remove("address") {
        errors.add("local", problem);
    }
    Refused {
        form: FormState::of(&form.fields, errors, &["password"]),
        ..refused
    }
}

pub(super) async fn create(
    member: Member,
    State(portal): State<Portal>,
    form: Form,
) -> Result<Response, Failure> {
    if form.get("act") == "suggest" {
        let typed = FormState::of(&form.fields, FieldErrors::default(), &["password"]);
        let suggested = suggestion(&portal);
        let typed = typed.with("password", suggested.clone());
        let page = page(&portal, &member, Refused::from(typed), Some(suggested)).await?;
        return Ok(member.at("mailboxes").page(page).into_response());
    }
    let whole = addressed(&form);
    let secret = ["password"];
    match carry_out::<CreateMailbox>(&portal, &member, &whole, &secret, Mode::Commit).await? {
        Ok(done) => Ok(see_other(&done_path(
            &format!("/mailboxes/{}", done.object),
            done.change,
        ))),
        Err(refused) => {
            let refused = at_its_field(&form, refused);
            let noted = refused.note.is_some();
            let page = page(&portal, &member, refused, None).await?;
            Ok(refused_page(member.at("mailboxes").page(page), noted))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wabe_kernel::Problem;

    fn form(local: &str, domain: &str) -> Form {
        let mut form = Form::default();
        for (name, text) in [("local", local), ("domain", domain), ("password", "geheim")] {
            form.fields.insert(name.to_owned(), text.to_owned());
        }
        form
    }

    #[test]
    fn an_address_is_put_together_or_taken_as_it_is() {
        let address = |local, domain| addressed(&form(local, domain)).get("address").to_owned();
        assert_eq!(address(" info ", "sonnenkorn.test"), "info@sonnenkorn.test");
        assert_eq!(
            address("info@other.test", "sonnenkorn.test"),
            "info@other.test"
        );
        assert_eq!(address("", "sonnenkorn.test"), "");
    }

    #[test]
    fn what_is_wrong_with_the_address_stands_where_it_was_typed() {
        let form = form("info", "sonnenkorn.test");
        let errors = FieldErrors::one("address", Problem::new("address-taken"));
        let refused = Refused::from(FormState::of(&form.fields, errors, &[]));
        let refused = at_its_field(&form, refused);
        assert!(refused.form.error("local").is_some());
        assert!(refused.form.error("address").is_none());
        assert_eq!(
            (refused.form.value("local"), refused.form.value("password")),
            ("info", "")
        );
    }
}
