//! Switching a mailbox, an alias address or a database off and on, and putting it into the trash:
//! the same pages for each of them.

use askama::Template;
use axum::response::{IntoResponse, Response};
use wabe_access::{Command, Mode};
use wabe_kernel::{FormState, ResourceKind};
use wabe_web::filters;
use wabe_web::{Failure, Form, Member, Message, see_other};

use crate::Portal;
use crate::carry_out::{carry_out, refused_page};
use crate::reading::{page_of, with_field};
use crate::refused::Note;
use crate::undo::done_path;

/// What is switched off or deleted.
#[derive(Debug, Clone)]
pub(crate) struct Thing {
    /// What it is.
    pub(crate) kind: ResourceKind,
    /// Its id.
    pub(crate) id: String,
    /// What people call it.
    pub(crate) name: String,
    /// The place of the navigation.
    pub(crate) place: &'static str,
}

impl Thing {
    /// Its page.
    pub(crate) fn href(&self) -> String {
        page_of(self.kind, &self.id)
    }

    /// What has to be typed before it is deleted; nothing for what holds no data.
    pub(crate) fn word(&self) -> &str {
        if self.kind == ResourceKind::Alias {
            ""
        } else {
            &self.name
        }
    }
}

/// Asks for the reason before a thing is switched off.
#[derive(Template)]
#[template(path = "portal/mailbox/suspend.html")]
pub(crate) struct SuspendPage {
    pub(crate) thing: Thing,
    pub(crate) form: FormState,
    pub(crate) note: Option<Note>,
}

/// Asks before a thing is put into the trash.
#[derive(Template)]
#[template(path = "portal/mailbox/delete.html")]
pub(crate) struct DeletePage {
    pub(crate) thing: Thing,
    pub(crate) error: String,
    pub(crate) note: Option<Note>,
}

/// The form for the reason.
pub(crate) fn suspend_page(member: &Member, thing: Thing) -> Response {
    let page = SuspendPage {
        form: FormState::new(),
        note: None,
        thing,
    };
    member.at(page.thing.place).page(page).into_response()
}

/// Switches a thing off with the command `C`.
pub(crate) async fn suspend<C: Command>(
    portal: &Portal,
    member: &Member,
    thing: Thing,
    form: Form,
) -> Result<Response, Failure> {
    let form = with_field(form, "id", &thing.id);
    match carry_out::<C>(portal, member, &form, &[], Mode::Commit).await? {
        Ok(done) => Ok(see_other(&done_path(&thing.href(), done.change))),
        Err(refused) => {
            let noted = refused.note.is_some();
            let place = thing.place;
            let page = SuspendPage {
                thing,
                form: refused.form,
                note: refused.note,
            };
            Ok(refused_page(member.at(place).page(page), noted))
        }
    }
}

/// Switches a thing on again with the command `C`.
pub(crate) async fn resume<C: Command>(
    portal: &Portal,
    member: &Member,
    thing: &Thing,
) -> Result<Response, Failure> {
    let form = with_field(Form::default(), "id", &thing.id);
    let command = form.parse::<C>(&[]).map_err(|_no_id| Failure::NotFound)?;
    let done = Box::pin(portal.gate.run(member.actor(), command, Mode::Commit)).await?;
    Ok(see_other(&done_path(&thing.href(), done.change)))
}

/// The question before a thing is deleted.
pub(crate) fn delete_page(member: &Member, thing: Thing) -> Response {
    let page = DeletePage {
        error: String::new(),
        note: None,
        thing,
    };
    member.at(page.thing.place).page(page).into_response()
}

/// Puts a thing into the trash with the command `C`, once its name was typed; then shows `list`.
pub(crate) async fn delete<C: Command>(
    portal: &Portal,
    member: &Member,
    thing: Thing,
    (typed, list): (&str, &str),
) -> Result<Response, Failure> {
    let place = thing.place;
    if typed.trim() != thing.word() {
        let error = Message::new(member.language, "thing-delete-differs").to_string();
        let page = DeletePage {
            thing,
            error,
            note: None,
        };
        return Ok(refused_page(member.at(place).page(page), false));
    }
    let form = with_field(Form::default(), "id", &thing.id);
    match carry_out::<C>(portal, member, &form, &[], Mode::Commit).await? {
        Ok(done) => Ok(see_other(&done_path(list, done.change))),
        Err(refused) => {
            let page = DeletePage {
                thing,
                error: String::new(),
                note: refused.note,
            };
            Ok(refused_page(member.at(place).page(page), true))
        }
    }
}

#[cfg(test)]
pub(crate) mod samples {
    use super::*;
    use crate::samples::{conflict, errors, visitor};
    use wabe_web::{Face, Sample, Visitor};

    pub(crate) fn things() -> Vec<Thing> {
        let thing = |kind, id: &str, name: &str, place| Thing {
            kind,
            id: id.to_owned(),
            name: name.to_owned(),
            place,
        };
        vec![
            thing(
                ResourceKind::Mailbox,
                "mbx_1",
                "donaudampfschiff@sonnenkorn-baeckerei.example",
                "mailboxes",
            ),
            thing(
                ResourceKind::Alias,
                "als_1",
                "bestellannahme@sonnenkorn.example",
                "mailboxes",
            ),
            thing(
                ResourceKind::Database,
                "dbs_1",
                "warenwirtschaft",
                "databases",
            ),
        ]
    }

    impl Sample for SuspendPage {
        fn face() -> &'static Face {
            &crate::PORTAL
        }

        fn visitor() -> Option<Visitor> {
            Some(visitor())
        }

        fn samples() -> Vec<Self> {
            let fresh = things().into_iter().map(|thing| Self {
                thing,
                form: FormState::new(),
                note: None,
            });
            let wrong = things().into_iter().map(|thing| Self {
                thing,
                form: errors("reason", "required"),
                note: conflict(),
            });
            fresh.chain(wrong).collect()
        }
    }

    impl Sample for DeletePage {
        fn face() -> &'static Face {
            &crate::PORTAL
        }

        fn visitor() -> Option<Visitor> {
            Some(visitor())
        }

        fn samples() -> Vec<Self> {
            let fresh = things().into_iter().map(|thing| Self {
                thing,
                error: String::new(),
                note: None,
            });
            let wrong = things().into_iter().map(|thing| Self {
                error: if thing.word().is_empty() {
                    String::new()
                } else {
                    "x".to_owned()
                },
                thing,
                note: conflict(),
            });
            fresh.chain(wrong).collect()
        }
    }

    #[test]
    fn the_pages_are_sound_in_both_languages() {
        assert_eq!(
            wabe_web::check::check_samples::<SuspendPage>(),
            Vec::<String>::new()
        );
        assert_eq!(
            wabe_web::check::check_samples::<DeletePage>(),
            Vec::<String>::new()
        );
    }
}
