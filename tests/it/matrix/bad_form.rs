//! Bad input for every field of every form, as the pages show them: the answer is a clear 4xx, at the
//! field where somebody typed it; what was typed is kept, but never a secret; and nothing changed.
//!
//! Nothing else is filled in than what stands in the form already. A form parses all its fields and says
//! everything at once, so that what a field refuses is seen whatever the others lack, and no form is sent
//! whose acceptance would change something.

use crate::client::Answer;
use crate::matrix::form::{Field, Form, Kind};
use crate::matrix::look;
use crate::matrix::route::routes;
use crate::matrix::shown::{People, changes};
use crate::matrix::world::Side;
use crate::process::Panel;
use std::collections::{BTreeMap, BTreeSet};

/// Forms that none of the pages shows that are opened here, and why.
const UNSEEN: &[(&str, &str)] = &[
    ("/account/sessions/end-others", STATE),
    ("/account/factors/codes", FACTOR),
    ("/account/factors/passkeys/{id}/remove", FACTOR),
    ("/account/factors/passkeys/{id}/rename", FACTOR),
    ("/account/factors/totp", FACTOR),
    ("/account/factors/totp/remove", FACTOR),
    ("/aliases/{id}/resume", STATE),
    ("/aliases/{id}/retry", STATE),
    ("/consents/{id}/give", STATE),
    ("/consents/{id}/refuse", STATE),
    ("/contact-proof", MAILED),
    (
        "/customers/{id}/switch",
        "who has one customer cannot switch",
    ),
    (
        "/databases/{id}/connections",
        "no server runs it; tests/it/sql_node",
    ),
    ("/databases/{id}/password", STATE),
    (
        "/databases/{id}/remote",
        "no server runs it; tests/it/sql_node",
    ),
    ("/databases/{id}/resume", STATE),
    ("/databases/{id}/retry", STATE),
    ("/domains/{id}/consent", STATE),
    ("/domains/{id}/redirect", STATE),
    ("/domains/{id}/redirect/end", STATE),
    ("/domains/{id}/retry", STATE),
    ("/domains/{id}/verify", STATE),
    ("/email/confirm", MAILED),
    ("/email/undo", MAILED),
    ("/erasure-keep", MAILED),
    ("/erasure/stop", STATE),
    ("/factor-keep", MAILED),
    ("/instruction-request", MAILED),
    ("/instructions/{id}/end", STATE),
    ("/invitation", MAILED),
    ("/login/enrol", HALF),
    ("/login/enrol/passkey", HALF),
    ("/login/factor", HALF),
    ("/login/later", HALF),
    ("/login/lost", HALF),
    ("/login/recovery", HALF),
    ("/mailboxes/{id}/resume", STATE),
    ("/mailboxes/{id}/retry", STATE),
    ("/owner-keep", MAILED),
    ("/plugins/runs/{id}/retry", STATE),
    (
        "/webspaces/{id}/rules/folders",
        "nginx alone keeps anybody out of folders",
    ),
    (
        "/webspaces/{id}/rules/folders/remove",
        "nginx alone keeps anybody out of folders",
    ),
    (
        "/plugins/{id}/forms/{form}",
        "a plugin draws it; tests/it/plugin_pages.rs",
    ),
    ("/plugins/{id}/resume", STATE),
    ("/plugins/{id}/rollback", STATE),
    ("/plugins/{id}/update", STATE),
    ("/reset/password", MAILED),
    ("/staff/canned_replies/{id}/delete", STATE),
    (
        "/staff/edited-files/answer",
        "it opens once a file was edited by hand; tests/it/edited_file.rs",
    ),
    ("/staff/lost-factors/decide", STATE),
    ("/staff/people/{id}", STATE),
    (
        "/staff/tickets",
        "it opens once a caller is found; tests/it/telephone.rs",
    ),
    (
        "/staff/tickets/views",
        "it opens once a filter is set; tests/it/ticket_numbers.rs",
    ),
    ("/staff/tickets/views/{id}/delete", STATE),
    ("/staff/tickets/{id}/access", STATE),
    ("/staff/tickets/{id}/access/close", STATE),
    ("/staff/tickets/{id}/actions/{command}", STATE),
    ("/staff/tickets/{id}/caller", STATE),
    ("/staff/tickets/{id}/confirmation", STATE),
    ("/staff/tickets/{id}/consent/answer", STATE),
    (
        "/staff/tickets/{id}/extension",
        "it opens once content may be read for longer than a day; tests/it/four_eyes/content.rs",
    ),
    ("/staff/tickets/{id}/hand-over", STATE),
    ("/staff/tickets/{id}/instructions", STATE),
    (
        "/staff/tickets/{id}/plugins/{installation}",
        "a plugin offers it; tests/it/automation/at_ticket.rs",
    ),
    ("/staff/tickets/{id}/reveal", STATE),
    ("/staff/tickets/{id}/undo", STATE),
    ("/switch", "who is on one side alone cannot change it"),
    (
        "/tickets/{id}/collect",
        "it opens once support acted on consent; tests/it/sensitive_action.rs",
    ),
    ("/tickets/{id}/instructions", STATE),
    ("/tickets/{id}/reopen", STATE),
    (
        "/webspaces/{id}/certificate/remove",
        "a certificate was handed in first; tests/it/certificates",
    ),
    (
        "/webspaces/{id}/files/unzip",
        "no archive lies there; tests/it/upload.rs",
    ),
    ("/webspaces/{id}/resume", STATE),
    ("/webspaces/{id}/retry", STATE),
];
const MAILED: &str = "its page opens with a link of a letter; tests/it/people.rs";
const FACTOR: &str = "its page follows on another step; tests/it/factor.rs";
const HALF: &str = "its page opens within a login; tests/it/factor.rs";
const STATE: &str =
    "the thing is in another state here; the command is walked by tests/it/bad_input.rs";

