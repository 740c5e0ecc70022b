//! `GET /staff/edited-files`; `GET` and `POST /staff/edited-files/answer`
//!
//! Files of nodes that somebody of the hoster edited by hand. They stay so until somebody here answers: put back, left,
//! or taken over as settings.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::Permission;
use wabe_hosting::edited_file::{
    Answer, EditedFile, KnownStray, LeaveEditedFile, ListedFile, RestoreEditedFile,
    TakeOverEditedFile, list, load, strays,
};
use wabe_kernel::id::{CustomerId, WebspaceId};
use wabe_kernel::{EditedSetting, FormState, Reading};
use wabe_web::filters;
use wabe_web::{Arrival, Failure, Form, Needs, Page, Query, Routes, StaffMember, see_other};

use crate::act::{Again, act, decided, if_found, without};
use crate::{STAFF, Staff};

const PLACE: &str = "edited-files";
const PAGE: &str = "/staff/edited-files";
const FORM: &str = "/staff/edited-files/answer";
const NEEDS: Needs = Needs::Staff(Permission::HosterWrite);
/// What the page can say was done.
const DONE: [&str; 3] = ["restore", "leave", "take-over"];

/// What was edited.
#[derive(Template)]
#[template(path = "staff/edited_files.html")]
pub(crate) struct EditedFilesPage {
    /// The files, those that are known for longest first.
    pub files: Vec<ListedFile>,
    /// Files that are none of ours, where servers read files from.
    pub strays: Vec<KnownStray>,
    /// What was just done, a word of a closed list.
    pub done: Option<&'static str>,
}

/// One of them, with what can be answered.
#[derive(Template)]
#[template(path = "staff/edited_file.html")]
pub(crate) struct EditedFilePage {
    /// Which.
    pub file: EditedFile,
    /// What was typed.
    pub form: FormState,
    /// What stands in the way as a whole.
    pub note: Option<String>,
}

/// A line of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line<'a> {
    /// It is missing.
    Missing(&'a str),
    /// It was added.
    Added(&'a str),
    /// It stands around.
    Both(&'a str),
    /// Something is left out here.
    Gap,
}

fn line(text: &str) -> Line<'_> {
    match text.chars().next() {
        Some('-') => Line::Missing(text),
        Some('+') => Line::Added(text),
        Some('@') => Line::Gap,
        _ => Line::Both(text),
    }
}

impl EditedFilesPage {
    /// How it stands with a file, as a word.
    #[must_use]
    pub(crate) fn stands(file: &ListedFile) -> &'static str {
        match (file.answer, file.aside) {
            (Answer::Open, Some(_)) => "aside",
            (answer, _) => answer.word(),
        }
    }
}

impl EditedFilePage {
    /// The difference, line by line.
    #[must_use]
    pub(crate) fn lines(&self) -> Vec<Line<'_>> {
        self.file.difference.lines().map(line).collect()
    }

    /// The settings that say what was written; nothing where some line is said by none.
    #[must_use]
    pub(crate) const fn settings(&self) -> Option<&Vec<EditedSetting>> {
        match &self.file.reading {
            Reading::Settings(settings) => Some(settings),
            Reading::Lines(_) => None,
        }
    }

    /// The lines that no setting says.
    #[must_use]
    pub(crate) fn unsaid(&self) -> Vec<Line<'_>> {
        match &self.file.reading {
            Reading::Settings(_) => Vec::new(),
            Reading::Lines(lines) => lines.iter().map(|text| line(text)).collect(),
        }
    }

    /// Whether somebody answered already that it may be written over.
    #[must_use]
    pub(crate) fn is_released(&self) -> bool {
        self.file.answer == Answer::Released
    }

    /// Whether it is to stay as it is.
    #[must_use]
    pub(crate) fn is_left(&self) -> bool {
        self.file.answer == Answer::Left
    }
}

/// The routes of this module.
pub(crate) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .get(PAGE, NEEDS, show_all)
        .get(FORM, NEEDS, ask)
        .post(FORM, NEEDS, answer)
}

fn path(webspace: WebspaceId) -> String {
    format!("{FORM}?webspace={webspace}")
}

async fn show_all(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    query: Query,
) -> Result<Page<EditedFilesPage>, Failure> {
    let (mut tx, scope) = staff.read(&member).await?;
    let files = list(&mut tx, &scope).await?;
    let strays = strays(&mut tx, &scope).await?;
    tx.rollback().await?;
    let mut seen: Vec<CustomerId> = files.iter().map(|file| file.customer).collect();
    seen.sort_unstable();
    seen.dedup();
    staff
        .note(&member, "contract.read", &seen, arrival.address())
        .await?;
    let done = DONE.into_iter().find(|word| *word == query.get("done"));
    let page = EditedFilesPage {
        files,
        strays,
        done,
    };
    Ok(member.at(PLACE).page(page))
}

/// The edited file of the webspace that was named, when there is one.
async fn file_of(
    staff: &Staff,
    member: &StaffMember,
    webspace: &str,
) -> Result<Option<EditedFile>, Failure> {
    let Ok(webspace) = webspace.parse::<WebspaceId>() else {
        return Ok(None);
    };
    let (mut tx, scope) = staff.read(member).await?;
    let found = load(&mut tx, &scope, webspace).await;
    tx.rollback().await?;
    if_found(found)
}

/// The page of a file, once it is noted who looks.
async fn page(
    (staff, member, arrival): (&Staff, &StaffMember, &Arrival),
    file: EditedFile,
    again: Again,
) -> Result<Page<EditedFilePage>, Failure> {
    let about = (file.customer, Some(file.webspace.to_string()));
    staff
        .note_about(member, "node.file", about, arrival.address())
        .await?;
    let Again { form, note } = again;
    Ok(member.at(PLACE).page(EditedFilePage { file, form, note }))
}

