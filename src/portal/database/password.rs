//! A new password for a database on a server; it is in the answer to the POST and nowhere else.

use askama::Template;
use axum::extract::State;
use wabe_access::Mode;
use wabe_hosting::database::{NewDatabasePassword, SetDatabasePassword};
use wabe_kernel::id::DatabaseId;
use wabe_web::filters;
use wabe_web::{Failure, Form, Member, Page, Path};

use crate::Portal;
use crate::database::find;
use crate::database::frame::Frame;
use crate::reading::with_field;

/// The new password.
#[derive(Template)]
#[template(path = "portal/database/password.html")]
pub(crate) struct PasswordPage {
    pub(crate) frame: Frame,
    /// Where it is used, and the password, shown this once.
    pub(crate) access: NewDatabasePassword,
}

pub(super) async fn set_password(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<DatabaseId>,
) -> Result<Page<PasswordPage>, Failure> {
    let form = with_field(Form::default(), "id", id);
    let command = form.parse::<SetDatabasePassword>(&[]);
    let command = command.map_err(|_no_id| Failure::NotFound)?;
    let made = portal.gate.run(member.actor(), command, Mode::Commit);
    let access = Box::pin(made).await?.output;
    let database = find(&portal, &member, id).await?;
    let frame = Frame::of(&portal, &member, &database);
    Ok(member.at("databases").page(PasswordPage { frame, access }))
}