/// Fields that hold what proves somebody: a wrong one counts as a wrong secret, and locks.
pub(super) const PROOFS: &[&str] = &["code", "old_password", "pin", "proof", "recovery"];

/// What is typed to be sure: the only field of its page, and typed anew.
pub(super) const CONFIRMATION: &str = "confirm";

/// Fields in which what is not understood means nothing, and why.
const IGNORED: &[(&str, &str, &str)] = &[
    (
        "/access-help/letter",
        "email",
        "every address gets the same answer",
    ),
    (
        "/access-help/unlock",
        "email",
        "every address gets the same answer",
    ),
    (
        "/databases/{id}/sql",
        "sql",
        "what is no SQL the database says",
    ),
    (
        "/login",
        "*",
        "every refusal of a login is the same answer, and counts",
    ),
    (
        "/notices/preferences",
        "mailed",
        "the form names all kinds that are chosen, and what is no kind is none",
    ),
    (
        "/preferences",
        "*",
        "an unknown word leaves things as they are",
    ),
    ("/reset", "email", "every address gets the same answer"),
    (
        "/staff/calls",
        "who",
        "whoever is not found is said to be unknown",
    ),
    (
        "/webspaces/{id}/files/edit",
        "*",
        "a file holds what anybody writes; tests/it/editor.rs",
    ),
    ("*", "next", "what is no place of ours leads home"),
];

fn ignored(path: &str, field: &str) -> bool {
    let fits = |wanted: &str, found: &str| wanted == "*" || wanted == found;
    let mut all = IGNORED.iter();
    all.any(|&(paths, fields, _)| fits(paths, path) && fits(fields, field))
}

/// The kind of an id, if this is one.
fn id_kind(value: &str) -> Option<&str> {
    let (kind, rest) = value.split_once('_')?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    (kind.len() == 3 && rest.len() == 26 && rest.chars().all(plain)).then_some(kind)
}

/// What is put into a field, and what it is called in a report.
fn wrong_values(field: &Field, other: &Side) -> Vec<(&'static str, String)> {
    let control = ("a control character", "a\u{7}b".to_owned());
    let long = ("64 KiB and one", "a".repeat(64 * 1024 + 1));
    let mut values = match field.kind {
        Kind::Text => vec![control, long],
        Kind::Number => vec![control, long, ("no number", "many".to_owned())],
        Kind::Password => vec![long],
        Kind::Hidden | Kind::Choice => vec![control, ("no choice", "frobnicate".to_owned())],
        Kind::File => Vec::new(),
    };
    // People belong to no customer: they are members of some.
    let kind = field.value.as_deref().and_then(id_kind);
    let kind = kind.filter(|kind| *kind != "usr");
    if let Some(foreign) = kind.and_then(|kind| other.things.get(kind)) {
        values.push(("another customer's id", foreign.clone()));
    }
    values
}