async fn ask(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    query: Query,
) -> Result<Response, Failure> {
    let Some(file) = file_of(&staff, &member, query.get("webspace")).await? else {
        return Ok(see_other(PAGE));
    };
    let page = page((&staff, &member, &arrival), file, Again::default()).await?;
    Ok(page.into_response())
}

async fn answer(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    mut form: Form,
) -> Result<Response, Failure> {
    let Some(file) = file_of(&staff, &member, form.get("webspace")).await? else {
        return Ok(see_other(PAGE));
    };
    form.fields
        .insert("id".to_owned(), file.webspace.to_string());
    // To write over what lies there is what was asked for by name; whatever else was sent leaves it.
    let (acted, done) = match form.get("act") {
        "restore" => {
            let acted = act::<RestoreEditedFile>(&staff, &member, &form).await?;
            (without(acted), "restore")
        }
        "take-over" => {
            let acted = act::<TakeOverEditedFile>(&staff, &member, &form).await?;
            (without(acted), "take-over")
        }
        _ => {
            let acted = act::<LeaveEditedFile>(&staff, &member, &form).await?;
            (without(acted), "leave")
        }
    };
    let (done, here) = (format!("{PAGE}?done={done}"), path(file.webspace));
    match decided(acted, &done, &here) {
        Ok(response) => Ok(response),
        Err(again) => {
            let status = again.status();
            let page = page((&staff, &member, &arrival), file, again).await?;
            Ok(page.status(status).into_response())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{NOW, errors, sample};
    use wabe_kernel::macros::uuid::Uuid;
    use wabe_kernel::{Aside, Hsts};
    use wabe_web::check::check_samples;

    fn file(id: u128) -> EditedFile {
        let lines = ["-  allow <all>;", "+  deny all;"].map(str::to_owned);
        let settings = vec![
            EditedSetting::DocumentRoot("öffentlich".parse().unwrap()),
            EditedSetting::HttpsRedirect(true),
            EditedSetting::Hsts(Hsts::Month),
            EditedSetting::UploadBytes(Some(8 << 20)),
            EditedSetting::UploadBytes(None),
            EditedSetting::Redirects(
                wabe_kernel::Field::from_text("301 /alt https://a.example/").unwrap(),
            ),
            EditedSetting::ErrorPages(wabe_kernel::Field::from_text("404 fehlt.html").unwrap()),
        ];
        EditedFile {
            webspace: WebspaceId::from_uuid(Uuid::from_u128(id)),
            name: "shop-<mit-langem-namen>".to_owned(),
            customer: CustomerId::from_uuid(Uuid::from_u128(id)),
            number: "K10234".to_owned(),
            customer_name: "Bäckerei <Sonnenkorn>".to_owned(),
            mark: "0123456789abcdef0123456789abcdef".parse().unwrap(),
            answer: match id {
                2 => Answer::Left,
                3 => Answer::Released,
                _ => Answer::Open,
            },
            aside: match id {
                4 => Some(Aside::Refused),
                5 => Some(Aside::Hidden),
                6 => Some(Aside::Addresses),
                _ => None,
            },
            difference: " server {\n-  allow <all>;\n+  deny all;\n }\n@\n+# neu\n".to_owned(),
            reading: match id {
                1 => Reading::Settings(settings),
                2 => Reading::Settings(Vec::new()),
                _ => Reading::Lines(lines.to_vec()),
            },
            found_at: NOW.plus_days(-2),
            waits: id == 2,
            is_settled: id != 3,
        }
    }

    fn listed(id: u128) -> ListedFile {
        let file = file(id);
        ListedFile {
            webspace: file.webspace,
            name: file.name,
            customer: file.customer,
            number: file.number,
            customer_name: file.customer_name,
            answer: file.answer,
            aside: file.aside,
            found_at: file.found_at,
            waits: file.waits,
        }
    }

    fn stray(is_read: bool) -> KnownStray {
        let path = "nginx/sites/kopie-<von>-web_01kb3fcv2ce8ja41hvr6xsa35a.conf".to_owned();
        KnownStray {
            stray: wabe_kernel::Stray { path, is_read },
            found_at: NOW.plus_days(-1),
        }
    }

    sample! {
        EditedFilesPage: {
            let page = |files, strays, done| EditedFilesPage { files, strays, done };
            vec![
                page((1..7).map(listed).collect(), vec![stray(false), stray(true)], None),
                page(Vec::new(), vec![stray(true)], None),
                page(Vec::new(), Vec::new(), Some("restore")),
                page(Vec::new(), Vec::new(), Some("leave")),
                page(Vec::new(), Vec::new(), Some("take-over")),
            ]
        };
        EditedFilePage: {
            let page = |id, form, note| EditedFilePage { file: file(id), form, note };
            let mut all: Vec<EditedFilePage> =
                (1..7).map(|id| page(id, FormState::new(), None)).collect();
            all.push(page(1, errors(&["purpose"]), Some("conflict-edited-since".to_owned())));
            all
        };
    }

    #[test]
    fn the_pages_of_edited_files_are_whole() {
        let found = [
            check_samples::<EditedFilesPage>(),
            check_samples::<EditedFilePage>(),
        ];
        assert_eq!(found.concat(), Vec::<String>::new());
    }

    #[test]
    fn a_difference_is_told_line_by_line() {
        let page = EditedFilePage {
            file: file(1),
            form: FormState::new(),
            note: None,
        };
        assert_eq!(
            page.lines(),
            [
                Line::Both(" server {"),
                Line::Missing("-  allow <all>;"),
                Line::Added("+  deny all;"),
                Line::Both(" }"),
                Line::Gap,
                Line::Added("+# neu"),
            ]
        );
    }
}