/// What is wrong with the answer to a wrong value, if anything.
fn fault(answer: &Answer, form: &Form, field: &Field, value: &str) -> Option<String> {
    let (status, text) = (answer.status, answer.text());
    if !(400..500).contains(&status) {
        return Some(format!(
            "not refused: {status} {}",
            answer.header("location")
        ));
    }
    if field.kind == Kind::Password && text.contains(value) {
        return Some("the secret came back".to_owned());
    }
    // What nobody typed has no place where a mistake in it could be shown.
    if !matches!(field.kind, Kind::Text | Kind::Number | Kind::Password) {
        return None;
    }
    // Where files are sent, what is too large is refused before it is read.
    if form.parts && status == 413 {
        return None;
    }
    if !matches!(status, 409 | 422) {
        return Some(format!("{status} instead of the form"));
    }
    let name = &field.name;
    let sure = name == CONFIRMATION;
    let listed = sure || text.contains(&format!("href=\"#{name}\""));
    if status == 422 && !(listed && text.contains(&format!("id=\"{name}-h\""))) {
        return Some("the field is not named".to_owned());
    }
    let lost = field.kind != Kind::Password && !sure && !text.contains(value);
    lost.then(|| "what was typed is lost".to_owned())
}

/// How many rows there are of everything that a form could make or end.
async fn rows(panel: &Panel) -> BTreeMap<String, usize> {
    // What counts, keeps or times requests and reads by itself.
    let moving = [
        "access_log",
        "change",
        "checkpoint",
        "content_use",
        "device",
        "half_login",
        "idempotency",
        "job",
        "login_",
        "mailed_token",
        "outgoing_mail",
        "passkey_challenge",
        "permission_use",
        "request_rate",
        "schedule",
        "security_log",
        "session",
        "subject_key",
        "tile",
        "tree",
    ];
    let all = wabe_testkit::snapshot(&panel.location()).await;
    let stays = |table: &String| !moving.iter().any(|name| table.starts_with(name));
    let counted = all.into_iter().filter(|(table, _)| stays(table));
    counted.map(|(table, rows)| (table, rows.len())).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_field_of_every_form_refuses_nonsense_and_nothing_changes() {
    let panel = Panel::demo();
    let accounts = panel.ready["accounts"].as_array().unwrap();
    let owner = |at: usize| {
        let text = |name: &str| accounts[at][name].as_str().unwrap();
        (text("email"), text("password"))
    };
    let mut own = Side::new(&panel, owner(0)).await;
    let mut other = Side::new(&panel, owner(1)).await;
    look::things(&panel, [&mut own, &mut other]).await;
    let people = People::come(&panel, &own).await;
    let routes = routes(&own).await;
    let found = people.forms(&own, &routes).await;
    let before = (own.seen().await, other.seen().await, rows(&panel).await);
    let (mut tried, mut faults) = (0, Vec::new());
    let mut unseen: BTreeSet<&str> = UNSEEN.iter().map(|(path, _)| *path).collect();
    for info in routes
        .iter()
        .filter(|one| changes(one))
        .map(|one| &one.info)
    {
        let listed = unseen.remove(info.path);
        let Some(found) = found.get(info.path) else {
            if !listed {
                faults.push(format!("{}: no page shows its form", info.path));
            }
            continue;
        };
        if listed {
            faults.push(format!("{}: it is walked and needs no reason", info.path));
        }
        for field in &found.form.fields {
            let name = field.name.as_str();
            if PROOFS.contains(&name) || ignored(info.path, name) {
                continue;
            }
            for (what, value) in wrong_values(field, &other) {
                let typed = BTreeMap::from([(name, value.clone())]);
                let answer = people.send(found, &typed).await;
                tried += 1;
                if let Some(fault) = fault(&answer, &found.form, field, &value) {
                    faults.push(format!("{} {name} = {what}: {fault}", info.path));
                }
            }
        }
    }
    println!("{tried} bad values were tried on {} forms", found.len());
    faults.extend(
        unseen
            .iter()
            .map(|path| format!("{path}: there is no such route")),
    );
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert!(tried > 200, "{tried} values");
    let after = (own.seen().await, other.seen().await, rows(&panel).await);
    assert_eq!(after, before, "something changed");
}
